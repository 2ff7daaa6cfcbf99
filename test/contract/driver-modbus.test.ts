/**
 * Goal: what only Modbus can do wrong: units that fall silent behind a living socket, late answers,
 * bits that share a register, devices that refuse or ignore a write, and connections that are open
 * but dead.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Driver } from '../../plc/drivers/driver.ts';
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import type { TagDefinition } from '../../plc/model/tag.ts';
import { countingClock } from '../support/driver-clock.ts';
import { contextOf } from '../support/driver-field.ts';
import { modbusConnection } from '../support/driver-modbus-field.ts';
import { ModbusTestServer } from '../support/driver-modbus-server.ts';
import { DriverRecorder } from '../support/driver-recorder.ts';
import { fieldTag, modbusAddress } from '../support/driver-tags.ts';
import { until } from '../support/until.ts';

const holding = { area: 'holding' } as const;
const TAGS: readonly TagDefinition[] = [
  fieldTag('A.Weight', 'float', 'input', modbusAddress({ encoding: 'float32' })),
  fieldTag('A.Far', 'uint16', 'input', modbusAddress({ register: 500 })),
  fieldTag('B.Weight', 'uint16', 'input', modbusAddress({ unitId: 2 })),
  fieldTag('B.Start', 'bool', 'output', modbusAddress({ ...holding, encoding: 'bool', bit: 0 })),
  fieldTag('B.Horn', 'bool', 'output', modbusAddress({ ...holding, encoding: 'bool', bit: 3 })),
  fieldTag('A.Target', 'float', 'output', {
    ...modbusAddress({ ...holding, register: 4, encoding: 'float32', wordOrder: 'CDAB' }),
  }),
  fieldTag('A.Coil', 'bool', 'output', modbusAddress({ area: 'coil', encoding: 'bool' })),
];

describe('the Modbus driver', () => {
  let server: ModbusTestServer;
  let told: DriverRecorder;
  let driver: Driver;

  const soon = (what: string, condition: () => boolean, withinMs = 5_000) =>
    until(what, condition, { withinMs, everyMs: 5, last: () => told.lines.join('\n') });
  const qualities = () => TAGS.map((tag) => told.qualityOf(tag.name));
  const allGood = () => qualities().every((quality) => quality === 'good');

  beforeEach(async () => {
    server = new ModbusTestServer();
    for (const id of [1, 2]) {
      const unit = server.unit(id);
      for (let register = 0; register < 8; register++) {
        unit.input.set(register, 0);
        unit.holding.set(register, 0);
      }
      unit.input.set(500, 7);
      unit.coils.set(0, false);
    }
    await server.start();
    told = new DriverRecorder();
    const connection = { ...modbusConnection(server.port), timeoutMs: 300, pollIntervalMs: 20 };
    driver = createModbusDriver(contextOf(connection, TAGS, told, countingClock()), {
      random: () => 0.5,
    });
    driver.start();
    await soon('first values', allGood);
  });

  afterEach(async () => {
    await driver.stop();
    await server.stop();
  });

  it('makes only the tags of a silent unit bad, and goes on with the others at speed', async () => {
    server.unit(2).silent = true;
    await soon('unit 2 offline', () => told.lastHealth(2)?.online === false);
    expect(told.qualityOf('B.Weight')).toBe('bad');
    expect(told.qualityOf('A.Weight')).toBe('good');
    expect(told.lastHealth()?.online).toBe(true);
    const before = server.unit(1).requests;
    const beganMs = performance.now();
    await soon('fifty more requests to unit 1', () => server.unit(1).requests > before + 50);
    expect(performance.now() - beganMs).toBeLessThan(2_500);
    server.unit(2).silent = false;
    await soon('unit 2 good again', () => told.qualityOf('B.Weight') === 'good');
    expect(told.lastHealth(2)?.online).toBe(true);
  });

  it('bears a single lost answer without a word', async () => {
    const before = told.history.length;
    server.unit(2).loseAnswers = 1;
    const from = server.unit(2).requests;
    await soon('further answers', () => server.unit(2).requests > from + 5);
    expect(told.history.length).toBe(before);
    expect(told.healths.every((health) => health.online)).toBe(true);
  });

  it('never takes a late answer for the answer to another request', async () => {
    server.unit(1).input.set(500, 111);
    server.unit(2).input.set(0, 222);
    await soon('own values', () => told.isGood('A.Far', 111) && told.isGood('B.Weight', 222));
    const connections = server.connections;
    server.unit(2).delayMs = 320;
    await soon('unit 2 offline', () => told.lastHealth(2)?.online === false);
    server.unit(2).delayMs = 0;
    await soon('unit 2 back', () => told.isGood('B.Weight', 222));
    expect(server.connections).toBeGreaterThan(connections);
    const goodValues = (tag: string) =>
      told.history.flatMap((one) =>
        one.tag === tag && one.value.quality === 'good' ? [one.value.value] : [],
      );
    expect([...new Set(goodValues('A.Far'))]).toEqual([7, 111]);
    expect([...new Set(goodValues('B.Weight'))]).toEqual([0, 222]);
  });

  it('notices a connection that is open but dead, and recovers', async () => {
    for (const unit of server.units.values()) unit.silent = true;
    await soon('all bad', () => qualities().every((quality) => quality === 'bad'));
    await soon('connection offline', () => told.lastHealth()?.online === false);
    for (const unit of server.units.values()) unit.silent = false;
    await soon('all good', allGood);
    expect(told.lastHealth()?.online).toBe(true);
  });

  it('writes flags that share a register without touching each other or strangers', async () => {
    const { holding } = server.unit(1);
    holding.set(0, 0b1000_0000);
    await soon('the stranger seen', () => told.isGood('B.Start', false));
    const from = server.unit(1).requests;
    await soon('one more cycle', () => server.unit(1).requests > from + 6);
    driver.write([{ tag: 'B.Start', value: true }]);
    await soon('the first flag', () => told.resultOf('B.Start')?.ok === true);
    driver.write([{ tag: 'B.Horn', value: true }]);
    await soon('the second flag', () => told.resultOf('B.Horn')?.ok === true);
    expect(holding.get(0)).toBe(0b1000_1001);
    driver.write([
      { tag: 'B.Start', value: false },
      { tag: 'B.Horn', value: false },
    ]);
    await soon('both flags off', () => told.results.length >= 4);
    expect(holding.get(0)).toBe(0b1000_0000);
  });

  it('writes a float in the word order of the device, and a coil', async () => {
    driver.write([
      { tag: 'A.Target', value: 25.25 },
      { tag: 'A.Coil', value: true },
    ]);
    await soon('both results', () => told.results.length >= 2);
    expect(told.results.every((result) => result.ok)).toBe(true);
    expect([server.unit(1).holding.get(4), server.unit(1).holding.get(5)]).toEqual([0, 0x41ca]);
    expect(server.unit(1).coils.get(0)).toBe(true);
    await soon('the target as value', () => told.isGood('A.Target', 25.25));
  });

  it('sends only the newest of many values for one output', async () => {
    const written = [1, 2, 3, 4, 5].map((value) => ({ tag: 'A.Target', value }));
    driver.write(written);
    await soon('the newest', () => told.resultOf('A.Target')?.value === 5);
    expect(told.results).toEqual([{ tag: 'A.Target', value: 5, ok: true, error: null }]);
  });

  it('says so when a device takes a write but does not do it', async () => {
    server.unit(1).stuck.add(4).add(5);
    driver.write([{ tag: 'A.Target', value: 9 }]);
    await soon('a result', () => told.resultOf('A.Target') !== undefined);
    expect(told.resultOf('A.Target')).toMatchObject({ ok: false, error: 'read back 0' });
  });

  it('fails a write to a silent unit without asking it', async () => {
    server.unit(1).silent = true;
    await soon('unit 1 offline', () => told.lastHealth(1)?.online === false);
    driver.write([{ tag: 'A.Target', value: 9 }]);
    expect(told.resultOf('A.Target')).toMatchObject({ ok: false });
    server.unit(1).silent = false;
    await soon('unit 1 back', allGood);
    expect(server.unit(1).holding.get(5)).toBe(0);
  });

  it('makes a block bad that the device refuses to read, and only that one', async () => {
    server.unit(1).input.delete(500);
    await soon('the refused block bad', () => told.qualityOf('A.Far') === 'bad');
    expect(told.qualityOf('A.Weight')).toBe('good');
    expect(told.lastHealth(1)?.online).toBe(true);
    expect(told.lines.filter((line) => line.includes('refuses'))).toHaveLength(1);
    server.unit(1).input.set(500, 8);
    await soon('good again', () => told.isGood('A.Far', 8));
  });

  it('makes a float that is no number bad', async () => {
    server.unit(1).input.set(0, 0x7fc0);
    await soon('bad weight', () => told.qualityOf('A.Weight') === 'bad');
    server.unit(1).input.set(0, 0x41ca);
    await soon('good weight', () => told.isGood('A.Weight', 25.25));
  });
});
