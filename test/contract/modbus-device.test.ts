/**
 * Goal: what devices differ in: which functions they know, which registers they lack, what their
 * exceptions mean, and how often each of their registers is asked for.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Driver } from '../../plc/drivers/driver.ts';
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import type { ModbusConnection, ModbusUnitDefinition } from '../../plc/model/connection.ts';
import type { ScanClassMs, TagDefinition } from '../../plc/model/tag.ts';
import { countingClock } from '../support/driver-clock.ts';
import { contextOf } from '../support/driver-field.ts';
import { modbusConnection } from '../support/driver-modbus-field.ts';
import { ModbusTestServer } from '../support/driver-modbus-server.ts';
import type { ModbusTestUnit } from '../support/driver-modbus-unit.ts';
import { DriverRecorder } from '../support/driver-recorder.ts';
import { fieldTag, modbusAddress } from '../support/driver-tags.ts';
import { until } from '../support/until.ts';

const holding = { area: 'holding' } as const;

function register(at: number, scanMs: ScanClassMs = 100): TagDefinition {
  return { ...fieldTag(`R${at}`, 'uint16', 'input', modbusAddress({ register: at })), scanMs };
}
function output(at: number): TagDefinition {
  return fieldTag(`W${at}`, 'uint16', 'output', modbusAddress({ ...holding, register: at }));
}
function flag(bit: number): TagDefinition {
  const address = modbusAddress({ ...holding, register: 20, encoding: 'bool', bit });
  return fieldTag(`F${bit}`, 'bool', 'output', address);
}
function coil(at: number): TagDefinition {
  const address = modbusAddress({ area: 'coil', encoding: 'bool', register: at });
  return fieldTag(`C${at}`, 'bool', 'output', address);
}

describe('a Modbus device', () => {
  let server: ModbusTestServer;
  let unit: ModbusTestUnit;
  let told: DriverRecorder;
  let driver: Driver | null;

  beforeEach(async () => {
    server = new ModbusTestServer();
    unit = server.unit(1);
    unit.isStrict = true;
    for (let at = 0; at < 40; at++) {
      unit.input.set(at, at);
      unit.holding.set(at, 0);
      unit.coils.set(at, false);
    }
    await server.start();
    told = new DriverRecorder();
    driver = null;
  });
  afterEach(async () => {
    await driver?.stop();
    await server.stop();
  });

  const soon = (what: string, condition: () => boolean, withinMs = 5_000) =>
    until(what, condition, { withinMs, everyMs: 5, last: () => told.lines.join('\n') });
  const requests = (code: number) => unit.log.filter((line) => line.startsWith(`${code} `));

  async function drive(
    tags: readonly TagDefinition[],
    { units = {}, ...more }: Partial<ModbusConnection> = {},
  ): Promise<Driver> {
    const connection = { ...modbusConnection(server.port), timeoutMs: 300, units, ...more };
    driver = createModbusDriver(contextOf(connection, tags, told, countingClock()), {
      random: () => 0.5,
    });
    driver.start();
    await soon('first answers', () => told.lastHealth(1)?.online === true);
    return driver;
  }

  async function write(values: Readonly<Record<string, number | boolean>>): Promise<void> {
    const names = Object.keys(values);
    const before = told.results.length;
    unit.log.length = 0;
    driver?.write(names.map((tag) => ({ tag, value: values[tag] ?? 0 })));
    await soon('all results', () => told.results.length >= before + names.length);
    for (const tag of names) expect(told.resultOf(tag)).toMatchObject({ ok: true, error: null });
  }

  describe('that lacks some registers', () => {
    const tags = Array.from({ length: 30 }, (_, at) => register(at));
    const bad = () => tags.filter(({ name }) => told.qualityOf(name) !== 'good');

    it('makes only their tags bad, and names them', async () => {
      unit.input.delete(3);
      unit.input.delete(22);
      await drive(tags);
      await soon('the others good', () => bad().length === 2);
      expect(bad().map(({ name }) => name)).toEqual(['R3', 'R22']);
      expect(told.lastHealth(1)).toMatchObject({ online: true, unmonitored: ['R3', 'R22'] });
      expect(told.lines.filter((line) => line.includes('refuses a read'))).toHaveLength(2);
    });

    it('is read in one request again when they are there', async () => {
      unit.input.delete(7);
      await drive(tags);
      await soon('R7 bad', () => told.lastHealth(1)?.unmonitored.join() === 'R7');
      await soon('the rest good', () => bad().length === 1);
      unit.input.set(7, 77);
      await soon('R7 good', () => told.isGood('R7', 77), 10_000);
      expect(told.lastHealth(1)?.unmonitored).toEqual([]);
      unit.log.length = 0;
      await soon('whole requests', () => unit.log.length > 3);
      expect(new Set(unit.log)).toEqual(new Set(['4 0 30']));
    });

    it('is not asked for them in every scan', async () => {
      unit.input.delete(3);
      await drive(tags);
      await soon('R3 found', () => told.lastHealth(1)?.unmonitored.join() === 'R3');
      unit.log.length = 0;
      await soon('many scans', () => requests(4).length > 60);
      const asked = requests(4).filter((line) => {
        const [, start = 0, count = 0] = line.split(' ').map(Number);
        return start <= 3 && 3 < start + count;
      });
      expect(asked.length).toBeLessThan(12);
    });
  });

  describe('that answers with exception', () => {
    it.each([4, 8, 7, 0x0c])('%i has its tags bad at once, and good after it', async (code) => {
      await drive([register(0)]);
      await soon('good', () => told.isGood('R0', 0));
      unit.exception = code;
      await soon('bad', () => told.qualityOf('R0') === 'bad');
      expect(told.lastHealth(1)?.online).toBe(true);
      unit.exception = null;
      await soon('good again', () => told.isGood('R0', 0));
    });

    it.each([5, 6])('%i is only busy: its values stand, but are not confirmed', async (code) => {
      await drive([register(0)]);
      await soon('good', () => told.isGood('R0', 0));
      unit.exception = code;
      unit.log.length = 0;
      await soon('asked on', () => unit.log.length > 1);
      const confirmedMs = told.confirmedMs.get('R0');
      unit.log.length = 0;
      await soon('asked on again', () => unit.log.length > 3);
      expect(told.qualityOf('R0')).toBe('good');
      expect(told.confirmedMs.get('R0')).toBe(confirmedMs);
    });

    it.each([0x0a, 0x0b])('%i of its gateway is a silent unit', async (code) => {
      await drive([register(0)]);
      unit.exception = code;
      await soon('offline', () => told.lastHealth(1)?.online === false);
      expect(told.qualityOf('R0')).toBe('bad');
      unit.exception = null;
      await soon('good again', () => told.isGood('R0', 0));
    });

    it('1 to a function it does not know is not asked for it in every scan', async () => {
      unit.unknown.add(4);
      await drive([register(0), output(0)]);
      await soon('R0 named', () => told.lastHealth(1)?.unmonitored.join() === 'R0');
      unit.log.length = 0;
      await soon('W0 read on', () => requests(3).length > 20);
      expect(requests(4).length).toBeLessThan(4);
    });
  });

  describe('takes writes', () => {
    it('of neighbouring registers in one request, whatever their order', async () => {
      await drive([output(4), output(5), output(6), output(9)]);
      await write({ W6: 6, W4: 4, W9: 9, W5: 5 });
      expect(requests(16)).toEqual(['16 4 3']);
      expect(requests(6)).toEqual(['6 9 9']);
      expect([4, 5, 6, 9].map((at) => unit.holding.get(at))).toEqual([4, 5, 6, 9]);
    });

    it('of neighbouring coils in one request', async () => {
      await drive([coil(1), coil(2), coil(3), coil(9)]);
      await write({ C1: true, C2: false, C3: true, C9: true });
      expect(requests(15)).toEqual(['15 1 3']);
      expect(requests(5)).toHaveLength(1);
      expect([1, 2, 3, 9].map((at) => unit.coils.get(at))).toEqual([true, false, true, true]);
    });

    it('one by one, if it refuses one of them together with the others', async () => {
      unit.readOnly.add(5);
      const writer = await drive([output(4), output(5), output(6)]);
      writer.write([4, 5, 6].map((at) => ({ tag: `W${at}`, value: at })));
      await soon('three results', () => told.results.length >= 3);
      expect([4, 5, 6].map((at) => told.resultOf(`W${at}`)?.ok)).toEqual([true, false, true]);
      expect([4, 5, 6].map((at) => unit.holding.get(at))).toEqual([4, 0, 6]);
    });

    it('with a value that cannot be written, and writes the others', async () => {
      const writer = await drive([output(4), output(5), output(6)]);
      writer.write([
        { tag: 'W4', value: 4 },
        { tag: 'W5', value: 70_000 },
        { tag: 'W6', value: 6 },
      ]);
      await soon('three results', () => told.results.length >= 3);
      expect(told.resultOf('W5')).toMatchObject({ ok: false, error: '70000 does not fit uint16' });
      expect([4, 5, 6].map((at) => unit.holding.get(at))).toEqual([4, 0, 6]);
    });
  });

  describe('that offers more', () => {
    async function withUnit(more: ModbusUnitDefinition): Promise<void> {
      unit.unknown.clear();
      await drive([flag(0), flag(3), output(4), output(5)], { units: { 1: more } });
      unit.holding.set(20, 0b1000_0000);
    }

    it('has single bits written by mask, with function 22', async () => {
      await withUnit({ maskWrite: true });
      await write({ F0: true, F3: true });
      expect(unit.holding.get(20)).toBe(0b1000_1001);
      expect(requests(22)).toHaveLength(1);
      await write({ F0: false });
      expect(unit.holding.get(20)).toBe(0b1000_1000);
      expect([...requests(6), ...requests(16)]).toEqual([]);
    });

    it('writes and reads back in one request, with function 23', async () => {
      await withUnit({ readWrite: true });
      await write({ W4: 44, W5: 55 });
      expect(requests(23)).toEqual(['23 4 2']);
      expect([4, 5].map((at) => unit.holding.get(at))).toEqual([44, 55]);
      expect(unit.log.filter((line) => line === '3 4 2')).toEqual([]);
    });

    it('is written in the usual way where it does not know what its definition promises', async () => {
      await withUnit({ readWrite: true, maskWrite: true });
      unit.unknown.add(22).add(23);
      await write({ F3: true, W4: 44 });
      expect(unit.holding.get(20)).toBe(0b1000_1000);
      expect(unit.holding.get(4)).toBe(44);
      await write({ F0: true, W4: 45 });
      expect([...requests(22), ...requests(23)]).toEqual([]);
      expect(told.lines.filter((line) => line.includes('does not know'))).toHaveLength(2);
    });
  });

  it('is asked for each register as often as its class says', async () => {
    const far = { ...register(39, 5_000), name: 'Far' };
    await drive([register(0), register(1, 1_000), register(30, 1_000), far], { gapLimit: 0 });
    await soon('all good', () =>
      ['R0', 'R30', 'Far'].every((tag) => told.qualityOf(tag) === 'good'),
    );
    unit.log.length = 0;
    await soon('thirty fast scans', () => unit.log.filter((one) => one === '4 0 1').length >= 30);
    const times = (line: string) => unit.log.filter((one) => one === line).length;
    for (const line of ['4 1 1', '4 30 1']) {
      expect(times(line)).toBeGreaterThanOrEqual(2);
      expect(times(line)).toBeLessThanOrEqual(4);
    }
    expect(times('4 39 1')).toBeLessThanOrEqual(1);
  });

  it('that is too slow for its classes has late scans left out and counted, none stacked', async () => {
    unit.delayMs = 90;
    const slow = [register(0), register(20), register(39, 1_000)];
    await drive(slow, { gapLimit: 0 });
    await soon('all good', () => slow.every(({ name }) => told.qualityOf(name) === 'good'));
    await soon('overruns', () => (told.lastHealth()?.overruns ?? 0) > 5);
    unit.delayMs = 0;
    unit.log.length = 0;
    const beganMs = performance.now();
    await soon('twenty requests', () => unit.log.length >= 20);
    expect(performance.now() - beganMs).toBeGreaterThan(700);
  });

  it('holds counters of 64 bits and texts', async () => {
    const total = modbusAddress({ register: 0, encoding: 'uint64', wordOrder: 'CDAB' });
    const recipe = modbusAddress({ register: 8, encoding: 'string', length: 3 });
    unit.input.set(0, 0x5678).set(1, 0x1234).set(2, 0).set(3, 0);
    unit.input.set(8, 0x4d49).set(9, 0x5820).set(10, 0);
    await drive([
      fieldTag('Total', 'double', 'input', total),
      fieldTag('Recipe', 'string', 'input', recipe),
    ]);
    await soon('both', () => told.isGood('Total', 0x1234_5678) && told.isGood('Recipe', 'MIX'));
    unit.input.set(3, 0x4000);
    await soon('a total that cannot be told', () => told.qualityOf('Total') === 'bad');
    expect(told.lines.join()).toMatch(/beyond 2\^53/);
    expect(told.qualityOf('Recipe')).toBe('good');
  });
});
