import { setup } from 'xstate';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  flagArg,
  invalidArg,
  numberArg,
  passed,
  refused,
  refuseUnknown,
  send,
  senderOf,
} from '../kit.ts';
import { notYours, release } from '../owner.ts';
import { acquireInMode, changeMode, notInMode, stopFor, stoppedBy } from './device-mode.ts';
import type { DriveContext, DriveInput } from './drive-rules.ts';
import {
  acquireHindrances,
  countStart,
  heldBy,
  interlockReasons,
  isAtRest,
  jogMsOf,
  jogRefusals,
  lostDelta,
  oddTooLong,
  startReasons,
  startRefusals,
  tripReasons,
  upToSpeed,
  watched,
} from './drive-rules.ts';
import { driveView } from './drive-view.ts';

const { effect, effectWith, enter } = effects<DriveContext>(driveView);

type Step = Effect<DriveContext>;

/** Star is out for so long before delta goes in, ms: arcs die, and a scan passes. */
const CHANGE_OVER_MS = 100;

function wantsHorn(context: DriveContext, event: MachineEvent): boolean {
  const { horn, hornS } = context.made;
  return horn !== null && hornS > 0 && (flagArg(event, 'horn') ?? true);
}

/** Frequency set point: by whoever may command the feeder, or by the unit whose load it holds. */
function setHz(context: DriveContext, event: MachineEvent): Step {
  const { hz, unit } = context.made;
  const wanted = numberArg(event, 'hz');
  const isUnit = senderOf(event)?.id === unit;
  const unheard = notYours(context, event) ?? notInMode(context, event);
  if (!isUnit && unheard !== null) return { out: [refused(unheard)] };
  if (hz === null || wanted === null) return { out: [refused(invalidArg('hz'))] };
  return { set: { hzRef: Math.min(hz.max, Math.max(0, wanted)) }, out: [ACCEPTED] };
}

function stopRefusal(context: DriveContext, event: MachineEvent): Reason | null {
  return senderOf(event)?.id === context.made.unit ? null : notYours(context, event);
}

function stillRuns(context: DriveContext, event: EventBase): Reason[] {
  return isOn(event.inputs['RunFb']) ? [reason('device.welded', { device: context.id })] : [];
}

function refuseJog(context: DriveContext, event: MachineEvent): Step {
  const reasons = jogRefusals(context, event);
  return reasons.length > 0 ? { out: [refused(...reasons)] } : refuseUnknown(context, event);
}

function closeContactor(context: DriveContext, event: MachineEvent): Step {
  const { made, jogMs } = context;
  return {
    set: {
      ...countStart(context, event.nowMs),
      step: 'contactor',
      deadlineMs: event.nowMs + made.feedbackS * 1000,
      jogUntilMs: jogMs === null ? null : event.nowMs + jogMs,
      reasons: [],
    },
  };
}

function soundHorn({ made }: DriveContext, event: MachineEvent): Step {
  const { horn, hornS: s } = made;
  return {
    set: { step: 'horn', deadlineMs: event.nowMs + s * 1000, reasons: [] },
    out: horn === null ? [] : [send(horn, 'HORN', { s })],
  };
}

/** What a drive at rest is brought back to, whatever it was before. */
function rest(context: DriveContext, event: MachineEvent): Step {
  return {
    set: {
      ...watched(context, event),
      step: null,
      deadlineMs: null,
      jogMs: null,
      jogUntilMs: null,
      oddSinceMs: null,
      countedMs: null,
    },
  };
}

type NotedCode =
  | 'device.no-feedback'
  | 'device.feedback-lost'
  | 'device.no-speed'
  | 'device.no-delta'
  | 'device.welded'
  | 'device.local'
  | 'device.out-of-service';

const deadlineIn = (ms: (context: DriveContext) => number) =>
  effect((context, event) => ({ set: { deadlineMs: event.nowMs + ms(context) } }));

/** Actions and guards of a drive; its drawing is in `drive.machine.ts`. */
export const driveSetup = setup({
  types: {} as {
    context: DriveContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: DriveInput;
  },
  actions: {
    enter,
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...startRefusals(context, event))] })),
    refuseJog: effect(refuseJog),
    refuseOwned: effect((context, event) => {
      const owned = notYours(context, event);
      return owned === null ? refuseUnknown(context, event) : { out: [refused(owned)] };
    }),
    refuseReset: effect((context, event) => ({
      out: [refused(...tripReasons(context, event), ...stillRuns(context, event))],
    })),
    watch: effect((context, event) => ({ set: watched(context, event) })),
    showHindrances: effect((context, event) => ({
      set: { ...watched(context, event), reasons: startReasons(context, event) },
    })),
    showInterlocks: effect((context, event) => ({
      set: { ...watched(context, event), reasons: interlockReasons(context, event) },
    })),
    askJog: effect((_context, event) => ({ set: { jogMs: jogMsOf(event) }, out: [ACCEPTED] })),
    jogOn: effect(({ jogUntilMs }, event) => ({
      set: {
        jogMs: jogMsOf(event),
        jogUntilMs: jogUntilMs === null ? null : event.nowMs + jogMsOf(event),
      },
      out: [ACCEPTED],
    })),
    soundHorn: effect(soundHorn),
    closeContactor: effect(closeContactor),
    awaitSpeed: deadlineIn(({ made }) => made.runUpS * 1000),
    awaitStandstill: deadlineIn(({ made }) => made.feedbackS * 1000),
    openStar: effect((_context, event) => ({
      set: { step: 'change', deadlineMs: event.nowMs + CHANGE_OVER_MS },
    })),
    closeDelta: effect(({ made }, event) => ({
      set: { step: 'delta', deadlineMs: event.nowMs + made.feedbackS * 1000 },
    })),
    settle: effect(({ jogMs, choked }) => ({
      set: { step: null, deadlineMs: null, oddSinceMs: null, choked: choked && jogMs !== null },
    })),
    rest: effect(rest),
    noteStop: effect((context, event) => ({
      set: { lastStop: stopFor(event, [stoppedBy(context, event)]) },
      out: [ACCEPTED],
    })),
    noteJogOver: effect(({ id: device }, event) => ({
      set: { lastStop: stopFor(event, [reason('device.jog-over', { device })]) },
    })),
    noteTrip: effect((context, event) => ({
      set: heldBy(context, event, tripReasons(context, event)),
    })),
    noteInterlock: effect((context, event) => ({
      set: heldBy(context, event, interlockReasons(context, event)),
    })),
    note: effectWith<{ code: NotedCode }>((context, event, { code }) => ({
      set: heldBy(context, event, [reason(code, { device: context.id })]),
    })),
    takeOut: effect(() => ({ set: { outOfService: true } })),
    putBack: effect(() => ({ set: { outOfService: false, reasons: [] }, out: [ACCEPTED] })),
    forget: effect(() => ({ set: { reasons: [] } })),
    setHz: effect(setHz),
    changeMode: effect((context, event) => changeMode(context, event, isAtRest(context))),
    acquire: effect((context, event) =>
      acquireInMode(context, event, acquireHindrances(context, event)),
    ),
    release: effect(release),
  },
  guards: {
    mayStart: ({ context, event }) => startRefusals(context, event).length === 0,
    mayJog: ({ context, event }) => jogRefusals(context, event).length === 0,
    mayJogOn: ({ context, event }) =>
      context.jogMs !== null && notYours(context, event) === null && context.mode === 'Manual',
    isJogging: ({ context }) => context.jogMs !== null,
    jogOver: ({ context, event }) => passed(context.jogUntilMs, event.nowMs),
    mayStop: ({ context, event }) => stopRefusal(context, event) === null,
    hornWanted: ({ context, event }) => wantsHorn(context, event),
    tripped: ({ context, event }) => tripReasons(context, event).length > 0,
    interlocked: ({ context, event }) => interlockReasons(context, event).length > 0,
    local: ({ event }) => isOn(event.inputs['Local']),
    remote: ({ event }) => isOff(event.inputs['Local']),
    running: ({ event }) => isOn(event.inputs['RunFb']),
    still: ({ event }) => isOff(event.inputs['RunFb']),
    atSpeed: ({ context, event }) => upToSpeed(context, event.inputs),
    atSpeedInStar: ({ context, event }) =>
      context.made.isStarDelta && upToSpeed(context, event.inputs),
    inDelta: ({ event }) => isOn(event.inputs['DeltaFb']),
    lostDelta: ({ context, event }) => lostDelta(context, event.inputs),
    late: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    oddTooLong: ({ context, event }) => oddTooLong(context, event),
    mayReset: ({ context, event }) =>
      tripReasons(context, event).length === 0 && stillRuns(context, event).length === 0,
    takenOut: ({ context, event }) =>
      flagArg(event, 'on') === true && notYours(context, event) === null,
    putBack: ({ event }) => flagArg(event, 'on') === false,
    isOut: ({ context }) => context.outOfService,
  },
});
