import { chain, device, drive } from '../../builders.ts';
import type { DeviceDefinition, FlowDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { aspiration, at, bin, gate, run, valve, vfd } from './places.ts';

/** The two dosing and mixing lines. */
export const LINES = [1, 2] as const;

type Group = readonly [from: number, materials: readonly string[]];

/**
 * The 28 main bins of a line by what brings their material, the bins' numbers counted on. The
 * first 16 feed the 6 t scale, the rest the 3 t scale.
 */
export const MAIN: Readonly<Record<'grain' | 'sbm' | 'byProducts' | 'bagged', Group>> = {
  grain: [1, ['MAIZE', 'MAIZE', 'MAIZE', 'MAIZE', 'MAIZE', 'MAIZE', 'WHEAT', 'CASSAVA']],
  sbm: [9, ['SBM', 'SBM', 'SBM', 'SBM']],
  byProducts: [
    13,
    [
      'WHEAT-BRAN',
      'RICE-BRAN',
      'DDGS',
      'WHEAT-FLOUR',
      'FISH-MEAL',
      'BROKEN-RICE',
      'EXTRUDED-SOY',
      'POULTRY-MEAL',
    ],
  ],
  bagged: [
    21,
    [
      'CORN-GLUTEN',
      'SQUID-MEAL',
      'WHEY',
      'WHEAT-GLUTEN',
      'FISH-MEAL',
      'POULTRY-MEAL',
      'LIMESTONE',
      'DCP',
    ],
  ],
};
const ON_LARGE_SCALE = 16;

/** Medium bins (1-5 % of a formula), on the 500 kg scale. */
const MEDIUM = [
  'DCP',
  'LIMESTONE',
  'MCP',
  'SALT',
  'PREMIX',
  'BINDER',
  'BICARBONATE',
  'CHOLINE',
  'LYSINE',
  'METHIONINE',
];

/** Micro bins: 16 on the 100 kg scale, then 8 on the 20 kg scale for drugs and the like. */
const MICRO = [
  'LYSINE',
  'METHIONINE',
  'L-METHIONINE',
  'THREONINE',
  'CHOLINE',
  'SALT',
  'PREMIX',
  'BICARBONATE',
  'VITAMIN-PREMIX',
  'MINERAL-PREMIX',
  'COPPER-CHLORIDE',
  'VITAMIN-C',
  'CHOLESTEROL',
  'ANTIOXIDANT',
  'TRYPTOPHAN',
  'TOXIN-BINDER',
  'COCCIDIOSTAT',
  'SELENIUM-PREMIX',
  'PHYTASE',
  'XYLANASE',
  'PIGMENT',
  'FLAVOUR',
  'PROBIOTIC',
  'ACIDIFIER',
];
const ON_MICRO_SCALE = 16;

export const LIQUIDS = ['SOY-OIL', 'ANIMAL-FAT', 'FISH-OIL', 'LECITHIN'] as const;
/** The first two are weighed on the liquid scale; the others go by meter straight to the mixer. */
const ON_LIQUID_SCALE = 2;

const two = (n: number) => String(n).padStart(2, '0');
const series = (prefix: string, line: number, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${line}${two(from + index)}`);

/** Main bins of a line whose material comes the same way. */
export function mainBins(line: number, group: keyof typeof MAIN): string[] {
  const [from, materials] = MAIN[group];
  return series('DB', line, from, materials.length);
}

/** The slide over each main bin, where the distributors discharge. */
export function inletSlides(line: number, group: keyof typeof MAIN): string[] {
  return mainBins(line, group).map((id) => id.replace('DB', 'DS'));
}

/** Screw size: power, flow at 1 Hz of its usual material, frequency of the fine flow. */
type Screw = readonly [ratedKw: number, kgPerHourPerHz: number, fineHz: number];

function screw(
  id: string,
  name: ReturnType<typeof text>,
  place: ReturnType<typeof vfd>,
  [ratedKw, kgPerHourPerHz, fineHz]: Screw,
): DeviceDefinition {
  return drive('feeder', id, name, place, {
    ratedKw,
    hornS: 0,
    runUpS: 2,
    startsPerHourMax: 600,
    hzMax: 60,
    coarseHz: 50,
    fineHz,
    kgPerHourPerHz,
    capacityTPerH: (kgPerHourPerHz * 60) / 1_000,
  });
}

/**
 * Screws over the 6 t scale, 110 t/h: four mains of a formula after each other, with their fine
 * flows and the discharge, take less than the 346 s of 10.4 batches an hour (DOMAIN 2).
 */
const MAIN_SCREW: Screw = [15, 2_200, 2.5];

/** The bin with the drive that shakes it when its product hangs. */
function knockedBy(knocker: string, of: DeviceDefinition): DeviceDefinition {
  return of.type === 'bin' ? { ...of, settings: { ...of.settings, knocker } } : of;
}

function mainBin(line: number, material: string, index: number): DeviceDefinition[] {
  const n = `${line}${two(index + 1)}`;
  const area = `dosing${line}`;
  const x = 45 + index * 55;
  return [
    gate(`DS${n}`, text(`Cửa vào bồn ${n}`, `Inlet slide ${n}`), at(area, x, 150)),
    knockedBy(
      `BA${n}`,
      bin('dosing', `DB${n}`, text(`Bồn cân ${n}`, `Dosing bin ${n}`), at(area, x, 255), 26_000, [
        material,
        65,
      ]),
    ),
    drive(
      'motor',
      `BA${n}`,
      text(`Rung đáy bồn ${n}`, `Bin activator ${n}`),
      run(area, x, 345),
      // It shakes in short pulses, and nobody can reach it: no horn, and many starts.
      { ratedKw: 0.75, hornS: 0, runUpS: 2, startsPerHourMax: 120 },
    ),
    screw(
      `DF${n}`,
      text(`Vít cân ${n}`, `Dosing screw ${n}`),
      vfd(area, x, 400, [`drives${line}`, 1 + Math.floor(index / 14), index % 14]),
      index < ON_LARGE_SCALE ? MAIN_SCREW : [5.5, 500, 2.5],
    ),
  ];
}

function mediumBin(line: number, material: string, index: number): DeviceDefinition[] {
  const n = `${line}${two(index + 1)}`;
  const area = `micro${line}`;
  const x = 45 + index * 52;
  return [
    bin('dosing', `DM${n}`, text(`Bồn vừa ${n}`, `Medium bin ${n}`), at(area, x, 170), 6_000, [
      material,
      70,
    ]),
    screw(
      `MF${n}`,
      text(`Vít vừa ${n}`, `Medium screw ${n}`),
      vfd(area, x, 270, [`drives${line}`, 3, index]),
      [2.2, 60, 2.5],
    ),
  ];
}

function microBin(line: number, material: string, index: number): DeviceDefinition[] {
  const n = `${line}${two(index + 1)}`;
  const area = `micro${line}`;
  const isFine = index >= ON_MICRO_SCALE;
  const [x, y] = isFine ? [45 + (index - ON_MICRO_SCALE) * 52, 540] : [640 + index * 52, 170];
  return [
    bin('micro', `DU${n}`, text(`Bồn vi lượng ${n}`, `Micro bin ${n}`), at(area, x, y), 600, [
      material,
      75,
    ]),
    screw(
      `UF${n}`,
      text(`Vít vi lượng ${n}`, `Micro screw ${n}`),
      vfd(area, x, y + 100, [`drives${line}`, 4 + Math.floor(index / 12), index % 12]),
      isFine ? [0.25, 1.5, 2] : [0.37, 8, 2],
    ),
  ];
}

function dayTank(line: number, material: string, index: number): DeviceDefinition[] {
  const n = `${line}${index + 1}`;
  const area = `micro${line}`;
  const x = 600 + index * 62;
  return [
    bin('tank', `LT${n}`, text(`Bồn ngày ${n}`, `Day tank ${n}`), at(area, x, 540), 3_000, [
      material,
      70,
    ]),
    screw(
      `LP${n}`,
      text(`Bơm dầu ${n}`, `Liquid pump ${n}`),
      vfd(area, x, 640, [`drives${line}`, 3, 10 + index]),
      [3, 240, 2.5],
    ),
    ...(index < ON_LIQUID_SCALE ? [meter(line, n, x)] : dosed(line, n, x)),
  ];
}

function meter(line: number, n: string, x: number): DeviceDefinition {
  const place = at(`micro${line}`, x, 445);
  return device('flowMeter', `FT${n}`, text(`Lưu lượng kế ${n}`, `Flow meter ${n}`), place, {
    pump: `LP${n}`,
    kgPerHMax: 15_000,
  });
}

/** A liquid by meter: pulses of 10 g, and a valve that lets it into the mixer. */
function dosed(line: number, n: string, x: number): DeviceDefinition[] {
  const area = `micro${line}`;
  return [
    device(
      'doseMeter',
      `FT${n}`,
      text(`Lưu lượng kế định lượng ${n}`, `Dosing meter ${n}`),
      at(area, x, 445),
      {
        pump: `LP${n}`,
        valve: `LV${n}`,
        kgPerHMax: 15_000,
        kgPerPulse: 0.01,
        minimumKg: 5,
        capacityKg: 500,
        tolerancePct: 0.5,
        toleranceKg: 0.3,
        settleS: 2,
      },
    ),
    valve(`LV${n}`, text(`Van phun ${n}`, `Spray valve ${n}`), at(area, x + 110, 690), 20),
  ];
}

/** Meters of a line that dose liquids into its mixer. */
export function meterIds(line: number): string[] {
  return LIQUIDS.slice(ON_LIQUID_SCALE).map(
    (_, index) => `FT${line}${ON_LIQUID_SCALE + index + 1}`,
  );
}

type Four = readonly [number, number, number, number];

interface ScalePlace {
  readonly area: string;
  readonly at: readonly [number, number];
  readonly name: ReturnType<typeof text>;
  readonly capacityKg: number;
  readonly divisionKg: number;
  readonly minimumDivisions: number;
  readonly toleranceKg: number;
  readonly gateAt: readonly [number, number];
  readonly dischargeTPerH: number;
}

/** Scales 6 t, 3 t, 500 kg, 100 kg, 20 kg and liquids, tolerances of DOMAIN 4. */
function scalesOf(line: number): readonly ScalePlace[] {
  const [main, micro] = [`dosing${line}`, `micro${line}`];
  const scale = (
    area: string,
    name: ReturnType<typeof text>,
    [capacityKg, divisionKg, minimumDivisions, toleranceKg]: Four,
    [x, y, gateX, gateY]: Four,
    dischargeTPerH: number,
  ): ScalePlace => ({
    area,
    name,
    at: [x, y],
    gateAt: [gateX, gateY],
    capacityKg,
    divisionKg,
    minimumDivisions,
    toleranceKg,
    dischargeTPerH,
  });
  return [
    scale(main, text('Cân 6 t', 'Scale 6 t'), [6_000, 1, 20, 2], [457, 520, 457, 590], 1_200),
    scale(main, text('Cân 3 t', 'Scale 3 t'), [3_000, 0.5, 20, 1], [1227, 520, 1227, 590], 600),
    scale(micro, text('Cân 500 kg', 'Scale 500 kg'), [500, 0.1, 50, 0.2], [279, 370, 279, 430], 90),
    scale(
      micro,
      text('Cân 100 kg', 'Scale 100 kg'),
      [100, 0.01, 50, 0.01],
      [1030, 370, 1030, 430],
      20,
    ),
    scale(micro, text('Cân 20 kg', 'Scale 20 kg'), [20, 0.001, 50, 0.01], [227, 735, 320, 735], 5),
    scale(micro, text('Cân lỏng', 'Liquid scale'), [500, 0.1, 50, 0.3], [693, 735, 790, 735], 60),
  ];
}

/** Numbers of a line's scales, coarse to fine, then liquids: `WS11` is the 6 t scale of line 1. */
export function scaleIds(line: number): string[] {
  return scalesOf(line).map((_, index) => `WS${line}${index + 1}`);
}

function weighing(line: number): DeviceDefinition[] {
  return scalesOf(line).flatMap((one, index) => {
    const n = `${line}${index + 1}`;
    const { area, capacityKg, divisionKg, minimumDivisions, toleranceKg } = one;
    return [
      device(
        'scale',
        `WS${n}`,
        text(`${one.name.vi} (${line})`, `${one.name.en} (${line})`),
        { area, connection: `scales${line}`, at: one.at, unitId: index + 1 },
        {
          capacityKg,
          divisionKg,
          minimumDivisions,
          tolerancePct: 0.5,
          toleranceKg,
          settleS: 2,
          dischargeGate: `GS${n}`,
        },
      ),
      gate(
        `GS${n}`,
        text(`Cửa xả cân ${n}`, `Scale gate ${n}`),
        at(area, ...one.gateAt),
        one.dischargeTPerH,
      ),
    ];
  });
}

/** Everything of one line from its dosing bins to its scales. */
export function dosingLine(line: number): DeviceDefinition[] {
  const mains = Object.values(MAIN).flatMap(([, materials]) => materials);
  return [
    ...mains.flatMap((material, index) => mainBin(line, material, index)),
    ...MEDIUM.flatMap((material, index) => mediumBin(line, material, index)),
    ...MICRO.flatMap((material, index) => microBin(line, material, index)),
    ...LIQUIDS.flatMap((material, index) => dayTank(line, material, index)),
    ...weighing(line),
    ...aspiration(`dosing${line}`, `W${line}`, [750, 680], [15, 4]),
    ...aspiration(`micro${line}`, `U${line}`, [1000, 600], [7.5, 4]),
  ];
}

export function dosingFlows(line: number): FlowDefinition[] {
  const onto = (bins: readonly string[], from: string, to: string, scale: number) =>
    bins.flatMap((id) => chain(id, id.replace(from, to), `WS${line}${scale}`));
  const mains = series('DB', line, 1, 28);
  const micros = series('DU', line, 1, MICRO.length);
  return [
    ...mains.flatMap((id) => chain(id.replace('DB', 'DS'), id)),
    ...onto(mains.slice(0, ON_LARGE_SCALE), 'DB', 'DF', 1),
    ...onto(mains.slice(ON_LARGE_SCALE), 'DB', 'DF', 2),
    ...onto(series('DM', line, 1, MEDIUM.length), 'DM', 'MF', 3),
    ...onto(micros.slice(0, ON_MICRO_SCALE), 'DU', 'UF', 4),
    ...onto(micros.slice(ON_MICRO_SCALE), 'DU', 'UF', 5),
    ...LIQUIDS.flatMap((_, index) => {
      const n = `${line}${index + 1}`;
      const end = index < ON_LIQUID_SCALE ? [`WS${line}6`] : [`LV${n}`, `MX${line}`];
      return chain(`LT${n}`, `LP${n}`, ...end);
    }),
    ...scaleIds(line).flatMap((id) => chain(id, id.replace('WS', 'GS'))),
  ];
}
