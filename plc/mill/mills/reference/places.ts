import type { ConnectionDefinition } from '../../../model/connection.ts';
import type { Text } from '../../../model/text.ts';
import { device, drive, is, type Placement } from '../../builders.ts';
import type { AreaDefinition, BinSettings, DeviceDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';

/** Each area with the field controller (OPC UA server) that it hangs on. */
const AREA_SERVERS: readonly (readonly [string, string, Text])[] = [
  ['intake', 'intake', text('Nạp liệu', 'Intake')],
  ['grain', 'storage', text('Silo hạt', 'Grain silos')],
  ['meals', 'storage', text('Silo khô dầu và phụ phẩm', 'Meal and by-product silos')],
  ['liquids', 'utilities', text('Chất lỏng', 'Liquids')],
  ['grinding', 'grinding', text('Nghiền', 'Grinding')],
  ['dosing1', 'dosing1', text('Cân chính 1', 'Main dosing 1')],
  ['micro1', 'dosing1', text('Cân vi lượng 1', 'Micro dosing 1')],
  ['mixing1', 'dosing1', text('Trộn 1', 'Mixing 1')],
  ['dosing2', 'dosing2', text('Cân chính 2', 'Main dosing 2')],
  ['micro2', 'dosing2', text('Cân vi lượng 2', 'Micro dosing 2')],
  ['mixing2', 'dosing2', text('Trộn 2', 'Mixing 2')],
  ['pelleting', 'pelleting', text('Ép viên và làm nguội', 'Pelleting and cooling')],
  ['finished', 'finishing', text('Bồn thành phẩm', 'Finished bins')],
  ['bagging', 'finishing', text('Đóng bao và xuất xá', 'Bagging and load-out')],
  ['utilities', 'utilities', text('Phụ trợ', 'Utilities')],
];

export const AREAS: readonly AreaDefinition[] = AREA_SERVERS.map(([id, , name]) => ({
  id,
  text: name,
}));

const SERVERS: readonly (readonly [string, Text])[] = [
  ['intake', text('Tủ nạp liệu', 'Intake controller')],
  ['storage', text('Tủ silo', 'Storage controller')],
  ['grinding', text('Tủ nghiền', 'Grinding controller')],
  ['dosing1', text('Tủ cân trộn 1', 'Dosing controller 1')],
  ['dosing2', text('Tủ cân trộn 2', 'Dosing controller 2')],
  ['pelleting', text('Tủ ép viên', 'Pelleting controller')],
  ['finishing', text('Tủ thành phẩm', 'Finishing controller')],
  ['utilities', text('Tủ phụ trợ', 'Utilities controller')],
];

const GATEWAYS: readonly (readonly [string, Text])[] = [
  ['trucks', text('Đầu cân xe', 'Weighbridge terminals')],
  ['feeders', text('Biến tần silo, nghiền, ép', 'Drives of silos, mills, presses')],
  ['drives1', text('Biến tần cân 1', 'Dosing drives 1')],
  ['drives2', text('Biến tần cân 2', 'Dosing drives 2')],
  ['scales1', text('Đầu cân dây chuyền 1', 'Weighing terminals 1')],
  ['scales2', text('Đầu cân dây chuyền 2', 'Weighing terminals 2')],
  ['baggers', text('Máy đóng bao', 'Baggers')],
  ['meters', text('Đồng hồ điện', 'Energy meters')],
];

export const CONNECTIONS: readonly ConnectionDefinition[] = [
  ...SERVERS.map(([id, name], index) => ({
    kind: 'opcua' as const,
    id,
    text: name,
    endpointUrl: `opc.tcp://127.0.0.1:${4840 + index}`,
    namespaceUri: `urn:feed-mill:${id}`,
    publishingIntervalMs: 100,
    security: 'strongest' as const,
    identity: { kind: 'anonymous' as const },
  })),
  ...GATEWAYS.map(([id, name], index) => ({
    kind: 'modbus' as const,
    id,
    text: name,
    transport: { kind: 'tcp' as const, host: '127.0.0.1', port: 5020 + index },
    timeoutMs: 1_000,
    gapLimit: 16,
    registersPerReadMax: 125,
    units: {},
  })),
];

/** The emergency stop and horn of an area. */
function stopOf(area: string): string {
  return `ES${area.toUpperCase()}`;
}

/** A place on the field controller of an area. */
export function at(area: string, x: number, y: number): Placement {
  const connection = AREA_SERVERS.find(([id]) => id === area)?.[1] ?? area;
  return { area, connection, at: [x, y] };
}

/** The place of a drive there, which stops on its area's emergency stop. */
export function run(area: string, x: number, y: number): Placement {
  return { ...at(area, x, y), interlocks: [is(`${stopOf(area)}.EStop`, false)] };
}

/** A drive behind a Modbus gateway: eight registers each, in the unit of its group. */
export function vfd(
  area: string,
  x: number,
  y: number,
  gateway: readonly [connection: string, unitId: number, slot: number],
): Placement {
  const [connection, unitId, slot] = gateway;
  return { ...run(area, x, y), connection, unitId, registerBase: slot * 8 };
}

/** From this power on the fans and legs of this mill are started from star to delta, kW. */
const STAR_DELTA_KW = 30;

/** A plain driven machine: power, throughput and run-on time are what differs. */
export function machine(
  type: 'motor' | 'fan' | 'conveyor' | 'elevator' | 'sieve' | 'pump',
  id: string,
  name: Text,
  place: Placement,
  [ratedKw, capacityTPerH = 0, cleanOutS = 20]: readonly [number, number?, number?],
): DeviceDefinition {
  const isHeavy = (type === 'fan' || type === 'elevator') && ratedKw >= STAR_DELTA_KW;
  const starter = isHeavy ? 'starDelta' : 'direct';
  return drive(type, id, name, place, { ratedKw, capacityTPerH, cleanOutS, starter });
}

/** The header of compressed air. */
export const AIR = 'AN1';

/** The same place for what air moves: nothing is told to move while the header lacks pressure. */
function onAir(place: Placement): Placement {
  return { ...place, permissives: [...(place.permissives ?? []), is(`${AIR}.Ok`, true)] };
}

export function gate(id: string, name: Text, place: Placement, flowTPerH = 100): DeviceDefinition {
  return device('gate', id, name, onAir(place), { travelS: 3, flowTPerH });
}

export function valve(id: string, name: Text, place: Placement, flowTPerH = 100): DeviceDefinition {
  return device('valve', id, name, onAir(place), { travelS: 3, flowTPerH });
}

/** A flap or three-way valve of two positions; with more it is a distributor, turned by a motor. */
export function diverter(
  id: string,
  name: Text,
  place: Placement,
  positions: number,
): DeviceDefinition {
  return positions > 2
    ? device('distributor', id, name, place, { positions, travelS: 6 })
    : device('diverter', id, name, onAir(place), { positions, travelS: 4 });
}

const LEVELS: Readonly<Record<BinSettings['kind'], readonly [highPct: number, lowPct: number]>> = {
  pit: [90, 2],
  silo: [95, 3],
  hopper: [80, 5],
  dosing: [90, 4],
  micro: [90, 4],
  tank: [95, 5],
  surge: [95, 1],
  press: [90, 1],
  finished: [95, 1],
};

/** Silos from this size on have a flat bottom, kg. */
const FUNNEL_KG = 1_500_000;

/** A bin; `material` and how full it is when the simulated mill is new, %. */
export function bin(
  kind: BinSettings['kind'],
  id: string,
  name: Text,
  place: Placement,
  capacityKg: number,
  [material, filledPct]: readonly [string | null, number] = [null, 0],
): DeviceDefinition {
  const [highPct, lowPct] = LEVELS[kind];
  return device('bin', id, name, place, {
    kind,
    capacityKg,
    highPct,
    lowPct,
    material,
    lot: material === null ? null : `${material}-2611`,
    initialKg: (capacityKg * filledPct) / 100,
    // A large flat-bottomed silo empties through its middle and takes from all heights.
    flow: kind === 'silo' && capacityKg >= FUNNEL_KG ? 'funnel' : 'mass',
  });
}

/**
 * Aspiration of a group: bag filter, fan, the rotary valve that lets its dust out, and dampers. The
 * fan never blows into a filter whose vent has burst or whose explosion isolation has shut.
 */
export function aspiration(
  area: string,
  tag: string,
  [x, y]: readonly [number, number],
  [ratedKw, dampers]: readonly [number, number],
): DeviceDefinition[] {
  const [fan, filter] = [`FN${tag}`, `FL${tag}`];
  const shut = [is(`${filter}.VentBurst`, false), is(`${filter}.Isolated`, false)];
  const own = run(area, x + 48, y);
  const place = { ...own, interlocks: [...(own.interlocks ?? []), ...shut] };
  return [
    machine('fan', fan, text(`Quạt hút ${tag}`, `Fan ${tag}`), place, [ratedKw]),
    device('filter', filter, text(`Lọc bụi ${tag}`, `Filter ${tag}`), at(area, x, y), {
      fan,
      highMbar: 18,
    }),
    machine(
      'motor',
      `RV${tag}`,
      text(`Van quay ${tag}`, `Rotary valve ${tag}`),
      run(area, x + 96, y),
      [1.1, 2],
    ),
    ...Array.from({ length: dampers }, (_, index) =>
      gate(
        `DA${tag}${index + 1}`,
        text(`Van gió ${tag}-${index + 1}`, `Damper ${tag}-${index + 1}`),
        at(area, x + index * 40, y + 50),
      ),
    ),
  ];
}

/** E-stop and horn of every area, and the heartbeat of every field controller and gateway. */
export const guards: readonly DeviceDefinition[] = [
  ...AREAS.map(({ id, text: name }) =>
    device(
      'safety',
      stopOf(id),
      text(`Dừng khẩn ${name.vi}`, `E-stop ${name.en}`),
      at(id, id === 'mixing1' ? 700 : 1550, 770),
      {},
    ),
  ),
  ...CONNECTIONS.map(({ id, text: name, kind }, index) =>
    device(
      'heartbeat',
      `HB${id.toUpperCase()}`,
      name,
      {
        area: 'utilities',
        connection: id,
        at: [100 + index * 92, 60],
        ...(kind === 'modbus' ? { unitId: 1, registerBase: 1_000 } : {}),
      },
      { timeoutS: 3 },
    ),
  ),
];

/** The light and number-plate camera of a pit or bay. */
export function pitLight(
  id: string,
  pit: string,
  vi: string,
  place: Placement,
  en = `pit ${vi}`,
): DeviceDefinition {
  const name = text(`Đèn hố ${vi}`, `Light of ${en}`);
  return device('pitLight', id, name, place, { pit });
}
