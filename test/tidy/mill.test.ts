// Goal: the mill definition is complete: each tag and alarm can be shown to a person in both
// languages, each machine of it can be made, and a file with faults is refused with every one of
// them.
import { describe, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { buildMachines } from '../../plc/machines/index.ts';
import { defineMill, MillFaultsError } from '../../plc/mill/define-mill.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { DRIVE_TYPES, GATE_TYPES, POSITIONER_TYPES } from '../../plc/mill/definition.ts';
import { modbusUnits } from '../../plc/mill/expand.ts';
import { loadMill } from '../../plc/mill/mills/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { REASON_TEXTS } from '../../plc/model/reason.ts';
import type { TagDefinition } from '../../plc/model/tag.ts';
import type { Text } from '../../plc/model/text.ts';

function isComplete(text: Text): boolean {
  return text.vi.trim() !== '' && text.en.trim() !== '';
}

const MILLS = [pilot, reference];

function fieldTags(mill: Mill): TagDefinition[] {
  return mill.tags.filter((tag) => tag.address !== null);
}

describe('the size of a built-in mill', () => {
  test('the pilot has one of everything, on both protocols', () => {
    const field = fieldTags(pilot);
    expect(field.length).toBeGreaterThan(350);
    expect(new Set(field.map((tag) => tag.address?.kind))).toEqual(new Set(['opcua', 'modbus']));
  });

  test('the reference is a mill of 2,000 t a day, spread over servers and gateways', () => {
    const count = (...types: readonly string[]) =>
      reference.devices.filter((one) => types.includes(one.type)).length;
    const field = fieldTags(reference);
    const inputs = field.filter((tag) => tag.direction === 'input');
    const between = (what: string, n: number, low: number, high: number) =>
      expect.soft(n >= low && n <= high, `${what}: ${n}, wants ${low} to ${high}`).toBe(true);
    between('field tags', field.length, 5_000, 6_000);
    between('motors', count(...DRIVE_TYPES), 420, 500);
    between('gates and diverters', count(...GATE_TYPES, ...POSITIONER_TYPES), 270, 330);
    between('analogs', inputs.filter((tag) => tag.dataType !== 'bool').length, 500, 2_500);
    between(
      'switches',
      inputs.filter((tag) => /LS$|^High$|^Low$/.test(tag.role)).length,
      600,
      1_200,
    );
    const servers = reference.connections.filter((one) => one.kind === 'opcua');
    between('OPC UA servers', servers.length, 6, 10);
    between('Modbus units', modbusUnits(reference).length, 20, 40);
    for (const [type, wanted] of [
      ['mixer', 2],
      ['hammerMill', 4],
      ['press', 5],
      ['bagger', 5],
      ['weighbridge', 2],
      ['scale', 12],
      ['handAdd', 2],
    ] as const) {
      expect.soft(count(type), type).toBe(wanted);
    }
  });

  test('the reference hears from every field controller by a heartbeat of its own', () => {
    const beating = reference.devices
      .filter((one) => one.type === 'heartbeat')
      .map((one) => one.connection);
    expect(beating.sort()).toEqual(reference.connections.map((one) => one.id).sort());
  });
});

describe.each(MILLS.map((mill) => ({ id: mill.id, mill })))('the mill $id', ({ mill }) => {
  test('each tag has a unit, a range and both texts', () => {
    for (const tag of mill.tags) {
      expect.soft(isComplete(tag.text), tag.name).toBe(true);
      expect.soft(tag.range.low < tag.range.high, tag.name).toBe(true);
      for (const state of Object.values(tag.states ?? {})) {
        expect.soft(isComplete(state), tag.name).toBe(true);
      }
    }
  });

  test('each alarm says cause, consequence and action in both languages', () => {
    for (const alarm of mill.alarms) {
      for (const text of [alarm.text, alarm.cause, alarm.consequence, alarm.action]) {
        expect.soft(isComplete(text), alarm.id).toBe(true);
      }
      expect.soft(alarm.timeToRespondS, alarm.id).toBeGreaterThan(0);
    }
  });

  test('each of its machines can be made and answers to a unique id', () => {
    const specs = buildMachines(mill);
    expect(specs.length).toBeGreaterThan(60);
    expect(new Set(specs.map((spec) => spec.id)).size).toBe(specs.length);
    for (const spec of specs) {
      const actor = createActor(spec.logic, { input: spec.input });
      actor.start();
      expect.soft(actor.getSnapshot().status, spec.id).toBe('active');
      for (const tag of Object.values(spec.reads)) {
        expect.soft(mill.tagByName.has(tag), `${spec.id} reads ${tag}`).toBe(true);
      }
      actor.stop();
    }
  });
});

test('each reason has both texts, naming the same objects', () => {
  for (const [code, text] of Object.entries(REASON_TEXTS)) {
    const objects = (words: string) => [...words.matchAll(/\{\w+\}/g)].map(String).sort();
    expect.soft(objects(text.vi), code).toEqual(objects(text.en));
  }
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

  test('what cannot be kept of a tag in history is named with the others', () => {
    const broken = () =>
      defineMill({
        ...pilot,
        collections: [
          { tag: 'EL101.SpeedPct', deadbandPct: 1, lineBound: 2, silenceS: 3_600 },
          { tag: 'EL101.RunFb', deadband: 0.5 },
          { tag: 'EL101.Nothing', deadband: 1 },
          { tag: 'EL101.SpeedPct', deadband: 1 },
        ],
      });
    for (const part of [
      'EL101.SpeedPct is named twice',
      'lineBound: is there beside a deadband',
      'silenceS: 3600 s; use 1..900 s',
      'EL101.RunFb: deadband: flags, states and texts are stored as they are',
      'EL101.Nothing: unknown tag',
    ]) {
      expect.soft(broken).toThrow(part);
    }
    const collections = [{ tag: 'EL101.SpeedPct', lineBoundPct: 1, silenceS: 60 }];
    const tag = defineMill({ ...pilot, collections }).tagByName.get('EL101.SpeedPct');
    expect(tag).toMatchObject({ deadband: 0, lineBound: 1.2, silenceMs: 60_000 });
  });

  test('an unknown name lists the mills there are', async () => {
    await expect(loadMill('atlantis')).rejects.toThrow(/use pilot/);
  });
});
