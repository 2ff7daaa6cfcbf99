/** What clearing needs to know of one device of a route, upstream first. */
export interface Clearable {
  readonly id: string;
  /** How long it runs on after its feed has stopped, s (DOMAIN 3). */
  readonly cleanOutS: number;
}

/**
 * How far a route has been cleared: so many devices from the source on have stopped, the last one
 * when.
 */
export interface Clearing {
  readonly stopped: number;
  /** When the feed of the next device stopped, process ms. */
  readonly feedStoppedMs: number;
  /** When the last device stopped, process ms: nobody waits for ever for a device to run empty. */
  readonly lastStopMs: number;
}

/** A device whose hopper does not run empty within this is stopped all the same, ms. */
export const EMPTYING_LIMIT_MS = 15 * 60_000;

/** Stops the devices up to `index` at once; what is downstream runs on. */
export function stopThrough(clearing: Clearing | null, index: number, nowMs: number): Clearing {
  return {
    stopped: Math.max(clearing?.stopped ?? 0, index + 1),
    feedStoppedMs: nowMs,
    lastStopMs: nowMs,
  };
}

/**
 * One look at a route that clears: upstream first, each device after its clean-out time, which
 * begins when what it empties has run empty. The same clearing back when nothing stops now.
 */
export function clearOn(
  devices: readonly Clearable[],
  clearing: Clearing,
  isEmpty: (device: Clearable) => boolean,
  nowMs: number,
): Clearing {
  const next = devices[clearing.stopped];
  if (next === undefined) return clearing;
  const tired = nowMs - clearing.lastStopMs >= EMPTYING_LIMIT_MS;
  if (!tired && !isEmpty(next)) return { ...clearing, feedStoppedMs: nowMs };
  if (!tired && nowMs < cleanAtMs(next, clearing)) return clearing;
  return stopThrough(clearing, clearing.stopped, nowMs);
}

function cleanAtMs(device: Clearable, clearing: Clearing): number {
  return clearing.feedStoppedMs + device.cleanOutS * 1000;
}

/** When the route should be looked at again though no input changes; null when all has stopped. */
export function nextLookMs(devices: readonly Clearable[], clearing: Clearing): number | null {
  const next = devices[clearing.stopped];
  if (next === undefined) return null;
  return Math.min(cleanAtMs(next, clearing), clearing.lastStopMs + EMPTYING_LIMIT_MS);
}
