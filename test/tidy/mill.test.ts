// Goal: the mill definition is complete: each tag and alarm can be shown to a person in both
// languages, each machine of it can be made, and a file with faults is refused with every one of
// them.
import { describe, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { buildMachines } from '../../plc/machines/index.ts';
import { defineMill, MillFaultsError } from '../../plc/mill/define-mill.ts';
import { loadMill } from '../../plc/mill/mills/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { REASON_TEXTS } from '../../plc/model/reason.ts';
import type { Text } from '../../plc/model/text.ts';

function isComplete(text: Text): boolean {
  return text.vi.trim() !== '' && text.en.trim() !== '';
}

describe('the pilot mill', () => {
  test('has the size that its purpose needs', () => {
    const field = pilot.tags.filter((tag) => tag.address !== null);
    expect(field.length).toBeGreaterThan(350);
    expect(new Set(field.map((tag) => tag.address?.kind))).toEqual(new Set(['opcua', 'modbus']));
  });

  test('each tag has a unit, a range and both texts', () => {
    for (const tag of pilot.tags) {
      expect.soft(isComplete(tag.text), tag.name).toBe(true);
      expect.soft(tag.range.low < tag.range.high, tag.name).toBe(true);
      for (const state of Object.values(tag.states ?? {})) {
        expect.soft(isComplete(state), tag.name).toBe(true);
      }
    }
  });

  test('each alarm says cause, consequence and action in both languages', () => {
    for (const alarm of pilot.alarms) {
      for (const text of [alarm.text, alarm.cause, alarm.consequence, alarm.action]) {
        expect.soft(isComplete(text), alarm.id).toBe(true);
      }
      expect.soft(alarm.timeToRespondS, alarm.id).toBeGreaterThan(0);
    }
  });

  test('each reason has both texts, naming the same objects', () => {
    for (const [code, text] of Object.entries(REASON_TEXTS)) {
      const objects = (words: string) => [...words.matchAll(/\{\w+\}/g)].map(String).sort();
      expect.soft(objects(text.vi), code).toEqual(objects(text.en));
    }
  });

  test('each of its machines can be made and answers to a unique id', () => {
    const specs = buildMachines(pilot);
    expect(specs.length).toBeGreaterThan(60);
    expect(new Set(specs.map((spec) => spec.id)).size).toBe(specs.length);
    for (const spec of specs) {
      const actor = createActor(spec.logic, { input: spec.input });
      actor.start();
      expect.soft(actor.getSnapshot().status, spec.id).toBe('active');
      for (const tag of Object.values(spec.reads)) {
        expect.soft(pilot.tagByName.has(tag), `${spec.id} reads ${tag}`).toBe(true);
      }
      actor.stop();
    }
  });
});

describe('a mill file with faults', () => {
  test('is refused with every fault, its place and its mend', () => {
    const first = pilot.devices.find((one) => one.id === 'EL101');
    if (first === undefined) throw new Error('the pilot mill has EL101');
    const broken = () =>
      defineMill({
        ...pilot,
        devices: [
          ...pilot.devices.filter((one) => one.id !== 'SF201' && one.id !== 'WS502'),
          first,
          { ...first, id: 'EL999', connection: 'nowhere', area: 'moon' },
        ],
      });
    expect(broken).toThrow(MillFaultsError);
    try {
      broken();
    } catch (error) {
      const text = String(error);
      for (const part of [
        'EL101 is named twice',
        'unknown connection nowhere',
        'unknown area moon',
        'unknown device SF201',
        'no flow leads from SI201',
        'unknown scale WS502',
      ]) {
        expect.soft(text).toContain(part);
      }
    }
  });

  test('two tags on one register are named', () => {
    const moved = pilot.devices.map((one) =>
      one.id === 'DF402' ? { ...one, registerBase: 0 } : one,
    );
    expect(() => defineMill({ ...pilot, devices: moved })).toThrow(/is also DF401/);
  });

  test('an unknown name lists the mills there are', async () => {
    await expect(loadMill('atlantis')).rejects.toThrow(/use pilot/);
  });
});
