import { setup } from 'xstate';
import type { LineContext, LineInput } from './batch.context.ts';
import { lineView, newLine } from './batch.context.ts';
import { dosed, doseWaits, mixed, unitHeld, unitRefused } from './batch.making.ts';
import { begin, refuseOrder, release, remove, showWaiting, submit } from './batch.orders.ts';
import * as steps from './batch.steps.ts';
import { turn } from './batch.turn.ts';
import type { MachineOutput, MachineSpec } from './contract.ts';
import type { MachineEvent } from './kit.ts';
import { effects, refuseUnknown } from './kit.ts';

const { effect, enter } = effects<LineContext>(lineView);

const lineSetup = setup({
  types: {} as {
    context: LineContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: LineInput;
  },
  guards: steps.lineGuards,
  actions: {
    enter,
    submit: effect(turn(submit)),
    release: effect(turn(release)),
    remove: effect(turn(remove)),
    refuseOrder: effect(turn(refuseOrder)),
    showWaiting: effect(turn(showWaiting)),
    begin: effect(turn(begin)),
    dosed: effect(turn(dosed)),
    doseWaits: effect(turn(doseWaits)),
    mixed: effect(turn(mixed)),
    unitHeld: effect(turn(unitHeld)),
    unitRefused: effect(turn(unitRefused)),
    work: effect(steps.work),
    runOut: effect(steps.runOut),
    startHold: effect(steps.startHold),
    restored: effect(steps.restored),
    nowHeld: effect(steps.nowHeld),
    restart: effect(steps.restart),
    watch: effect(steps.watch),
    running: effect(steps.running),
    stop: effect(steps.stop),
    abort: effect(steps.abort),
    aborted: effect(steps.aborted),
    refuseUnknown: effect(refuseUnknown),
  },
});

const abortActive = { guard: 'isActive', target: '#line.Aborting', actions: 'abort' } as const;
const held = { target: '#line.Held', actions: 'restored' } as const;

/**
 * A line that has nothing to do: the next released order begins when scales, mixer and bin are
 * free.
 */
function resting<S extends 'Idle' | 'Complete' | 'Stopped' | 'Aborted'>(state: S) {
  return {
    entry: { type: 'enter', params: { state } },
    on: {
      SCAN: [
        { guard: 'canStart', target: '#line.Running', actions: 'begin' },
        { actions: 'showWaiting' },
      ],
    },
  } as const;
}

/** Running and Stopping do the same work; a stopping line begins no further batch. */
function working<S extends 'Running' | 'Stopping'>(state: S) {
  const end = state === 'Running' ? '#line.Complete' : '#line.Stopped';
  return {
    entry: { type: 'enter', params: { state } },
    on: {
      SCAN: { actions: 'work' },
      HOLD: [
        { guard: 'isActive', target: '#line.Holding', actions: 'startHold' },
        { actions: 'refuseOrder' },
      ],
      ABORT: [abortActive, { actions: 'refuseOrder' }],
      RESTORED: held,
    },
    always: [
      { guard: 'finished', target: end },
      { guard: 'hasReasons', target: '#line.Holding', actions: 'startHold' },
    ],
  } as const;
}

/**
 * One dosing and mixing line with its orders (ISA-88 procedure): the state is that of the active
 * order. SUBMIT, START, HOLD, RESUME, STOP, ABORT and REMOVE come from people; DOSED, WAITING,
 * UNIT_HELD and MIXED from the scales and the mixer.
 */
export const lineMachine = lineSetup.createMachine({
  id: 'line',
  context: ({ input }) => newLine(input),
  initial: 'Idle',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: { actions: 'restored' },
    REFUSED: { actions: 'unitRefused' },
    SUBMIT: { actions: 'submit' },
    START: { actions: 'release' },
    REMOVE: { actions: 'remove' },
    HOLD: { actions: 'refuseOrder' },
    RESUME: { actions: 'refuseOrder' },
    STOP: { actions: 'refuseOrder' },
    ABORT: { actions: 'refuseOrder' },
    DOSED: { actions: 'dosed' },
    WAITING: { actions: 'doseWaits' },
    MIXED: { actions: 'mixed' },
    UNIT_HELD: { actions: 'unitHeld' },
    '*': { actions: 'refuseUnknown' },
  },
  states: {
    Idle: resting('Idle'),
    Complete: resting('Complete'),
    Stopped: resting('Stopped'),
    Aborted: resting('Aborted'),
    Running: {
      ...working('Running'),
      on: {
        ...working('Running').on,
        STOP: [
          { guard: 'isActive', target: 'Stopping', actions: 'stop' },
          { actions: 'refuseOrder' },
        ],
      },
    },
    Stopping: working('Stopping'),
    Holding: {
      entry: { type: 'enter', params: { state: 'Holding' } },
      on: {
        SCAN: [{ guard: 'quiet', target: 'Held', actions: 'nowHeld' }, { actions: 'runOut' }],
        ABORT: [abortActive, { actions: 'refuseOrder' }],
        RESTORED: held,
      },
    },
    Held: {
      id: 'Held',
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        SCAN: { actions: 'runOut' },
        RESUME: [
          { guard: 'isActive', target: 'Restarting', actions: 'restart' },
          { actions: 'refuseOrder' },
        ],
        STOP: [{ guard: 'isActive', actions: 'stop' }, { actions: 'refuseOrder' }],
        ABORT: [abortActive, { actions: 'refuseOrder' }],
      },
    },
    Restarting: {
      entry: { type: 'enter', params: { state: 'Restarting' } },
      on: {
        SCAN: [
          { guard: 'hasReasons', target: 'Holding', actions: 'startHold' },
          { guard: 'allGoing', target: 'Going', actions: 'running' },
          { guard: 'tooLong', target: 'Holding', actions: 'startHold' },
          { actions: 'watch' },
        ],
        HOLD: [
          { guard: 'isActive', target: 'Holding', actions: 'startHold' },
          { actions: 'refuseOrder' },
        ],
        ABORT: [abortActive, { actions: 'refuseOrder' }],
        RESTORED: held,
      },
    },
    /** Passed through at once: back to what it was doing. */
    Going: {
      always: [{ guard: 'stopRequested', target: 'Stopping' }, { target: 'Running' }],
    },
    Aborting: {
      entry: { type: 'enter', params: { state: 'Aborting' } },
      on: {
        SCAN: [{ guard: 'quiet', target: 'Aborted', actions: 'aborted' }, { actions: 'watch' }],
        RESTORED: { target: 'Aborted', actions: 'aborted' },
      },
    },
  },
});

/** The machine of one line. */
export function lineSpec(input: LineInput): MachineSpec {
  const names = new Set<string>();
  for (const scale of input.scales) {
    for (const role of ['Net', 'State']) names.add(`${scale.id}.${role}`);
    for (const { bin } of scale.bins) names.add(`${bin}.Low`);
  }
  for (const bin of [input.surge, input.pressBin, ...input.finishedBins]) names.add(`${bin}.Low`);
  const routes = [...Object.values(input.routes), ...input.refillRoutes];
  for (const route of routes) names.add(`${route}.State`);
  for (const name of [`${input.mixer}.Phase`, `${input.press}.Phase`]) names.add(name);
  for (const role of ['State', 'OrderBags', 'TotalG']) names.add(`${input.bagger}.${role}`);
  return {
    id: input.id,
    logic: lineMachine,
    input,
    reads: Object.fromEntries([...names].map((name) => [name, name])),
    glances: input.scales.map(({ id }) => `${id}.Net`),
    version: 2,
    persistence: 'restored',
    counters: [],
  };
}
