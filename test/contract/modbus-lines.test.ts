/**
 * Goal: the driver behaves alike on every kind of line: a serial device server that speaks RTU
 * through a socket, and a serial port.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Driver } from '../../plc/drivers/driver.ts';
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import type { ModbusTransport } from '../../plc/model/connection.ts';
import { countingClock } from '../support/driver-clock.ts';
import { contextOf } from '../support/driver-field.ts';
import { modbusConnection } from '../support/driver-modbus-field.ts';
import { ModbusTestServer, rtuLength } from '../support/driver-modbus-server.ts';
import { DriverRecorder } from '../support/driver-recorder.ts';
import { fieldTag, modbusAddress } from '../support/driver-tags.ts';
import { canPair, SerialPair } from '../support/serial-pair.ts';
import { until } from '../support/until.ts';

const holding = { area: 'holding' } as const;
const TAGS = [
  fieldTag('Weight', 'float', 'input', modbusAddress({ encoding: 'float32', wordOrder: 'CDAB' })),
  fieldTag('Other', 'uint16', 'input', modbusAddress({ unitId: 2 })),
  fieldTag('Target', 'uint16', 'output', modbusAddress({ ...holding, register: 3 })),
  fieldTag('Start', 'bool', 'output', modbusAddress({ area: 'coil', encoding: 'bool' })),
];

describe('the Modbus driver', () => {
  const closing: (() => Promise<void> | void)[] = [];
  let told: DriverRecorder;
  let driver: Driver;

  const soon = (what: string, condition: () => boolean) =>
    until(what, condition, { withinMs: 5_000, everyMs: 5, last: () => told.lines.join('\n') });

  function rtuServer(): ModbusTestServer {
    const server = new ModbusTestServer({ isRtu: true });
    server.unit(1).input.set(0, 0).set(1, 0x4148);
    server.unit(2).input.set(0, 7);
    server.unit(1).holding.set(3, 0);
    server.unit(1).coils.set(0, false);
    return server;
  }

  function drive(transport: ModbusTransport): void {
    told = new DriverRecorder();
    const clock = countingClock();
    const connection = { ...modbusConnection(0), transport, timeoutMs: 300 };
    driver = createModbusDriver(contextOf(connection, TAGS, told, clock), { random: () => 0.5 });
    driver.start();
    closing.push(async () => {
      await driver.stop();
      expect(clock.pendingTimers).toBe(0);
    });
  }

  /** Reads, writes, loses and regains a unit: the same on every line. */
  async function works(server: ModbusTestServer): Promise<void> {
    await soon('first values', () => told.isGood('Weight', 12.5) && told.isGood('Other', 7));
    driver.write([
      { tag: 'Target', value: 1_234 },
      { tag: 'Start', value: true },
    ]);
    await soon('both written', () => told.results.length >= 2);
    expect(told.results.map(({ ok }) => ok)).toEqual([true, true]);
    expect(server.unit(1).holding.get(3)).toBe(1_234);
    expect(server.unit(1).coils.get(0)).toBe(true);
    server.unit(2).silent = true;
    await soon('unit 2 bad', () => told.qualityOf('Other') === 'bad');
    expect(told.qualityOf('Weight')).toBe('good');
    await soon('late answers counted', () => (told.lastHealth()?.lateReplies ?? 0) > 0);
    server.unit(2).silent = false;
    server.unit(2).input.set(0, 8);
    await soon('unit 2 good again', () => told.isGood('Other', 8));
  }

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it('speaks RTU through the socket of a serial device server', async () => {
    const server = rtuServer();
    await server.start();
    closing.push(() => server.stop());
    drive({ kind: 'rtu-over-tcp', host: '127.0.0.1', port: server.port });
    await works(server);
  });

  // Not run where no pair of pseudo-terminals can be made (no python3).
  it.runIf(canPair)('speaks RTU on a serial line', async () => {
    const server = rtuServer();
    const pair = await SerialPair.open();
    closing.push(() => pair.close());
    const input = createReadStream(pair.far);
    const output = createWriteStream(pair.far);
    let received = Buffer.alloc(0);
    input.on('data', (chunk) => {
      received = Buffer.concat([received, Buffer.from(chunk)]);
      const length = rtuLength(received);
      if (length === null || received.length < length) return;
      server.answer(received.subarray(0, length), (answer) => output.write(answer));
      received = received.subarray(length);
    });
    input.on('error', () => output.destroy());
    drive({ kind: 'serial', path: pair.near, baudRate: 115_200, parity: 'none', stopBits: 1 });
    await works(server);
  });

  it('says what is wrong with a serial line that is not there, and goes on trying', async () => {
    drive({
      kind: 'serial',
      path: '/dev/serial-line-that-is-not-there',
      baudRate: 9_600,
      parity: 'even',
      stopBits: 1,
    });
    await soon('offline', () => told.lastHealth()?.online === false);
    expect(told.lastHealth()?.lastError).toMatch(/serial-line-that-is-not-there|serialport/);
    expect(told.lines.join()).toMatch(/no Modbus connection/);
  });
});
