/**
 * Goal: each display of each built-in mill can be drawn from the mill file: every device of its
 * areas inside its 1600 x 800 grid, and none over another.
 */
import { describe, expect, it } from 'vitest';
import type { Box } from '../../hmi/src/displays/overview/geometry.ts';
import { layout } from '../../hmi/src/displays/overview/geometry.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { millView } from '../../server/api/mill-view.ts';

/** A display's devices with the flows among them. */
function cut(view: ReturnType<typeof millView>, areas: readonly string[]) {
  const devices = view.devices.filter((one) => areas.includes(one.area));
  const ids = new Set(devices.map((one) => one.id));
  const flows = view.flows.filter((one) => ids.has(one.from) && ids.has(one.to));
  return { ...view, devices, flows };
}

function overlap(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) * 2 < a.w + b.w - 1 && Math.abs(a.y - b.y) * 2 < a.h + b.h - 1;
}

function isOff({ x, y, w, h }: Box): boolean {
  return x - w / 2 < 0 || x + w / 2 > 1_600 || y - h / 2 < 0 || y + h / 2 > 800;
}

const displays = [pilot, reference].flatMap((mill) => {
  const view = millView(mill);
  return view.displays.map((one) => ({ name: `${mill.id}/${one.id}`, view: cut(view, one.areas) }));
});

describe.each(displays)('the display $name', ({ view }) => {
  const boxes = [...layout(view)];
  const typeOf = new Map(view.devices.map((one) => [one.id, one.type]));

  it('has a place for every device of its areas', () => {
    expect(boxes.length).toBe(view.devices.length);
    expect(boxes.filter(([, box]) => isOff(box)).map(([id]) => id)).toEqual([]);
  });

  it('draws no device over another, but a conveyor that reaches into the boot of a leg', () => {
    const faults = boxes.flatMap(([a, boxA], index) =>
      boxes.slice(index + 1).flatMap(([b, boxB]) => {
        const types = [typeOf.get(a), typeOf.get(b)];
        const boot = types.includes('conveyor') && types.includes('elevator');
        return !boot && overlap(boxA, boxB) ? [`${a} over ${b}`] : [];
      }),
    );
    expect(faults).toEqual([]);
  });
});
