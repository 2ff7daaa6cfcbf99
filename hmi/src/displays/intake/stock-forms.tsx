import { createSignal, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { Modal } from '../../widgets/modal.tsx';
import { TextField } from '../../widgets/text-field.tsx';
import { Field } from './truck-forms.tsx';

const KEEPER = 'STOCK';

/** Fills a bin by hand with a lot, or sets its book to what was found there, with the reason. */
export function StockEntry(props: {
  kind: 'receive' | 'correct';
  bin: string;
  material: string | null;
  onClose: () => void;
}): JSX.Element {
  const [kg, setKg] = createSignal('');
  const [lot, setLot] = createSignal('');
  const [note, setNote] = createSignal('');
  const [label, setLabel] = createSignal('');
  const [second, setSecond] = createSignal('');
  const [code, setCode] = createSignal('');
  const material = () => props.material ?? code().trim();
  const optional = (name: string, value: string) => (value === '' ? {} : { [name]: value });
  const args = () => {
    const mass = { bin: props.bin, kg: Number(kg().trim().replace(',', '.')), lot: lot().trim() };
    return props.kind === 'receive'
      ? {
          ...mass,
          material: material(),
          ...optional('label', label().trim()),
          ...optional('second', second().trim()),
        }
      : { ...mass, note: note().trim() };
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await sendCommand(`stock.${props.kind}`, KEEPER, args())) props.onClose();
  };
  return (
    <Modal open title={`${t(`stock.${props.kind}`)} ${props.bin}`} onClose={props.onClose}>
      <form class="fields" onSubmit={(event) => void submit(event)}>
        <Field label={t('stock.kg')} value={kg()} onInput={setKg} numeric />
        <Field label={t('stock.lot')} value={lot()} onInput={setLot} />
        <Show when={props.kind === 'receive'}>
          <Show when={props.material === null}>
            <Field label={t('stock.material')} value={code()} onInput={setCode} />
          </Show>
          <TextField label={t('stock.label')} value={label()} onInput={setLabel} />
          <TextField label={t('sacks.second')} value={second()} onInput={setSecond} />
        </Show>
        <Show when={props.kind === 'correct'}>
          <Field label={t('stock.note')} value={note()} onInput={setNote} />
        </Show>
        <button type="submit" class="button button-strong">
          {t(`command.stock.${props.kind}`)}
        </button>
      </form>
    </Modal>
  );
}
