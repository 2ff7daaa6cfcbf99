import type { ChosenMode, DeviceMode } from '../../model/device-mode.ts';
import { CHOSEN_MODES } from '../../model/device-mode.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { LastStop } from '../../model/status.ts';
import type { EventBase } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, flagArg, invalidArg, refused, senderOf, textArg } from '../kit.ts';
import type { Owned } from '../owner.ts';
import { acquire, isOwner, notYours } from '../owner.ts';

/** What a control module with modes keeps, through a restart too. */
export interface Moded extends Owned {
  readonly mode: ChosenMode;
  readonly outOfService: boolean;
  readonly lastStop: LastStop | null;
}

/** How a control module with modes begins. */
export const NEW_MODED = {
  owner: null,
  mode: 'Auto',
  outOfService: false,
  lastStop: null,
} as const satisfies Omit<Moded, 'id'>;

/** Members of `Moded` that are kept through a restart. */
export const MODED_COUNTERS = ['mode', 'outOfService', 'lastStop'] as const;

/** The mode in force: out of service and the local switch go before what was chosen. */
export function modeInForce({ mode, state }: Moded & { readonly state: string }): DeviceMode {
  return state === 'OutOfService' || state === 'LocalOff' ? state : mode;
}

/** A machine says with `forPerson` that a person started what it does (a route by hand). */
function isForPerson(event: MachineEvent): boolean {
  return flagArg(event, 'forPerson') === true;
}

/** Why the mode does not let this sender command the device; null when it does. */
export function notInMode(context: Moded, event: MachineEvent): Reason | null {
  const { id: device, mode } = context;
  if (senderOf(event)?.kind === 'person') {
    return mode === 'Auto' ? reason('device.mode-auto', { device }) : null;
  }
  if (mode === 'Manual') return reason('device.mode-manual', { device });
  const isServed = mode === 'Auto' || isForPerson(event) || isOwner(context, event);
  return isServed ? null : reason('device.mode-semi', { device });
}

/** Why this sender may not start, open or turn the device: it is another's, or by its mode. */
export function commandRefusals(context: Moded, event: MachineEvent): Reason[] {
  const why = notYours(context, event) ?? notInMode(context, event);
  return why === null ? [] : [why];
}

/** ACQUIRE in the modes that let a machine have the device. */
export function acquireInMode<C extends Moded>(
  context: C,
  event: MachineEvent,
  hindrances: readonly Reason[],
): Effect<C> {
  const mode = senderOf(event)?.kind === 'machine' ? notInMode(context, event) : null;
  return acquire(context, event, mode === null ? hindrances : [mode, ...hindrances]);
}

function wantedMode(event: MachineEvent): ChosenMode | null {
  const wanted = textArg(event, 'mode');
  return CHOSEN_MODES.find((one) => one === wanted) ?? null;
}

/**
 * Why the mode is not changed. Between Auto and SemiAuto it is safe at any time: who holds the
 * device keeps it. Into and out of Manual the device must be at rest and nobody's, so that nothing
 * runs that its commander has lost.
 */
function modeRefusals(context: Moded, event: MachineEvent, isAtRest: boolean): Reason[] {
  const { id: device, mode, owner } = context;
  if (senderOf(event)?.kind !== 'person') {
    return [reason('command.unknown', { command: event.type })];
  }
  const wanted = wantedMode(event);
  if (wanted === null) return [invalidArg('mode')];
  if (wanted === mode || (wanted !== 'Manual' && mode !== 'Manual')) return [];
  if (owner !== null) return [reason('route.reserved', { owner, device })];
  return isAtRest ? [] : [reason('device.mode-moving', { device, mode: wanted })];
}

/** MODE {mode}: a person chooses. Answered with a reason where that is not safe now. */
export function changeMode<C extends Moded>(
  context: C,
  event: MachineEvent,
  isAtRest: boolean,
): Effect<C> {
  const refusals = modeRefusals(context, event, isAtRest);
  if (refusals.length > 0) return { out: [refused(...refusals)] };
  const set = { mode: wantedMode(event) ?? context.mode } as Partial<C>;
  return { set, out: [ACCEPTED] };
}

/** What is kept of a stop: the first reason is the first-out. */
export function stopFor(event: EventBase, reasons: readonly Reason[]): LastStop {
  return { timeMs: event.utcMs, reasons: reasons.slice(0, 10) };
}

/** The reason of a stop by command: who gave it. */
export function stoppedBy({ id: device }: Owned, event: MachineEvent): Reason {
  return reason('device.stopped-by', { who: senderOf(event)?.id ?? '?', device });
}
