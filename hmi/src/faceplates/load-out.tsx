import { createSignal, For, type JSX, Show } from 'solid-js';
import { DRUG_CLASS_TEXTS, SPECIES, SPECIES_TEXTS } from '../../../server/contract/states.ts';
import { Field } from '../displays/intake/truck-forms.tsx';
import { say, t } from '../i18n/language.ts';
import { sendCommand } from '../state/commands.ts';
import { statusOf } from '../state/live.ts';
import { type Device, mill } from '../state/mill.ts';
import { may } from '../state/session.ts';
import { Choice } from '../widgets/choice.tsx';
import { CommandButton } from '../widgets/command-button.tsx';
import { CommandOutcome } from '../widgets/command-outcome.tsx';
import { Reasons } from '../widgets/reasons.tsx';
import { TagValue } from '../widgets/tag-value.tsx';

const COMMANDS = ['load.stop', 'load.hold', 'load.resume'] as const;

/** Bins that may be loaded through this spout now: released, of a known lot. */
function binsFor(spout: string): { bin: string; lot: string }[] {
  const leading = mill().routes.filter(({ destinations }) => destinations.includes(spout));
  return leading
    .flatMap(({ sources }) => sources)
    .flatMap((bin) => {
      const status = statusOf('bin', bin);
      const lot = status?.content?.lot ?? null;
      return status?.released === true && lot !== null ? [{ bin, lot }] : [];
    });
}

/** Asks for one compartment: what it carried before, and by which certificate it was cleaned. */
function LoadForm(props: { device: Device }): JSX.Element {
  const [bin, setBin] = createSignal('');
  const [truck, setTruck] = createSignal('');
  const [kg, setKg] = createSignal('');
  const [untilEmpty, setUntilEmpty] = createSignal(false);
  const [cleaned, setCleaned] = createSignal(false);
  const [certificate, setCertificate] = createSignal('');
  const [last, setLast] = createSignal<LastLoad | null>(null);
  const found = () => binsFor(props.device.id);
  const chosen = () => found().find((one) => one.bin === bin()) ?? found()[0];
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const from = chosen();
    if (from === undefined) return;
    void sendCommand('load.start', props.device.id, {
      ...from,
      truck: truck().trim(),
      compartmentKg: Number(kg().replace(',', '.')),
      untilEmpty: untilEmpty(),
      last: last(),
      cleaned: cleaned(),
      certificate: cleaned() ? certificate().trim() : null,
    });
  };
  return (
    <form class="form" onSubmit={submit}>
      <label class="field">
        <span>{t('load.bin')}</span>
        <select value={chosen()?.bin} onChange={(event) => setBin(event.currentTarget.value)}>
          <For each={found()}>
            {(one) => (
              <option value={one.bin}>
                {one.bin} – {one.lot}
              </option>
            )}
          </For>
        </select>
      </label>
      <Field label={t('load.truck')} value={truck()} onInput={setTruck} />
      <Field label={t('load.kg')} value={kg()} onInput={setKg} numeric />
      <Tick label={t('load.untilEmpty')} checked={untilEmpty()} onChange={setUntilEmpty} />
      <LastLoadFields last={last()} onChange={setLast} />
      <Tick label={t('load.cleaned')} checked={cleaned()} onChange={setCleaned} />
      <Show when={cleaned()}>
        <Field label={t('load.certificate')} value={certificate()} onInput={setCertificate} />
      </Show>
      <button type="submit" class="button button-strong" disabled={found().length === 0}>
        {t('command.load.start')}
      </button>
    </form>
  );
}

/** A thing that is so or not. */
function Tick(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>{props.label}</span>
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

interface LastLoad {
  readonly drugClass: string;
  readonly species: string;
  readonly withdrawal: boolean;
}

/** What the compartment carried before, by the papers of its driver; nothing where nobody knows. */
function LastLoadFields(props: {
  last: LastLoad | null;
  onChange: (last: LastLoad | null) => void;
}): JSX.Element {
  const names = (of: Readonly<Record<string, { vi: string; en: string }>>) =>
    Object.entries(of).map(([id, text]): [string, string] => [id, say(text)]);
  const change = (to: Partial<LastLoad>) =>
    props.onChange({
      drugClass: 'none',
      species: SPECIES[0],
      withdrawal: false,
      ...props.last,
      ...to,
    });
  return (
    <>
      <Choice
        label={t('load.last')}
        value={props.last?.drugClass ?? ''}
        options={[['', t('load.lastUnknown')], ...names(DRUG_CLASS_TEXTS)]}
        onChange={(drugClass) => (drugClass === '' ? props.onChange(null) : change({ drugClass }))}
      />
      <Show when={props.last}>
        {(last) => (
          <>
            <Choice
              label={t('load.species')}
              value={last().species}
              options={names(SPECIES_TEXTS)}
              onChange={(species) => change({ species })}
            />
            <Tick
              label={t('load.withdrawal')}
              checked={last().withdrawal}
              onChange={(withdrawal) => change({ withdrawal })}
            />
          </>
        )}
      </Show>
    </>
  );
}

/** A load-out spout: what a person may ask of it, and what became of the last command. */
export function LoadOut(props: { device: Device }): JSX.Element {
  return (
    <Show when={props.device.type === 'loadOut'}>
      <section class="face-section">
        <dl class="facts">
          <dt>{t('face.state')}</dt>
          <dd class="face-state">
            <TagValue tag={`${props.device.id}.State`} />
          </dd>
        </dl>
        <Reasons list={statusOf('device', props.device.id)?.reasons ?? []} />
        <h2 class="face-heading">{t('face.commands')}</h2>
        <Show when={may('load.start')} fallback={<p class="quiet">{t('face.noCommands')}</p>}>
          <LoadForm device={props.device} />
          <div class="actions actions-left">
            <For each={COMMANDS}>
              {(name) => <CommandButton name={name} target={props.device.id} />}
            </For>
          </div>
        </Show>
        <CommandOutcome target={props.device.id} />
      </section>
    </Show>
  );
}
