/**
 * Goal: whatever protocol is behind it, a driver behaves the same towards the controller: values
 * come with their quality, writes are read back, a lost field is bad within 5 s and good within 5 s
 * of its return, and a stopped driver leaves nothing behind.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { TestField } from '../support/driver-field.ts';
import { FIELD_TAGS, FieldBench } from '../support/driver-field.ts';
import { memoryField } from '../support/driver-memory-field.ts';
import { modbusField } from '../support/driver-modbus-field.ts';
import { opcUaField } from '../support/driver-opcua-field.ts';

const FIELDS: readonly (readonly [string, () => Promise<TestField>])[] = [
  ['memory', memoryField],
  ['Modbus TCP', modbusField],
  ['OPC UA', opcUaField],
];

describe.each(FIELDS)('a driver of a %s field', (_, makeField) => {
  let bench: FieldBench;

  async function runningBench(): Promise<FieldBench> {
    bench = new FieldBench(await makeField());
    return bench.running();
  }

  afterEach(() => bench.close());

  it('delivers values with good quality and the time they came', async () => {
    const { field, told, clock } = await runningBench();
    field.set('Amps', 12.5);
    field.set('RunFb', true);
    await bench.until('new values', () => told.isGood('Amps', 12.5) && told.isGood('RunFb', true));
    expect(Math.abs((told.values.get('Amps')?.receivedTimeMs ?? 0) - clock.nowMs())).toBeLessThan(
      5_000,
    );
  });

  it('confirms values that do not change, and tells them only once', async () => {
    const { told, clock } = await runningBench();
    const toldBefore = told.history.length;
    const fromMs = clock.nowMs() + 1_000;
    await bench.until('confirmation of every tag', () =>
      FIELD_TAGS.every((tag) => (told.confirmedMs.get(tag) ?? 0) >= fromMs),
    );
    expect(told.history.length).toBe(toldBefore);
  });

  it('writes to the field and reads back what it wrote', async () => {
    const { field, told, driver } = await runningBench();
    driver.write([
      { tag: 'Cmd', value: true },
      { tag: 'HzRef', value: 42.5 },
    ]);
    await bench.until('two results', () => told.results.length >= 2);
    expect(told.results).toEqual([
      { tag: 'Cmd', value: true, ok: true, error: null },
      { tag: 'HzRef', value: 42.5, ok: true, error: null },
    ]);
    expect([field.get('Cmd'), field.get('HzRef')]).toEqual([true, 42.5]);
    await bench.until('the outputs as values', () => told.isGood('HzRef', 42.5));
  });

  it('reports a write that the field refuses, and goes on', async () => {
    const { told, driver } = await runningBench();
    driver.write([{ tag: 'Locked', value: 7 }]);
    await bench.until('a result', () => told.resultOf('Locked') !== undefined);
    expect(told.resultOf('Locked')).toMatchObject({ ok: false, error: expect.any(String) });
    driver.write([{ tag: 'Cmd', value: true }]);
    await bench.until('the next result', () => told.resultOf('Cmd')?.ok === true);
    expect(told.lastHealth()?.online).toBe(true);
  });

  it('refuses to write what is no output of its connection', async () => {
    const { told, driver } = await runningBench();
    driver.write([
      { tag: 'Amps', value: 1 },
      { tag: 'Nobody', value: 1 },
    ]);
    await bench.until('two results', () => told.results.length >= 2);
    expect(told.results.map((result) => result.ok)).toEqual([false, false]);
  });

  it('makes all values bad within 5 s of a loss and good within 5 s of the return', async () => {
    const { field, told } = await runningBench();
    field.set('Amps', 3.5);
    await bench.until('a value', () => told.isGood('Amps', 3.5));
    await field.down();
    await bench.until('bad quality', () => bench.allBad() && told.lastHealth()?.online === false);
    expect(told.lastValue('Amps')).toBe(3.5);
    field.set('Amps', 4.5);
    await field.up();
    await bench.until('good quality', () => bench.allGood() && told.isGood('Amps', 4.5));
    expect(told.lastHealth()?.online).toBe(true);
  });

  it('reports writes to a lost field as failed and never sends them later', async () => {
    const { field, told, driver } = await runningBench();
    await field.down();
    await bench.until('bad quality', () => bench.allBad());
    driver.write([{ tag: 'Cmd', value: true }]);
    await bench.until('the failure', () => told.resultOf('Cmd')?.ok === false);
    await field.up();
    await bench.until('good quality', () => bench.allGood());
    expect(field.get('Cmd')).toBe(false);
  });

  it('starts before the field is there and finds it later', async () => {
    const field = await makeField();
    await field.down();
    bench = new FieldBench(field);
    bench.driver.start();
    await bench.until('an offline link', () => bench.told.lastHealth()?.online === false);
    await field.up();
    await bench.until('good quality', () => bench.allGood());
  });

  it('can be started and stopped twice and leaves no timer and no connection', async () => {
    const { field, driver, clock, told } = await runningBench();
    driver.start();
    await Promise.all([driver.stop(), driver.stop()]);
    expect(bench.allBad()).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    await bench.until('no connection', () => field.clients === 0);
    driver.write([{ tag: 'Cmd', value: true }]);
    expect(told.resultOf('Cmd')?.ok).toBe(false);
    driver.start();
    await bench.until('good quality after the second start', () => bench.allGood());
    await driver.stop();
    expect(clock.pendingTimers).toBe(0);
    await bench.until('no connection', () => field.clients === 0);
  });
});
