/**
 * Goal: an engineer who knows only where a value lies sees what it would be in every type and word
 * order, and which registers the device does not have.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProbedRegister } from '../../plc/drivers/modbus/probe.ts';
import { probeRegisters } from '../../plc/drivers/modbus/probe.ts';
import { countingClock } from '../support/driver-clock.ts';
import { ModbusTestServer } from '../support/driver-modbus-server.ts';
import { until } from '../support/until.ts';

describe('the register probe', () => {
  let server: ModbusTestServer;

  beforeEach(async () => {
    server = new ModbusTestServer();
    await server.start();
    server.unit(1).isStrict = true;
  });
  afterEach(() => server.stop());

  const probe = (start: number, count: number, unitId = 1): Promise<ProbedRegister[]> =>
    probeRegisters({
      transport: { kind: 'tcp', host: '127.0.0.1', port: server.port },
      unitId,
      area: 'holding',
      start,
      count,
      timeoutMs: 300,
      clock: countingClock(),
    });

  const readingOf = (one: ProbedRegister | undefined, encoding: string, wordOrder: string) =>
    one?.readings.find((it) => it.encoding === encoding && it.wordOrder === wordOrder)?.value;

  it('shows 12.5 kg of a meter that sends the low word first', async () => {
    server.unit(1).holding.set(10, 0).set(11, 0x4148).set(12, 0x4142).set(13, 0x4300);
    const [first, ...others] = await probe(10, 4);
    expect(first).toMatchObject({ register: 10, word: 0, refusal: null });
    expect(readingOf(first, 'float32', 'CDAB')).toBe(12.5);
    expect(readingOf(first, 'uint32', 'ABCD')).toBe(0x4148);
    expect(readingOf(others[0], 'int16', 'BADC')).toBe(0x4841);
    expect(readingOf(others[1], 'string', 'ABCD')).toBe('ABC');
    expect(others[2]?.readings.every(({ encoding }) => !encoding.endsWith('32'))).toBe(true);
  });

  it('finds the registers that are missing in a range larger than one request', async () => {
    const { holding } = server.unit(1);
    for (let register = 0; register < 300; register++) holding.set(register, register);
    holding.delete(7);
    holding.delete(130);
    const found = await probe(0, 300);
    expect(found.map(({ register }) => register)).toEqual([...Array(300).keys()]);
    expect(found.filter(({ word }) => word === null).map(({ register }) => register)).toEqual([
      7, 130,
    ]);
    expect(found[7]?.refusal).toMatch(/no such register/);
    expect(found.every(({ register, word }) => word === null || word === register)).toBe(true);
    await until('the socket closed', () => server.openSockets === 0, { everyMs: 5 });
  });

  it('says so when nobody answers', async () => {
    await expect(probe(0, 1, 9)).rejects.toThrow('no answer within 300 ms');
    await server.stop();
    await expect(probe(0, 1)).rejects.toThrow('ECONNREFUSED');
  });
});
