import { readFileSync } from 'node:fs';
import type { ProcessName, Stack } from '../support/stack.ts';
import type { Row } from './report.ts';

/** Buckets of a Prometheus histogram: upper bound and cumulative count. */
function buckets(metrics: string, name: string): { le: number; count: number }[] {
  return [...metrics.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\d+)`, 'gm'))].map(
    ([, le, count]) => ({
      le: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
      count: Number(count),
    }),
  );
}

/** The bucket in which a share of what was counted between two readings lies: an upper bound. */
function histogramPercentile(before: string, after: string, name: string, share: number): number {
  const was = new Map(buckets(before, name).map(({ le, count }) => [le, count]));
  const counts = buckets(after, name).map(({ le, count }) => ({
    le,
    count: count - (was.get(le) ?? 0),
  }));
  const all = counts.at(-1)?.count ?? 0;
  return counts.find(({ count }) => count >= all * share)?.le ?? 0;
}

async function metrics(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024;
}

/** CPU seconds a process has used. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const PROCESSES = ['simulator', 'plc', 'server'] as const satisfies readonly ProcessName[];

/**
 * Memory and CPU of each process from now until `during` ends, and how late the scans were.
 * @param name what the rows are called.
 */
export async function watchProcesses(
  stack: Stack,
  name: string,
  during: () => Promise<unknown>,
): Promise<Row[]> {
  const before = await metrics(stack.plcUrl);
  const cpu = PROCESSES.map((one) => cpuSeconds(stack.pid(one)));
  const startMs = performance.now();
  await during();
  const seconds = (performance.now() - startMs) / 1_000;
  const after = await metrics(stack.plcUrl);
  const late = (share: number) => histogramPercentile(before, after, 'plc_scan_late_ms', share);
  return [
    { what: `${name}: scan lateness p50, at most`, value: late(0.5), unit: 'ms' },
    { what: `${name}: scan lateness p99, at most`, value: late(0.99), unit: 'ms' },
    ...PROCESSES.flatMap((one, index): Row[] => [
      { what: `${name}: ${one}, resident memory`, value: residentMb(stack.pid(one)), unit: 'MB' },
      {
        what: `${name}: ${one}, of one core`,
        value: (100 * (cpuSeconds(stack.pid(one)) - (cpu[index] ?? 0))) / seconds,
        unit: '%',
      },
    ]),
  ];
}
