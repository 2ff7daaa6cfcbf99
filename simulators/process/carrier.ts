import type { Blend } from './blend.ts';
import { emptyBlend, pour, take, temperatureOf } from './blend.ts';

/**
 * Anything that product travels through: a belt, a leg, a chute, the air below a screw. Product
 * enters at the boot, is picked up into the first cell and leaves from the last; the cells move on
 * together.
 */
export interface Carrier {
  boot: Blend;
  cells: Blend[];
  /** How far the cells have moved towards the next place, 0..1. */
  shift: number;
}

export function createCarrier(cells: number): Carrier {
  return { boot: emptyBlend(), cells: Array.from({ length: cells }, emptyBlend), shift: 0 };
}

/** Where a carrier discharges. */
export interface Landing {
  room(): number;
  put(parcel: Blend): void;
}

/**
 * Moves a carrier on by `share` of its whole length (at most one cell a step). What finds no room
 * at the landing falls back into the boot, as in a leg whose outlet is blocked.
 */
export function carry(carrier: Carrier, share: number, landing: Landing): void {
  const cells = carrier.cells;
  const last = cells.at(-1);
  if (last === undefined || share <= 0) return;
  const moved = Math.min(1, share * cells.length);
  const left = 1 - carrier.shift;
  if (last.mg > 0) {
    const due = moved >= left ? last.mg : Math.round((last.mg * moved) / left);
    const free = Math.max(0, Math.min(due, landing.room()));
    if (free > 0) landing.put(take(last, free));
  }
  carrier.shift += moved;
  if (carrier.shift < 1) return;
  carrier.shift -= 1;
  pour(carrier.boot, last);
  cells.pop();
  cells.unshift(last);
}

/**
 * Picks up to `mg` from the boot into the first cell; returns what was picked for treatment on the
 * way.
 */
export function pick(carrier: Carrier, mg: number, treat?: (parcel: Blend) => void): number {
  const first = carrier.cells[0];
  if (first === undefined || carrier.boot.mg === 0 || mg <= 0) return 0;
  const parcel = take(carrier.boot, mg);
  const picked = parcel.mg;
  treat?.(parcel);
  pour(first, parcel);
  return picked;
}

/** All that a carrier holds, for the ledger. */
export function blendsOf(carrier: Carrier): Blend[] {
  return [carrier.boot, ...carrier.cells];
}

/** Temperature of what is about to leave, degC, or null when the carrier is empty. */
export function leavingC(carrier: Carrier): number | null {
  const leaving = carrier.cells.findLast((cell) => cell.mg > 0);
  return leaving === undefined ? null : temperatureOf(leaving);
}
