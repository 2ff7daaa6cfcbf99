import type { CarryOverRule, FeedNature } from '../model/carry-over.ts';
import type { LotFacts } from '../model/lots.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { LotLabel } from './lot-label.ts';
import { drugReasons, lotReasons } from './lot-register.ts';

/** A sack that a person has scanned, and what it is to be used for. */
export interface ScannedSack {
  /** What its label says; null: it cannot be read. */
  readonly label: LotLabel | null;
  /** The material that is wanted, and whether it is a drug. */
  readonly material: string;
  readonly drug: boolean;
  /** What the register knows of its lot. */
  readonly facts: LotFacts | undefined;
  /** The feed that it goes into; null: not known, so nothing with rests of a drug may. */
  readonly next: FeedNature | null;
}

function expiredReasons({ lot, expiryTimeMs }: LotLabel, utcMs: number): Reason[] {
  if (expiryTimeMs === null || utcMs <= expiryTimeMs) return [];
  const date = new Date(expiryTimeMs).toISOString().slice(0, 10);
  return [reason('hand-add.expired', { lot, date })];
}

/**
 * Why a scanned sack may not be used: all of it at once (DOMAIN 4: scan lot; an expired or
 * quarantined lot is refused).
 */
export function sackReasons(
  rules: readonly CarryOverRule[],
  { label, material, drug, facts, next }: ScannedSack,
  utcMs: number,
): Reason[] {
  if (label === null) return [reason('hand-add.unreadable')];
  const { lot, material: scanned, expiryTimeMs } = label;
  const isOther = scanned !== null && scanned !== material;
  const expired = expiredReasons(label, utcMs);
  const known = lotReasons(facts, utcMs).filter(
    ({ code }) => code !== 'lot.expired' || expired.length === 0,
  );
  return [
    ...(scanned === null ? [reason('hand-add.no-material', { lot })] : []),
    ...(isOther ? [reason('hand-add.wrong-material', { lot, scanned, material })] : []),
    ...expired,
    ...(drug && expiryTimeMs === null ? [reason('hand-add.no-expiry', { lot })] : []),
    ...known,
    ...(facts === undefined ? [] : drugReasons(rules, facts, next)),
  ];
}
