import { createEffect, createResource, createSignal, For, type JSX, on, Show } from 'solid-js';
import type { RecipeList, RecipeVersion } from '../../../../server/contract/recipes.ts';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { may } from '../../state/session.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { ProblemNote } from '../../widgets/reasons.tsx';
import { RecipeDiffView } from './recipe-diff.tsx';
import { RecipeDraft } from './recipe-draft.tsx';
import { statedFigures } from './recipe-figures.ts';
import { materialName } from './recipe-names.ts';
import { RecipeSteps } from './recipe-steps.tsx';

function VersionTabs(props: {
  versions: readonly RecipeVersion[];
  chosen: number;
  choose: (version: number) => void;
}): JSX.Element {
  return (
    <div class="version-tabs">
      <For each={props.versions}>
        {(one) => (
          <button
            type="button"
            class="button"
            aria-pressed={one.version === props.chosen}
            onClick={() => props.choose(one.version)}
          >
            v{one.version} · {t(`recipes.state.${one.state}`)}
          </button>
        )}
      </For>
    </div>
  );
}

/** Who made it and when; with its figures where they are not being edited. */
function Facts(props: { of: RecipeVersion; figures: boolean }): JSX.Element {
  return (
    <dl class="facts">
      <dt>{t('recipes.author')}</dt>
      <dd>
        {props.of.author} · {formatTime(props.of.changed, 'short')}
      </dd>
      <dt>{t('recipes.approvedBy')}</dt>
      <dd>
        <Show when={props.of.approvedBy} fallback="–">
          {(user) => `${user()} · ${formatTime(props.of.approved, 'short')}`}
        </Show>
      </dd>
      <dt>{t('recipes.validFrom')}</dt>
      <dd>{props.of.validFrom ?? '–'}</dd>
      <dt>{t('recipes.note')}</dt>
      <dd>{props.of.note === '' ? '–' : props.of.note}</dd>
      <For each={props.figures ? statedFigures(props.of.document) : []}>
        {([name, value]) => (
          <>
            <dt>{t(`recipes.member.${name}`)}</dt>
            <dd>{formatNumber(value, 2)}</dd>
          </>
        )}
      </For>
    </dl>
  );
}

function Shares(props: { of: RecipeVersion; list: RecipeList }): JSX.Element {
  return (
    <table class="table table-tight">
      <thead>
        <tr>
          <th>{t('recipes.ingredient')}</th>
          <th class="num">{t('recipes.share')}</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.of.document.items}>
          {(item) => (
            <tr>
              <td>{materialName(item.material, props.list.materials)}</td>
              <td class="num">{formatNumber(item.pct, 3)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function Compare(props: {
  of: RecipeVersion;
  versions: readonly RecipeVersion[];
  list: RecipeList;
}): JSX.Element {
  const others = () => props.versions.filter(({ version }) => version !== props.of.version);
  const [before, setBefore] = createSignal<number | null>(null);
  const chosen = () =>
    others().find(({ version }) => version === before())?.version ??
    others().find(({ version }) => version < props.of.version)?.version ??
    others()[0]?.version;
  return (
    <Show when={chosen()}>
      {(version) => (
        <>
          <label class="field-inline">
            <span>{t('recipes.compare')}</span>
            <select onChange={(event) => setBefore(Number(event.currentTarget.value))}>
              <For each={others()}>
                {(one) => (
                  <option value={one.version} selected={one.version === version()}>
                    v{one.version}
                  </option>
                )}
              </For>
            </select>
          </label>
          <RecipeDiffView of={props.of} before={version()} list={props.list} />
        </>
      )}
    </Show>
  );
}

function VersionPanel(props: {
  of: RecipeVersion;
  versions: readonly RecipeVersion[];
  list: RecipeList;
  changed: () => void;
}): JSX.Element {
  const editable = () => props.of.state === 'draft' && may('recipes.write');
  return (
    <div class="recipe-columns">
      <div class="recipe-column">
        <Facts of={props.of} figures={!editable()} />
        <Show when={editable()} fallback={<Shares of={props.of} list={props.list} />}>
          <Show when={`${props.of.version} ${props.of.revision}`} keyed>
            <RecipeDraft of={props.of} list={props.list} saved={props.changed} />
          </Show>
        </Show>
        <RecipeSteps of={props.of} done={props.changed} />
      </div>
      <div class="recipe-column">
        <Compare of={props.of} versions={props.versions} list={props.list} />
      </div>
    </div>
  );
}

/** All versions of one recipe: what each says, what differs, and the next step. */
export function RecipeVersions(props: {
  code: string;
  list: RecipeList;
  changed: () => void;
}): JSX.Element {
  const path = () => `/api/recipes/${encodeURIComponent(props.code)}`;
  const [versions, { refetch }] = createResource(path, (of) => rest.get<RecipeVersion[]>(of));
  const [chosen, setChosen] = createSignal(0);
  const [failure, setFailure] = createSignal<unknown>(null);
  createEffect(on(path, () => setChosen(0)));
  const refresh = () => {
    void refetch();
    props.changed();
  };
  const newVersion = async () => {
    setFailure(null);
    try {
      const draft = await rest.post<RecipeVersion>('/api/recipes', { code: props.code });
      setChosen(draft.version);
      refresh();
    } catch (cause) {
      setFailure(cause);
    }
  };
  return (
    <Loaded resource={versions} retry={() => void refetch()}>
      {(all) => {
        const one = () => all().find(({ version }) => version === chosen()) ?? all()[0];
        const hasDraft = () => all().some(({ state }) => state === 'draft');
        return (
          <section class="panel" aria-label={t('recipes.versions')}>
            <header class="panel-head">
              <h2 class="panel-title">
                {props.code} · {say(one()?.document.text ?? { vi: '', en: '' })}
              </h2>
              <Show when={may('recipes.write') && !hasDraft()}>
                <button type="button" class="button" onClick={() => void newVersion()}>
                  {t('recipes.newVersion')}
                </button>
              </Show>
            </header>
            <div class="panel-body">
              <Show when={failure() !== null}>
                <ProblemNote cause={failure()} />
              </Show>
              <VersionTabs versions={all()} chosen={one()?.version ?? 0} choose={setChosen} />
              <Show when={one()}>
                {(of) => (
                  <VersionPanel of={of()} versions={all()} list={props.list} changed={refresh} />
                )}
              </Show>
            </div>
          </section>
        );
      }}
    </Loaded>
  );
}
