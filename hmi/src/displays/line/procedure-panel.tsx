import { For, type JSX, Show } from 'solid-js';
import type { BatchStatus } from '../../../../server/contract/live.ts';
import type { ProcedureCommand } from '../../../../server/contract/states.ts';
import { afterCommand } from '../../../../server/contract/states.ts';
import { t } from '../../i18n/language.ts';
import { statusOf } from '../../state/live.ts';
import type { Line } from '../../state/mill.ts';
import { selectDevice } from '../../state/selection.ts';
import { CommandButton } from '../../widgets/command-button.tsx';
import { CommandOutcome } from '../../widgets/command-outcome.tsx';
import { orderStateText } from './order-queue.tsx';
import { SkipPhase } from './skip-phase.tsx';

type State = BatchStatus['state'];

const OFFERED: readonly ProcedureCommand[] = ['PAUSE', 'RESUME', 'HOLD', 'STOP', 'ABORT'];
/** States in which a phase may be begun again, or be skipped. */
const AGAIN: readonly State[] = ['Stopped', 'Aborted'];
const SKIPPABLE: readonly State[] = ['Idle', 'Paused', 'Stopped', 'Aborted'];

/** The commands that a batch or a phase takes in its state (ISA-88). */
function Commands(props: {
  line: string;
  level: 'batch' | 'phase';
  state: State;
  args: Readonly<Record<string, string>>;
  wholeOnly?: boolean;
}): JSX.Element {
  const offered = () =>
    OFFERED.filter((command) => afterCommand(props.state, command) !== null).filter(
      (command) => props.wholeOnly !== true || !['STOP', 'ABORT'].includes(command),
    );
  return (
    <For each={offered()}>
      {(command) => (
        <CommandButton
          name={`${props.level}.${command.toLowerCase()}`}
          target={props.line}
          args={props.args}
          label={t(`procedure.${command}`)}
        />
      )}
    </For>
  );
}

function PhaseRow(props: {
  line: Line;
  batch: BatchStatus;
  unit: string;
  state: State;
}): JSX.Element {
  const isMixer = () => props.unit === props.line.mixer;
  const { orderId, batchId } = props.batch;
  const args = () => ({ orderId, batchId, unit: props.unit });
  return (
    <li class="phase-row" data-phase={props.unit} data-state={props.state}>
      <button type="button" class="link" onClick={() => selectDevice(props.unit)}>
        {props.unit}
      </button>
      <span class="state-chip">{orderStateText(props.state)}</span>
      <span class="actions actions-left">
        <Commands
          line={props.line.id}
          level="phase"
          state={props.state}
          args={args()}
          wholeOnly={isMixer()}
        />
        <Show when={AGAIN.includes(props.state)}>
          <CommandButton
            name="phase.restart"
            target={props.line.id}
            args={args()}
            label={t('procedure.RESTART')}
          />
        </Show>
        <Show when={!isMixer() && SKIPPABLE.includes(props.state)}>
          <SkipPhase line={props.line.id} args={args()} />
        </Show>
      </span>
    </li>
  );
}

function BatchOf(props: { line: Line; batch: BatchStatus }): JSX.Element {
  const { orderId, batchId } = props.batch;
  return (
    <section class="scale document" aria-label={batchId} data-batch={batchId}>
      <header class="scale-head">
        <strong>{batchId}</strong>
        <span class="state-chip">{orderStateText(props.batch.state)}</span>
        <span class="actions actions-left">
          <Commands
            line={props.line.id}
            level="batch"
            state={props.batch.state}
            args={{ orderId, batchId }}
          />
        </span>
      </header>
      <ul class="doses">
        <For each={props.batch.phases}>
          {({ unit, state }) => (
            <PhaseRow line={props.line} batch={props.batch} unit={unit} state={state} />
          )}
        </For>
      </ul>
    </section>
  );
}

/** Batches under way and their phases: the ISA-88 state of each, and what may be done to it. */
export function ProcedurePanel(props: { line: Line }): JSX.Element {
  const batches = () => statusOf('line', props.line.id)?.batches ?? [];
  return (
    <Show when={batches().length > 0}>
      <section class="panel" aria-label={t('procedure.title')}>
        <header class="panel-head">
          <h2 class="panel-title">{t('procedure.title')}</h2>
        </header>
        <div class="panel-body">
          <For each={batches()}>{(batch) => <BatchOf line={props.line} batch={batch} />}</For>
          <CommandOutcome target={props.line.id} />
        </div>
      </section>
    </Show>
  );
}
