import { createSignal, type JSX, Show } from 'solid-js';
import type { RecipeVersion } from '../../../../server/contract/recipes.ts';
import { millDay } from '../../i18n/format.ts';
import { t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { nowMs } from '../../state/clock.ts';
import { may, session } from '../../state/session.ts';
import { Confirm } from '../../widgets/modal.tsx';
import { ProblemNote, Reasons } from '../../widgets/reasons.tsx';
import { TextField } from '../../widgets/text-field.tsx';

type Asked = 'retire' | 'discard' | null;

function Approval(props: { of: RecipeVersion; approve: (validFrom: string) => void }): JSX.Element {
  const [validFrom, setValidFrom] = createSignal(millDay(nowMs()));
  const own = () => props.of.editors.includes(session()?.user ?? '');
  return (
    <Show when={!own()} fallback={<p class="note">{t('recipes.secondPerson')}</p>}>
      <div class="fields">
        <TextField
          label={t('recipes.validFrom')}
          type="date"
          value={validFrom()}
          onInput={setValidFrom}
        />
        <button
          type="button"
          class="button button-strong"
          disabled={props.of.faults.length > 0 || validFrom() === ''}
          onClick={() => props.approve(validFrom())}
        >
          {t('recipes.approve')}
        </button>
      </div>
    </Show>
  );
}

/** What may be done with a version, and why it cannot be approved. */
export function RecipeSteps(props: { of: RecipeVersion; done: () => void }): JSX.Element {
  const [failure, setFailure] = createSignal<unknown>(null);
  const [asked, setAsked] = createSignal<Asked>(null);
  const path = () =>
    `/api/recipes/${encodeURIComponent(props.of.code)}/versions/${props.of.version}`;
  const run = async (work: () => Promise<unknown>) => {
    setFailure(null);
    try {
      await work();
      props.done();
    } catch (cause) {
      setFailure(cause);
    }
  };
  const approve = (validFrom: string) =>
    void run(() =>
      rest.post<unknown>(`${path()}/approve`, { revision: props.of.revision, validFrom }),
    );
  const confirmed = () =>
    void run(() =>
      props.of.state === 'draft'
        ? rest.delete<unknown>(path())
        : rest.post<unknown>(`${path()}/retire`, {}),
    );
  const word = () => (props.of.state === 'draft' ? 'discard' : 'retire');
  const names = () => ({ code: props.of.code, version: props.of.version });
  return (
    <>
      <Reasons list={props.of.state === 'draft' ? props.of.faults : []} />
      <Show when={props.of.state === 'draft' && may('recipes.approve')}>
        <Approval of={props.of} approve={approve} />
      </Show>
      <Show when={props.of.state !== 'retired' && may('recipes.write')}>
        <div class="actions actions-left">
          <button type="button" class="button" onClick={() => setAsked(word())}>
            {t(`recipes.${word()}`)}
          </button>
        </div>
      </Show>
      <Show when={failure() !== null}>
        <ProblemNote cause={failure()} />
      </Show>
      <Confirm
        open={asked() !== null}
        title={t(`recipes.${word()}`)}
        text={t(`recipes.${word()}Sure`, names())}
        action={t('app.confirm')}
        onConfirm={confirmed}
        onClose={() => setAsked(null)}
      />
    </>
  );
}
