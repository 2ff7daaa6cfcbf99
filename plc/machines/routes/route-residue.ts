import type { Residues } from '../../logic/residue.ts';
import {
  afterEntering,
  afterPassing,
  changedResidues,
  residueReasons,
  unknownReasons,
} from '../../logic/residue.ts';
import type { Reason } from '../../model/reason.ts';
import type { Residue, RouteProduct } from '../../model/route-product.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  invalidArg,
  isCommand,
  numberArg,
  refused,
  refuseUnknown,
  send,
  senderOf,
  textArg,
} from '../kit.ts';
import type { RoutePlan } from './route-plan.ts';
import { planKey } from './route-plan.ts';
import type { RouteRequest } from './route-request.ts';
import type { RouteContext } from './route-rules.ts';

type Step = Effect<RouteContext>;
type Changes = Readonly<Record<string, Residue | null>>;

/** Changes what lies on the ways, here and at every route that shares one of the places. */
function shared(context: RouteContext, changes: Changes): Step {
  if (Object.keys(changes).length === 0) return {};
  return {
    set: { residues: changedResidues(context.residues, changes) },
    out: context.made.peers.map((peer) => send(peer, 'RESIDUES', { changes })),
  };
}

/**
 * What a START carries: the product that its sender names, else what was last brought to its
 * source.
 */
export function carried(
  residues: Residues,
  { product, source }: RouteRequest,
): RouteProduct | null {
  const left = residues[source];
  if (product !== null || left === undefined) return product;
  return { orderId: left.orderId, lot: left.lot, nature: left.nature, kind: 'feed', kg: 0 };
}

/** Why this way is closed for what the START carries (DOMAIN 4, carry-over). */
export function carryOverRefusals(
  { residues, made }: RouteContext,
  plan: RoutePlan,
  request: RouteRequest,
): Reason[] {
  const product = carried(residues, request);
  if (product !== null) return residueReasons(made.carryOver, residues, plan.places, product);
  return request.byMachine ? [] : unknownReasons(residues, plan.places);
}

/** The product is on its way: what it leaves is known from now on, however the run ends. */
export function noteEntering(context: RouteContext): Step {
  const { plan, product } = context;
  if (plan === null || product === null) return {};
  return shared(context, afterEntering(plan.places, product));
}

/**
 * The run has ended and its way is empty. A flush counts with the mass that STOP told, else with
 * the mass that it was started for, unless it was cut short.
 */
export function notePassing(context: RouteContext): Step {
  const { plan, product, passedKg, residues, runningSinceUtcMs } = context;
  if (plan === null || product === null || runningSinceUtcMs === null) return {};
  const kg = passedKg ?? (context.tripped.length > 0 ? 0 : product.kg);
  return shared(context, afterPassing(residues, plan.places, product, kg));
}

/** The argument `kg` of STOP: how much has really passed. */
export function passedArg(event: MachineEvent): Partial<RouteContext> {
  const kg = numberArg(event, 'kg');
  return kg === null ? {} : { passedKg: kg };
}

/** Another route changed what lies on places that this one shares with it. */
export function takeResidues(context: RouteContext, event: MachineEvent): Step {
  if (!isCommand(event) || senderOf(event)?.kind !== 'machine')
    return refuseUnknown(context, event);
  const changes = event.args['changes'];
  if (typeof changes !== 'object' || changes === null)
    return { out: [refused(invalidArg('changes'))] };
  const own = Object.entries(changes as Changes).filter(([place]) =>
    context.made.places.includes(place),
  );
  const residues = changedResidues(context.residues, Object.fromEntries(own));
  return { set: { residues }, out: [ACCEPTED] };
}

/** CLEANED {source, destination}: a person has cleaned this way by hand; without ends, all ways. */
export function noteCleaned(context: RouteContext, event: MachineEvent): Step {
  const key = planKey(textArg(event, 'source') ?? '', textArg(event, 'destination') ?? '');
  const places = context.made.plans[key]?.places ?? context.made.places;
  const step = shared(context, Object.fromEntries(places.map((place) => [place, null])));
  return { ...step, out: [ACCEPTED, ...(step.out ?? [])] };
}

/** One residue for each lot that left something, for people. */
export function shownResidues(residues: Residues): Residue[] {
  return [...new Map(Object.values(residues).map((one) => [one.lot, one])).values()];
}
