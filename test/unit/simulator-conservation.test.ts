// Goal: the simulated mill conserves mass to the milligram, in total and for each substance,
// whatever is commanded and whatever fails; and the same seed replays the same mill.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import { FAULT_KINDS, faultFits } from '../../simulators/faults/catalogue.ts';
import type { MillState } from '../../simulators/process/index.ts';
import {
  createState,
  FAULT_NAMES,
  ledger,
  measure,
  restoreState,
  saveState,
  sendTruck,
  setFault,
  step,
} from '../../simulators/process/index.ts';

const outputs = pilot.tags.filter((tag) => tag.direction === 'output' && tag.role !== 'Beat');
const beats = pilot.tags.filter((tag) => tag.role === 'Beat');
const faults = pilot.devices.flatMap((device) =>
  FAULT_NAMES.filter(
    (fault) =>
      faultFits(fault, device.type) &&
      FAULT_KINDS[fault].target === 'device' &&
      fault !== 'wrong-lot',
  ).map((fault) => ({ device: device.id, fault })),
);

type Act =
  | { readonly kind: 'write'; readonly tag: string; readonly value: TagScalar }
  | { readonly kind: 'run'; readonly seconds: number }
  | { readonly kind: 'truck'; readonly material: string; readonly kg: number }
  | { readonly kind: 'fault'; readonly index: number }
  | { readonly kind: 'silence'; readonly seconds: number };

// Mostly full speed and full opening, so that much product moves.
const write = fc
  .record({ index: fc.nat(outputs.length - 1), share: fc.constantFrom(0, 0.5, 1, 1, 1) })
  .map(({ index, share }): Act => {
    const tag = outputs[index];
    if (tag === undefined) throw new Error('no such output');
    const { low, high } = tag.range;
    const value = tag.dataType === 'bool' ? share > 0 : low + Math.round(share * (high - low));
    return { kind: 'write', tag: tag.name, value };
  });
const act = fc.oneof(
  { weight: 30, arbitrary: write },
  {
    weight: 8,
    arbitrary: fc.integer({ min: 1, max: 40 }).map((seconds): Act => ({ kind: 'run', seconds })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ material: fc.constantFrom('MAIZE', 'SBM'), kg: fc.integer({ min: 1, max: 9_000 }) })
      .map((load): Act => ({ kind: 'truck', ...load })),
  },
  {
    weight: 1,
    arbitrary: fc.nat(faults.length - 1).map((index): Act => ({ kind: 'fault', index })),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ kind: 'silence', seconds: 6 }) },
);

function perform(state: MillState, commands: Map<string, TagScalar>, one: Act): void {
  if (one.kind === 'write') commands.set(one.tag, one.value);
  else if (one.kind === 'truck') sendTruck(state, { ...one, lot: `XE-${one.kg}` });
  else if (one.kind === 'fault') {
    const fault = faults[one.index];
    if (fault !== undefined) setFault(state, fault);
  } else {
    for (let second = 0; second < one.seconds; second++) {
      if (one.kind === 'run') {
        for (const beat of beats) commands.set(beat.name, (state.timeMs + second) % 65_536);
      }
      step(state, commands, 1000);
    }
  }
}

function expectConserved(state: MillState): void {
  const account = ledger(state);
  expect(account.balanceMg).toBe(0);
  for (const one of account.substances) {
    expect(one, `${one.material} ${one.lot}`).toMatchObject({ balanceMg: 0 });
    expect(Math.min(one.heldKg, one.baggedKg, one.lostKg)).toBeGreaterThanOrEqual(0);
  }
}

describe('the mill conserves mass', () => {
  test('to the milligram and for each substance, under any commands and faults', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 40, maxLength: 120 }), fc.integer(), (acts, seed) => {
        const state = createState(pilot, seed);
        const commands = new Map<string, TagScalar>();
        for (const one of acts) perform(state, commands, one);
        expectConserved(state);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test('with everything on at once: product moves from silo to bag and nothing is lost', () => {
    const state = createState(pilot, 3);
    const commands = new Map<string, TagScalar>(
      outputs.map((tag) => [tag.name, tag.dataType === 'bool' ? true : tag.range.high]),
    );
    // Star and delta together are a short circuit: a running motor is in delta.
    commands.set('FN801.StarCmd', false);
    // The flap before the die stays shut, or all the product leaves by it.
    commands.set('PM701.BypassOpen', false);
    // The cooler's air damper stays open, or no air takes up water.
    commands.set('CL801.DamperShut', false);
    commands.set('DV601.Req', 1);
    commands.set('FD701.HzRef', 35);
    commands.set('PM701.SteamPct', 50);
    commands.set('BG1001.TargetKg', 25);
    for (let second = 0; second < 900; second++) {
      perform(state, commands, { kind: 'run', seconds: 1 });
      if (second % 60 === 0) expectConserved(state);
    }
    const account = ledger(state);
    expectConserved(state);
    expect(account.bags.count).toBeGreaterThan(10);
    expect(account.losses['CL801 evaporation']).toBeGreaterThan(0);
    expect(account.sources['steam']).toBeGreaterThan(1);
  });

  test('in the reference mill too, with everything on at once', () => {
    const mill = createState(reference, 1);
    const commands = new Map<string, TagScalar>();
    for (const { name, direction, dataType, range } of reference.tags) {
      if (direction === 'output') commands.set(name, dataType === 'bool' ? true : range.high);
    }
    const beatNames = reference.tags.filter(({ role }) => role === 'Beat').map(({ name }) => name);
    for (let second = 0; second < 20; second++) {
      for (const name of beatNames) commands.set(name, second);
      step(mill, commands, 1_000);
    }
    expectConserved(mill);
    const moved = Object.values(ledger(mill).bins).filter(({ outKg }) => outKg > 0);
    expect(moved.length).toBeGreaterThan(50);
  }, 60_000);

  test('the same seed gives the same mill, and a saved one goes on as it would have', () => {
    const commands = new Map<string, TagScalar>([
      ['DF401.Cmd', true],
      ['DF401.HzRef', 50],
      ['PLCDRIVES.Beat', 1],
    ]);
    const run = (state: MillState) => step(state, commands, 2_500);
    const once = run(createState(pilot, 7));
    const again = run(createState(pilot, 7));
    expect(saveState(again)).toEqual(saveState(once));
    expect(measure(run(createState(pilot, 8)))).not.toEqual(measure(once));
    const saved = JSON.parse(JSON.stringify(saveState(once)));
    const restored = restoreState(pilot, saved);
    if (restored === null) throw new Error('not restored');
    expect(saveState(run(restored))).toEqual(saveState(run(once)));
    expect(restoreState(pilot, { ...saved, version: 0 })).toBeNull();
    expect(restoreState({ ...pilot, id: 'other' }, saved)).toBeNull();
  });

  test('every input tag of the field is measured, with the type its address carries', () => {
    const values = measure(createState(pilot, 1));
    const inputs = pilot.tags.filter((tag) => tag.direction === 'input');
    expect([...values.keys()].sort()).toEqual(inputs.map((tag) => tag.name).sort());
    for (const tag of inputs) {
      expect(typeof values.get(tag.name), tag.name).toBe(
        tag.dataType === 'bool' ? 'boolean' : 'number',
      );
    }
  });
});
