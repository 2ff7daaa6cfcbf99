import { createSignal, For, type JSX, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type {
  RecipeDocument,
  RecipeList,
  RecipeVersion,
} from '../../../../server/contract/recipes.ts';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { ProblemNote } from '../../widgets/reasons.tsx';
import { TextField } from '../../widgets/text-field.tsx';
import {
  FIGURES,
  type FigureName,
  isFigure,
  type TypedFigures,
  typedFigures,
  withFigures,
} from './recipe-figures.ts';
import { isWhole, materialName, shareOf, sumOf, typedNumber } from './recipe-names.ts';

interface Line {
  readonly material: string;
  typed: string;
}

/** The ingredients with their shares as they are typed. */
function Ingredients(props: {
  lines: readonly Line[];
  list: RecipeList;
  type: (index: number, typed: string) => void;
  remove: (material: string) => void;
}): JSX.Element {
  const named = (line: Line) => materialName(line.material, props.list.materials);
  return (
    <table class="table table-tight draft-items">
      <thead>
        <tr>
          <th>{t('recipes.ingredient')}</th>
          <th class="num">{t('recipes.share')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        <For each={props.lines}>
          {(line, index) => (
            <tr classList={{ 'row-wrong': shareOf(line.typed) === null }}>
              <td>{named(line)}</td>
              <td class="num">
                <input
                  class="share"
                  inputmode="decimal"
                  aria-label={`${t('recipes.share')} ${named(line)}`}
                  aria-invalid={shareOf(line.typed) === null}
                  value={line.typed}
                  onInput={(event) => props.type(index(), event.currentTarget.value)}
                />
              </td>
              <td>
                <button
                  type="button"
                  class="button button-icon"
                  aria-label={t('recipes.remove', { material: named(line) })}
                  onClick={() => props.remove(line.material)}
                >
                  ✕
                </button>
              </td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

/** The sum as it is typed: a sign and words, so that colour alone says nothing. */
function LiveSum(props: { sum: number }): JSX.Element {
  return (
    <p class="note" classList={{ 'note-bad': !isWhole(props.sum) }} role="status">
      {isWhole(props.sum) ? '✓' : '✕'} {t('recipes.sum', { sum: formatNumber(props.sum, 3) })}
    </p>
  );
}

function AddIngredient(props: {
  list: RecipeList;
  used: readonly string[];
  add: (material: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>{t('recipes.add')}</span>
      <select
        value=""
        onChange={(event) => {
          if (event.currentTarget.value !== '') props.add(event.currentTarget.value);
          event.currentTarget.value = '';
        }}
      >
        <option value="">…</option>
        <For each={props.list.materials.filter(({ code }) => !props.used.includes(code))}>
          {(one) => <option value={one.code}>{say(one.text)}</option>}
        </For>
      </select>
    </label>
  );
}

/** What the recipe says of pressing, crumbling, coating and grinding. */
function Figures(props: {
  typed: TypedFigures;
  type: (name: FigureName, typed: string) => void;
}): JSX.Element {
  return (
    <div class="fields">
      <For each={FIGURES}>
        {(name) => (
          <TextField
            maxlength={20}
            inputmode="decimal"
            label={t(`recipes.member.${name}`)}
            aria-invalid={!isFigure(props.typed[name])}
            value={props.typed[name]}
            onInput={(typed) => props.type(name, typed)}
          />
        )}
      </For>
    </div>
  );
}

/** A draft, edited where one sees the sum; saving an older revision is refused by the server. */
export function RecipeDraft(props: {
  of: RecipeVersion;
  list: RecipeList;
  saved: () => void;
}): JSX.Element {
  const first = props.of.document;
  const [lines, setLines] = createStore<Line[]>(
    first.items.map(({ material, pct }) => ({ material, typed: typedNumber(pct) })),
  );
  const [figures, setFigures] = createStore(typedFigures(first, typedNumber));
  const [note, setNote] = createSignal(props.of.note);
  const [failure, setFailure] = createSignal<unknown>(null);
  const items = (): RecipeDocument['items'] =>
    lines.map(({ material, typed }) => {
      const before = first.items.find((one) => one.material === material);
      return { ...unwrap(before), material, pct: shareOf(typed) ?? 0 };
    });
  const ready = () =>
    lines.length > 0 &&
    lines.every(({ typed }) => shareOf(typed) !== null) &&
    FIGURES.every((name) => isFigure(figures[name]));
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    setFailure(null);
    const path = `/api/recipes/${encodeURIComponent(props.of.code)}/versions/${props.of.version}`;
    try {
      await rest.patch<RecipeVersion>(path, {
        revision: props.of.revision,
        note: note(),
        document: { ...withFigures(first, figures), items: items() },
      });
      props.saved();
    } catch (cause) {
      setFailure(cause);
    }
  };
  return (
    <form class="form" onSubmit={(event) => void save(event)}>
      <Ingredients
        lines={lines}
        list={props.list}
        type={(index, typed) => setLines(index, 'typed', typed)}
        remove={(material) => setLines((all) => all.filter((one) => one.material !== material))}
      />
      <LiveSum sum={sumOf(items())} />
      <div class="fields">
        <AddIngredient
          list={props.list}
          used={lines.map(({ material }) => material)}
          add={(material) => setLines(lines.length, { material, typed: '' })}
        />
        <TextField maxlength={500} label={t('recipes.note')} value={note()} onInput={setNote} />
      </div>
      <Figures typed={figures} type={(name, typed) => setFigures(name, typed)} />
      <Show when={failure() !== null}>
        <ProblemNote cause={failure()} />
      </Show>
      <div class="actions">
        <button type="submit" class="button button-strong" disabled={!ready()}>
          {t('app.save')}
        </button>
      </div>
    </form>
  );
}
