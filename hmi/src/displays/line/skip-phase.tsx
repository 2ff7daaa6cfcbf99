import { createSignal, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { may } from '../../state/session.ts';
import { Modal } from '../../widgets/modal.tsx';
import { TextField } from '../../widgets/text-field.tsx';
import { Field } from '../intake/truck-forms.tsx';

function Password(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
}): JSX.Element {
  return <TextField {...props} type="password" autocomplete="off" required />;
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
          <Password label={t('procedure.password')} value={password()} onInput={setPassword} />
          <TextField
            label={t('procedure.second')}
            autocomplete="off"
            maxLength={64}
            value={second()}
            onInput={setSecond}
          />
          <Show when={second().trim() !== ''}>
            <Password
              label={t('procedure.secondPassword')}
              value={secondPassword()}
              onInput={setSecondPassword}
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
