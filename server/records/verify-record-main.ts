import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { RecordFault } from '../contract/record-faults.ts';
import { recordFaultText } from '../contract/record-faults.ts';
import type { FileVerdict } from './chain/verify-file.ts';
import { verifyFile } from './chain/verify-file.ts';

/**
 * `npm run verify-record -- FILE [--key FINGERPRINT]`: says whether a batch record, JSON or PDF, is
 * as the mill signed it. Needs neither mill nor database. Ends with 0: intact; 1: altered; 2:
 * intact, but its sums do not hold; 64: asked wrongly.
 */
const EXIT = { intact: 0, altered: 1, sums: 2, usage: 64 } as const;

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

function sayFault(fault: RecordFault): void {
  say(`  vi: ${recordFaultText(fault, 'vi')}`);
  say(`  en: ${recordFaultText(fault, 'en')}`);
}

function sayIntact({ head, entries, key, totals }: FileVerdict): void {
  const last = entries.at(-1);
  say(`NGUYÊN VẸN / INTACT: ${head?.stream}, ${entries.length} mục / entries`);
  say(`  mã băm cuối / head:   ${last?.hash}`);
  say(`  khóa ký / signed by:  ${key}`);
  for (const batch of totals?.batches ?? []) {
    const pct = batch.completenessPct.toFixed(2);
    say(
      `  mẻ / batch ${batch.batchId}: ${batch.actualKg.toFixed(3)} kg, ${pct} % (${batch.state})`,
    );
  }
  say(`  bao / bags: ${totals?.bags}, ${totals?.bagsKg} kg`);
}

function report(verdict: FileVerdict): number {
  if (verdict.fault !== null) {
    say('ĐÃ BỊ SỬA / ALTERED');
    sayFault(verdict.fault);
    return EXIT.altered;
  }
  sayIntact(verdict);
  const faults = verdict.totals?.faults ?? [];
  if (faults.length === 0) return EXIT.intact;
  say('TỔNG KHÔNG KHỚP / SUMS DO NOT HOLD');
  for (const fault of faults) sayFault(fault);
  return EXIT.sums;
}

function usage(cause: string): number {
  complain(cause);
  complain('npm run verify-record -- FILE [--key FINGERPRINT]');
  return EXIT.usage;
}

async function main(): Promise<number> {
  const options = { key: { type: 'string' } } as const;
  let asked: { values: { key?: string | undefined }; positionals: string[] };
  try {
    asked = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
  const [file, ...others] = asked.positionals;
  if (file === undefined || others.length > 0) return usage('one FILE');
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
  return report(verifyFile(bytes, asked.values.key ?? null));
}

process.exitCode = await main();
