/** A value at a time, ms. */
export interface DoorPoint {
  readonly timeMs: number;
  readonly value: number;
}

/**
 * Where the compression of one signal stands: the last stored point, the newest point that may
 * still be dropped, and the slopes (unit per ms) that a line from the stored point may have to pass
 * all points since then within the error bound.
 */
export interface Door {
  readonly stored: DoorPoint;
  readonly held: DoorPoint | null;
  readonly slopeMin: number;
  readonly slopeMax: number;
  /** How far a point since then was from the stored one at most, in the signal's unit. */
  readonly farthest: number;
}

/** A door that begins at a stored point. */
export function doorAt(stored: DoorPoint): Door {
  return {
    stored,
    held: null,
    slopeMin: Number.NEGATIVE_INFINITY,
    slopeMax: Number.POSITIVE_INFINITY,
    farthest: 0,
  };
}

/**
 * Takes the next point of a signal; `store` is the point that must be stored now, if any. Points
 * come in the order of time; one that does not come later than the newest replaces nothing and is
 * refused with an error of the programmer.
 *
 * Swinging-door compression (Bristol, US 4669097) in its strict form: the held point is dropped
 * only when the line from the stored point to the new one passes it, and each point dropped before
 * it, within `bound` (unit, >= 0). So the line between two stored neighbours is within `bound` of
 * everything that was dropped between them, which the door of the original does not promise.
 */
export function passDoor(
  door: Door,
  point: DoorPoint,
  bound: number,
): { readonly door: Door; readonly store: DoorPoint | null } {
  const { held, stored } = door;
  const newest = held ?? stored;
  if (point.timeMs <= newest.timeMs) throw new RangeError('points come in the order of time');
  const slope = (point.value - stored.value) / (point.timeMs - stored.timeMs);
  if (held !== null && (slope < door.slopeMin || slope > door.slopeMax)) {
    return { door: holding(doorAt(held), point, bound), store: held };
  }
  return { door: holding(door, point, bound), store: null };
}

function holding(door: Door, point: DoorPoint, bound: number): Door {
  const { stored } = door;
  const spanMs = point.timeMs - stored.timeMs;
  return {
    stored,
    held: point,
    slopeMin: Math.max(door.slopeMin, (point.value - bound - stored.value) / spanMs),
    slopeMax: Math.min(door.slopeMax, (point.value + bound - stored.value) / spanMs),
    farthest: Math.max(door.farthest, Math.abs(point.value - stored.value)),
  };
}
