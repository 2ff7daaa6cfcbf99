import { setup } from 'xstate';
import { isOn } from '../../model/tag.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  isCommand,
  newContext,
  passed,
  refused,
  refuseUnknown,
  send,
} from '../kit.ts';
import type { Filled, PitContext, PitInput } from './pit.context.ts';
import {
  ASK_MS,
  choice,
  contentKg,
  jobOf,
  permitRefusals,
  pitView,
  plateAt,
  routeState,
} from './pit.context.ts';

const { effect, enter } = effects<PitContext>(pitView);
type Step = Effect<PitContext>;

/** What every scan notes: who stands at the pit, and since when it is empty. */
function noted(context: PitContext, event: MachineEvent): Partial<PitContext> {
  const plate = plateAt(event);
  const own = context.job !== null && plate === context.job.plate;
  const came = context.came || own;
  const gone = context.came && !isOn(event.inputs['Occupied']);
  const left = context.left || (gone && event.inputs['Occupied']?.quality === 'good');
  const empty = isOn(event.inputs['Low']) && left;
  return {
    came,
    left,
    wrongTruck: plate !== null && !own,
    emptySinceMs: empty ? (context.emptySinceMs ?? event.nowMs) : null,
  };
}

function tellDesk(context: PitContext, command: string, more: object = {}): MachineOutput[] {
  const { made, job } = context;
  return job === null ? [] : [send(made.desk, command, { truckId: job.truckId, ...more })];
}

function permit(context: PitContext, event: MachineEvent): Step {
  const job = jobOf(event);
  if (job === null) return {};
  const { first, second } = choice(context, event, job);
  const { pit } = context.made;
  return {
    set: {
      job,
      destination: first,
      second,
      filled: [],
      ...{ came: false, left: false, ending: false, emptySinceMs: null, noDestination: false },
    },
    out: [
      ACCEPTED,
      send(context.made.desk, 'GRANTED', { truckId: job.truckId, pit, destination: first }),
    ],
  };
}

/** Asks the route for the way to the present destination. */
function askRoute(context: PitContext, event: MachineEvent): Step {
  const { made, destination, second } = context;
  if (destination === null) return { set: { askAtMs: event.nowMs + ASK_MS } };
  const more = second === null || second === destination ? {} : { second };
  return {
    set: { askAtMs: event.nowMs + ASK_MS },
    out: [send(made.route, 'START', { source: made.pit, destination, ...more })],
  };
}

/** What the silo that was filled until now took, by what its level says. */
function levelTaken({ filled, made }: PitContext, event: MachineEvent): PitContext['filled'] {
  return filled.map((one, index) => {
    const silo = made.silos.find(({ bin }) => bin === one.bin);
    const last = index === filled.length - 1 && silo !== undefined;
    return last ? { ...one, toKg: contentKg(silo, event) ?? one.toKg } : one;
  });
}

/** The route goes on to its second destination by itself, at a high level: that silo fills next. */
function followRoute(context: PitContext, event: MachineEvent): Step {
  if (event.type !== 'TOLD' || isCommand(event) || event.document.kind !== 'route') return {};
  const { route, destination, source } = event.document;
  const { made, job, second } = context;
  const goesOn = route === made.route && source === made.pit && destination === second;
  if (job === null || !goesOn || destination === null) return {};
  const after = choice(context, event, job);
  const next = [after.first, after.second].find((one) => one !== null && one !== destination);
  return { set: { destination, second: next ?? null, filled: levelTaken(context, event) } };
}

/** The route runs: from here on this silo fills. */
function beginFilling(context: PitContext, event: MachineEvent): Step {
  const set = { ...noted(context, event), askAtMs: null, noDestination: false };
  const { destination, filled, made } = context;
  if (destination === null || filled.at(-1)?.bin === destination) return { set };
  const silo = made.silos.find((one) => one.bin === destination);
  const kg = silo === undefined ? null : contentKg(silo, event);
  const begun: Filled = { bin: destination, fromKg: kg ?? 0, toKg: kg ?? 0 };
  return { set: { ...set, filled: [...filled, begun].slice(-4) } };
}

/** The route has ended with product left in the pit: what the silo took is noted, another found. */
function goToSecond(context: PitContext, event: MachineEvent): Step {
  const { job, second } = context;
  if (job === null) return {};
  const free = choice(context, event, job);
  const others = [second, free.first, free.second].filter((one) => one !== null);
  const full = (bin: string) => !isOffHigh(event, bin);
  const again = context.destination !== null && !full(context.destination);
  const next = again ? context.destination : (others.find((one) => !full(one)) ?? null);
  const after = others.find((one) => one !== next && !full(one)) ?? null;
  const step = askRoute({ ...context, destination: next, second: after }, event);
  const set = { destination: next, second: after, noDestination: next === null };
  return { ...step, set: { ...step.set, ...set, filled: levelTaken(context, event) } };
}

function isOffHigh(event: MachineEvent, bin: string): boolean {
  const high = event.inputs[`${bin}.High`];
  return high?.quality === 'good' && high.value === false;
}

/** Share of the load that each silo took, by what its level rose; the last one took the rest. */
function shares(context: PitContext): { bin: string; share: number }[] {
  const { filled, job } = context;
  const loadKg = job?.loadKg ?? 0;
  let left = 1;
  return filled.map((one, index) => {
    const rose = loadKg > 0 ? Math.max(0, one.toKg - one.fromKg) / loadKg : 0;
    const share = index === filled.length - 1 ? left : Math.min(left, rose);
    left -= share;
    return { bin: one.bin, share };
  });
}

function finish(context: PitContext): Step {
  return {
    set: {
      job: null,
      destination: null,
      second: null,
      filled: [],
      ...{ came: false, left: false, ending: false, emptySinceMs: null, askAtMs: null },
      noDestination: false,
    },
    out: tellDesk(context, 'CLEARED', { shares: shares(context) }),
  };
}

const base = setup({
  types: {} as {
    context: PitContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: PitInput;
  },
  actions: {
    enter,
    look: effect((context, event) => ({ set: noted(context, event) })),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refusePermit: effect((context, event) => ({
      out: [refused(...permitRefusals(context, event))],
    })),
    permit: effect(permit),
    askRoute: effect(askRoute),
    beginFilling: effect(beginFilling),
    goToSecond: effect(goToSecond),
    followRoute: effect(followRoute),
    tellTipping: effect((context) => ({ out: tellDesk(context, 'AT_PIT') })),
    tellTipped: effect((context) => ({ out: tellDesk(context, 'TIPPED') })),
    stopRoute: effect((context) => ({
      set: { ending: true, emptySinceMs: null },
      out: [send(context.made.route, 'STOP')],
    })),
    withdraw: effect((context) => ({
      set: { job: null, destination: null, second: null },
      out: [ACCEPTED, ...tellDesk(context, 'WITHDRAWN')],
    })),
    finish: effect(finish),
  },
  guards: {
    mayPermit: ({ context, event }) => permitRefusals(context, event).length === 0,
    truckIsHere: ({ context, event }) => plateAt(event) === context.job?.plate,
    hasLeft: ({ context, event }) => noted(context, event).left === true,
    routeRuns: ({ event }) => routeState(event) === 'Running',
    routeTripped: ({ event }) => routeState(event) === 'Tripped' || routeState(event) === null,
    isEmpty: ({ context, event }) =>
      !context.ending &&
      context.emptySinceMs !== null &&
      passed(context.emptySinceMs + context.made.emptyMs, event.nowMs),
    mayAsk: ({ context, event }) =>
      routeState(event) === 'Idle' &&
      (context.askAtMs === null || passed(context.askAtMs, event.nowMs)),
    ended: ({ context, event }) => context.ending && routeState(event) === 'Idle',
    wasTipping: ({ context }) => !context.left,
    hasJob: ({ context }) => context.job !== null,
  },
});

const convey = [
  { guard: 'routeTripped', target: 'Stopped' },
  { guard: 'routeRuns', actions: 'beginFilling' },
  { guard: 'mayAsk', actions: 'goToSecond' },
] as const;

/**
 * A tipping pit or liquid bay (DOMAIN 4, Intake): a permit for one truck and so for one material;
 * its light is green for that truck only; the machine chooses the silo, starts the route, goes to
 * the second destination at a high level, and clears the pit before the next permit. A truck that
 * has no permit keeps the light off and is an alarm.
 * Commands: PERMIT {truckId, plate, material, loadKg} and WITHDRAW of the desk, RESUME of a person.
 */
export const pitMachine = base.createMachine({
  id: 'pit',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Free'),
    state: 'Free',
    made,
    job: null,
    destination: null,
    second: null,
    filled: [],
    came: false,
    left: false,
    ending: false,
    emptySinceMs: null,
    askAtMs: null,
    wrongTruck: false,
    noDestination: false,
  }),
  initial: 'Free',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: [{ guard: 'hasJob', target: '.Held' }, { actions: 'look' }],
    // The route is asked again: it says itself why it does not come.
    REFUSED: { actions: 'look' },
    TOLD: { actions: 'followRoute' },
    '*': { actions: 'refuse' },
  },
  states: {
    Free: {
      entry: { type: 'enter', params: { state: 'Free' } },
      on: {
        PERMIT: [
          { guard: 'mayPermit', target: 'Permitted', actions: 'permit' },
          { actions: 'refusePermit' },
        ],
        WITHDRAW: { actions: 'accept' },
      },
    },
    Permitted: {
      entry: { type: 'enter', params: { state: 'Permitted' } },
      on: {
        WITHDRAW: { target: 'Free', actions: 'withdraw' },
        SCAN: [
          { guard: 'hasLeft', target: 'Conveying', actions: ['look', 'tellTipped'] },
          { guard: 'truckIsHere', target: 'Tipping', actions: ['look', 'tellTipping'] },
          { actions: 'look' },
        ],
      },
    },
    Tipping: {
      entry: { type: 'enter', params: { state: 'Tipping' } },
      on: {
        SCAN: [
          { guard: 'hasLeft', target: 'Conveying', actions: ['look', 'tellTipped'] },
          ...convey,
          { actions: 'look' },
        ],
      },
    },
    Conveying: {
      entry: { type: 'enter', params: { state: 'Conveying' } },
      on: {
        SCAN: [
          { guard: 'ended', target: 'Free', actions: 'finish' },
          { guard: 'isEmpty', actions: 'stopRoute' },
          ...convey,
          { actions: 'look' },
        ],
      },
    },
    Stopped: {
      entry: { type: 'enter', params: { state: 'Stopped' } },
      on: {
        SCAN: [
          { guard: 'ended', target: 'Free', actions: 'finish' },
          { guard: 'mayAsk', target: 'Conveying', actions: ['look', 'goToSecond'] },
          { actions: 'look' },
        ],
      },
    },
    Held: {
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        RESUME: [
          { guard: 'wasTipping', target: 'Permitted', actions: 'accept' },
          { target: 'Conveying', actions: ['accept', 'tellTipped'] },
        ],
      },
    },
  },
});
