import type { MachineEvent } from '../kit.ts';
import { passed } from '../kit.ts';
import { changeRefusals, changeTrip, mayGoOn } from './route-change.ts';
import { requestOf } from './route-request.ts';
import type { RouteContext } from './route-rules.ts';
import {
  fullReasons,
  isInPosition,
  isUp,
  pathRefusals,
  requestRefusals,
  startOrder,
  tripOf,
} from './route-rules.ts';
import { allCleared, lastStarted, mustWait, startupReasons } from './route-steps.ts';

interface Given {
  readonly context: RouteContext;
  readonly event: MachineEvent;
}

/** Conditions of the route's drawing, by name. All are total. */
export const routeGuards = {
  mayStart: ({ context, event }: Given) =>
    context.queue.length === 0 &&
    requestRefusals(context, requestOf(event), event.inputs).length === 0,
  isOpen: ({ context, event }: Given) =>
    requestRefusals(context, requestOf(event), event.inputs).length === 0,
  hasNoPath: ({ context, event }: Given) => pathRefusals(context, requestOf(event)).length > 0,
  // Who asks while others wait gets in line.
  mustQueue: ({ context, event }: Given) =>
    context.queue.length > 0 &&
    requestRefusals(context, requestOf(event), event.inputs).length === 0,
  nextMayStart: ({ context, event }: Given) => {
    const next = context.queue[0];
    return next !== undefined && requestRefusals(context, next, event.inputs).length === 0;
  },
  isAwaited: ({ context }: Given) => context.queue.length > 0,
  mayChange: ({ context, event }: Given) => changeRefusals(context, event).length === 0,
  mayGoOn: ({ context, event }: Given) => mayGoOn(context, event.inputs),
  stoppedInChange: ({ context, event }: Given) => changeTrip(context, event.inputs) !== null,
  keptStopped: ({ context, event }: Given) =>
    context.plan?.devices.some(
      (one) => context.kept.includes(one.id) && !isUp(one, event.inputs),
    ) === true,
  waitedTooLong: ({ context, event }: Given) => passed(context.waitUntilMs, event.nowMs),
  keepsRunning: ({ context }: Given) => context.kept.length > 0,
  due: ({ context, event }: Given) => passed(context.deadlineMs, event.nowMs),
  mustWait: ({ context }: Given) => mustWait(context),
  flowsStill: ({ context }: Given) =>
    context.refusals.length > 0 &&
    context.refusals.every(({ code }) => code === 'device.product-flows'),
  wasRefused: ({ context }: Given) => context.refusals.length > 0,
  inPosition: ({ context, event }: Given) =>
    event.nowMs > context.sinceMs &&
    (context.plan?.diverters ?? []).every((one) => isInPosition(one.id, event.inputs)),
  startFailed: ({ context, event }: Given) => startupReasons(context, event).length > 0,
  lastIsUp: ({ context, event }: Given) => {
    const last = lastStarted(context);
    return last === null || isUp(last, event.inputs);
  },
  allStarted: ({ context, event }: Given) => {
    const last = lastStarted(context);
    const order = context.plan === null ? [] : startOrder(context.plan);
    return context.started >= order.length && (last === null || isUp(last, event.inputs));
  },
  deviceStopped: ({ context, event }: Given) =>
    tripOf(context, event.inputs, context.clearing?.stopped ?? 0) !== null,
  full: ({ context, event }: Given) =>
    context.plan !== null && fullReasons(context.plan, event.inputs).length > 0,
  allCleared: ({ context }: Given) => allCleared(context),
  hasTripped: ({ context }: Given) => context.tripped.length > 0,
  isBusy: ({ context }: Given) => context.state !== 'Idle' && context.state !== 'Tripped',
};
