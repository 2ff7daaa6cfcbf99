/**
 * Goal: press lines of the reference mill on the physics of the simulator, with their finished bins
 * and steam and without the rest of the mill.
 */
import { expect } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { PRESS_PHASES } from '../../plc/model/isa88.ts';
import { lastValueOf } from '../../plc/model/tag.ts';
import { pourInto } from './bin-layers.ts';
import { MachineBench } from './machine-bench.ts';
import { partOf } from './part-mill.ts';

/** The press lines of these numbers as a mill of their own. */
export function pressLines(...numbers: readonly string[]): Mill {
  return partOf(reference, ({ id, area, type }) => {
    if (area === 'finished') return type === 'bin';
    if (area === 'pelleting')
      return type === 'safety' || numbers.includes(id.at(-1) ?? '') || type === 'gate';
    return type === 'boiler' || (type === 'heartbeat' && /PELLETING|FEEDERS/.test(id));
  });
}

/** Press line 1, ready for an order. */
export class PressBench {
  readonly mill: MachineBench;

  constructor(part: Mill, seed: number) {
    this.mill = new MachineBench(part, buildControlMachines(part), seed, 200);
    this.mill.runFor(2_000);
  }

  phase(): string | undefined {
    return PRESS_PHASES[Number(this.mill.code('PM1.Phase'))];
  }

  value(tag: string): number {
    return Number(lastValueOf(this.mill.tag(tag)));
  }

  isOn(tag: string): boolean {
    return this.mill.outputs.get(tag) === true;
  }

  reasonsOf(machine: string): string[] {
    const { reasons = [] } = (this.mill.documents.get(machine) ?? {}) as {
      readonly reasons?: readonly { readonly code: string }[];
    };
    return reasons.map(({ code }) => code);
  }

  pour(tonnes: number, lot = 'L1'): void {
    pourInto(this.mill.state, 'PB1', tonnes * 1_000, ['MASH', lot]);
  }

  start(more: Readonly<Record<string, unknown>> = {}) {
    const args = { destination: 'FB101', setC: 82, orderId: '2611-0007', lot: 'L1', ...more };
    return this.mill.command('PM1:unit', 'START', args);
  }

  /** Presses this much at full load. */
  press(tonnes: number, more: Readonly<Record<string, unknown>> = {}): void {
    this.pour(tonnes);
    expect(this.start(more)).toEqual({ accepted: true });
    expect(this.mill.until(() => this.phase() === 'Pressing', 200_000)).toBe(true);
    expect(this.mill.until(() => this.value('PM1.LoadPct') > 70, 200_000)).toBe(true);
  }
}
