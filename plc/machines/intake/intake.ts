import type { DeviceOf, Mill } from '../../mill/definition.ts';
import { isGate } from '../../mill/definition.ts';
import { TRUCK_DESK_ID } from '../../model/truck.ts';
import type { MachineSpec } from '../contract.ts';
import { named, restored, roles } from '../spec.ts';
import type { PitInput, PitSilo } from './pit.context.ts';
import { pitMachine } from './pit.machine.ts';
import type { DeskInput } from './truck-desk.context.ts';
import { truckDeskMachine } from './truck-desk.machine.ts';

function cableOf(mill: Mill, silo: string): DeviceOf<'temperatureCable'> | undefined {
  return mill.devices.find(
    (one): one is DeviceOf<'temperatureCable'> =>
      one.type === 'temperatureCable' && one.settings.silo === silo,
  );
}

function silosOf(mill: Mill, destinations: readonly string[]): PitSilo[] {
  return destinations.flatMap((id) => {
    const device = mill.deviceById.get(id);
    if (device?.type !== 'bin') return [];
    const { material, capacityKg, highPct } = device.settings;
    const hotC = cableOf(mill, id)?.settings.highC ?? null;
    return [{ bin: id, material, capacityKg, highPct, hotC }];
  });
}

/** However little is left below its low switch, a pit is given this long to run out, ms. */
const EMPTY_MS_MIN = 30_000;
/** The last of it comes more slowly. */
const EMPTY_SLOWER = 1.5;

/** How long what lies below the low switch of a pit takes to run out through its gate, ms. */
export function emptyMsOf(mill: Mill, pit: string): number {
  const bin = mill.deviceById.get(pit);
  const below = mill.flows.filter(({ from }) => from === pit).map(({ to }) => to);
  const gates = mill.devices.filter((one) => isGate(one) && below.includes(one.id));
  const flows = gates.map((one) => (isGate(one) ? one.settings.flowTPerH : 0));
  if (bin?.type !== 'bin' || flows.length === 0) return EMPTY_MS_MIN;
  const lowKg = (bin.settings.lowPct / 100) * bin.settings.capacityKg;
  const hours = lowKg / (1_000 * Math.max(1, Math.min(...flows)));
  return Math.max(EMPTY_MS_MIN, EMPTY_SLOWER * hours * 3_600_000);
}

function pitInput(mill: Mill, light: DeviceOf<'pitLight'>): PitInput | null {
  const { pit } = light.settings;
  const route = mill.routes.find((one) => one.sources.includes(pit));
  if (route === undefined) return null;
  const silos = silosOf(mill, route.destinations);
  const emptyMs = emptyMsOf(mill, pit);
  return { id: light.id, pit, route: route.id, desk: TRUCK_DESK_ID, silos, emptyMs };
}

function pitSpec(mill: Mill, input: PitInput): MachineSpec {
  const levels = input.silos.map(({ bin }) => `${bin}.LevelPct`);
  const cables = input.silos.flatMap(({ bin }) => {
    const cable = cableOf(mill, bin);
    return cable === undefined ? [] : [[`${bin}.MaxT`, `${cable.id}.MaxT`] as const];
  });
  const reads = {
    ...roles(input.id, 'Occupied', 'Plate'),
    Low: `${input.pit}.Low`,
    RouteState: `${input.route}.State`,
    ...named(input.silos.map(({ bin }) => `${bin}.High`)),
  };
  const looks = { ...named(levels), ...Object.fromEntries(cables) };
  const spec = restored(input.id, pitMachine, input, { ...looks, ...reads }, 2);
  return { ...spec, glances: Object.keys(looks), follows: ['route'] };
}

/** Materials that come in sacks: their trucks are unloaded into the store by hand. */
function baggedMaterials(mill: Mill): string[] {
  const tipped = new Set(
    mill.devices.flatMap((one) =>
      one.type === 'bin' && ['silo', 'tank'].includes(one.settings.kind)
        ? [one.settings.material]
        : [],
    ),
  );
  return mill.materials.map(({ code }) => code).filter((code) => !tipped.has(code));
}

/** The machines that take in trucks: one for each pit or bay with a light, and their desk. */
export function buildIntakeMachines(mill: Mill): MachineSpec[] {
  const lights = mill.devices.filter((one): one is DeviceOf<'pitLight'> => one.type === 'pitLight');
  const pits = lights.map((one) => pitInput(mill, one)).filter((one) => one !== null);
  if (pits.length === 0) return [];
  const bridges = mill.devices.filter((one) => one.type === 'weighbridge').map((one) => one.id);
  const desk: DeskInput = {
    id: TRUCK_DESK_ID,
    bridges,
    pits: pits.map(({ id, silos }) => ({
      light: id,
      materials: [
        ...new Set(silos.flatMap(({ material }) => (material === null ? [] : [material]))),
      ],
    })),
    bagged: baggedMaterials(mill),
    limits: Object.fromEntries(
      mill.materials.flatMap(({ code, limits }) => (limits === undefined ? [] : [[code, limits]])),
    ),
  };
  const weighing = bridges.flatMap((id) =>
    ['Net', 'Stable', 'Overload', 'Occupied', 'Plate'].map((role) => `${id}.${role}`),
  );
  return [
    ...pits.map((one) => pitSpec(mill, one)),
    restored(TRUCK_DESK_ID, truckDeskMachine, desk, named(weighing)),
  ];
}
