import { setup } from 'xstate';
import type { MachineOutput, MachineSpec } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import { effects, refuseUnknown } from '../kit.ts';
import type { LineContext, LineInput } from './batch.context.ts';
import { lineView, newLine } from './batch.context.ts';
import { commandBatch, commandPhase, skipPhase } from './batch.control.ts';
import { doseWaits } from './batch.decisions.ts';
import { allocated } from './batch.downstream.ts';
import { lotsChanged } from './batch.lots.ts';
import { dosed, mixed, unitHeld, unitRefused } from './batch.making.ts';
import { begin, release, remove, reset, submit } from './batch.orders.ts';
import * as steps from './batch.steps.ts';
import { commandTail } from './batch.tails.ts';
import { turn } from './batch.turn.ts';

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
    reset: effect(turn(reset)),
    toTail: effect(turn(commandTail)),
    toBatch: effect(turn(commandBatch)),
    toPhase: effect(turn(commandPhase)),
    skipPhase: effect(turn(skipPhase)),
    pause: effect(steps.pause),
    nowPaused: effect(steps.nowPaused),
    goOn: effect(steps.goOn),
    rest: effect(steps.rest),
    followHeld: effect(steps.followHeld),
    allocated: effect(turn(allocated)),
    begin: effect(turn(begin)),
    dosed: effect(turn(dosed)),
    doseWaits: effect(turn(doseWaits)),
    mixed: effect(turn(mixed)),
    unitHeld: effect(turn(unitHeld)),
    unitRefused: effect(turn(unitRefused)),
    lotsChanged: effect(turn(lotsChanged)),
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
      SCAN: [{ guard: 'canStart', target: '#line.Running', actions: 'begin' }, { actions: 'rest' }],
      RESET: [
        { guard: 'isLastOver', target: '#line.Idle', actions: 'reset' },
        { actions: 'reset' },
      ],
    },
  } as const;
}

/** These do the same work; only a running line begins a further batch. */
function working<S extends 'Running' | 'Stopping' | 'Pausing' | 'Paused'>(state: S) {
  const end = state === 'Stopping' ? '#line.Stopped' : '#line.Complete';
  return {
    entry: { type: 'enter', params: { state } },
    on: {
      SCAN: { actions: 'work' },
      HOLD: [
        { guard: 'isActive', target: '#line.Holding', actions: 'startHold' },
        { actions: 'toTail' },
      ],
      ABORT: [abortActive, { actions: 'toTail' }],
      RESTORED: held,
    },
    always: [
      { guard: 'finished', target: end },
      ...(state === 'Stopping' ? ([{ guard: 'goesOn', target: '#line.Running' }] as const) : []),
      ...(state === 'Pausing'
        ? ([{ guard: 'isPaused', target: '#line.Paused', actions: 'nowPaused' }] as const)
        : []),
      { guard: 'hasReasons', target: '#line.Holding', actions: 'startHold' },
    ],
  } as const;
}

const STOP = [
  { guard: 'isActive', target: '#line.Stopping', actions: 'stop' },
  { actions: 'toTail' },
] as const;

/** Commands of one batch or phase: in whatever state the line is, they answer for themselves. */
const PARTS = {
  BATCH_PAUSE: { actions: 'toBatch' },
  BATCH_RESUME: { actions: 'toBatch' },
  BATCH_HOLD: { actions: 'toBatch' },
  BATCH_STOP: { actions: 'toBatch' },
  BATCH_ABORT: { actions: 'toBatch' },
  PHASE_PAUSE: { actions: 'toPhase' },
  PHASE_RESUME: { actions: 'toPhase' },
  PHASE_HOLD: { actions: 'toPhase' },
  PHASE_RESTART: { actions: 'toPhase' },
  PHASE_STOP: { actions: 'toPhase' },
  PHASE_ABORT: { actions: 'toPhase' },
  PHASE_SKIP: { actions: 'skipPhase' },
} as const;

/**
 * One dosing and mixing line with its orders (ISA-88 procedure): the state is that of the order
 * being weighed; orders whose product is still pressed or bagged have states of their own. SUBMIT,
 * START, PAUSE, HOLD, RESUME, STOP, ABORT, RESET and
 * REMOVE come from people, and the same with BATCH_ and PHASE_ before them for parts of an order;
 * DOSED, WAITING, UNIT_HELD and MIXED
 * from the scales and the mixer; ALLOCATED from presses and baggers.
 */
export const lineMachine = lineSetup.createMachine({
  id: 'line',
  context: ({ input }) => newLine(input),
  initial: 'Idle',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: { actions: 'restored' },
    REFUSED: { actions: 'unitRefused' },
    TOLD: { actions: 'lotsChanged' },
    SUBMIT: { actions: 'submit' },
    START: { actions: 'release' },
    REMOVE: { actions: 'remove' },
    HOLD: { actions: 'toTail' },
    RESUME: { actions: 'toTail' },
    STOP: { actions: 'toTail' },
    ABORT: { actions: 'toTail' },
    PAUSE: { actions: 'toTail' },
    RESET: { actions: 'reset' },
    ...PARTS,
    DOSED: { actions: 'dosed' },
    WAITING: { actions: 'doseWaits' },
    MIXED: { actions: 'mixed' },
    ALLOCATED: { actions: 'allocated' },
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
        STOP,
        PAUSE: [{ guard: 'isActive', target: 'Pausing', actions: 'pause' }, { actions: 'toTail' }],
      },
    },
    Pausing: { ...working('Pausing'), on: { ...working('Pausing').on, STOP } },
    Paused: {
      ...working('Paused'),
      on: {
        ...working('Paused').on,
        STOP,
        RESUME: [{ guard: 'isActive', target: 'Running', actions: 'goOn' }, { actions: 'toTail' }],
      },
    },
    Stopping: working('Stopping'),
    Holding: {
      entry: { type: 'enter', params: { state: 'Holding' } },
      on: {
        SCAN: [{ guard: 'quiet', target: 'Held', actions: 'nowHeld' }, { actions: 'runOut' }],
        STOP: [{ guard: 'isActive', actions: 'stop' }, { actions: 'toTail' }],
        ABORT: [abortActive, { actions: 'toTail' }],
        RESTORED: held,
      },
    },
    Held: {
      id: 'Held',
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        SCAN: [
          { guard: 'mayFollow', target: 'Running', actions: 'followHeld' },
          { actions: 'runOut' },
        ],
        RESUME: [
          { guard: 'isActive', target: 'Restarting', actions: 'restart' },
          { actions: 'toTail' },
        ],
        STOP: [{ guard: 'isActive', actions: 'stop' }, { actions: 'toTail' }],
        ABORT: [abortActive, { actions: 'toTail' }],
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
        STOP: [{ guard: 'isActive', actions: 'stop' }, { actions: 'toTail' }],
        HOLD: [
          { guard: 'isActive', target: 'Holding', actions: 'startHold' },
          { actions: 'toTail' },
        ],
        ABORT: [abortActive, { actions: 'toTail' }],
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
  for (const bin of [input.surge, ...input.finishedBins]) names.add(`${bin}.Low`);
  const routes = [...Object.values(input.routes), ...input.refillRoutes];
  for (const route of routes) names.add(`${route}.State`);
  names.add(`${input.mixer}.Phase`);
  const levels = [...input.presses.map(({ bin }) => bin), ...Object.keys(input.binKg)].map(
    (bin) => `${bin}.LevelPct`,
  );
  for (const press of input.presses) {
    for (const name of [`${press.id}.Phase`, `${press.bin}.Low`, `${press.bin}.High`]) {
      names.add(name);
    }
  }
  for (const level of levels) names.add(level);
  for (const { id } of input.baggers) {
    for (const role of ['State', 'OrderBags', 'TotalG']) names.add(`${id}.${role}`);
  }
  return {
    id: input.id,
    logic: lineMachine,
    input,
    reads: Object.fromEntries([...names].map((name) => [name, name])),
    glances: [...input.scales.map(({ id }) => `${id}.Net`), ...levels],
    follows: ['lots'],
    version: 5,
    persistence: 'restored',
    counters: [],
  };
}
