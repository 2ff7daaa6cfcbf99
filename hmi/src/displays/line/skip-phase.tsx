import { createSignal, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { may } from '../../state/session.ts';
import { Modal } from '../../widgets/modal.tsx';
import { Field } from '../intake/truck-forms.tsx';

function Password(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  required: boolean;
}): JSX.Element {
  return (
    <label class="field">
      <span>{props.label}</span>
      <input
        type="password"
        autocomplete="off"
        required={props.required}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </label>
  );
}

/** Skips a phase of a batch: the reason, and the signature of one person, or of two. */
export function SkipPhase(props: {
  line: string;
  args: Readonly<Record<string, string>>;
}): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const [reason, setReason] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [second, setSecond] = createSignal('');
  const [secondPassword, setSecondPassword] = createSignal('');
  const close = () => {
    setPassword('');
    setSecondPassword('');
    setOpen(false);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const other = second().trim();
    const args = {
      ...props.args,
      reason: reason().trim(),
      ...(other === '' ? {} : { second: other }),
    };
    const signature = {
      password: password(),
      ...(other === '' ? {} : { secondPassword: secondPassword() }),
    };
    if (await sendCommand('phase.skip', props.line, args, signature)) close();
    else setPassword('');
  };
  return (
    <Show when={may('phase.skip')}>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        {t('procedure.skip')}
      </button>
      <Modal
        open={isOpen()}
        title={t('procedure.skipTitle', { unit: props.args['unit'] ?? '' })}
        onClose={close}
      >
        <form class="fields" onSubmit={(event) => void submit(event)}>
          <p>{t('procedure.skipAsk')}</p>
          <Field label={t('procedure.reason')} value={reason()} onInput={setReason} />
          <Password
            label={t('procedure.password')}
            value={password()}
            onInput={setPassword}
            required
          />
          <label class="field">
            <span>{t('procedure.second')}</span>
            <input
              autocomplete="off"
              maxLength={64}
              value={second()}
              onInput={(event) => setSecond(event.currentTarget.value)}
            />
          </label>
          <Show when={second().trim() !== ''}>
            <Password
              label={t('procedure.secondPassword')}
              value={secondPassword()}
              onInput={setSecondPassword}
              required
            />
          </Show>
          <button type="submit" class="button button-strong" disabled={reason().trim().length < 3}>
            {t('procedure.sign')}
          </button>
        </form>
      </Modal>
    </Show>
  );
}
