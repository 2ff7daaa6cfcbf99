import type { DeviceDefinition, Mill } from '../../mill/definition.ts';
import { isDrive, isGate, isPositioner } from '../../mill/definition.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { TagScalar } from '../../model/tag.ts';
import type { EventBase, Inputs } from '../contract.ts';

/** A device above a distributor, with the signal that says it stands, or is closed. */
interface Upstream {
  readonly id: string;
  readonly tag: string;
  readonly rest: TagScalar;
}

/** One that lets product in, and how long the last of it needs to the distributor, s. */
interface Source extends Upstream {
  readonly clearS: number;
}

/**
 * What brings product to a distributor: what moves or falls directly onto it, and where that
 * product comes in.
 */
export interface FlowAbove {
  readonly movers: readonly Upstream[];
  readonly sources: readonly Source[];
}

/** What a distributor remembers of the product above it. */
export interface FlowMemory {
  /** Sources that let product in at the last look. */
  readonly open: readonly string[];
  /** Until when product may still arrive, process ms; null: none has been let in. */
  readonly untilMs: number | null;
}

export const NO_FLOW: FlowMemory = { open: [], untilMs: null };

function upstreamOf(device: DeviceDefinition): Upstream | null {
  const { id } = device;
  if (isGate(device)) return { id, tag: `${id}.CloseLS`, rest: true };
  return isDrive(device) ? { id, tag: `${id}.RunFb`, rest: false } : null;
}

function cleanOutS(device: DeviceDefinition): number {
  return isDrive(device) ? device.settings.cleanOutS : 0;
}

function inletsOf(mill: Mill, id: string): DeviceDefinition[] {
  return mill.flows
    .filter((flow) => flow.to === id)
    .flatMap((flow) => mill.deviceById.get(flow.from) ?? []);
}

/** Devices directly above, seen through diverters. */
function moversOf(mill: Mill, id: string): DeviceDefinition[] {
  return inletsOf(mill, id).flatMap((one) => (isPositioner(one) ? moversOf(mill, one.id) : [one]));
}

/** Where product that passes `device` comes in, upstream of it; the mill has no loops of drives. */
function sourcesOf(mill: Mill, device: DeviceDefinition, belowS: number): Source[] {
  const { id } = device;
  // A cooler lets its bed down in turns: only then does product come.
  if (device.type === 'cooler') {
    return [{ id, tag: `${id}.DischargeFb`, rest: false, clearS: belowS }];
  }
  const own = upstreamOf(device);
  if (own === null) return [];
  const clearS = belowS + cleanOutS(device);
  const above = moversOf(mill, device.id);
  const further = above.flatMap((one) => sourcesOf(mill, one, clearS));
  const isFedByStore =
    above.length === 0 || above.some((one) => one.type !== 'cooler' && upstreamOf(one) === null);
  return isFedByStore ? [{ ...own, clearS }, ...further] : further;
}

/** What brings product to a distributor of a mill. */
export function flowAbove(mill: Mill, id: string): FlowAbove {
  const above = moversOf(mill, id);
  const sources = new Map<string, Source>();
  for (const one of above.flatMap((mover) => sourcesOf(mill, mover, 0))) {
    const known = sources.get(one.id);
    if (known === undefined || known.clearS < one.clearS) sources.set(one.id, one);
  }
  return { movers: above.flatMap((one) => upstreamOf(one) ?? []), sources: [...sources.values()] };
}

/** The tags that a distributor looks at for it. */
export function flowTags({ movers, sources }: FlowAbove): string[] {
  return [...new Set([...movers, ...sources].map((one) => one.tag))];
}

/** True only when it is known to stand or to be closed. */
function isAtRest(one: Upstream, inputs: Inputs): boolean {
  const value = inputs[one.tag];
  return value?.quality === 'good' && value.value === one.rest;
}

/** What is remembered after a look: each source that is or was open has its time to clear. */
export function watchFlow(above: FlowAbove, known: FlowMemory, event: EventBase): FlowMemory {
  if (above.sources.length === 0) return known;
  const open = above.sources.filter((one) => !isAtRest(one, event.inputs)).map((one) => one.id);
  const times = above.sources
    .filter(({ id }) => open.includes(id) || known.open.includes(id))
    .map((one) => event.nowMs + one.clearS * 1000);
  return { open, untilMs: times.length === 0 ? known.untilMs : Math.max(...times) };
}

/**
 * Why a distributor must not turn: something above it moves, and product was let in so lately that
 * it may still come. What cannot be seen counts as moving.
 */
export function flowReasons(
  device: string,
  above: FlowAbove,
  known: FlowMemory,
  event: EventBase,
): Reason[] {
  const { untilMs } = watchFlow(above, known, event);
  if (untilMs === null || event.nowMs >= untilMs) return [];
  return above.movers
    .filter((one) => !isAtRest(one, event.inputs))
    .map(({ id: from }) => reason('device.product-flows', { device, from }))
    .slice(0, 5);
}
