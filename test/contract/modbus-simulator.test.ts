/**
 * Goal: the driver and the simulated field, written apart from each other, mean the same by every
 * type, word order and function.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { ModbusUnitDefinition } from '../../plc/model/connection.ts';
import type { ModbusEncoding, TagDefinition, TagScalar } from '../../plc/model/tag.ts';
import { MODBUS_ENCODINGS, WORD_ORDERS } from '../../plc/model/tag.ts';
import { FieldImage } from '../../simulators/servers/image.ts';
import { ModbusServer } from '../../simulators/servers/modbus-server.ts';
import { ModbusUnit } from '../../simulators/servers/modbus-unit.ts';
import { countingClock } from '../support/driver-clock.ts';
import { contextOf } from '../support/driver-field.ts';
import { modbusConnection } from '../support/driver-modbus-field.ts';
import { DriverRecorder } from '../support/driver-recorder.ts';
import { fieldTag, modbusAddress } from '../support/driver-tags.ts';
import { until } from '../support/until.ts';

const VALUES: Readonly<Record<ModbusEncoding, TagScalar>> = {
  bool: true,
  int16: -12_345,
  uint16: 54_321,
  int32: -1_234_567_890,
  uint32: 3_456_789_012,
  int64: -9_007_199_254_740_991,
  uint64: 9_007_199_254_740_991,
  float32: 1_234.5,
  float64: 0.1,
  string: 'Broiler 12',
};
const REGISTERS_EACH = 8;

/** An output of every encoding in every word order, each written by itself in its own registers. */
const TAGS: readonly TagDefinition[] = MODBUS_ENCODINGS.flatMap((encoding, row) =>
  WORD_ORDERS.map((wordOrder, column) => {
    const place = (WORD_ORDERS.length * row + column) * REGISTERS_EACH;
    const address = modbusAddress({
      area: 'holding',
      register: 2 * place,
      encoding,
      wordOrder,
      bit: encoding === 'bool' ? 3 : null,
      length: encoding === 'string' ? 6 : null,
    });
    const dataType = { bool: 'bool', string: 'string' }[encoding as string] ?? 'double';
    const tag = fieldTag(`${encoding}.${wordOrder}`, dataType as never, 'output', address);
    return { ...tag, range: { low: -1e16, high: 1e16 } };
  }),
);
const OF = new Map(TAGS.map((tag) => [tag.name, VALUES[tag.name.split('.')[0] as ModbusEncoding]]));

describe('the simulated field, driven by the driver', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it.each<[string, ModbusUnitDefinition]>([
    ['the usual functions', {}],
    ['functions 22 and 23', { maskWrite: true, readWrite: true }],
  ])('takes and shows every type in every word order with %s', async (_, unit) => {
    const image = new FieldImage({
      ...pilot,
      tagByName: new Map(TAGS.map((tag) => [tag.name, tag])),
    });
    const server = new ModbusServer(modbusConnection(0), [new ModbusUnit(1, TAGS, image)]);
    await server.start();
    closing.push(() => server.stop());
    const told = new DriverRecorder();
    const connection = { ...modbusConnection(server.listeningPort), units: { 1: unit } };
    const driver = createModbusDriver(contextOf(connection, TAGS, told, countingClock()), {
      random: () => 0.5,
    });
    driver.start();
    closing.push(() => driver.stop());
    const soon = (what: string, condition: () => boolean) =>
      until(what, condition, { withinMs: 5_000, everyMs: 5, last: () => told.lines.join('\n') });
    await soon('all good', () => TAGS.every(({ name }) => told.qualityOf(name) === 'good'));
    driver.write(TAGS.map(({ name }) => ({ tag: name, value: OF.get(name) ?? 0 })));
    await soon('all written', () => told.results.length >= TAGS.length);
    expect(told.results.filter(({ ok }) => !ok)).toEqual([]);
    expect(Object.fromEntries(TAGS.map(({ name }) => [name, image.read(name)]))).toEqual(
      Object.fromEntries(OF),
    );
    await soon('all shown', () => TAGS.every(({ name }) => told.isGood(name, OF.get(name) ?? 0)));
  });
});
