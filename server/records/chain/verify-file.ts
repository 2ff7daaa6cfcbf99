import type { RecordFault } from '../../contract/record-faults.ts';
import { attachedRecord, isPdf, isSealedPdf } from './pdf-attachment.ts';
import type { RecordTotals } from './totals.ts';
import { totalsOf } from './totals.ts';
import type { Verdict } from './verify-record.ts';
import { verifyRecord } from './verify-record.ts';

export interface FileVerdict extends Verdict {
  /** Sums of the record; null where it was altered and they say nothing. */
  readonly totals: RecordTotals | null;
}

function altered(fault: RecordFault): Verdict {
  return { head: null, entries: [], key: null, fault };
}

function verifyPdf(bytes: Buffer, wantedKey: string | null): Verdict {
  const record = attachedRecord(bytes);
  if (record === null) return altered({ code: 'file.attachment', objects: {} });
  const verdict = verifyRecord(record, wantedKey);
  if (verdict.fault !== null || isSealedPdf(bytes)) return verdict;
  return { ...verdict, fault: { code: 'file.pages', objects: {} } };
}

/** Verifies a record file, JSON or PDF, and its sums. */
export function verifyFile(bytes: Buffer, wantedKey: string | null = null): FileVerdict {
  const verdict = isPdf(bytes) ? verifyPdf(bytes, wantedKey) : verifyRecord(bytes, wantedKey);
  return { ...verdict, totals: verdict.fault === null ? totalsOf(verdict.entries) : null };
}
