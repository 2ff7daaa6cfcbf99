/** Goal: a day of the mill as a table that a person reads: made, stopped, done by hand, found. */
import { reasonText } from '../../../plc/model/reason.ts';
import type { DayRun } from './day-run.ts';
import { hourTable, productTable } from './hours.ts';
import { agrees, type IngredientAccount } from './ingredients.ts';
import type { Finding } from './watch.ts';

const SHOWN_MAX = 12;

function clock(atMs: number): string {
  const minutes = Math.floor(atMs / 60_000);
  const two = (n: number) => String(n).padStart(2, '0');
  const seconds = Math.floor(atMs / 1_000) % 60;
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds)}`;
}

function counted(words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, SHOWN_MAX)
    .map(([text, count]) => `  ${String(count).padStart(6)}  ${text}`);
}

function told(list: readonly Finding[]): string[] {
  return list.slice(0, SHOWN_MAX).map(({ atMs, what }) => `  ${clock(atMs)}  ${what}`);
}

/** How many times faster than the clock, by the CPU that it took. */
function speedOf(day: DayRun): string {
  return ((day.hoursPassed * 3_600) / day.cpuS).toFixed(0);
}

/** Booked, arrived and sampled: three actions of people for each truck. */
function trucksOf({ trucks }: DayRun): number {
  return trucks.actions / 3;
}

/** One line for each hour, while the day runs. */
export function hourLine(hour: number, day: DayRun): string {
  const { records, duty, watch, hours } = day;
  const { madeT = 0, baggedT = 0 } = hours.at(-1) ?? {};
  return (
    `seed ${day.options.seed} hour ${String(hour).padStart(2)}: ${madeT.toFixed(1)} t made, ` +
    `${baggedT.toFixed(1)} t bagged, ${duty.actions.length} actions, ` +
    `${records.stops.size} stops, ${trucksOf(day)} trucks, ` +
    `${watch.interlocks.count} against interlocks, ${speedOf(day)} x real time`
  );
}

/** The reasons of a stop in words; the bare fact that there are none is what a test looks for. */
export function stopWords(day: DayRun): string[] {
  return [...day.records.stops.values()].map(({ unit, reasons }) => {
    const [first] = reasons;
    return `${unit}: ${first === undefined ? 'NO REASON' : reasonText(first, 'en')}`;
  });
}

function ingredientLine(account: IngredientAccount): string {
  const { material, dosedKg, leftKg, bookKg, storedKg } = account;
  const kg = (n: number) => n.toFixed(1).padStart(12);
  const verdict = agrees(account) ? '' : '  DIFFERS';
  const figures = [dosedKg, leftKg, bookKg, storedKg].map(kg).join('');
  return `  ${material.padEnd(16)}${figures}${verdict}`;
}

function pressLines({ records, hoursPassed }: DayRun): string[] {
  return [...records.pressed].map(
    ([press, { kg, h, chokes }]) =>
      `${press}: ${(kg / 1_000).toFixed(1)} t in ended runs, ${(kg / 1_000 / h).toFixed(1)} t/h, ` +
      `at work ${((100 * h) / hoursPassed).toFixed(0)} % of the time, ${chokes} chokes`,
  );
}

/** The whole day. */
export function report(day: DayRun): string[] {
  const { records, duty, watch, faults, options } = day;
  const perHour = (count: number) => (count / day.hoursPassed).toFixed(1);
  const states = counted([...records.orders.values()].map(({ state }) => state));
  const alarms = counted(
    day.running.controller.alarms.map(({ alarmId, state }) => `${alarmId} ${state}`),
  );
  const bags = [...records.bagsBy].map(([bagger, count]) => `${bagger} ${count}`).join(', ');
  return [
    `day of ${options.hours} h, seed ${options.seed}`,
    ...hourTable(day),
    ...productTable(day),
    `bags: ${bags === '' ? 'none' : bags}; compartments loaded: ${records.loads}; ` +
      `doses: ${records.doses}; trucks: ${trucksOf(day)}`,
    `came in: ${Object.entries(day.running.ledger().sources)
      .map(([source, kg]) => `${source} ${(kg / 1_000).toFixed(1)} t`)
      .join(', ')}`,
    ...[...records.batchesOf].map(
      ([line, count]) => `${line}: ${count} batches, ${perHour(count)} an hour`,
    ),
    ...day.pace.shares
      .filter(([, pct]) => pct >= 1)
      .map(([what, pct]) => `  ${pct.toFixed(0).padStart(5)} %  ${what}`),
    ...pressLines(day),
    'orders',
    ...states,
    ...day.refusedOrders.slice(0, SHOWN_MAX).map((one) => `  refused ${one}`),
    `stops: ${records.stops.size} (${perHour(records.stops.size)} an hour)`,
    ...counted(stopWords(day)),
    `actions: ${duty.actions.length} (${perHour(duty.actions.length)} an hour), ` +
      `${day.dispatched} orders started by the dispatcher`,
    ...counted(duty.actions.map(({ name }) => name)),
    `refused to the engineer: ${duty.refusals.length}`,
    ...counted(
      duty.refusals.map(({ command, reasons }) => `${command}: ${JSON.stringify(reasons)}`),
    ),
    `faults injected: ${faults.injected.length}`,
    ...faults.injected
      .slice(0, SHOWN_MAX)
      .map((one) => `  ${clock(one.atMs)}  ${one.fault} ${one.place}`),
    `alarms at the end`,
    ...alarms,
    `devices that ran against an interlock: ${watch.interlocks.count}`,
    ...told(watch.interlocks.kept),
    `looks that found a dose starving while its silo was not empty: ${watch.starved.count}`,
    ...counted(watch.starved.kept.map(({ what }) => what)),
    `mass not accounted for: ${watch.mass.count}`,
    ...told(watch.mass.kept),
    'ingredients, kg: by doses, out of bins, in the book, in the bins',
    ...day.ingredients.map(ingredientLine),
    `CPU ${day.cpuS.toFixed(0)} s, ${speedOf(day)} x real time`,
  ];
}
