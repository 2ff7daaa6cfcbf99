import { clearOn } from '../../logic/route-order.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { Inputs } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { send, textArg } from '../kit.ts';
import type { RoutePlan } from './route-plan.ts';
import { planKey } from './route-plan.ts';
import { carryOverRefusals } from './route-residue.ts';
import type { RouteContext, Trip } from './route-rules.ts';
import { fullReasons, isEmptied, movement, reserved, stopCommand, tripOf } from './route-rules.ts';
import { both, stopFrom, tripped } from './route-steps.ts';

/**
 * Change of destination under way (DOMAIN 3): close the source, clear, switch, reopen. Devices
 * that both ways have run on throughout; a diverter turns only when nothing flows any more.
 */
type Step = Effect<RouteContext>;

function wayTo({ plan, made }: RouteContext, destination: string | null): RoutePlan | null {
  if (plan === null || destination === null) return null;
  return made.plans[planKey(plan.source, destination)] ?? null;
}

/** Why a CHANGE {destination} is refused; empty when the route may go on to there. */
export function changeRefusals(context: RouteContext, event: MachineEvent): Reason[] {
  const { id: route, plan, request, product } = context;
  const destination = textArg(event, 'destination') ?? '?';
  const source = plan?.source ?? '?';
  if (destination === plan?.destination) {
    return [reason('route.same-destination', { route, destination })];
  }
  const next = wayTo(context, destination);
  if (next === null || request === null) {
    return [reason('route.no-path', { route, source, destination })];
  }
  return [
    ...fullReasons(next, event.inputs),
    ...carryOverRefusals(context, next, { ...request, product }),
  ];
}

/** True when the pre-selected second destination can take what the first cannot. */
export function mayGoOn(context: RouteContext, inputs: Inputs): boolean {
  const { second, plan, request, product } = context;
  if (second === null || request === null || plan === null) return false;
  return (
    fullReasons(plan, inputs).length > 0 &&
    fullReasons(second, inputs).length === 0 &&
    carryOverRefusals(context, second, { ...request, product }).length === 0
  );
}

function begin(context: RouteContext, event: MachineEvent, next: RoutePlan): Step {
  const common = new Set(next.devices.map((one) => one.id));
  const kept = (context.plan?.devices ?? []).slice(1).filter((one) => common.has(one.id));
  const step = stopFrom(context, event, 0);
  return { ...step, set: { ...step.set, next, kept: kept.map((one) => one.id) } };
}

/** Closes the source because the first destination is full; the second one is next. */
export function goOn(context: RouteContext, event: MachineEvent): Step {
  const { plan, second } = context;
  if (plan === null || second === null) return {};
  const step = begin(context, event, second);
  return { ...step, set: { ...step.set, reasons: fullReasons(plan, event.inputs), second: null } };
}

/** Closes the source because CHANGE asked for another destination. */
export function change(context: RouteContext, event: MachineEvent): Step {
  const next = wayTo(context, textArg(event, 'destination'));
  if (next === null) return {};
  const step = begin(context, event, next);
  const second = wayTo(context, textArg(event, 'second'));
  return { ...step, set: { ...step.set, second } };
}

/** One look at the way while it empties: only what the new way does not need stops. */
export function clearForChange(context: RouteContext, event: MachineEvent): Step {
  const { plan, clearing, kept } = context;
  if (plan === null || clearing === null) return {};
  const next = clearOn(plan.devices, clearing, isEmptied(plan, event.inputs), event.nowMs);
  return {
    set: { clearing: next },
    out: plan.devices
      .slice(clearing.stopped, next.stopped)
      .filter((one) => !kept.includes(one.id))
      .map(stopCommand),
  };
}

/** What has stopped that should run while the way empties. */
export function changeTrip(
  { plan, id, kept, clearing }: RouteContext,
  inputs: Inputs,
): Trip | null {
  const first = clearing?.stopped ?? 0;
  return tripOf({ plan, id }, inputs, 1, (at, device) => at >= first || kept.includes(device));
}

/** The change ends in a trip: what is upstream stops at once, the rest clears and stops. */
export function tripChanging(context: RouteContext, event: MachineEvent): Step {
  const trip = changeTrip(context, event.inputs);
  if (trip === null) return {};
  const anew = { ...context, clearing: null };
  const step = both(stopFrom(anew, event, trip.through), tripped(context, event, trip.reasons));
  return { ...step, set: { ...step.set, next: null, kept: [] } };
}

/** The change is given up: the way is cleared once more, and then everything stops. */
export function giveUpChange(context: RouteContext, event: MachineEvent): Step {
  const step = stopFrom({ ...context, clearing: null }, event, 0);
  return { ...step, set: { ...step.set, next: null, kept: [] } };
}

/** The old way is empty: what only it needed is given back, and the new one is the route's. */
export function takeNext(context: RouteContext, event: MachineEvent): Step {
  const { plan, next, request } = context;
  if (plan === null || next === null || request === null) return {};
  const needed = new Set(reserved(next));
  return {
    set: {
      plan: next,
      next: null,
      request: { ...request, destination: next.destination },
      started: 0,
      clearing: null,
      paused: [],
      refusals: [],
      reasons: [],
      runningSinceUtcMs: null,
      waitUntilMs: event.nowMs + request.waitMs,
    },
    out: [
      ...reserved(plan)
        .filter((id) => !needed.has(id))
        .map((id) => send(id, 'RELEASE')),
      ...movement(context, event),
    ],
  };
}
