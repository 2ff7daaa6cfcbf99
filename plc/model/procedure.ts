import type { ProcedureState } from './isa88.ts';

/** Commands of a procedural element, ISA-88.01 (IEC 61512-1). */
export const PROCEDURE_COMMANDS = [
  'START',
  'PAUSE',
  'RESUME',
  'HOLD',
  'RESTART',
  'STOP',
  'ABORT',
  'RESET',
] as const;
export type ProcedureCommand = (typeof PROCEDURE_COMMANDS)[number];

interface Transition {
  readonly from: readonly ProcedureState[];
  readonly to: ProcedureState;
}

/** What may still be stopped: everything that is neither at its end nor on its way there. */
const LIVE = [
  'Running',
  'Pausing',
  'Paused',
  'Holding',
  'Held',
  'Restarting',
] as const satisfies readonly ProcedureState[];

/** The example state transition matrix of ISA-88.01, table 4: the acting state of each command. */
const TRANSITIONS: Readonly<Record<ProcedureCommand, Transition>> = {
  START: { from: ['Idle'], to: 'Running' },
  PAUSE: { from: ['Running'], to: 'Pausing' },
  RESUME: { from: ['Paused'], to: 'Running' },
  HOLD: { from: ['Running', 'Pausing', 'Paused', 'Restarting'], to: 'Holding' },
  RESTART: { from: ['Held'], to: 'Restarting' },
  STOP: { from: LIVE, to: 'Stopping' },
  ABORT: { from: [...LIVE, 'Stopping'], to: 'Aborting' },
  RESET: { from: ['Complete', 'Stopped', 'Aborted'], to: 'Idle' },
};

/** Where an element goes when what its acting state does is done; the others stay. */
const DONE: Readonly<Partial<Record<ProcedureState, ProcedureState>>> = {
  Running: 'Complete',
  Pausing: 'Paused',
  Holding: 'Held',
  Restarting: 'Running',
  Stopping: 'Stopped',
  Aborting: 'Aborted',
};

/**
 * The state that a command leads to; null where the state does not take it. One button serves
 * Resume and Restart: RESUME of what is Held is a RESTART.
 */
export function afterCommand(
  state: ProcedureState,
  command: ProcedureCommand,
): ProcedureState | null {
  const wanted = command === 'RESUME' && state === 'Held' ? 'RESTART' : command;
  const { from, to } = TRANSITIONS[wanted];
  return from.includes(state) ? to : null;
}

/** The state after an acting state is done; a state that waits for a command is its own. */
export function afterDone(state: ProcedureState): ProcedureState {
  return DONE[state] ?? state;
}

/** Commands that an element in this state takes. */
export function commandsIn(state: ProcedureState): ProcedureCommand[] {
  return PROCEDURE_COMMANDS.filter((command) => afterCommand(state, command) !== null);
}
