import { createSignal, For, type JSX } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { materialOf, mill } from '../../state/mill.ts';
import { Modal } from '../../widgets/modal.tsx';
import { TextField } from '../../widgets/text-field.tsx';

const DESK = 'TRUCKS';

/** The number of a field with comma or point; null while it is none. */
function numberOf(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

/** A labelled field of a form. */
export function Field(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  numeric?: boolean;
}): JSX.Element {
  return (
    <TextField
      label={props.label}
      required
      autocomplete="off"
      maxLength={64}
      inputmode={props.numeric === true ? 'decimal' : 'text'}
      value={props.value}
      onInput={props.onInput}
    />
  );
}

/** A material of the mill: in bulk into silos and tanks, in sacks into the store. */
function MaterialField(props: {
  label: string;
  value: string;
  onChange: (code: string) => void;
}): JSX.Element {
  const codes = () => mill().materials.map(({ code }) => code);
  return (
    <label class="field">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        <For each={codes()}>
          {(code) => (
            <option value={code}>{say(materialOf(code)?.text ?? { vi: code, en: code })}</option>
          )}
        </For>
      </select>
    </label>
  );
}

/** Books a truck that is expected. */
export function BookTruck(props: { open: boolean; onClose: () => void }): JSX.Element {
  const [plate, setPlate] = createSignal('');
  const [material, setMaterial] = createSignal('MAIZE');
  const [supplier, setSupplier] = createSignal('');
  const [supplierLot, setSupplierLot] = createSignal('');
  const [ticket, setTicket] = createSignal('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const taken = await sendCommand('truck.book', DESK, {
      plate: plate().trim(),
      material: material(),
      supplier: supplier().trim(),
      supplierLot: supplierLot().trim(),
      ticketKg: numberOf(ticket()) ?? 0,
    });
    if (taken) props.onClose();
  };
  return (
    <Modal open={props.open} title={t('trucks.new')} onClose={props.onClose}>
      <form class="fields" onSubmit={(event) => void submit(event)}>
        <Field label={t('trucks.plate')} value={plate()} onInput={setPlate} />
        <MaterialField label={t('trucks.material')} value={material()} onChange={setMaterial} />
        <Field label={t('trucks.supplier')} value={supplier()} onInput={setSupplier} />
        <Field label={t('trucks.supplierLot')} value={supplierLot()} onInput={setSupplierLot} />
        <Field label={t('trucks.ticket')} value={ticket()} onInput={setTicket} numeric />
        <button type="submit" class="button button-strong">
          {t('command.truck.book')}
        </button>
      </form>
    </Modal>
  );
}

/** What the laboratory found in a truck's sample. */
export function SampleTruck(props: {
  truckId: string;
  material: string;
  onClose: () => void;
}): JSX.Element {
  const [found, setFound] = createSignal(props.material);
  const [moisture, setMoisture] = createSignal('');
  const [protein, setProtein] = createSignal('');
  const [mycotoxin, setMycotoxin] = createSignal('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const taken = await sendCommand('truck.sample', DESK, {
      truckId: props.truckId,
      material: found(),
      moisturePct: numberOf(moisture()),
      proteinPct: numberOf(protein()),
      mycotoxinPpb: numberOf(mycotoxin()),
    });
    if (taken) props.onClose();
  };
  return (
    <Modal open title={`${t('trucks.sample')} ${props.truckId}`} onClose={props.onClose}>
      <form class="fields" onSubmit={(event) => void submit(event)}>
        <MaterialField label={t('trucks.found')} value={found()} onChange={setFound} />
        <Field label={t('trucks.moisture')} value={moisture()} onInput={setMoisture} numeric />
        <Field label={t('trucks.protein')} value={protein()} onInput={setProtein} numeric />
        <Field label={t('trucks.mycotoxin')} value={mycotoxin()} onInput={setMycotoxin} numeric />
        <button type="submit" class="button button-strong">
          {t('command.truck.sample')}
        </button>
      </form>
    </Modal>
  );
}

/** Why a truck is sent away. */
export function CancelTruck(props: { truckId: string; onClose: () => void }): JSX.Element {
  const [note, setNote] = createSignal('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const args = { truckId: props.truckId, note: note().trim() };
    if (await sendCommand('truck.cancel', DESK, args)) props.onClose();
  };
  return (
    <Modal open title={`${t('command.truck.cancel')} ${props.truckId}`} onClose={props.onClose}>
      <form class="fields" onSubmit={(event) => void submit(event)}>
        <Field label={t('trucks.note')} value={note()} onInput={setNote} />
        <button type="submit" class="button button-strong">
          {t('command.truck.cancel')}
        </button>
      </form>
    </Modal>
  );
}
