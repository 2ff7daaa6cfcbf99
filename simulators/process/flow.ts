import type { Blend } from './blend.ts';
import { emptyBlend, take } from './blend.ts';
import type { Item, Step } from './item.ts';
import { wake } from './roster.ts';

/** What a sieve throws off as fines, of all that comes to it. */
const FINES_SHARE = 0.03;

/** Where a device with one way out discharges. */
export function outletOf(item: Item): Item | undefined {
  return item.outlets[0]?.to;
}

/**
 * Room for product at a device, mg; none where there is no device, or one that takes no product.
 */
export function roomAt(now: Step, item: Item | undefined): number {
  return item?.behaviour.room?.(now, item) ?? 0;
}

export function putInto(now: Step, item: Item, parcel: Blend): void {
  wake(now.mill, item);
  item.behaviour.put?.(now, item, parcel);
}

/** A store before this device: what a gate, screw or conveyor draws from. */
function storeBefore(item: Item): Item | undefined {
  return item.inlets.find((inlet) => inlet.behaviour.draw !== undefined);
}

/** Draws up to `mg` from the store before a device. */
export function drawFor(now: Step, item: Item, mg: number): Blend {
  const store = storeBefore(item);
  if (store?.behaviour.draw === undefined) return emptyBlend();
  wake(now.mill, store);
  return store.behaviour.draw(now, store, mg);
}

/** How readily product comes out of the store before a device, 0..1; 0 where there is none. */
export function headFor(now: Step, item: Item): number {
  const store = storeBefore(item);
  if (store === undefined) return 0;
  return store.behaviour.head?.(now, store) ?? 1;
}

/** The landing of a device that discharges into the next one. */
export function landingOf(now: Step, item: Item): { room(): number; put(parcel: Blend): void } {
  const next = outletOf(item);
  const fines = item.device.type === 'sieve' ? item.outlets[1]?.to : undefined;
  return {
    room: () => roomAt(now, next),
    put: (parcel) => {
      if (fines !== undefined) throwOff(now, fines, parcel);
      if (next !== undefined) putInto(now, next, parcel);
    },
  };
}

/** Fines go back by their own spout, with their lot; what finds no room there stays in. */
function throwOff(now: Step, fines: Item, parcel: Blend): void {
  const mg = Math.min(Math.floor(parcel.mg * FINES_SHARE), roomAt(now, fines));
  if (mg > 0) putInto(now, fines, take(parcel, mg));
}
