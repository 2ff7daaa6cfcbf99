/** Goal: rounds of outages told to people: a line for each, and a table of all. */
import type { OutageResult } from './outage.ts';
import type { Batch } from './rounds.ts';
import { openOf } from './rounds.ts';
import type { Resources } from './told.ts';

const MB = 1_048_576;
/** Fewer batches than this say nothing about growth. */
const BATCHES_FOR_GROWTH_MIN = 6;

export function printRounds({ results, faults, resources }: Batch, done: number, of: number): void {
  const { sockets, timers } = openOf(resources);
  results.forEach((one, at) => {
    const forS = (one.healedMs - one.beganMs) / 1_000;
    const what = `${one.line.padEnd(8)} ${one.kind.padEnd(23)} ${forS.toFixed(1).padStart(5)} s`;
    const stale = one.staleAfterMs === null ? '    -' : `${one.staleAfterMs}`.padStart(5);
    const good = `${one.goodAfterMs}`.padStart(5);
    console.log(`${done + at + 1}/${of}  ${what}  stale after ${stale} ms, good after ${good} ms`);
  });
  const heap = (resources.heapBytes / MB).toFixed(1);
  const late = Math.round(resources.scanLateMs);
  console.log(
    `        heap ${heap} MB, ${sockets} sockets, ${timers} timers, scan ${late} ms late`,
  );
  for (const fault of faults) console.log(`        FAULT ${fault}`);
}

/** Per protocol and kind how long it took, and what the controller's end holds now and then. */
export function printSummary(batches: readonly Batch[], base: Resources): void {
  const results = batches.flatMap((batch) => batch.results);
  const names = [...new Set(results.map(nameOf))].sort();
  const header = ['protocol and kind', 'rounds', 'stale p50', 'max ms', 'good p50', 'max ms'];
  const rows = names.map((name) => {
    const own = results.filter((one) => nameOf(one) === name);
    const stale = own.flatMap((one) => one.staleAfterMs ?? []);
    const good = own.map((one) => one.goodAfterMs);
    return [name, own.length, at(stale, 0.5), at(stale, 1), at(good, 0.5), at(good, 1)].map(String);
  });
  for (const row of [header, ...rows]) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(32) : cell.padStart(10))).join(''));
  }
  const open = (one: Resources) => JSON.stringify(openOf(one));
  console.log(`handles   at first ${open(base)}`);
  const last = batches.at(-1)?.resources;
  if (last !== undefined) console.log(`          at last  ${open(last)}`);
  const heaps = batches.map(({ resources }) => (resources.heapBytes / MB).toFixed(1));
  console.log(`heap, MB  ${(base.heapBytes / MB).toFixed(1)} -> ${heaps.join(' ')}`);
  const growthMb = growthOf(batches);
  if (growthMb !== null) {
    console.log(`          last third minus first third: ${growthMb.toFixed(2)} MB`);
  }
}

/** Mean heap of the last third of the batches minus that of the first, MB; null for too few. */
export function growthOf(batches: readonly Batch[]): number | null {
  if (batches.length < BATCHES_FOR_GROWTH_MIN) return null;
  const heaps = batches.map(({ resources }) => resources.heapBytes / MB);
  const third = Math.floor(heaps.length / 3);
  return mean(heaps.slice(-third)) - mean(heaps.slice(0, third));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function nameOf({ protocol, kind }: OutageResult): string {
  return `${protocol} ${kind}`;
}

function at(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[Math.floor((sorted.length - 1) * share)] ?? '-'}`;
}
