/**
 * Goal: devices at rest are left out of the steps, and nothing in the mill is different for it: the
 * same mill to the milligram, whatever is commanded, tipped, broken or drawn.
 */
import { describe, expect, it } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import type { Chance } from '../../simulators/process/chance.ts';
import { uniform } from '../../simulators/process/chance.ts';
import {
  createState,
  saveState,
  sendTruck,
  setFault,
  step,
} from '../../simulators/process/index.ts';

const SEED = 17;
const PIECE_MS = 100;
const PIECES = 6_000;

/** Commands that come and go at random, the same for the same seed. */
function commandsOf(chance: Chance) {
  const outputs = pilot.tags.filter(({ direction }) => direction === 'output');
  const commands = new Map<string, TagScalar>();
  let beat = 0;
  return {
    commands,
    /** Changes some; returns the names of those that are others than before. */
    next(): Set<string> {
      beat += 1;
      const changed = new Set<string>();
      for (const { name, role, dataType, range } of outputs) {
        if (role !== 'Beat' && uniform(chance) > 0.002) continue;
        const on = uniform(chance) < 0.6;
        const value = dataType === 'bool' ? on : on ? range.high : 0;
        commands.set(name, role === 'Beat' ? beat % 65_536 : value);
        changed.add(name);
      }
      return changed;
    },
  };
}

function run(isTold: boolean): string[] {
  const state = createState(pilot, SEED);
  const { commands, next } = commandsOf({ seed: SEED });
  const seen: string[] = [];
  for (let piece = 0; piece < PIECES; piece++) {
    if (piece === 500) sendTruck(state, { material: 'MAIZE', lot: 'L-1', kg: 20_000 });
    if (piece === 2_000) setFault(state, { fault: 'trip', device: 'HM301', forS: 20 });
    const changed = next();
    step(state, commands, PIECE_MS, isTold ? changed : null);
    if (piece % 1_000 === 999) seen.push(JSON.stringify(saveState(state)));
  }
  return seen;
}

describe('devices at rest', () => {
  it('are what they would be if each had been stepped each time', () => {
    const all = run(false);
    const some = run(true);
    expect(new Set(all).size, `seed ${SEED}`).toBe(PIECES / 1_000);
    expect(
      some.map((one, place) => one === all[place]),
      `seed ${SEED}`,
    ).toEqual(all.map(() => true));
  });
});
