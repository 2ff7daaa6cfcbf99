import { type Device, type Drawn, settingText } from './view-types.ts';

/** Where a symbol stands in the grid of the overview: centre, width and height. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  motor: [28, 28],
  magnet: [28, 28],
  fan: [28, 28],
  feeder: [28, 28],
  pump: [28, 28],
  gate: [28, 18],
  valve: [28, 18],
  diverter: [28, 22],
  distributor: [28, 22],
  scale: [104, 62],
  mixer: [128, 60],
  hammerMill: [78, 54],
  press: [78, 60],
  cooler: [72, 54],
  bagger: [132, 92],
  safety: [78, 30],
  heartbeat: [78, 30],
  filter: [62, 44],
  boiler: [78, 58],
  compressor: [78, 44],
  airNet: [78, 44],
  energyMeter: [78, 44],
  weighbridge: [92, 44],
  handAdd: [78, 44],
  flowMeter: [56, 44],
  doseMeter: [56, 44],
  temperatureCable: [50, 34],
  weatherStation: [92, 60],
  crumbler: [62, 44],
  coater: [72, 44],
  sieve: [62, 44],
  checkweigher: [70, 44],
  metalDetector: [70, 44],
  palletiser: [78, 58],
  loadOut: [78, 44],
};

const BIN_SIZES: Readonly<Record<string, readonly [number, number]>> = {
  pit: [64, 56],
  silo: [58, 124],
  hopper: [58, 56],
  dosing: [49, 112],
  micro: [46, 112],
  tank: [46, 112],
  surge: [64, 56],
  press: [64, 84],
  finished: [70, 150],
};

const ELEVATOR_W = 20;
const CONVEYOR_H = 16;
/** Room between a leg's boot and what feeds it, and between its head and what it feeds. */
const LEG_ROOM = 26;

function sizeOf(device: Device): readonly [number, number] {
  if (device.type === 'bin') return BIN_SIZES[settingText(device, 'kind') ?? ''] ?? [56, 90];
  return SIZES[device.type] ?? [40, 30];
}

export function top(box: Box): number {
  return box.y - box.h / 2;
}

export function bottom(box: Box): number {
  return box.y + box.h / 2;
}

/**
 * A conveyor reaches from its first inlet to its last outlet, at the height the mill file gives.
 */
function conveyorBox(device: Device, mill: Drawn, byId: ReadonlyMap<string, Device>): Box {
  const neighbours = mill.flows
    .filter((flow) => flow.from === device.id || flow.to === device.id)
    .map((flow) => byId.get(flow.from === device.id ? flow.to : flow.from))
    .filter((one) => one !== undefined);
  const xs = neighbours.map((one) => one.at.x);
  const low = Math.min(device.at.x, ...xs) - 14;
  const high = Math.max(device.at.x, ...xs) + 14;
  return { x: (low + high) / 2, y: device.at.y, w: high - low, h: CONVEYOR_H };
}

/** A leg stands from below the lowest device that feeds it to above the one that it feeds. */
function elevatorBox(device: Device, mill: Drawn, placed: ReadonlyMap<string, Box>): Box {
  const boxes = (ids: string[]) =>
    ids.map((id) => placed.get(id)).filter((one) => one !== undefined);
  const feeds = boxes(mill.flows.filter((one) => one.to === device.id).map((one) => one.from));
  const takes = boxes(mill.flows.filter((one) => one.from === device.id).map((one) => one.to));
  const boot = Math.max(device.at.y + 60, ...feeds.map((one) => bottom(one) + LEG_ROOM));
  const conveyor = feeds.find((one) => one.h === CONVEYOR_H);
  const foot = conveyor === undefined ? boot : conveyor.y + CONVEYOR_H;
  const head = Math.min(device.at.y - 60, ...takes.map((one) => top(one) - LEG_ROOM));
  return { x: device.at.x, y: (head + foot) / 2, w: ELEVATOR_W, h: foot - head };
}

/** Room that the number of a gate takes at its side. */
const SIDE_LABEL_W = 42;

/** Whether a device's number would be written over its neighbour on the right. */
export function isCrowded(box: Box, boxes: Iterable<Box>): boolean {
  for (const one of boxes) {
    const gap = one.x - one.w / 2 - (box.x + box.w / 2);
    const isBeside = Math.abs(one.y - box.y) < (one.h + 12) / 2;
    if (one !== box && isBeside && gap > -box.w && gap < SIDE_LABEL_W) return true;
  }
  return false;
}

/**
 * The boxes of all symbols, from the places in the mill file and, where a machine is long, the
 * flows.
 */
export function layout(mill: Drawn): ReadonlyMap<string, Box> {
  const byId = new Map(mill.devices.map((device) => [device.id, device]));
  const placed = new Map<string, Box>();
  for (const device of mill.devices) {
    if (device.type === 'elevator') continue;
    const [w, h] = sizeOf(device);
    placed.set(
      device.id,
      device.type === 'conveyor'
        ? conveyorBox(device, mill, byId)
        : { x: device.at.x, y: device.at.y, w, h },
    );
  }
  for (const device of mill.devices) {
    if (device.type === 'elevator') placed.set(device.id, elevatorBox(device, mill, placed));
  }
  return placed;
}
