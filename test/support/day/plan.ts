/** Goal: what a mill is asked for in a day: orders for each line, and who arrives at the pits. */
import type { Mill } from '../../../plc/mill/definition.ts';
import { type Chance, uniform } from '../../../simulators/process/chance.ts';

/** Products of a day, in the order in which a line makes them. */
const FORMULAS = [
  'PIG-GROWER',
  'BROILER-FIN',
  'DUCK-MEAT',
  'PIG-WEANER',
  'BROILER-STA',
  'SHRIMP-35',
];
const ORDER_KG = [18_000, 24_000, 36_000, 48_000];
const BATCH_KG = 6_000;
/** A truck of grain or meal carries so much, kg. */
const TRUCK_KG_MIN = 22_000;
const TRUCK_KG_SPREAD = 8_000;

export interface PlannedOrder {
  readonly formula: string;
  readonly line: string;
  readonly destination: string;
  readonly orderKg: number;
  readonly batchKg: number;
}

export interface PlannedTruck {
  readonly material: string;
  readonly kg: number;
  readonly pit: string;
  readonly silo: string;
  readonly route: string;
}

/** One of a list, drawn by chance. @throws {RangeError} for an empty list. */
export function draw<T>(list: readonly T[], chance: Chance): T {
  const drawn = list[Math.floor(uniform(chance) * list.length)];
  if (drawn === undefined) throw new RangeError('there is nothing to draw from');
  return drawn;
}

/** The next order of a line: products in turn, each into the next finished bin of its baggers. */
export function nextOrder(mill: Mill, line: string, number: number, chance: Chance): PlannedOrder {
  const definition = mill.lines.find(({ id }) => id === line);
  const bagged = mill.baggingLines
    .filter(({ bagger }) => definition?.baggers.includes(bagger))
    .flatMap(({ bins }) => bins)
    .filter((bin) => definition?.finishedBins.includes(bin));
  const shift = mill.lines.findIndex(({ id }) => id === line) * 3;
  return {
    formula: FORMULAS[(number + shift) % FORMULAS.length] ?? 'PIG-GROWER',
    line,
    destination: bagged[number % bagged.length] ?? '',
    orderKg: draw(ORDER_KG, chance),
    batchKg: BATCH_KG,
  };
}

/** Every way from a pit to a silo, with what the silo is for. */
export function waysFromPits(mill: Mill): readonly Omit<PlannedTruck, 'kg'>[] {
  const isPit = (id: string) => {
    const device = mill.deviceById.get(id);
    return device?.type === 'bin' && device.settings.kind === 'pit';
  };
  return mill.routes.flatMap(({ id, sources, destinations }) =>
    sources.filter(isPit).flatMap((pit) =>
      destinations.flatMap((silo) => {
        const device = mill.deviceById.get(silo);
        const material = device?.type === 'bin' ? device.settings.material : null;
        return material === null ? [] : [{ route: id, pit, silo, material }];
      }),
    ),
  );
}

/** What a truck carries, kg. */
export function truckKg(chance: Chance): number {
  return Math.round(TRUCK_KG_MIN + TRUCK_KG_SPREAD * uniform(chance));
}
