import { createSignal, For, type JSX, Show } from 'solid-js';
import { decimalsOfDivision, formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { statusOf } from '../../state/live.ts';
import { deviceOf, type Line, materialOf, mill, setting } from '../../state/mill.ts';
import { selectDevice } from '../../state/selection.ts';
import { may } from '../../state/session.ts';
import { CommandButton } from '../../widgets/command-button.tsx';
import { CommandOutcome } from '../../widgets/command-outcome.tsx';
import { Reasons } from '../../widgets/reasons.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';
import { Field } from '../intake/truck-forms.tsx';

type Wanted = NonNullable<NonNullable<ReturnType<typeof statusOf<'device'>>>['handAdd']>;

/** A scanner types the bar code and Enter into the field. */
function ScanForm(props: { hatch: string }): JSX.Element {
  const [label, setLabel] = createSignal('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const args = { label: label().trim() };
    if (await sendCommand('hand-add.scan', props.hatch, args)) setLabel('');
  };
  return (
    <form class="fields" onSubmit={(event) => void submit(event)}>
      <Field label={t('handAdd.label')} value={label()} onInput={setLabel} />
      <button type="submit" class="button">
        {t('command.hand-add.scan')}
      </button>
    </form>
  );
}

/** What a person is to weigh: material, mass, and the lot that was scanned for it. */
function WantedSack(props: { hatch: string; wanted: Wanted }): JSX.Element {
  const decimals = () => decimalsOfDivision(setting(deviceOf(props.hatch), 'divisionKg') ?? 0.01);
  const name = () => {
    const material = materialOf(props.wanted.material);
    return material === undefined ? props.wanted.material : say(material.text);
  };
  return (
    <>
      <p>
        <strong>
          {name()}: {formatNumber(props.wanted.targetKg, decimals())} ±{' '}
          {formatNumber(props.wanted.toleranceKg, decimals())} kg
        </strong>{' '}
        <Show when={props.wanted.drug}>! {t('handAdd.drug')} </Show>
        <Show when={props.wanted.isHeld}>({t('handAdd.held')})</Show>
      </p>
      <p>
        {t('handAdd.lot')}: <b>{props.wanted.lot ?? t('handAdd.noLot')}</b>
      </p>
      <Show when={may('hand-add.scan')}>
        <ScanForm hatch={props.hatch} />
      </Show>
      <CommandButton name="hand-add.confirm" target={props.hatch} strong />
    </>
  );
}

function Hatch(props: { hatch: string }): JSX.Element {
  const status = () => statusOf('device', props.hatch);
  return (
    <section class="scale" aria-label={props.hatch}>
      <header class="scale-head">
        <button type="button" class="link" onClick={() => selectDevice(props.hatch)}>
          {props.hatch}
        </button>
        <TagValue tag={`${props.hatch}.State`} class="scale-state" />
        <TagValue tag={`${props.hatch}.Net`} class="scale-net" />
      </header>
      <Show when={status()?.handAdd} fallback={<p class="quiet">{t('handAdd.nothing')}</p>}>
        {(wanted) => <WantedSack hatch={props.hatch} wanted={wanted()} />}
      </Show>
      <Reasons list={status()?.reasons ?? []} />
      <CommandOutcome target={props.hatch} />
    </section>
  );
}

/** The hand-add hatches over the mixer of a line; nothing where it has none. */
export function HandAddPanel(props: { line: Line }): JSX.Element {
  const hatches = () =>
    mill()
      .flows.filter(({ to }) => to === props.line.mixer)
      .map(({ from }) => from)
      .filter((id) => deviceOf(id)?.type === 'handAdd');
  return (
    <Show when={hatches().length > 0}>
      <section class="panel" aria-label={t('handAdd.title')}>
        <header class="panel-head">
          <h2 class="panel-title">{t('handAdd.title')}</h2>
        </header>
        <div class="panel-body">
          <For each={hatches()}>{(id) => <Hatch hatch={id} />}</For>
        </div>
      </section>
    </Show>
  );
}
