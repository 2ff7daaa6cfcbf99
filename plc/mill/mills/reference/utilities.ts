import { branch, chain, device } from '../../builders.ts';
import type { DeviceDefinition, FlowDefinition, RouteDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { LINES, LIQUIDS } from './dosing.ts';
import { PRESSES } from './pelleting.ts';
import { AIR, at, bin, diverter, machine, pitLight, run, valve } from './places.ts';

/** Three bays: the third fills either of two tanks. */
const BAYS: readonly (readonly number[])[] = [[1], [2], [3, 4]];

function bay(tanks: readonly number[], index: number): DeviceDefinition[] {
  const n = index + 1;
  const x = 120 + index * 260;
  return [
    bin(
      'pit',
      `LB${n}`,
      text(`Trạm xả lỏng ${n}`, `Liquid bay ${n}`),
      at('liquids', x, 110),
      30_000,
    ),
    pitLight(`TLB${n}`, `LB${n}`, `lỏng ${n}`, at('liquids', x + 75, 110), `bay ${n}`),
    valve(`LV${n}`, text(`Van trạm xả ${n}`, `Bay valve ${n}`), at('liquids', x, 180), 30),
    machine(
      'pump',
      `LU${n}`,
      text(`Bơm xả ${n}`, `Unloading pump ${n}`),
      run('liquids', x, 240),
      [7.5, 30, 15],
    ),
    ...(tanks.length > 1
      ? [
          diverter(
            `LD${n}`,
            text(`Van chia bồn ${n}`, `Tank valve ${n}`),
            at('liquids', x, 305),
            tanks.length,
          ),
        ]
      : []),
  ];
}

/** The tanks of the coaters: soybean oil, which the first bulk tank holds. */
export const COATING_TANKS: readonly string[] = PRESSES.map(([press]) => `OT${press}`);

/** What is filled from a bulk tank: the day tank of either line, from the first the coaters too. */
function dayTanks(n: number): string[] {
  return [...LINES.map((line) => `LT${line}${n}`), ...(n === 1 ? COATING_TANKS : [])];
}

/** Bulk tank of 30 t with agitator and meter; its pump fills day tanks. */
function tank(material: string, index: number): DeviceDefinition[] {
  const n = index + 1;
  const x = 120 + index * 200;
  return [
    bin(
      'silo',
      `TK${n}`,
      text(`Bồn lỏng ${n}`, `Liquid tank ${n}`),
      at('liquids', x, 450),
      30_000,
      [material, 60],
    ),
    machine(
      'motor',
      `TA${n}`,
      text(`Khuấy bồn ${n}`, `Agitator ${n}`),
      run('liquids', x + 70, 450),
      [2.2],
    ),
    machine(
      'pump',
      `TP${n}`,
      text(`Bơm chuyển ${n}`, `Transfer pump ${n}`),
      run('liquids', x, 560),
      [3, 10, 10],
    ),
    device(
      'flowMeter',
      `FM${n}`,
      text(`Lưu lượng kế bồn ${n}`, `Tank flow meter ${n}`),
      at('liquids', x + 70, 560),
      {
        pump: `TP${n}`,
        kgPerHMax: 12_000,
      },
    ),
    diverter(
      `TD${n}`,
      text(`Van chia bồn ngày ${n}`, `Day-tank valve ${n}`),
      at('liquids', x, 630),
      dayTanks(n).length,
    ),
  ];
}

export const liquids: DeviceDefinition[] = [...BAYS.flatMap(bay), ...LIQUIDS.flatMap(tank)];

export const liquidFlows: FlowDefinition[] = [
  ...BAYS.flatMap((tanks, index) => {
    const n = index + 1;
    const ends = tanks.map((one) => `TK${one}`);
    const pump = chain(`LB${n}`, `LV${n}`, `LU${n}`);
    return ends.length > 1
      ? [...pump, ...chain(`LU${n}`, `LD${n}`), ...branch(`LD${n}`, ...ends)]
      : [...pump, ...chain(`LU${n}`, ...ends)];
  }),
  ...LIQUIDS.flatMap((_, index) => {
    const n = index + 1;
    return [...chain(`TK${n}`, `TP${n}`, `TD${n}`), ...branch(`TD${n}`, ...dayTanks(n))];
  }),
];

export const liquidRoutes: RouteDefinition[] = [
  ...BAYS.map((tanks, index) => ({
    id: `LIQIN${index + 1}`,
    text: text(`Tuyến nhập lỏng ${index + 1}`, `Liquid intake ${index + 1}`),
    sources: [`LB${index + 1}`],
    destinations: tanks.map((one) => `TK${one}`),
    aspiration: [],
    aspirationRunOnS: 0,
  })),
  ...LIQUIDS.map((_, index) => ({
    id: `LIQ${index + 1}`,
    text: text(`Tuyến bồn ngày ${index + 1}`, `Day-tank route ${index + 1}`),
    sources: [`TK${index + 1}`],
    destinations: dayTanks(index + 1),
    aspiration: [],
    aspirationRunOnS: 0,
  })),
];

/** Feeds of the switchboard that have a meter, with their rated current, A. */
const FEEDS: readonly (readonly [string, string, number])[] = [
  ['Nạp liệu và silo', 'Intake and silos', 800],
  ['Nghiền', 'Grinding', 2_500],
  ['Cân trộn', 'Dosing and mixing', 1_250],
  ['Ép viên', 'Pelleting', 3_200],
  ['Đóng bao', 'Bagging', 400],
  ['Phụ trợ', 'Utilities', 630],
];

const HELPERS = [
  ['BW', 'Bơm cấp nước nồi hơi', 'Feed-water pump', 'pump', 7.5],
  ['BF', 'Quạt lò đốt', 'Burner fan', 'fan', 15],
  ['BC', 'Cấp liệu lò', 'Fuel conveyor', 'conveyor', 3],
] as const;

export const utilities: DeviceDefinition[] = [
  ...[1, 2].flatMap((n) => [
    device(
      'boiler',
      `BL${n}`,
      text(`Nồi hơi ${n}`, `Boiler ${n}`),
      at('utilities', n * 300 - 160, 220),
      {
        steamKgPerH: 6_000,
        pressureBar: 8,
        lowBar: 6,
      },
    ),
    ...HELPERS.map(([prefix, vi, en, type, kW], index) =>
      machine(
        type,
        `${prefix}${n}`,
        text(`${vi} ${n}`, `${en} ${n}`),
        run('utilities', n * 300 - 220 + index * 60, 290),
        [kW],
      ),
    ),
  ]),
  ...[1, 2, 3].flatMap((n) => [
    device(
      'compressor',
      `AC${n}`,
      text(`Máy nén khí ${n}`, `Compressor ${n}`),
      at('utilities', 680 + n * 150, 220),
      {
        ratedKw: 75,
        pressureBar: 7.5,
        lowBar: 6,
      },
    ),
    machine(
      'motor',
      `AD${n}`,
      text(`Máy sấy khí ${n}`, `Air dryer ${n}`),
      run('utilities', 680 + n * 150, 290),
      [3],
    ),
  ]),
  device('airNet', AIR, text('Mạng khí nén', 'Compressed air'), at('utilities', 980, 130), {
    compressors: [1, 2, 3].map((n) => `AC${n}`),
    lowBar: 6,
    pressureBar: 7.5,
  }),
  ...FEEDS.map(([vi, en, ratedAmps], index) =>
    device(
      'energyMeter',
      `EM${index + 1}0`,
      text(`Điện ${vi.toLowerCase()}`, `Energy ${en.toLowerCase()}`),
      { area: 'utilities', connection: 'meters', at: [140 + index * 200, 450], unitId: index + 1 },
      { ratedAmps },
    ),
  ),
];
