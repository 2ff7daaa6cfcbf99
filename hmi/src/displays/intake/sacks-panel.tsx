import { createSignal, For, type JSX, Show } from 'solid-js';
import type { StatusDocument } from '../../../../server/contract/live.ts';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { statusOf } from '../../state/live.ts';
import { materialOf, mill } from '../../state/mill.ts';
import { may } from '../../state/session.ts';
import { CommandButton } from '../../widgets/command-button.tsx';
import { CommandOutcome } from '../../widgets/command-outcome.tsx';
import { Modal } from '../../widgets/modal.tsx';
import { Reasons } from '../../widgets/reasons.tsx';
import { Field } from './truck-forms.tsx';

type Task = Extract<StatusDocument, { kind: 'sacks' }>['tasks'][number];

function materialText(code: string): string {
  return say(materialOf(code)?.text ?? { vi: code, en: code });
}

/** The bar code of a sack for a bin, and the second person where it is a drug. */
function DumpStart(props: { task: Task; onClose: () => void }): JSX.Element {
  const [label, setLabel] = createSignal('');
  const [second, setSecond] = createSignal('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const more = props.task.drug ? { second: second().trim() } : {};
    const args = { bin: props.task.bin, label: label().trim(), ...more };
    if (await sendCommand('dump.start', props.task.hopper ?? '', args)) props.onClose();
  };
  return (
    <Modal open title={`${t('sacks.start')} ${props.task.bin}`} onClose={props.onClose}>
      <form class="fields" onSubmit={(event) => void submit(event)}>
        <Field label={t('sacks.label')} value={label()} onInput={setLabel} />
        <Show when={props.task.drug}>
          <Field label={t('sacks.second')} value={second()} onInput={setSecond} />
        </Show>
        <button type="submit" class="button button-strong">
          {t('command.dump.start')}
        </button>
      </form>
    </Modal>
  );
}

/** One thing to do: how many sacks of what, and where. */
function TaskRow(props: { task: Task; start: (task: Task) => void }): JSX.Element {
  const words = () => {
    const { sacks, hopper, bin, kg } = props.task;
    const count = { sacks: formatNumber(sacks), kg: formatNumber(kg) };
    return hopper === null
      ? t('sacks.byHand', { ...count, bin })
      : t('sacks.toHopper', { ...count, hopper });
  };
  const isFree = () => {
    const { hopper } = props.task;
    return hopper !== null && (statusOf('device', `${hopper}:unit`)?.dump ?? null) === null;
  };
  return (
    <li class="sack-task">
      <span>
        <Show when={props.task.urgent}>
          <strong>! {t('sacks.urgent')} </strong>
        </Show>
        <strong>{materialText(props.task.material)}</strong>: {words()}{' '}
        <span class="quiet">
          {props.task.hopper === null ? '' : `${props.task.bin}, `}
          {t('sacks.level', { level: formatNumber(props.task.levelPct) })}
        </span>
        <Show when={props.task.drug}> · {t('sacks.drug')}</Show>
      </span>
      <Show when={isFree() && may('dump.start')}>
        <button type="button" class="button" onClick={() => props.start(props.task)}>
          {t('sacks.start')}
        </button>
      </Show>
    </li>
  );
}

/** A hopper that is being dumped into: tells sacks, scans the next lot, or ends. */
function Dumping(props: { hopper: string }): JSX.Element {
  const status = () => statusOf('device', `${props.hopper}:unit`);
  const [sacks, setSacks] = createSignal('');
  const [label, setLabel] = createSignal('');
  const tell = async (event: SubmitEvent) => {
    event.preventDefault();
    const args = { sacks: Number(sacks().trim()) };
    if (await sendCommand('dump.tipped', props.hopper, args)) setSacks('');
  };
  const scan = async (event: SubmitEvent) => {
    event.preventDefault();
    const args = { label: label().trim() };
    if (await sendCommand('dump.scan-lot', props.hopper, args)) setLabel('');
  };
  return (
    <Show when={status()?.dump}>
      {(job) => (
        <article class="panel sack-dumping">
          <p>
            <strong>{materialText(job().material)}</strong>:{' '}
            {t('sacks.dumping', {
              ...job(),
              sacks: formatNumber(job().sacks),
              kg: formatNumber(job().kg),
            })}
          </p>
          <Reasons list={status()?.reasons ?? []} />
          <Show when={may('dump.tipped')}>
            <div class="sack-forms">
              <form class="fields" onSubmit={(event) => void tell(event)}>
                <Field label={t('sacks.count')} value={sacks()} onInput={setSacks} numeric />
                <button type="submit" class="button button-strong">
                  {t('command.dump.tipped')}
                </button>
              </form>
              <form class="fields" onSubmit={(event) => void scan(event)}>
                <Field label={t('sacks.label')} value={label()} onInput={setLabel} />
                <button type="submit" class="button">
                  {t('command.dump.scan-lot')}
                </button>
              </form>
            </div>
          </Show>
          <div class="actions actions-left">
            <CommandButton name="dump.stop" target={props.hopper} />
            <CommandButton name="dump.resume" target={props.hopper} />
          </div>
          <CommandOutcome target={props.hopper} />
        </article>
      )}
    </Show>
  );
}

/** Sacks that bins ask for, the most urgent first, and hoppers that are being dumped into. */
export function SacksPanel(): JSX.Element {
  const [chosen, choose] = createSignal<Task | null>(null);
  const desk = () => statusOf('sacks', 'SACKS');
  const pits = () =>
    mill()
      .devices.filter(({ settings }) => settings['kind'] === 'pit')
      .map(({ id }) => id);
  return (
    <Show when={desk()}>
      {(sacks) => (
        <section class="panel" aria-label={t('sacks.title')}>
          <header class="panel-head">
            <h2 class="panel-title">{t('sacks.title')}</h2>
          </header>
          <div class="panel-body">
            <For each={pits()}>{(hopper) => <Dumping hopper={hopper} />}</For>
            <ul class="sack-tasks">
              <For each={sacks().tasks} fallback={<li class="quiet">{t('sacks.none')}</li>}>
                {(task) => <TaskRow task={task} start={choose} />}
              </For>
            </ul>
          </div>
          <Show when={chosen()} keyed>
            {(task) => <DumpStart task={task} onClose={() => choose(null)} />}
          </Show>
        </section>
      )}
    </Show>
  );
}
