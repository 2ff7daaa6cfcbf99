import { behindMagnet, branch, chain, device, drive, join } from '../../builders.ts';
import type { DeviceDefinition, FlowDefinition, RouteDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { aspiration, at, bin, diverter, gate, machine, pitLight, run, vfd } from './places.ts';

type Silo = readonly [id: string, material: string, capacityKg: number, filledPct: number];

/** Maize 6 x 2,500 t, wheat and cassava 2 x 1,500 t (DOMAIN 4). */
const GRAIN_SILOS: readonly Silo[] = [
  ...[1, 2, 3, 4, 5, 6].map((n): Silo => [`SI10${n}`, 'MAIZE', 2_500_000, 60]),
  ['SI107', 'WHEAT', 1_500_000, 50],
  ['SI108', 'CASSAVA', 1_500_000, 40],
];

/** Soybean meal 4 x 1,000 t. */
const SBM_SILOS: readonly Silo[] = [1, 2, 3, 4].map(
  (n): Silo => [`SI20${n}`, 'SBM', 1_000_000, 60],
);

/** By-products 8 x 200 t. */
const BY_PRODUCT_SILOS: readonly Silo[] = [
  'WHEAT-BRAN',
  'RICE-BRAN',
  'DDGS',
  'WHEAT-FLOUR',
  'FISH-MEAL',
  'BROKEN-RICE',
  'EXTRUDED-SOY',
  'POULTRY-MEAL',
].map((material, index): Silo => [`SI30${index + 1}`, material, 200_000, 60]);

const ids = (silos: readonly Silo[]) => silos.map(([id]) => id);
export const GRAIN = ids(GRAIN_SILOS);
export const SBM = ids(SBM_SILOS);
export const BY_PRODUCTS = ids(BY_PRODUCT_SILOS);
const ALL_SILOS = [...GRAIN, ...SBM, ...BY_PRODUCTS];

/** A drum magnet in the way, which stands while the drawer that it drops its metal into is out. */
function drumMagnet(n: number, x: number): DeviceDefinition[] {
  return [
    machine(
      'motor',
      `MP${n}1`,
      text(`Nam châm trống ${n}`, `Drum magnet ${n}`),
      behindMagnet(run('intake', x + 330, 180), `MM${n}`),
      [2.2, 150, 15],
    ),
    device(
      'magnet',
      `MM${n}`,
      text(`Ngăn kim loại ${n}`, `Tramp-metal drawer ${n}`),
      at('intake', x + 385, 180),
      { passedBy: `MP${n}1`, cleanEveryH: 24 },
    ),
  ];
}

/** A tipping pit of 120 t/h with its way up to the silos, and the weighbridge beside it. */
function pitLine(n: number): DeviceDefinition[] {
  const x = 40 + (n - 1) * 780;
  return [
    bin('pit', `PIT${n}`, text(`Hố nạp ${n}`, `Pit ${n}`), at('intake', x + 60, 600), 40_000),
    pitLight(`TL${n}`, `PIT${n}`, `${n}`, at('intake', x + 60, 540)),
    gate(`GP${n}`, text(`Cửa hố ${n}`, `Pit gate ${n}`), at('intake', x + 60, 670), 120),
    machine(
      'conveyor',
      `CP${n}1`,
      text(`Xích tải hố ${n}`, `Pit conveyor ${n}`),
      run('intake', x + 140, 735),
      [22, 150, 60],
    ),
    machine(
      'elevator',
      `EP${n}1`,
      text(`Gàu tải nạp ${n}`, `Intake elevator ${n}`),
      run('intake', x + 250, 400),
      [45, 150, 40],
    ),
    ...drumMagnet(n, x),
    machine(
      'sieve',
      `SP${n}1`,
      text(`Sàng trống ${n}`, `Drum sieve ${n}`),
      run('intake', x + 330, 270),
      [7.5, 150, 20],
    ),
    machine(
      'conveyor',
      `CP${n}2`,
      text(`Xích tải silo ${n}`, `Silo conveyor ${n}`),
      run('intake', x + 450, 360),
      [30, 150, 90],
    ),
    diverter(
      `DP${n}1`,
      text(`Phân phối silo ${n}`, `Silo distributor ${n}`),
      at('intake', x + 620, 440),
      ALL_SILOS.length,
    ),
    ...aspiration('intake', `P${n}`, [x + 125, 580], [18.5, 3]),
    device(
      'weighbridge',
      `WB${n}`,
      text(`Cân xe ${n}`, `Weighbridge ${n}`),
      { area: 'intake', connection: 'trucks', at: [x + 500, 600], unitId: n },
      { capacityKg: 100_000, divisionKg: 20 },
    ),
    ...['IN', 'OUT'].map((side, index) =>
      machine(
        'motor',
        `BR${n}${side}`,
        text(`Rào chắn ${n} ${side}`, `Barrier ${n} ${side}`),
        run('intake', x + 450 + index * 100, 680),
        [0.4],
      ),
    ),
  ];
}

/**
 * What comes out of a silo in an hour, t. Grain must keep up with four mills of 30 t/h (DOMAIN 4),
 * though its way is cleaned out from one mill's bin to the next.
 */
const SILO_GATE_T_PER_H = { grain: 140, meals: 80 } as const;

/** A silo with its temperature cable, and what it rests on: aeration and sweep, or an activator. */
function silo(
  area: keyof typeof SILO_GATE_T_PER_H,
  [id, material, kg, pct]: Silo,
  x: number,
): DeviceDefinition[] {
  const n = id.slice(2);
  const big = kg >= 1_000_000;
  return [
    bin('silo', id, text(`Silo ${n}`, `Silo ${n}`), at(area, x, 200), kg, [material, pct]),
    device('temperatureCable', `TC${n}`, text(`Cáp nhiệt ${n}`, `Cable ${n}`), at(area, x, 590), {
      silo: id,
      highC: 40,
      ...(big ? { aeration: { fan: `AF${n}`, coolerK: 3, humidityPctMax: 80 } } : {}),
    }),
    ...(big
      ? [
          gate(
            `SG${n}`,
            text(`Cửa silo ${n}`, `Silo gate ${n}`),
            at(area, x, 320),
            SILO_GATE_T_PER_H[area],
          ),
          machine(
            'fan',
            `AF${n}`,
            text(`Quạt thông gió ${n}`, `Aeration ${n}`),
            run(area, x, 470),
            [15],
          ),
          machine(
            'motor',
            `SW${n}`,
            text(`Vít quét ${n}`, `Sweep auger ${n}`),
            run(area, x, 530),
            [11],
          ),
        ]
      : [
          machine(
            'motor',
            `BV${n}`,
            text(`Rung đáy ${n}`, `Bin activator ${n}`),
            run(area, x, 500),
            [1.5],
          ),
        ]),
  ];
}

function siloScrew(id: string, index: number, x: number): DeviceDefinition {
  const n = id.slice(2);
  return drive(
    'feeder',
    `SF${n}`,
    text(`Vít silo ${n}`, `Silo screw ${n}`),
    vfd('meals', x, 310, ['feeders', 1, index]),
    { ratedKw: 7.5, hzMax: 60, coarseHz: 45, fineHz: 20, kgPerHourPerHz: 900, capacityTPerH: 54 },
  );
}

/** Conveyor under a row of silos and the leg at its end. */
function reclaim(
  area: string,
  tag: string,
  x: number,
  tPerH: number,
  [conveyorKw, elevatorKw] = [18.5, 22],
): DeviceDefinition[] {
  return [
    machine(
      'conveyor',
      `C${tag}`,
      text(`Xích tải lấy liệu ${tag}`, `Reclaim conveyor ${tag}`),
      run(area, x - 80, 400),
      [conveyorKw, tPerH, 80],
    ),
    machine(
      'elevator',
      `E${tag}`,
      text(`Gàu tải lấy liệu ${tag}`, `Reclaim elevator ${tag}`),
      run(area, x, 330),
      [elevatorKw, tPerH, 40],
    ),
  ];
}

/** Where bagged raw material is tipped for one line: hopper, leg, sieve and distributor. */
function bagDump(n: number, ways: number): DeviceDefinition[] {
  const x = 90 + (n - 1) * 720;
  return [
    bin('pit', `BD${n}`, text(`Phễu đổ bao ${n}`, `Bag dump ${n}`), at('meals', x, 670), 2_000),
    gate(`GD${n}`, text(`Cửa đổ bao ${n}`, `Dump gate ${n}`), at('meals', x, 722), 20),
    machine(
      'conveyor',
      `CD${n}`,
      text(`Vít đổ bao ${n}`, `Dump conveyor ${n}`),
      run('meals', x + 90, 765),
      [4, 25, 25],
    ),
    machine(
      'elevator',
      `ED${n}`,
      text(`Gàu tải đổ bao ${n}`, `Dump elevator ${n}`),
      run('meals', x + 200, 720),
      [5.5, 25, 35],
    ),
    machine(
      'sieve',
      `SD${n}`,
      text(`Sàng đổ bao ${n}`, `Dump sieve ${n}`),
      run('meals', x + 265, 690),
      [2.2, 25, 15],
    ),
    diverter(
      `DD${n}`,
      text(`Phân phối đổ bao ${n}`, `Dump distributor ${n}`),
      at('meals', x + 265, 750),
      ways,
    ),
    ...aspiration('meals', `D${n}`, [x + 340, 680], [5.5, 3]),
  ];
}

export function intakeStorage(dumped: readonly number[]): DeviceDefinition[] {
  return [
    ...[1, 2].flatMap(pitLine),
    ...GRAIN_SILOS.flatMap((one, index) => silo('grain', one, 120 + index * 165)),
    device(
      'weatherStation',
      'WX1',
      text('Trạm đo không khí', 'Weather station'),
      at('grain', 1400, 650),
      {},
    ),
    ...reclaim('grain', 'G', 1400, 150, [30, 37]),
    diverter('DG', text('Phân phối nghiền', 'Mill distributor'), at('grain', 1470, 220), 4),
    ...aspiration('grain', 'G', [1380, 520], [15, 4]),
    ...SBM_SILOS.flatMap((one, index) => silo('meals', one, 80 + index * 100)),
    ...reclaim('meals', 'S', 480, 100),
    ...BY_PRODUCT_SILOS.flatMap((one, index) => {
      const x = 680 + index * 80;
      return [...silo('meals', one, x), siloScrew(one[0], index, x)];
    }),
    ...reclaim('meals', 'B', 1330, 60),
    ...(
      [
        ['S', 550, 220],
        ['B', 1400, 240],
      ] as const
    ).flatMap(([tag, x, y]) => [
      machine(
        'sieve',
        `S${tag}`,
        text(`Sàng ${tag}`, `Sieve ${tag}`),
        run('meals', x, y - 60),
        [5.5, 100, 15],
      ),
      diverter(
        `D${tag}`,
        text(`Phân phối ${tag}`, `Distributor ${tag}`),
        at('meals', x, y + 20),
        tag === 'S' ? 8 : 16,
      ),
      ...aspiration('meals', tag, [x - 80 + (tag === 'S' ? 40 : 60), 480], [11, 3]),
    ]),
    ...dumped.flatMap((ways, index) => bagDump(index + 1, ways)),
  ];
}

/** From the pits to the silos, and from the silos to `mills`, the bins over the mills. */
export function storageFlows(mills: readonly string[]): FlowDefinition[] {
  const below = (silos: readonly string[], what: string, conveyor: string) =>
    silos.flatMap((id) => chain(id, id.replace('SI', what), conveyor));
  return [
    ...[1, 2].flatMap((n) => [
      ...chain(`PIT${n}`, `GP${n}`, `CP${n}1`, `EP${n}1`, `MP${n}1`, `SP${n}1`, `CP${n}2`),
      ...join([`CP${n}2`], `DP${n}1`),
      ...branch(`DP${n}1`, ...ALL_SILOS),
      ...chain(`BD${n}`, `GD${n}`, `CD${n}`, `ED${n}`, `SD${n}`, `DD${n}`),
    ]),
    ...below(GRAIN, 'SG', 'CG'),
    ...chain('CG', 'EG', 'DG'),
    ...branch('DG', ...mills),
    ...below(SBM, 'SG', 'CS'),
    ...chain('CS', 'ES', 'SS', 'DS'),
    ...below(BY_PRODUCTS, 'SF', 'CB'),
    ...chain('CB', 'EB', 'SB', 'DB'),
  ];
}

export const intakeRoutes: RouteDefinition[] = [1, 2].map((n) => ({
  id: `INTAKE${n}`,
  text: text(`Tuyến nạp liệu ${n}`, `Intake route ${n}`),
  sources: [`PIT${n}`],
  destinations: ALL_SILOS,
  aspiration: [`FNP${n}`],
  aspirationRunOnS: 60,
}));
