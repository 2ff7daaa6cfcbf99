import { createSignal, type JSX, Show } from 'solid-js';
import { createStore } from 'solid-js/store';
import { t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { Choice } from '../../widgets/choice.tsx';
import { ProblemNote } from '../../widgets/reasons.tsx';
import { TextField } from '../../widgets/text-field.tsx';

/** How the columns of the file are named; a JSON file names its members itself. */
interface Mapping {
  formula: string;
  material: string;
  share: string;
  unit: 'pct' | 'kgPerT' | 'fraction';
}

interface Answer {
  readonly drafts: readonly { readonly code: string; readonly version: number }[];
}

function Columns(props: { of: Mapping; set: (change: Partial<Mapping>) => void }): JSX.Element {
  return (
    <div class="fields">
      <TextField
        required
        label={t('recipes.column.formula')}
        value={props.of.formula}
        onInput={(formula) => props.set({ formula })}
      />
      <TextField
        required
        label={t('recipes.column.material')}
        value={props.of.material}
        onInput={(material) => props.set({ material })}
      />
      <TextField
        required
        label={t('recipes.column.share')}
        value={props.of.share}
        onInput={(share) => props.set({ share })}
      />
      <Choice
        label={t('recipes.unit')}
        value={props.of.unit}
        options={[
          ['pct', t('recipes.unit.pct')],
          ['kgPerT', t('recipes.unit.kgPerT')],
          ['fraction', t('recipes.unit.fraction')],
        ]}
        onChange={(unit) => props.set({ unit })}
      />
    </div>
  );
}

/** A file of formulation software becomes drafts, or is refused with every fault and its place. */
export function RecipeImport(props: { done: () => void }): JSX.Element {
  const [mapping, setMapping] = createStore<Mapping>({
    ...{ formula: 'formula', material: 'material', share: 'pct', unit: 'pct' },
  });
  const [file, setFile] = createSignal<File | null>(null);
  const [failure, setFailure] = createSignal<unknown>(null);
  const [answer, setAnswer] = createSignal<Answer | null>(null);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const chosen = file();
    if (chosen === null) return;
    setFailure(null);
    setAnswer(null);
    try {
      const text = await chosen.text();
      const isJson = chosen.name.toLowerCase().endsWith('.json');
      const body = isJson
        ? { format: 'json', text }
        : { format: 'csv', text, mapping: { ...mapping } };
      setAnswer(await rest.post<Answer>('/api/recipe-imports', body));
      props.done();
    } catch (cause) {
      setFailure(cause);
    }
  };
  return (
    <details class="panel">
      <summary class="panel-head">{t('recipes.import')}</summary>
      <form class="form panel-body" onSubmit={(event) => void send(event)}>
        <label class="field">
          <span>{t('recipes.file')}</span>
          <input
            type="file"
            accept=".csv,.json"
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
        </label>
        <Columns of={mapping} set={(change) => setMapping(change)} />
        <Show when={failure() !== null}>
          <ProblemNote cause={failure()} />
        </Show>
        <Show when={answer()}>
          {(made) => (
            <p class="note" role="status">
              ✓{' '}
              {made()
                .drafts.map(({ code, version }) => `${code} v${version}`)
                .join(', ')}
            </p>
          )}
        </Show>
        <div class="actions">
          <button type="submit" class="button button-strong" disabled={file() === null}>
            {t('recipes.importNow')}
          </button>
        </div>
      </form>
    </details>
  );
}
