import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import type { MillState } from '../../simulators/process/index.ts';
import { createState, measure, step } from '../../simulators/process/index.ts';

/**
 * The pilot mill's physics with someone at its switches, in virtual time, with a live heartbeat.
 */
export class SimulatedPilot {
  readonly state: MillState;
  readonly outputs = new Map<string, TagScalar>();
  private beat = 0;
  private sinceBeatMs = 0;
  beating = true;

  constructor(seed = 1) {
    this.state = createState(pilot, seed);
    this.run(0.1);
  }

  /** Commands outputs, by tag name. */
  set(values: Readonly<Record<string, TagScalar>>): void {
    for (const [tag, value] of Object.entries(values)) this.outputs.set(tag, value);
  }

  /** So many seconds of process time. */
  run(seconds: number, dtMs = 20): void {
    for (let doneMs = 0; doneMs < seconds * 1000; doneMs += dtMs) {
      this.sinceBeatMs -= dtMs;
      if (this.beating && this.sinceBeatMs <= 0) {
        this.sinceBeatMs = 500;
        this.beat = (this.beat + 1) % 65_536;
        for (const device of pilot.devices) {
          if (device.type === 'heartbeat') this.outputs.set(`${device.id}.Beat`, this.beat);
        }
      }
      step(this.state, this.outputs, dtMs);
    }
  }

  /** Runs until `done`, at most so many seconds; returns how many it took, or fails. */
  runUntil(done: () => boolean, withinS: number): number {
    for (let seconds = 0; seconds < withinS; seconds += 0.1) {
      if (done()) return seconds;
      this.run(0.1);
    }
    throw new Error(`not within ${withinS} s`);
  }

  flag(tag: string): boolean {
    return measure(this.state).get(tag) === true;
  }

  number(tag: string): number {
    const value = measure(this.state).get(tag);
    if (typeof value !== 'number') throw new Error(`${tag} is ${value}`);
    return value;
  }
}
