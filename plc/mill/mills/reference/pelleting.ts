import {
  branch,
  chain,
  device,
  drive,
  EXHAUST_HIGH_C,
  fedToCooler,
  unburnt,
} from '../../builders.ts';
import type { DeviceDefinition, FlowDefinition, RouteDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { at, bin, diverter, machine, run, valve, vfd } from './places.ts';

/**
 * Presses with their throughput, t/h (DOMAIN 4), and the rows of finished bins that each fills. The
 * small one belongs to both lines, and row 5 to all presses: so each press of a line fills every
 * finished bin of that line.
 */
export const PRESSES: readonly (readonly [n: number, tPerH: number, rows: readonly number[]])[] = [
  [1, 22, [1, 2, 5]],
  [2, 22, [1, 2, 5]],
  [3, 22, [3, 4, 5]],
  [4, 22, [3, 4, 5]],
  [5, 12, [1, 2, 3, 4, 5]],
];

/**
 * What the motor could press at full load, as a share of what the press is rated for: at its set
 * point of 88 % of full load it makes its rated t/h, with room for a hard formula.
 */
const AT_FULL_LOAD = 1.48;
/** Holds an order of eight batches, so that the mixers go on to the next press meanwhile, kg. */
const PRESS_BIN_KG = 60_000;
/** Fat on pellets is at most this share of them (DOMAIN 6: more than 6 % plugs). */
const COATING_SHARE_MAX = 0.06;
const COATING_TANK_KG = 10_000;

/** Bin, feeder, conditioner and press, with the valves of its steam. */
function pressing(n: number, tPerH: number, x: number): DeviceDefinition[] {
  const valves = ['hơi chính', 'xả ngưng', 'xả khí'];
  const names = ['Steam', 'Condensate', 'Vent'];
  return [
    bin(
      'press',
      `PB${n}`,
      text(`Bồn ép ${n}`, `Press bin ${n}`),
      at('pelleting', x, 110),
      PRESS_BIN_KG,
    ),
    drive(
      'feeder',
      `FP${n}`,
      text(`Cấp liệu ép ${n}`, `Press feeder ${n}`),
      // Hot pellets without air would burn in the cooler: no fan, no feed (DOMAIN 4).
      fedToCooler(vfd('pelleting', x, 195, ['feeders', 2, n - 1]), `CL${n}`, `FNL${n}`),
      {
        ratedKw: 4,
        hzMax: 60,
        coarseHz: 40,
        fineHz: 10,
        kgPerHourPerHz: tPerH * 26,
        capacityTPerH: tPerH * 1.4,
      },
    ),
    drive(
      'motor',
      `CN${n}`,
      text(`Trộn hơi ${n}`, `Conditioner ${n}`),
      unburnt(run('pelleting', x, 265), `CL${n}`),
      { ratedKw: 15, capacityTPerH: tPerH * 1.4, cleanOutS: 30 },
    ),
    drive(
      'press',
      `PM${n}`,
      text(`Máy ép ${n}`, `Press ${n}`),
      unburnt(run('pelleting', x, 345), `CL${n}`),
      {
        ratedKw: tPerH * 12,
        runUpS: 20,
        cleanOutS: 20,
        startsPerHourMax: 4,
        capacityTPerH: tPerH * AT_FULL_LOAD,
        feeder: `FP${n}`,
        conditioner: `CN${n}`,
        loadSetPct: 88,
        conditionerHighC: 99,
      },
    ),
    ...valves.map((vi, index) =>
      valve(
        `ST${n}${index + 1}`,
        text(`Van ${vi} ${n}`, `${names[index]} valve ${n}`),
        at('pelleting', x + 128 + index * 42, 265),
      ),
    ),
    machine(
      'pump',
      `GR${n}`,
      text(`Bơm mỡ ${n}`, `Grease pump ${n}`),
      run('pelleting', x + 170, 345),
      [0.4],
    ),
  ];
}

/** Coating drum with its tank and pump. */
function coating(n: number, tPerH: number, x: number): DeviceDefinition[] {
  return [
    drive('coater', `CO${n}`, text(`Máy phun dầu ${n}`, `Coater ${n}`), run('pelleting', x, 655), {
      ratedKw: 4,
      capacityTPerH: tPerH * 1.5,
      cleanOutS: 20,
      liquidKgPerHMax: tPerH * 1_000 * COATING_SHARE_MAX,
      deviationPct: 2,
      pump: `OP${n}`,
    }),
    bin(
      'tank',
      `OT${n}`,
      text(`Bồn dầu phun ${n}`, `Coating tank ${n}`),
      at('pelleting', x + 225, 590),
      COATING_TANK_KG,
      ['SOY-OIL', 60],
    ),
    drive(
      'feeder',
      `OP${n}`,
      text(`Bơm phun dầu ${n}`, `Coating pump ${n}`),
      vfd('pelleting', x + 170, 655, ['feeders', 2, 5 + (n - 1)]),
      {
        ratedKw: 1.5,
        hzMax: 60,
        coarseHz: 50,
        fineHz: 10,
        kgPerHourPerHz: (tPerH * 1_000 * COATING_SHARE_MAX) / 50,
        capacityTPerH: tPerH * COATING_SHARE_MAX * 1.2,
      },
    ),
  ];
}

/** Cooler, crumbler, sieve and coater below a press, and the leg to its row of finished bins. */
function cooling(n: number, tPerH: number, x: number, ways: number): DeviceDefinition[] {
  const place = (dx: number, y: number) => run('pelleting', x + dx, y);
  return [
    device('cooler', `CL${n}`, text(`Máy làm nguội ${n}`, `Cooler ${n}`), at('pelleting', x, 445), {
      fan: `FNL${n}`,
      bedKg: tPerH * 90,
      bedM: 1.5,
      dischargeTPerH: tPerH * 1.4,
      exhaustHighC: EXHAUST_HIGH_C,
    }),
    drive(
      'fan',
      `FNL${n}`,
      text(`Quạt làm nguội ${n}`, `Cooler fan ${n}`),
      unburnt(place(170, 445), `CL${n}`),
      { ratedKw: 37, starter: 'starDelta', cleanOutS: 120 },
    ),
    machine(
      'motor',
      `RVL${n}`,
      text(`Van quay cyclone ${n}`, `Cyclone valve ${n}`),
      place(225, 445),
      [1.1],
    ),
    drive('crumbler', `CR${n}`, text(`Máy bẻ viên ${n}`, `Crumbler ${n}`), place(0, 525), {
      ratedKw: 15,
      capacityTPerH: tPerH * 1.5,
      cleanOutS: 10,
      gapMmMin: 1,
      gapMmMax: 3,
    }),
    machine('sieve', `SV${n}`, text(`Sàng viên ${n}`, `Pellet sieve ${n}`), place(0, 590), [
      4,
      tPerH * 1.5,
      20,
    ]),
    ...coating(n, tPerH, x),
    machine('conveyor', `FR${n}`, text(`Vít hồi bụi ${n}`, `Fines return ${n}`), place(90, 730), [
      1.5,
      tPerH * 0.2,
      30,
    ]),
    machine(
      'elevator',
      `EL${n}`,
      text(`Gàu tải viên ${n}`, `Product elevator ${n}`),
      place(95, 430),
      [11, tPerH * 2, 40],
    ),
    diverter(
      `DP${n}`,
      text(`Phân phối thành phẩm ${n}`, `Product distributor ${n}`),
      at('pelleting', x + 170, 110),
      ways,
    ),
  ];
}

export const pelleting: DeviceDefinition[] = PRESSES.flatMap(([n, tPerH, rows]) => {
  const x = 70 + (n - 1) * 312;
  return [...pressing(n, tPerH, x), ...cooling(n, tPerH, x, rows.length * 8)];
});

/** `binsOf`: the finished bins of a row. */
export function pelletingFlows(binsOf: (row: number) => readonly string[]): FlowDefinition[] {
  return PRESSES.flatMap(([n, , rows]) => [
    ...chain(`PB${n}`, `FP${n}`, `CN${n}`, `PM${n}`, `CL${n}`, `CR${n}`, `SV${n}`, `CO${n}`),
    ...chain(`CO${n}`, `EL${n}`, `DP${n}`),
    ...chain(`SV${n}`, `FR${n}`, `PB${n}`),
    ...chain(`OT${n}`, `OP${n}`, `CO${n}`),
    ...branch(`DP${n}`, ...rows.flatMap(binsOf)),
  ]);
}

export function pelletingRoutes(binsOf: (row: number) => readonly string[]): RouteDefinition[] {
  return PRESSES.map(([n, , rows]) => ({
    id: `PELLET${n}`,
    text: text(`Tuyến ép viên ${n}`, `Pelleting route ${n}`),
    sources: [`PB${n}`],
    destinations: rows.flatMap(binsOf),
    aspiration: [`FNL${n}`],
    aspirationRunOnS: 120,
  }));
}
