import type { Comparison } from './alarm.ts';

/**
 * What must hold before a start (permissive) or while running (interlock): `tag` compared with
 * `limit`.
 */
export interface Condition {
  readonly tag: string;
  readonly comparison: Comparison;
  readonly limit: number | boolean;
}
