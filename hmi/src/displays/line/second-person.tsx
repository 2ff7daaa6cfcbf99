import { createSignal, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { may } from '../../state/session.ts';
import { Modal } from '../../widgets/modal.tsx';
import { Field } from '../intake/truck-forms.tsx';

/** Accepts the dose of a drug out of tolerance: asks who releases it as the second person. */
export function SecondPerson(props: { scale: string; material: string }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const [second, setSecond] = createSignal('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const args = { scale: props.scale, decision: 'accept', second: second().trim() };
    if (await sendCommand('dose.decide', props.scale, args)) setOpen(false);
  };
  return (
    <Show when={may('dose.decide')}>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        {t('line.accept')}
      </button>
      <Modal
        open={isOpen()}
        title={t('line.secondTitle', { material: props.material })}
        onClose={() => setOpen(false)}
      >
        <form class="fields" onSubmit={(event) => void submit(event)}>
          <p>{t('line.secondAsk')}</p>
          <Field label={t('line.second')} value={second()} onInput={setSecond} />
          <button type="submit" class="button button-strong" disabled={second().trim() === ''}>
            {t('line.accept')}
          </button>
        </form>
      </Modal>
    </Show>
  );
}
