import { A } from '@solidjs/router';
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { StatusDocument } from '../../../../server/contract/live.ts';
import { t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { statusOf } from '../../state/live.ts';
import { may } from '../../state/session.ts';
import { CommandOutcome } from '../../widgets/command-outcome.tsx';
import { Field } from './truck-forms.tsx';

type Lot = Extract<StatusDocument, { kind: 'lots' }>['lots'][number];
const REGISTER = 'LOTS';

function why({ quarantinedBy, note, expired, nature }: Lot): string {
  const words = [
    quarantinedBy === null
      ? null
      : t('lots.quarantined', { user: quarantinedBy, note: note ?? '' }),
    expired ? t('lots.expired') : null,
    nature === null ? null : t('lots.drug', { drug: nature.drugClass }),
  ];
  return words.filter((one) => one !== null).join(' · ');
}

/** A lot is put into quarantine, or freed, wherever it lies; with the reason. */
function QuarantineForm(): JSX.Element {
  const [lot, setLot] = createSignal('');
  const [note, setNote] = createSignal('');
  const send = async (on: boolean) => {
    const args = { lot: lot().trim(), on, note: note().trim() };
    if (await sendCommand('lot.quarantine', REGISTER, args)) {
      setLot('');
      setNote('');
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void send(true);
  };
  return (
    <form class="fields" onSubmit={submit}>
      <Field label={t('lots.lot')} value={lot()} onInput={setLot} />
      <Field label={t('lots.note')} value={note()} onInput={setNote} />
      <div class="actions actions-left">
        <button type="submit" class="button button-strong">
          {t('command.lot.quarantine')}
        </button>
        <button type="button" class="button" onClick={() => void send(false)}>
          {t('lots.free')}
        </button>
      </div>
      <CommandOutcome target={REGISTER} />
    </form>
  );
}

/** Lots that must not be used, or not in every feed, with the bins that they lie in. */
export function LotsPanel(): JSX.Element {
  return (
    <Show when={statusOf('lots', REGISTER)}>
      {(register) => (
        <section class="panel" aria-label={t('lots.title')}>
          <header class="panel-head">
            <h2 class="panel-title">{t('lots.title')}</h2>
          </header>
          <div class="panel-body">
            <ul class="sack-tasks">
              <For each={register().lots} fallback={<li class="quiet">{t('lots.none')}</li>}>
                {(one) => (
                  <li class="sack-task">
                    <span>
                      <A href={`/trace/${encodeURIComponent(one.lot)}`}>{one.lot}</A>: {why(one)}
                      <Show when={one.bins.length > 0}>
                        {' '}
                        <span class="quiet">
                          {t('lots.bins')} {one.bins.join(', ')}
                        </span>
                      </Show>
                    </span>
                  </li>
                )}
              </For>
            </ul>
            <Show when={may('lot.quarantine')}>
              <QuarantineForm />
            </Show>
          </div>
        </section>
      )}
    </Show>
  );
}
