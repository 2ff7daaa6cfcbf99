import { For, type JSX } from 'solid-js';
import { t, tOr } from '../i18n/language.ts';
import { dismiss, sent } from '../state/commands.ts';
import { selectedTarget } from '../state/selection.ts';
import { Reasons } from './reasons.tsx';

const SIGNS = { pending: '…', accepted: '✓', refused: '✕', unanswered: '?' } as const;

/**
 * What became of the commands of this screen, in full; an open faceplate shows those of its own
 * target itself.
 */
export function SentCommands(): JSX.Element {
  return (
    <section class="sent" aria-live="polite" aria-label={t('command.sent')}>
      <For each={sent().filter((one) => one.target !== selectedTarget())}>
        {(one) => (
          <article class={`sent-one sent-${one.state}`}>
            <span class="sent-sign" aria-hidden="true">
              {SIGNS[one.state]}
            </span>
            <div>
              <strong>
                {tOr(`command.${one.name}`, one.name)} · {one.target}
              </strong>
              <span> {t(`command.${one.state}`)}</span>
              <Reasons list={one.reasons} />
            </div>
            <button
              type="button"
              class="button button-icon"
              aria-label={t('app.close')}
              onClick={() => dismiss(one.id)}
            >
              ✕
            </button>
          </article>
        )}
      </For>
    </section>
  );
}
