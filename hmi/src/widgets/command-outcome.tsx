import { type JSX, Show } from 'solid-js';
import { t } from '../i18n/language.ts';
import { lastSent } from '../state/commands.ts';
import { Reasons } from './reasons.tsx';

/** What became of the last command to a target, with why it was refused. */
export function CommandOutcome(props: { target: string }): JSX.Element {
  const last = () => lastSent(props.target);
  return (
    <div aria-live="polite">
      <Show when={last()}>
        {(one) => (
          <div class={`outcome outcome-${one().state}`}>
            {t(`command.${one().state}`)}
            <Reasons list={one().reasons} />
          </div>
        )}
      </Show>
    </div>
  );
}
