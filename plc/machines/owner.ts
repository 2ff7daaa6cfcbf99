import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { Effect, MachineEvent } from './kit.ts';
import { ACCEPTED, refused, senderOf } from './kit.ts';

/**
 * A control module belongs to at most one machine at a time; while it does, only that one
 * commands it.
 */
export interface Owned {
  readonly id: string;
  readonly owner: string | null;
}

/** True when the sender is the machine that holds the device. */
export function isOwner(context: Owned, event: MachineEvent): boolean {
  const by = senderOf(event);
  return by?.kind === 'machine' && by.id === context.owner;
}

/** Why this sender may not command the device now; null when it may. */
export function notYours(context: Owned, event: MachineEvent): Reason | null {
  if (context.owner === null || isOwner(context, event)) return null;
  return reason('route.reserved', { owner: context.owner, device: context.id });
}

/**
 * ACQUIRE: the sending machine becomes the owner, unless it is another's or `hindrances` says why
 * not.
 */
export function acquire<C extends Owned>(
  context: C,
  event: MachineEvent,
  hindrances: readonly Reason[],
): Effect<C> {
  const by = senderOf(event);
  if (by?.kind !== 'machine') {
    return { out: [refused(reason('command.unknown', { command: event.type }))] };
  }
  const taken = notYours(context, event);
  if (taken !== null) return { out: [refused(taken)] };
  if (hindrances.length > 0) return { out: [refused(...hindrances)] };
  return { set: { owner: by.id } as Partial<C>, out: [ACCEPTED] };
}

/** RELEASE: only the owner gives it up; releasing what one does not hold changes nothing. */
export function release<C extends Owned>(context: C, event: MachineEvent): Effect<C> {
  const set = isOwner(context, event) ? ({ owner: null } as Partial<C>) : {};
  return { set, out: [ACCEPTED] };
}
