/** Goal: the test field of the driver suite inside this process. */
import type { MemoryDriver } from '../../plc/drivers/memory/memory-driver.ts';
import { createMemoryDriver } from '../../plc/drivers/memory/memory-driver.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import type { TestField } from './driver-field.ts';
import { contextOf } from './driver-field.ts';
import { MODBUS_TAGS, modbusConnection } from './driver-modbus-field.ts';

export async function memoryField(): Promise<TestField> {
  const values = new Map<string, TagScalar>([
    ['RunFb', false],
    ['Amps', 0],
    ['Cmd', false],
    ['HzRef', 0],
    ['Locked', 0],
  ]);
  let isUp = true;
  let driver: MemoryDriver | null = null;
  const device = {
    read: (tag: string) => (isUp ? (values.get(tag) ?? null) : null),
    write(tag: string, value: TagScalar): void {
      if (!isUp) throw new Error('the device is down');
      if (tag === 'Locked') throw new Error('Locked cannot be written');
      values.set(tag, value);
    },
  };
  return {
    async up() {
      isUp = true;
    },
    async down() {
      isUp = false;
    },
    set: (tag, value) => void values.set(tag, value),
    get: (tag) => values.get(tag) ?? null,
    clients: 0,
    driver(sink, clock) {
      driver = createMemoryDriver(contextOf(modbusConnection(1), MODBUS_TAGS, sink, clock), device);
      return driver;
    },
    pump: () => driver?.poll(),
  };
}
