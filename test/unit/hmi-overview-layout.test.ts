/**
 * Goal: the overview is drawn from the mill alone, whole and legible: nothing outside, nothing
 * overlapping.
 */
import { describe, expect, it } from 'vitest';
import type { Box } from '../../hmi/src/displays/overview/geometry.ts';
import { layout } from '../../hmi/src/displays/overview/geometry.ts';
import { pipes } from '../../hmi/src/displays/overview/pipes.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { millView } from '../../server/api/mill-view.ts';

const view = millView(pilot);
const boxes = layout(view);

function overlap(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) * 2 < a.w + b.w - 1 && Math.abs(a.y - b.y) * 2 < a.h + b.h - 1;
}

describe('the overview of the pilot mill', () => {
  it('has a place for every device, inside the 1600 x 800 grid', () => {
    expect(boxes.size).toBe(view.devices.length);
    for (const [id, box] of boxes) {
      expect(box.x - box.w / 2, id).toBeGreaterThanOrEqual(0);
      expect(box.x + box.w / 2, id).toBeLessThanOrEqual(1_600);
      expect(box.y - box.h / 2, id).toBeGreaterThanOrEqual(0);
      expect(box.y + box.h / 2, id).toBeLessThanOrEqual(800);
    }
  });

  it('draws no device over another, but a conveyor that reaches into the boot of a leg', () => {
    const typeOf = new Map(view.devices.map((one) => [one.id, one.type]));
    const placed = [...boxes];
    const faults = placed.flatMap(([a, boxA], index) =>
      placed
        .slice(index + 1)
        .filter(([b, boxB]) => {
          const types = [typeOf.get(a), typeOf.get(b)];
          const boot = types.includes('conveyor') && types.includes('elevator');
          return !boot && overlap(boxA, boxB);
        })
        .map(([b]) => `${a} over ${b}`),
    );
    expect(faults).toEqual([]);
  });

  it('draws a pipe for every flow, each of level and upright lines only', () => {
    const byId = new Map(view.devices.map((one) => [one.id, one]));
    const drawn = pipes(view, boxes, (id) => byId.get(id));
    expect(drawn.length).toBe(view.flows.length);
    for (const { flow, path } of drawn) {
      const corners = [...path.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map((one) => [
        Number(one[1]),
        Number(one[2]),
      ]);
      corners.slice(1).forEach(([x, y], index) => {
        const [fromX, fromY] = corners[index] ?? [];
        expect(x === fromX || y === fromY, `${flow.from} to ${flow.to}`).toBe(true);
      });
    }
  });
});
