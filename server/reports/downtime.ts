import type { Reason } from '../../plc/model/reason.ts';
import { REASON_TEXTS, reasonText } from '../../plc/model/reason.ts';
import type { ProductionReport } from '../contract/production-report.ts';
import type { Period } from './period.ts';

export interface DowntimeRow extends Record<string, unknown> {
  readonly unit: string;
  readonly started: Date;
  readonly ended: Date | null;
  readonly reasons: readonly Reason[];
}

type DowntimeLine = ProductionReport['downtime'][number];

const UNKNOWN = {
  reason: 'unknown',
  text: { vi: 'Không rõ nguyên nhân', en: 'Unknown reason' },
};

/**
 * The first reason is the first-out one. Amounts in it differ from stop to stop and are left out.
 */
function nameOf(reasons: readonly Reason[]): { reason: string; text: DowntimeLine['reasonText'] } {
  const [first] = reasons;
  if (first === undefined || !(first.code in REASON_TEXTS)) return UNKNOWN;
  const objects = Object.fromEntries(
    Object.entries(first.objects).map(([name, value]) => [
      name,
      typeof value === 'number' ? '…' : value,
    ]),
  );
  const of = { code: first.code, objects };
  return { reason: first.code, text: { vi: reasonText(of, 'vi'), en: reasonText(of, 'en') } };
}

/** Stops by unit and reason, longest first, each counted as far as it lies in the period. */
export function downtimeLines(
  rows: readonly DowntimeRow[],
  { fromMs, toMs }: Period,
  nowMs: number,
): DowntimeLine[] {
  const lines = new Map<string, DowntimeLine>();
  for (const row of rows) {
    const start = Math.max(row.started.getTime(), fromMs);
    const end = Math.min(row.ended?.getTime() ?? nowMs, toMs, nowMs);
    const { reason, text } = nameOf(row.reasons);
    const key = `${row.unit}\n${text.en}`;
    const line = lines.get(key);
    lines.set(key, {
      unit: row.unit,
      reason,
      reasonText: text,
      stops: (line?.stops ?? 0) + 1,
      minutes: (line?.minutes ?? 0) + Math.max(0, end - start) / 60_000,
    });
  }
  return [...lines.values()].toSorted((a, b) => b.minutes - a.minutes);
}
