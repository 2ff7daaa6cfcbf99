import { branch, chain, device } from '../../builders.ts';
import type { DeviceDefinition, FlowDefinition, RouteDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { aspiration, at, bin, diverter, gate, machine, run } from './places.ts';

/** Rows of eight finished bins; each row discharges by gravity over its bagger. */
const ROWS = [1, 2, 3, 4, 5] as const;
const BINS_PER_ROW = 8;

/** The baggers that a row's chute can be turned to: its own, and one that stands in for it. */
const BAGGERS_OF_ROW: Readonly<Record<number, readonly number[]>> = {
  1: [1, 2],
  2: [2, 1],
  3: [3, 4],
  4: [4, 3],
  5: [5, 4],
};

/** The load-out conveyor under a row, and the spouts that it leads to. */
const loadOutOf = (row: number) => Math.ceil(row / 2);
const SPOUT_OF: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 2 };

export function finishedBins(row: number): string[] {
  return Array.from({ length: BINS_PER_ROW }, (_, index) => `FB${row}0${index + 1}`);
}

const numbersOf = (row: number) => finishedBins(row).map((id) => id.slice(2));

/** The rows from which a bagger can be filled. */
export function rowsOfBagger(n: number): number[] {
  return ROWS.filter((row) => BAGGERS_OF_ROW[row]?.includes(n));
}

/** The baggers that rows lead to: their own ones first, then those that stand in. */
export function baggersOfRows(rows: readonly number[]): number[] {
  const all = [0, 1].flatMap((turn) => rows.flatMap((row) => BAGGERS_OF_ROW[row]?.[turn] ?? []));
  return [...new Set(all)];
}

/** A bin of 60 t with its activator and a gate each over bagging chute and load-out conveyor. */
function finishedBin(row: number, n: string, index: number): DeviceDefinition[] {
  const place = ((row - 1) % 2) * BINS_PER_ROW + index;
  const [x, y] = [45 + place * 98, 100 + Math.floor((row - 1) / 2) * 262];
  return [
    bin(
      'finished',
      `FB${n}`,
      text(`Bồn thành phẩm ${n}`, `Finished bin ${n}`),
      at('finished', x, y),
      60_000,
    ),
    machine(
      'motor',
      `FV${n}`,
      text(`Rung đáy ${n}`, `Bin activator ${n}`),
      run('finished', x + 49, y + 55),
      [1.1],
    ),
    gate(
      `GB${n}`,
      text(`Cửa đóng bao ${n}`, `Bagging gate ${n}`),
      at('finished', x - 18, y + 93),
      30,
    ),
    gate(
      `GL${n}`,
      text(`Cửa xuất xá ${n}`, `Load-out gate ${n}`),
      at('finished', x + 18, y + 93),
      80,
    ),
  ];
}

function row(n: number): DeviceDefinition[] {
  return [
    ...numbersOf(n).flatMap((number, index) => finishedBin(n, number, index)),
    diverter(
      `DV${n}`,
      text(`Van chia đóng bao ${n}`, `Bagger diverter ${n}`),
      at('bagging', 120 + (n - 1) * 280, 100),
      2,
    ),
  ];
}

/** A bagging line of 800 bags/h: filler, sewing, metal detector, checkweigher, palletiser. */
function baggingLine(n: number): DeviceDefinition[] {
  const x = 40 + (n - 1) * 280;
  const bagger = `BG${n}`;
  const drives = [
    ['BT', 'Băng tải bao', 'Bag belt', 1.5],
    ['SE', 'Máy may', 'Sewing machine', 1.1],
    ['TU', 'Bàn lật bao', 'Bag turner', 1.1],
    ['PI', 'Băng vào pallet', 'Palletiser infeed', 2.2],
  ] as const;
  return [
    device(
      'bagger',
      bagger,
      text(`Máy đóng bao ${n}`, `Bagger ${n}`),
      { area: 'bagging', connection: 'baggers', at: [x + 80, 220], unitId: n },
      { bagKg: 25, bagsPerHour: 800, divisionKg: 0.01 },
    ),
    ...drives.map(([prefix, vi, en, kW], index) =>
      machine(
        'motor',
        `${prefix}${n}`,
        text(`${vi} ${n}`, `${en} ${n}`),
        run('bagging', x + 20 + index * 60, 340),
        [kW],
      ),
    ),
    device(
      'metalDetector',
      `MT${n}`,
      text(`Dò kim loại ${n}`, `Metal detector ${n}`),
      at('bagging', x + 30, 420),
      {
        bagger,
      },
    ),
    device(
      'checkweigher',
      `CW${n}`,
      text(`Cân kiểm tra ${n}`, `Checkweigher ${n}`),
      at('bagging', x + 110, 420),
      {
        bagger,
        bagKg: 25,
        divisionKg: 0.01,
      },
    ),
    device(
      'palletiser',
      `PL${n}`,
      text(`Máy xếp pallet ${n}`, `Palletiser ${n}`),
      at('bagging', x + 190, 420),
      {
        bagger,
        bagsPerPallet: 40,
      },
    ),
    ...aspiration('bagging', `B${n}`, [x + 40, 540], [5.5, 3]),
  ];
}

export const finishing: DeviceDefinition[] = [
  ...ROWS.flatMap(row),
  ...[1, 2, 3].map((n) =>
    machine(
      'conveyor',
      `CO${n}0`,
      text(`Xích tải xuất xá ${n}`, `Load-out conveyor ${n}`),
      run('finished', 760, 245 + (n - 1) * 262),
      [15, 100, 60],
    ),
  ),
  ...ROWS.flatMap(baggingLine),
  ...[1, 2].map((n) =>
    device(
      'loadOut',
      `LO${n}`,
      text(`Xuất hàng xá ${n}`, `Bulk load-out ${n}`),
      at('bagging', 1500, 100 + n * 130),
      {
        compartmentKgMax: 8_000,
        flowTPerH: 80,
      },
    ),
  ),
];

export const finishingFlows: FlowDefinition[] = [
  ...ROWS.flatMap((n) => [
    ...numbersOf(n).flatMap((bin) => [
      ...chain(`FB${bin}`, `GB${bin}`, `DV${n}`),
      ...chain(`FB${bin}`, `GL${bin}`, `CO${loadOutOf(n)}0`),
    ]),
    ...branch(`DV${n}`, ...(BAGGERS_OF_ROW[n] ?? []).map((bagger) => `BG${bagger}`)),
  ]),
  ...[1, 2, 3].flatMap((n) => chain(`CO${n}0`, `LO${SPOUT_OF[n]}`)),
];

export const finishingRoutes: RouteDefinition[] = [
  ...ROWS.map((n) => ({
    id: `BAG${n}`,
    text: text(`Tuyến đóng bao ${n}`, `Bagging route ${n}`),
    sources: rowsOfBagger(n).flatMap(finishedBins),
    destinations: [`BG${n}`],
    aspiration: [`FNB${n}`],
    aspirationRunOnS: 60,
  })),
  ...[1, 2, 3].map((n) => ({
    id: `BULK${n}`,
    text: text(`Tuyến xuất xá ${n}`, `Load-out route ${n}`),
    sources: ROWS.filter((one) => loadOutOf(one) === n).flatMap(finishedBins),
    destinations: [`LO${SPOUT_OF[n]}`],
    aspiration: [],
    aspirationRunOnS: 0,
  })),
];
