import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import modbusSerial from 'modbus-serial';
import type { DriverSink } from '../../plc/drivers/driver.ts';
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import { loadMill, MILL_NAMES } from '../../plc/mill/mills/index.ts';
import { realClock } from '../../plc/runtime/clock.ts';
import { modbusConnection } from '../support/driver-modbus-field.ts';
import { fieldTag, modbusAddress } from '../support/driver-tags.ts';
import { fewestRequestsPerS, plannedRequestsPerS } from '../support/modbus-requests.ts';
import { percentile, type Row } from './report.ts';

const ROUNDS = 15;
const ROUND_MS = 500;
const WARM_UP_MS = 300;
/** Registers of a request, and requests of a scan: too many for its class, so it never rests. */
const REGISTERS = 125;
const BLOCKS = 240;
const TIMEOUT_MS = 1_000;

const tags = Array.from({ length: REGISTERS * BLOCKS }, (_, register) =>
  fieldTag(`R${register}`, 'uint16', 'input', modbusAddress({ register })),
);

/** Registers per second through the whole driver: read, checked, decoded, compared and told. */
async function throughDriver(port: number): Promise<number> {
  let registers = 0;
  const sink: DriverSink = {
    samples: () => undefined,
    // Every answer but the first of each block confirms all of its tags.
    confirm: (names) => {
      registers += names.length;
    },
    written: () => undefined,
    health: () => undefined,
  };
  const clock = realClock();
  const driver = createModbusDriver(
    {
      connection: { ...modbusConnection(port), timeoutMs: TIMEOUT_MS },
      tags,
      sink,
      clock: { nowMs: () => clock.utcMs(), setTimer: (back, ms) => clock.setTimer(back, ms) },
      log: { info: () => undefined, warn: () => undefined },
      speed: 100,
    },
    { random: Math.random },
  );
  driver.start();
  await pause(WARM_UP_MS);
  const [before, beganMs] = [registers, performance.now()];
  await pause(ROUND_MS);
  const rate = ((registers - before) * 1_000) / (performance.now() - beganMs);
  await driver.stop();
  return rate;
}

/** Registers per second of the library alone: the same requests, their answers thrown away. */
async function throughLibrary(port: number): Promise<number> {
  const client = new modbusSerial.default();
  await client.connectTCP('127.0.0.1', { port });
  client.setID(1);
  client.setTimeout(TIMEOUT_MS);
  let registers = 0;
  let block = 0;
  const readFor = async (durationMs: number): Promise<number> => {
    const beganMs = performance.now();
    const before = registers;
    while (performance.now() - beganMs < durationMs) {
      const { data } = await client.readInputRegisters(REGISTERS * block, REGISTERS);
      registers += data.length;
      block = (block + 1) % BLOCKS;
    }
    return ((registers - before) * 1_000) / (performance.now() - beganMs);
  };
  await readFor(WARM_UP_MS);
  const rate = await readFor(ROUND_MS);
  await new Promise<void>((done) => client.close(() => done()));
  return rate;
}

async function throughputRows(): Promise<Row[]> {
  const device = fork(new URL('./modbus-device.ts', import.meta.url));
  try {
    const [port] = (await once(device, 'message')) as [number];
    const [driver, library]: [number[], number[]] = [[], []];
    // Once in vain: what is compiled for speed is compiled by then.
    await throughLibrary(port);
    await throughDriver(port);
    for (let round = 0; round < ROUNDS; round++) {
      library.push(await throughLibrary(port));
      driver.push(await throughDriver(port));
    }
    const ratios = driver.map((rate, at) => rate / (library[at] ?? rate));
    const note = `requests of ${REGISTERS}, one in 30 changes each time, median of ${ROUNDS}`;
    const unit = 'registers/s';
    return [
      { what: 'Modbus, bare modbus-serial', value: percentile(library, 0.5), unit, note },
      { what: 'Modbus, driver', value: percentile(driver, 0.5), unit, note },
      { what: 'Modbus, driver / bare modbus-serial', value: percentile(ratios, 0.5), unit: '' },
    ];
  } finally {
    device.kill();
  }
}

async function planRow(name: string): Promise<Row> {
  const mill = await loadMill(name);
  const [planned, fewest] = [plannedRequestsPerS(mill), fewestRequestsPerS(mill)];
  return {
    what: `Modbus, requests of mill ${name} / theoretical minimum`,
    value: planned / fewest,
    unit: '',
    note: `${planned.toFixed(1)} / ${fewest.toFixed(1)} per s`,
  };
}

/** How fast registers are read, and whether a mill is read in as few requests as can be. */
export async function modbusBench(): Promise<Row[]> {
  return [...(await throughputRows()), ...(await Promise.all(MILL_NAMES.map(planRow)))];
}
