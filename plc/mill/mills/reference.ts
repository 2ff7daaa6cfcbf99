import { branch } from '../builders.ts';
import { defineMill } from '../define-mill.ts';
import type { LineDefinition, RefillDefinition, RouteDefinition } from '../definition.ts';
import { text } from '../tag-shorthand.ts';
import { CARRY_OVER } from './carry-over.ts';
import {
  dosingFlows,
  dosingLine,
  inletSlides,
  LINES,
  LIQUIDS,
  MAIN,
  mainBins,
  meterIds,
  scaleIds,
} from './reference/dosing.ts';
import {
  baggersOfRows,
  finishedBins,
  finishing,
  finishingFlows,
  finishingRoutes,
  rowsOfBagger,
} from './reference/finishing.ts';
import { grinding, grindingFlows, MILL_BINS, MILL_MATERIALS } from './reference/grinding.ts';
import {
  BY_PRODUCTS,
  GRAIN,
  intakeRoutes,
  intakeStorage,
  SBM,
  storageFlows,
} from './reference/intake-storage.ts';
import { materials } from './reference/materials.ts';
import { mixing, mixingFlows } from './reference/mixing.ts';
import { PRESSES, pelleting, pelletingFlows, pelletingRoutes } from './reference/pelleting.ts';
import { AREAS, CONNECTIONS, guards } from './reference/places.ts';
import {
  COATING_TANKS,
  liquidFlows,
  liquidRoutes,
  liquids,
  utilities,
} from './reference/utilities.ts';
import { VIETNAM_TARIFF } from './tariff.ts';

type Group = keyof typeof MAIN;

const both = (group: Group, of: (line: number, group: Group) => string[]) =>
  LINES.flatMap((line) => of(line, group));

/** Presses and rows of finished bins that a line can send its mash to. */
const PRESSES_OF: Readonly<Record<number, readonly number[]>> = { 1: [1, 2, 5], 2: [3, 4, 5] };
const ROWS_OF: Readonly<Record<number, readonly number[]>> = { 1: [1, 2, 5], 2: [3, 4, 5] };

const pressBins = (line: number) => (PRESSES_OF[line] ?? []).map((n) => `PB${n}`);
const finishedOf = (line: number) => (ROWS_OF[line] ?? []).flatMap(finishedBins);
const mashWays = (line: number) => [...pressBins(line), ...finishedOf(line)];

function route(
  id: string,
  [vi, en]: readonly [string, string],
  sources: readonly string[],
  destinations: readonly string[],
  fans: readonly string[] = [],
): RouteDefinition {
  const aspirationRunOnS = fans.length > 0 ? 60 : 0;
  return { id, text: text(vi, en), sources, destinations, aspiration: fans, aspirationRunOnS };
}

const routes: readonly RouteDefinition[] = [
  ...intakeRoutes,
  ...liquidRoutes,
  route('TOMILL', ['Tuyến lên bồn nghiền', 'Grain to mills'], GRAIN, MILL_BINS, ['FNG']),
  ...MILL_BINS.map((bin, index) =>
    route(
      `GRIND${index + 1}`,
      [`Tuyến nghiền ${index + 1}`, `Grinding route ${index + 1}`],
      [bin],
      both('grain', mainBins),
      [`FNG${index + 1}`],
    ),
  ),
  route('SBM', ['Tuyến khô đậu', 'Soybean meal route'], SBM, both('sbm', mainBins), ['FNS']),
  route(
    'BYPRODUCT',
    ['Tuyến phụ phẩm', 'By-product route'],
    BY_PRODUCTS,
    both('byProducts', mainBins),
    ['FNB'],
  ),
  ...LINES.flatMap((line) => [
    route(
      `DUMP${line}`,
      [`Tuyến đổ bao ${line}`, `Bag dump route ${line}`],
      [`BD${line}`],
      mainBins(line, 'bagged'),
      [`FND${line}`],
    ),
    route(
      `MASHPRESS${line}`,
      [`Bột ${line} lên ép`, `Mash ${line} to press`],
      [`SB${line}`],
      pressBins(line),
    ),
    route(
      `MASHFIN${line}`,
      [`Bột ${line} thành phẩm`, `Mash ${line} to finished bins`],
      [`SB${line}`],
      finishedOf(line),
    ),
  ]),
  ...pelletingRoutes(finishedBins),
  ...finishingRoutes,
];

/** Press 5 serves both lines; of the bins that it fills, each has half. */
const SHARED_ROW = finishedBins(5);
const ownBins = (line: number) => finishedOf(line).filter((bin) => !SHARED_ROW.includes(bin));
const sharedBins = (line: number) => {
  const half = SHARED_ROW.length / 2;
  return SHARED_ROW.slice((line - 1) * half, line * half);
};

function lineOf(line: number): LineDefinition {
  return {
    id: `LINE${line}`,
    text: text(`Dây chuyền ${line}`, `Line ${line}`),
    scales: scaleIds(line),
    meters: meterIds(line),
    mixer: `MX${line}`,
    surge: `SB${line}`,
    finishedBins: [...ownBins(line), ...sharedBins(line)],
    presses: (PRESSES_OF[line] ?? []).map((n) => `PM${n}`),
    baggers: baggersOfRows(ROWS_OF[line] ?? []).map((n) => `BG${n}`),
    routes: { mixToPress: `MASHPRESS${line}`, mixToFinished: `MASHFIN${line}` },
  };
}

/**
 * Mill 1 grinds maize for four bins of line 1, mill 3 for four of line 2, mill 2 for the other two
 * of each: so all three have the same to do. Mill 4 grinds the wheat of both.
 */
function grinderOf(line: number, material: string, index: number): number {
  if (material !== 'MAIZE') return 4;
  const own = line === 1 ? 1 : 3;
  return index < 4 ? own : 2;
}

const refill = (id: string, by: string): RefillDefinition => ({
  id,
  route: by,
  startPct: 40,
  stopPct: 85,
});

const refills: readonly RefillDefinition[] = [
  ...MILL_BINS.map((bin) => refill(bin, 'TOMILL')),
  ...LINES.flatMap((line) => [
    ...mainBins(line, 'grain').flatMap((bin, index) => {
      const material = MAIN.grain[1][index] ?? '';
      const milled = (MILL_MATERIALS as readonly string[]).includes(material);
      return milled ? [refill(bin, `GRIND${grinderOf(line, material, index)}`)] : [];
    }),
    ...mainBins(line, 'sbm').map((bin) => refill(bin, 'SBM')),
    ...mainBins(line, 'byProducts').map((bin) => refill(bin, 'BYPRODUCT')),
    ...LIQUIDS.map((_, index) => refill(`LT${line}${index + 1}`, `LIQ${index + 1}`)),
  ]),
  // Filled up by less at a time: the day tanks of the lines share the pump.
  ...COATING_TANKS.map((id) => ({ ...refill(id, 'LIQ1'), startPct: 30, stopPct: 60 })),
];

const dumped = MAIN.bagged[1].length;

/**
 * The reference mill of 2,000 t/day (DOMAIN 2 to 4): two dosing and mixing lines of 6 t, four
 * hammer mills, five presses, five bagging lines, on eight OPC UA servers and eight Modbus
 * gateways. Read it in the order of the flow of product; each area has its file under `reference/`.
 */
export const reference = defineMill({
  id: 'reference',
  text: text('Nhà máy 2.000 t/ngày', 'Mill of 2,000 t/day'),
  timeZone: 'Asia/Ho_Chi_Minh',
  connections: CONNECTIONS,
  areas: AREAS,
  displays: [
    ...AREAS.filter(({ id }) => id !== 'mixing2').map(({ id, text: name }) =>
      id === 'mixing1'
        ? { id: 'mixing', text: text('Trộn', 'Mixing'), areas: ['mixing1', 'mixing2'] }
        : { id, text: name, areas: [id] },
    ),
  ],
  materials,
  devices: [
    ...guards,
    ...intakeStorage(LINES.map(() => dumped)),
    ...liquids,
    ...grinding(both('grain', mainBins).length),
    ...LINES.flatMap((line) => [...dosingLine(line), ...mixing(line, mashWays(line).length)]),
    ...pelleting,
    ...finishing,
    ...utilities,
  ],
  flows: [
    ...storageFlows(MILL_BINS),
    ...grindingFlows,
    ...MILL_BINS.flatMap((_, index) => branch(`DG${index + 1}`, ...both('grain', inletSlides))),
    ...branch('DS', ...both('sbm', inletSlides)),
    ...branch('DB', ...both('byProducts', inletSlides)),
    ...LINES.flatMap((line) => [
      ...branch(`DD${line}`, ...inletSlides(line, 'bagged')),
      ...dosingFlows(line),
      ...mixingFlows(line, mashWays(line)),
    ]),
    ...liquidFlows,
    ...pelletingFlows(finishedBins),
    ...finishingFlows,
  ],
  routes,
  lines: LINES.map(lineOf),
  pressLines: PRESSES.map(([n]) => ({
    press: `PM${n}`,
    bin: `PB${n}`,
    route: `PELLET${n}`,
    fines: `FR${n}`,
    coater: `CO${n}`,
    crumbler: `CR${n}`,
  })),
  baggingLines: PRESSES.map(([n]) => ({
    bagger: `BG${n}`,
    bins: rowsOfBagger(n).flatMap(finishedBins),
    route: `BAG${n}`,
  })),
  refills,
  carryOver: CARRY_OVER,
  tariff: VIETNAM_TARIFF,
  plainTags: [],
});
