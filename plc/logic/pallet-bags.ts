/** A bag on its way to a pallet, or on the pallet that is being built. */
export interface WaitingBag {
  readonly bagId: string;
  readonly orderId: string | null;
  readonly lot: string | null;
  readonly netKg: number;
}

/** More bags than this between a bagger and its pallet are a palletiser that counts nothing. */
const WAITING_MAX = 200;

/** A bag was filled: it is the last on the way. The oldest are forgotten beyond the limit. */
export function withBag(waiting: readonly WaitingBag[], bag: WaitingBag): WaitingBag[] {
  return [...waiting, bag].slice(-WAITING_MAX);
}

/**
 * A bag was thrown out on the way. Where it is not known which of several, it was one of the last:
 * those on the pallet have passed already.
 */
export function withoutBag(waiting: readonly WaitingBag[], bagId: string | null): WaitingBag[] {
  return bagId === null ? waiting.slice(0, -1) : waiting.filter((one) => one.bagId !== bagId);
}

/** What all bags of a pallet have in common; null where they do not. */
function common<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values;
  return values.every((one) => one === first) ? first : null;
}

/** A finished pallet: which bags are on it, and what they are. */
export interface BuiltPallet {
  readonly bagIds: readonly string[];
  readonly orderId: string | null;
  readonly lot: string | null;
  /** By the bags that are known; null while none is. */
  readonly netKg: number | null;
}

/** Takes the bags of a finished pallet from those on the way: the first in are the first on it. */
export function takePallet(
  waiting: readonly WaitingBag[],
  bags: number,
): { readonly pallet: BuiltPallet; readonly rest: readonly WaitingBag[] } {
  const on = waiting.slice(0, bags);
  const grams = on.reduce((sum, one) => sum + Math.round(one.netKg * 1000), 0);
  return {
    pallet: {
      bagIds: on.map((one) => one.bagId),
      orderId: common(on.map((one) => one.orderId)),
      lot: common(on.map((one) => one.lot)),
      netKg: on.length === 0 ? null : grams / 1000,
    },
    rest: waiting.slice(bags),
  };
}

/** What passed a machine that looks at each bag: those that went on, and those thrown out. */
export interface Passed {
  readonly on: readonly string[];
  readonly thrownOut: readonly (string | null)[];
  readonly rest: readonly string[];
}

/**
 * Bags pass a checkweigher or metal detector in the order in which they were filled. Where some of
 * several were thrown out between two looks nobody knows which: they are counted without a name,
 * and none of them is said to be good.
 */
export function passBags(before: readonly string[], passed: number, thrownOut: number): Passed {
  const [seen, rest] = [before.slice(0, passed), before.slice(passed)];
  if (thrownOut === 0) return { on: seen, thrownOut: [], rest };
  const named = thrownOut >= passed && seen.length === thrownOut;
  return {
    on: named ? [] : seen.slice(0, Math.max(0, passed - thrownOut)),
    thrownOut: named ? seen : Array.from({ length: thrownOut }, () => null),
    rest,
  };
}
