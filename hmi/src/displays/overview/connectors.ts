import type { Connector } from './display-part.ts';
import { type Box, bottom, top } from './geometry.ts';

/**
 * A connector with its place and the short pipe that joins it to its device. A `flag` says which
 * device and display; an `arrow` is one of many alike, which one flag without a pipe names.
 */
export interface PlacedConnector {
  readonly shape: 'flag' | 'arrow';
  readonly connector: Connector;
  readonly box: Box;
  readonly path: string;
}

export const FLAG = { w: 132, h: 36 } as const;
const ARROW = { w: 26, h: 16 } as const;
const GRID = { w: 1_600, h: 800 } as const;
/** So many devices that are joined to the same display have a flag each; more have arrows. */
const FLAGS_MAX = 3;
/** Between a device and its connector; further away where that place is taken. */
const GAPS = [16, 40, 64, 96, 136] as const;
/** How far a flag may stand to a side of the line through its device. */
const SHIFTS = [0, -66, 66, -124, 124] as const;
const ARROW_GAPS = [2, 10, 20] as const;
const ARROW_SHIFTS = [0, -15, 15, -28, 28] as const;
/** Distance of the places that are tried for the flag of many arrows. */
const STEP = 20;

interface Size {
  readonly w: number;
  readonly h: number;
}

interface Candidate {
  readonly box: Box;
  readonly path: string;
}

function overlaps(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) * 2 < a.w + b.w + 2 && Math.abs(a.y - b.y) * 2 < a.h + b.h + 2;
}

function free(box: Box, taken: readonly Box[]): boolean {
  const inside =
    box.x - box.w / 2 >= 0 && box.x + box.w / 2 <= GRID.w && top(box) >= 0 && bottom(box) <= GRID.h;
  return inside && !taken.some((one) => overlaps(one, box));
}

/** Above (what comes in) or below (what goes out), where product falls from one to the next. */
function upright(device: Box, size: Size, up: boolean, gap: number, shift: number): Candidate {
  const edge = up ? top(device) : bottom(device);
  const y = up ? edge - gap - size.h / 2 : edge + gap + size.h / 2;
  const end = up ? y + size.h / 2 : y - size.h / 2;
  const x = device.x + shift;
  // A shift within the device's own width needs no bend.
  if (Math.abs(shift) < device.w / 2) {
    return { box: { x, y, ...size }, path: `M${x} ${edge} L${x} ${end}` };
  }
  const bend = (edge + end) / 2;
  const path = `M${device.x} ${edge} L${device.x} ${bend} L${x} ${bend} L${x} ${end}`;
  return { box: { x, y, ...size }, path };
}

function sideways(device: Box, size: Size, right: boolean, gap: number): Candidate {
  const edge = device.x + (right ? device.w : -device.w) / 2;
  const x = right ? edge + gap + size.w / 2 : edge - gap - size.w / 2;
  const end = right ? x - size.w / 2 : x + size.w / 2;
  return { box: { x, y: device.y, ...size }, path: `M${edge} ${device.y} L${end} ${device.y}` };
}

function flagCandidates(device: Box, up: boolean): Candidate[] {
  return [
    ...GAPS.flatMap((gap) => [
      ...SHIFTS.map((shift) => upright(device, FLAG, up, gap, shift)),
      sideways(device, FLAG, !up, gap),
      sideways(device, FLAG, up, gap),
    ]),
    ...GAPS.flatMap((gap) => SHIFTS.map((shift) => upright(device, FLAG, !up, gap, shift))),
  ];
}

function arrowCandidates(device: Box, up: boolean): Candidate[] {
  return ARROW_GAPS.flatMap((gap) =>
    ARROW_SHIFTS.map((shift) => upright(device, ARROW, up, gap, shift)),
  );
}

/** A place inside the grid, for a device in a crowd where none is free. */
function squeezed({ box, path }: Candidate): Candidate {
  const within = (value: number, size: number, end: number) =>
    Math.min(end - size / 2, Math.max(size / 2, value));
  const place = { x: within(box.x, box.w, GRID.w), y: within(box.y, box.h, GRID.h) };
  return { path, box: { ...box, ...place } };
}

/** The free place for the flag of many arrows, nearest to the first, on their side of the pipes. */
function nearest(to: Box, up: boolean, taken: readonly Box[]): Box | undefined {
  const places: Box[] = [];
  for (let x = FLAG.w / 2; x <= GRID.w - FLAG.w / 2; x += STEP) {
    for (let y = FLAG.h / 2; y <= GRID.h - FLAG.h / 2; y += STEP) places.push({ x, y, ...FLAG });
  }
  const far = (box: Box) => Math.abs(box.x - to.x) + 2 * Math.abs(box.y - to.y);
  const beyond = (box: Box) => (up ? bottom(box) <= top(to) : top(box) >= bottom(to));
  const open = places.sort((a, b) => far(a) - far(b)).filter((box) => free(box, taken));
  return open.find(beyond) ?? open[0];
}

function groupOf({ direction, display }: Connector): string {
  return `${direction} ${display}`;
}

/** One flag for all connectors of a group: every device over there, once. */
function together(group: readonly Connector[]): Connector[] {
  const [first] = group;
  if (first === undefined) return [];
  const others = [...new Set(group.flatMap((one) => one.others))];
  return [{ ...first, others, flows: [] }];
}

/** Puts each connector near its device, where nothing else stands. */
export function placeConnectors(
  connectors: readonly Connector[],
  boxes: ReadonlyMap<string, Box>,
): PlacedConnector[] {
  const groups = Map.groupBy(connectors, groupOf);
  const isMany = (one: Connector) => (groups.get(groupOf(one))?.length ?? 0) > FLAGS_MAX;
  const taken = [...boxes.values()];
  const place = (connector: Connector, shape: PlacedConnector['shape']): PlacedConnector[] => {
    const device = boxes.get(connector.device);
    if (device === undefined) return [];
    const up = connector.direction === 'in';
    const list = shape === 'flag' ? flagCandidates(device, up) : arrowCandidates(device, up);
    const chosen = list.find(({ box }) => free(box, taken)) ?? list.slice(0, 1).map(squeezed)[0];
    if (chosen === undefined) return [];
    taken.push(chosen.box);
    return [{ shape, connector, ...chosen }];
  };
  // Arrows have the fewest places to go to.
  const arrows = connectors.filter(isMany).flatMap((one) => place(one, 'arrow'));
  const flags = connectors.filter((one) => !isMany(one)).flatMap((one) => place(one, 'flag'));
  const names = [...groups.values()]
    .filter((group) => group.length > FLAGS_MAX)
    .flatMap(together)
    .flatMap((connector): PlacedConnector[] => {
      const first = arrows.find((one) => one.connector.device === connector.device)?.box;
      const up = connector.direction === 'in';
      const box = first === undefined ? undefined : nearest(first, up, taken);
      if (box === undefined) return [];
      taken.push(box);
      return [{ shape: 'flag', connector, box, path: '' }];
    });
  return [...arrows, ...flags, ...names];
}
