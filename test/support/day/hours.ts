/** Goal: the figures of a day hour by hour, and per product, as a manager reads them. */
import type { DayRun } from './day-run.ts';

/** Sums since the day began; masses in t. */
export interface HourFigures {
  readonly hours: number;
  readonly dosedT: number;
  /** Out of the press bins: with fines that came back and were pressed again. */
  readonly pressedT: number;
  /** Into finished bins: pellets and mash. */
  readonly madeT: number;
  readonly baggedT: number;
  readonly bulkT: number;
  readonly stops: number;
  readonly actions: number;
}

const NONE: HourFigures = {
  hours: 0,
  dosedT: 0,
  pressedT: 0,
  madeT: 0,
  baggedT: 0,
  bulkT: 0,
  stops: 0,
  actions: 0,
};

function sumT(of: ReadonlyMap<string, number>): number {
  return [...of.values()].reduce((sum, kg) => sum + kg, 0) / 1_000;
}

/** The sums of the day as they are now. */
export function figuresNow(day: DayRun): HourFigures {
  const { mill } = day.running.controller;
  const { bins } = day.running.ledger();
  const accounts = (kind: string) =>
    mill.devices.flatMap((one) =>
      one.type === 'bin' && one.settings.kind === kind ? (bins[one.id] ?? []) : [],
    );
  const madeKg = accounts('finished').reduce((sum, { inKg }) => sum + inKg, 0);
  const pressedKg = accounts('press').reduce((sum, { outKg }) => sum + outKg, 0);
  return {
    hours: day.hoursPassed,
    dosedT: day.records.dosedKg / 1_000,
    pressedT: pressedKg / 1_000,
    madeT: madeKg / 1_000,
    baggedT: sumT(day.records.baggedKg),
    bulkT: sumT(day.records.loadedKg),
    stops: day.records.stops.size,
    actions: day.duty.actions.length,
  };
}

const COLUMNS = ['dosedT', 'pressedT', 'madeT', 'baggedT', 'bulkT', 'stops', 'actions'] as const;
const HEADS = ['t dosed', 't pressed', 't made', 't bagged', 't bulk', 'stops', 'actions'] as const;

function hourRow(name: string, now: HourFigures, before: HourFigures): string {
  const cells = COLUMNS.map((column) => {
    const value = now[column] - before[column];
    const isMass = column.endsWith('T');
    return value.toFixed(isMass ? 1 : 0).padStart(10);
  });
  return `  ${name.padEnd(8)}${cells.join('')}`;
}

/** A line for each hour and one for the whole. */
export function hourTable({ hours }: DayRun): string[] {
  const whole = hours.at(-1) ?? NONE;
  const each = hours
    .filter(({ hours: at }, index) => index === 0 || at - (hours[index - 1]?.hours ?? 0) > 0.01)
    .map((now, index) => hourRow(now.hours.toFixed(1), now, hours[index - 1] ?? NONE));
  return [
    `  hour    ${HEADS.map((head) => head.padStart(10)).join('')}`,
    ...each,
    hourRow('total', whole, NONE),
  ];
}

/** What was dosed for, bagged and loaded of each product, t. */
export function productTable({ records }: DayRun): string[] {
  const { byProduct, bulkByProduct, mixedByProduct } = records;
  const codes = [...new Set([...mixedByProduct.keys(), ...byProduct.keys()])].sort();
  const row = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(16)}${cells.map((one) => one.padStart(10)).join('')}`;
  const t = (of: ReadonlyMap<string, number>, code: string) =>
    ((of.get(code) ?? 0) / 1_000).toFixed(2);
  return [
    row('product', ['t mixed', 't bagged', 't bulk']),
    ...codes.map((code) =>
      row(
        code,
        [mixedByProduct, byProduct, bulkByProduct].map((of) => t(of, code)),
      ),
    ),
  ];
}
