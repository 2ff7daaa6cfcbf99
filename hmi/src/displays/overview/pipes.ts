import { type Box, bottom, top } from './geometry.ts';
import type { Device, Drawn, MillView } from './view-types.ts';

export type Flow = MillView['flows'][number];

/** A flow with the orthogonal way that its pipe takes, as an SVG path. */
export interface Pipe {
  readonly flow: Flow;
  readonly path: string;
}

/** Distance of a common header from the device that it serves. */
const HEADER = 13;
/** Distance of a bypass from the leg that it leads to. */
const BYPASS = 36;

interface End {
  readonly device: Device;
  readonly box: Box;
}

function points(...list: readonly (readonly [number, number])[]): string {
  return list.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');
}

/** Whether a straight pipe down at `x` would run through another device. */
function blocked(x: number, from: number, to: number, others: readonly Box[]): boolean {
  return others.some(
    (box) => Math.abs(box.x - x) < box.w / 2 + 2 && bottom(box) > from && top(box) < to,
  );
}

function intoElevator(from: End, to: End, others: readonly Box[]): string {
  const foot = bottom(to.box) - 10;
  const side = from.box.x < to.box.x ? -1 : 1;
  const edge = to.box.x + (side * to.box.w) / 2;
  if (from.device.type === 'conveyor') return points([edge, foot], [edge, foot]);
  const start = bottom(from.box);
  if (!blocked(from.box.x, start + 1, foot, others)) {
    return points([from.box.x, start], [from.box.x, foot], [edge, foot]);
  }
  const along = to.box.x + side * BYPASS;
  const header = start + HEADER;
  return points(
    [from.box.x, start],
    [from.box.x, header],
    [along, header],
    [along, foot],
    [edge, foot],
  );
}

function outOfElevator(from: End, to: End): string {
  const head = top(from.box) + 10;
  const side = from.box.x < to.box.x ? 1 : -1;
  return points(
    [from.box.x + (side * from.box.w) / 2, head],
    [to.box.x, head],
    [to.box.x, top(to.box)],
  );
}

/** Down, along a header and down: the header is near the one of both that serves several. */
function downward(from: End, to: End, fanOut: boolean): string {
  const start = bottom(from.box);
  const end = top(to.box);
  // A conveyor takes product in, and lets it out, wherever the other stands.
  const x1 = from.device.type === 'conveyor' ? to.box.x : from.box.x;
  const x2 = to.device.type === 'conveyor' ? from.box.x : to.box.x;
  if (Math.abs(x1 - x2) < 2) return points([x1, start], [x1, end]);
  const header = fanOut ? start + HEADER : end - HEADER;
  return points([x1, start], [x1, header], [x2, header], [x2, end]);
}

/** The pipes of all flows. */
export function pipes(
  mill: Drawn,
  boxes: ReadonlyMap<string, Box>,
  deviceOf: (id: string) => Device | undefined,
): Pipe[] {
  const endOf = (id: string): End | undefined => {
    const device = deviceOf(id);
    const box = boxes.get(id);
    return device === undefined || box === undefined ? undefined : { device, box };
  };
  return mill.flows.flatMap((flow) => {
    const from = endOf(flow.from);
    const to = endOf(flow.to);
    if (from === undefined || to === undefined) return [];
    const fanOut = mill.flows.filter((one) => one.from === flow.from).length > 1;
    if (to.device.type === 'elevator') {
      const others = [...boxes].filter(([id]) => id !== flow.from && id !== flow.to);
      return [
        {
          flow,
          path: intoElevator(
            from,
            to,
            others.map(([, box]) => box),
          ),
        },
      ];
    }
    if (from.device.type === 'elevator') return [{ flow, path: outOfElevator(from, to) }];
    return [{ flow, path: downward(from, to, fanOut) }];
  });
}
