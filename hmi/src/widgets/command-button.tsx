import { type JSX, Show } from 'solid-js';
import { t, tOr } from '../i18n/language.ts';
import { sendCommand, sent } from '../state/commands.ts';
import { connected } from '../state/live.ts';
import { may } from '../state/session.ts';

/** A command that is offered only where the session may give it; waits visibly for its answer. */
export function CommandButton(props: {
  name: string;
  target: string;
  args?: Readonly<Record<string, unknown>>;
  label?: string;
  strong?: boolean;
  /** Asked before it is sent; call `go` to send. */
  ask?: (go: () => void) => void;
}): JSX.Element {
  const pending = () =>
    sent().some(
      (one) => one.name === props.name && one.target === props.target && one.state === 'pending',
    );
  const go = () => void sendCommand(props.name, props.target, props.args ?? {});
  return (
    <Show when={may(props.name)}>
      <button
        type="button"
        class="button"
        classList={{ 'button-strong': props.strong === true }}
        disabled={pending() || !connected()}
        onClick={() => (props.ask === undefined ? go() : props.ask(go))}
      >
        {pending()
          ? t('command.pending')
          : (props.label ?? tOr(`command.${props.name}`, props.name))}
      </button>
    </Show>
  );
}
