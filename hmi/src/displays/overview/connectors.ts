import type { Connector } from './display-part.ts';
import { type Box, bottom, top } from './geometry.ts';

/** A connector with its place and the short pipe that joins it to its device. */
export interface PlacedConnector {
  readonly connector: Connector;
  readonly box: Box;
  readonly path: string;
}

export const CONNECTOR_W = 118;
export const CONNECTOR_H = 36;
const GRID = { w: 1_600, h: 800 } as const;
/** Between a device and its connector; further away where that place is taken. */
const GAPS = [16, 40, 64, 96, 136] as const;
/** How far a connector may stand to a side of the line through its device. */
const SHIFTS = [0, -66, 66, -124, 124] as const;

function free(box: Box, taken: readonly Box[]): boolean {
  const inside =
    box.x - box.w / 2 >= 0 && box.x + box.w / 2 <= GRID.w && top(box) >= 0 && bottom(box) <= GRID.h;
  return (
    inside &&
    !taken.some(
      (one) =>
        Math.abs(one.x - box.x) * 2 < one.w + box.w + 4 &&
        Math.abs(one.y - box.y) * 2 < one.h + box.h + 4,
    )
  );
}

interface Candidate {
  readonly box: Box;
  readonly path: string;
}

function at(x: number, y: number): Box {
  return { x, y, w: CONNECTOR_W, h: CONNECTOR_H };
}

/** Above (what comes in) or below (what goes out), where product falls from one to the next. */
function upright(device: Box, up: boolean, gap: number, shift: number): Candidate {
  const edge = up ? top(device) : bottom(device);
  const y = up ? edge - gap - CONNECTOR_H / 2 : edge + gap + CONNECTOR_H / 2;
  const end = up ? y + CONNECTOR_H / 2 : y - CONNECTOR_H / 2;
  const x = device.x + shift;
  const bend = shift === 0 ? '' : ` L${device.x} ${(edge + end) / 2} L${x} ${(edge + end) / 2}`;
  return { box: at(x, y), path: `M${device.x} ${edge}${bend} L${x} ${end}` };
}

function sideways(device: Box, right: boolean, gap: number): Candidate {
  const edge = device.x + (right ? device.w : -device.w) / 2;
  const x = right ? edge + gap + CONNECTOR_W / 2 : edge - gap - CONNECTOR_W / 2;
  const end = right ? x - CONNECTOR_W / 2 : x + CONNECTOR_W / 2;
  return { box: at(x, device.y), path: `M${edge} ${device.y} L${end} ${device.y}` };
}

function candidates(device: Box, direction: Connector['direction']): Candidate[] {
  const up = direction === 'in';
  return [
    ...GAPS.flatMap((gap) => [
      ...SHIFTS.map((shift) => upright(device, up, gap, shift)),
      sideways(device, !up, gap),
      sideways(device, up, gap),
    ]),
    ...GAPS.flatMap((gap) => SHIFTS.map((shift) => upright(device, !up, gap, shift))),
  ];
}

/** A place inside the grid, for a device in a crowd where none is free. */
function squeezed({ box, path }: Candidate): Candidate {
  const within = (value: number, size: number, end: number) =>
    Math.min(end - size / 2, Math.max(size / 2, value));
  return { path, box: at(within(box.x, box.w, GRID.w), within(box.y, box.h, GRID.h)) };
}

/** Puts each connector near its device, where nothing else stands. */
export function placeConnectors(
  connectors: readonly Connector[],
  boxes: ReadonlyMap<string, Box>,
): PlacedConnector[] {
  const taken = [...boxes.values()];
  return connectors.flatMap((connector) => {
    const device = boxes.get(connector.device);
    if (device === undefined) return [];
    const list = candidates(device, connector.direction);
    const first = list[0];
    const chosen =
      list.find(({ box }) => free(box, taken)) ??
      (first === undefined ? undefined : squeezed(first));
    if (chosen === undefined) return [];
    taken.push(chosen.box);
    return [{ connector, ...chosen }];
  });
}
