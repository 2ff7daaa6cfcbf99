import { allocationId } from './allocation.machine.ts';
import type { Claim, Stage } from './batch.context.ts';
import type { Turn } from './batch.turn.ts';
import { tell, wakeAt } from './batch.turn.ts';

/** A machine that refused or stopped by itself is asked again after this, ms. */
export const RETRY_MS = 5_000;

/** A machine that an order starts and later ends, seen from the line. */
interface Helper {
  readonly id: string;
  /** It does nothing and could be started. */
  readonly resting: boolean;
  readonly start: Readonly<Record<string, unknown>>;
  readonly startWhen: boolean;
  readonly endWhen: boolean;
  readonly end: string;
  /** At rest after its end: its work is really done, it did not stop half-way. */
  readonly emptied: boolean;
}

function ask(one: Turn, stage: Stage, helper: Helper): void {
  stage.step = 'asked';
  stage.retryAtMs = one.event.nowMs + RETRY_MS;
  stage.refused = [];
  tell(one, helper.id, 'START', helper.start);
}

function setOn(stage: Stage): void {
  stage.step = 'on';
  stage.refused = [];
}

/**
 * One step of starting, watching and ending a machine; asked again when it did not come up. What
 * runs already works for somebody else: it is waited for.
 */
export function advance(one: Turn, stage: Stage, helper: Helper): void {
  const mayRetry = one.event.nowMs >= stage.retryAtMs;
  if (stage.step === 'rest' && helper.startWhen && helper.resting) {
    if (mayRetry) ask(one, stage, helper);
  } else if (stage.step === 'asked') {
    if (!helper.resting) setOn(stage);
    else if (mayRetry) stage.step = 'rest';
  } else if (stage.step === 'on' && helper.resting) {
    stage.step = 'rest';
    stage.retryAtMs = one.event.nowMs + RETRY_MS;
  } else if (stage.step === 'on' && helper.endWhen) {
    stage.step = 'ending';
    tell(one, helper.id, helper.end);
  } else if (stage.step === 'ending' && helper.resting) {
    stage.step = helper.emptied ? 'done' : 'rest';
  }
  if (stage.retryAtMs > one.event.nowMs) wakeAt(one, stage.retryAtMs);
}

/** Asks for a unit on behalf of an order. */
export function claim(one: Turn, unit: string, orderId: string): Claim {
  tell(one, allocationId(unit), 'ALLOCATE', { orderId });
  const retryAtMs = one.event.nowMs + RETRY_MS;
  wakeAt(one, retryAtMs);
  return { unit, state: 'asked', retryAtMs, refused: [] };
}

/** A claim that was not granted in time: another unit, or the same once more, may be asked for. */
export function mayClaimAgain(one: Turn, of: Claim): boolean {
  if (of.state !== 'asked') return false;
  if (one.event.nowMs >= of.retryAtMs) return true;
  wakeAt(one, of.retryAtMs);
  return false;
}

/** Gives a unit back. */
export function free(one: Turn, of: Claim, orderId: string): void {
  if (of.state === 'free') return;
  of.state = 'free';
  tell(one, allocationId(of.unit), 'FREE', { orderId });
}

/** The next of several units, another one at each try; those that look free come first. */
export function nextOf<T>(units: readonly T[], looksFree: (unit: T) => boolean, tries: number) {
  const open = units.filter(looksFree);
  const list = open.length > 0 ? open : units;
  return list[tries % Math.max(1, list.length)];
}
