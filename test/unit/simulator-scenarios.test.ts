// Goal: each scenario that comes with the simulator fits its mill, runs on it in virtual time, is
// the same day for the same seed, and loses no milligram; a bad one is refused with all its faults.
import { describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { FAULT_NAMES } from '../../simulators/faults/catalogue.ts';
import type { Scenario } from '../../simulators/faults/scenario.ts';
import { ScenarioError } from '../../simulators/faults/scenario.ts';
import { readScenario, scenarioNames } from '../../simulators/faults/scenario-files.ts';
import { FieldCore } from '../../simulators/field-core.ts';
import { ledger, restoreState, saveState } from '../../simulators/process/index.ts';

/** A pilot mill with everything switched on, so that whatever fails has something to stop. */
class BusyPilot {
  readonly core = FieldCore.create(pilot, 1);
  private beat = 0;

  constructor() {
    for (const { name, direction, dataType, range } of pilot.tags) {
      if (direction !== 'output') continue;
      this.core.write(name, dataType === 'bool' ? true : range.high);
    }
    this.core.write('DV601.Req', 1);
    this.core.write('PM701.SteamPct', 50);
    this.core.write('BG1001.TargetKg', 25);
  }

  run(seconds: number): void {
    for (let second = 0; second < seconds; second++) {
      this.beat = (this.beat + 1) % 65_536;
      for (const { id, type } of pilot.devices) {
        if (type === 'heartbeat') this.core.write(`${id}.Beat`, this.beat);
      }
      this.core.step(1_000);
    }
  }
}

function lengthS(name: string): number {
  const { steps } = readScenario(name) as { steps: Scenario['steps'] };
  return Math.max(
    ...steps.map(({ atS, withinS = 0, times = 1, everyS = 60 }) => {
      return atS + withinS + (times - 1) * everyS;
    }),
  );
}

function problemsOf(content: unknown): string {
  try {
    FieldCore.create(pilot, 1).startScenario('bad', content);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a scenario that comes with the simulator', () => {
  const ofMill = (mill: string) =>
    scenarioNames().filter((name) => (readScenario(name) as Scenario).mill === mill);

  test.each(ofMill('reference'))('%s fits the reference mill', (name) => {
    const core = FieldCore.create(reference, 1);
    core.startScenario(name, readScenario(name));
    expect(core.state.scenario?.steps.length).toBeGreaterThan(0);
  });

  test.each(ofMill('pilot'))(
    '%s runs to its end and loses no milligram',
    (name) => {
      const mill = new BusyPilot();
      mill.core.startScenario(name, readScenario(name));
      mill.run(lengthS(name) + 1);
      const { scenario } = mill.core.state;
      expect(scenario?.steps).toEqual([]);
      expect(scenario?.refusals).toEqual([]);
      const { balanceMg, substances } = ledger(mill.core.state);
      expect(balanceMg).toBe(0);
      expect(substances.filter((one) => one.balanceMg !== 0)).toEqual([]);
    },
    120_000,
  );

  test('the bad day leaves no kind of fault out but those that are in the others', () => {
    const used = new Set(
      scenarioNames().flatMap((name) =>
        (readScenario(name) as Scenario).steps.flatMap((one) =>
          one.do === 'fault' ? [one.fault] : one.do === 'server' ? ['server-down'] : [],
        ),
      ),
    );
    const spared = ['trip', 'local', 'vibration', 'belt-drift', 'blocked', 'machine-fault'];
    // The pilot mill has no metal detector, magnet, bag filter, temperature cable or
    // palletiser.
    spared.push('metal', 'drawer-out', 'blinded', 'hot-spot', 'isolated');
    spared.push('no-pallets', 'pallet-stays');
    expect(FAULT_NAMES.filter((one) => !(used.has(one) || spared.includes(one)))).toEqual([]);
  });
});

describe('a scenario under way', () => {
  test('is the same for the same seed, another for another, however time is cut', () => {
    const day = (seed: number, pieceMs: number) => {
      const core = FieldCore.create(pilot, 1);
      core.startScenario('intake-day', readScenario('intake-day'), seed);
      for (let doneMs = 0; doneMs < 1_200_000; doneMs += pieceMs) core.step(pieceMs);
      return saveState(core.state);
    };
    expect(day(4, 10)).toEqual(day(4, 1_000));
    expect(day(5, 1_000)).not.toEqual(day(4, 1_000));
  }, 60_000);

  test('goes on where it was after a restart of the simulator', () => {
    const core = FieldCore.create(pilot, 1);
    core.startScenario('press-choke', readScenario('press-choke'));
    core.step(300_000);
    const saved = JSON.parse(JSON.stringify(saveState(core.state)));
    const restored = restoreState(pilot, saved);
    if (restored === null) throw new Error('it is of the same mill');
    const again = new FieldCore(pilot, restored);
    core.step(600_000);
    again.step(600_000);
    expect(saveState(again.state)).toEqual(saveState(core.state));
    expect(again.state.scenario?.steps.length).toBeLessThan(3);
  }, 60_000);

  test('notes what the mill refuses, and goes on', () => {
    const core = FieldCore.create(pilot, 1);
    const truck = { do: 'truck', material: 'SBM', lot: 'KDN-1', kg: 50_000 };
    core.startScenario('full yard', {
      text: { vi: 'Bãi xe đầy', en: 'A full yard' },
      mill: 'pilot',
      steps: [
        { ...truck, atS: 0, times: 22, everyS: 1 },
        { do: 'speed', atS: 30, speed: 5 },
      ],
    });
    core.step(31_000);
    expect(core.state.scenario?.refusals).toHaveLength(2);
    expect(core.state.scenario?.refusals[0]).toContain('try again');
    expect(core.state.speed).toBe(5);
  });
});

describe('a scenario that cannot be run', () => {
  test('is refused with everything that is wrong with its form', () => {
    const said = problemsOf({ mill: 'pilot', steps: [{ do: 'dance', atS: 1 }], colour: 'red' });
    expect(said).toContain('text');
    expect(said).toContain('steps.0.do');
    expect(said).toContain('colour');
  });

  test('is refused with everything of it that this mill does not have', () => {
    const said = problemsOf({
      text: { vi: 'Sai', en: 'Wrong' },
      mill: 'other',
      steps: [
        { do: 'truck', atS: 0, material: 'GOLD', lot: 'X', kg: 1, pit: 'SI201' },
        { do: 'fault', atS: 0, fault: 'choke', device: 'EL101' },
        { do: 'fault', atS: 0, fault: 'word-swap', connection: 'field', unit: 7, order: 'AB' },
        { do: 'server', atS: 0, connection: 'nowhere', up: false },
      ],
    });
    for (const part of ['mill other', 'GOLD', 'SI201', 'steps.1', 'is opcua', 'order', 'nowhere']) {
      expect(said).toContain(part);
    }
  });

  test('there is none of that name', () => {
    expect(() => readScenario('no-such-day')).toThrow(/bad-day/);
  });
});
