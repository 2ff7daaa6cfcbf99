/** Goal: tags for driver tests, with only what a driver looks at spelled out. */
import type {
  ModbusAddress,
  TagAddress,
  TagDataType,
  TagDefinition,
  TagDirection,
} from '../../plc/model/tag.ts';

export function fieldTag(
  name: string,
  dataType: TagDataType,
  direction: TagDirection,
  address: TagAddress | null,
): TagDefinition {
  return {
    name,
    device: null,
    role: name,
    dataType,
    unit: '',
    range: { low: 0, high: 1 },
    text: { vi: name, en: name },
    direction,
    address,
    maxAgeMs: 4_000,
    scanMs: 100,
    fieldDeadband: 0,
    everyValue: false,
    deadband: 0,
    states: null,
  };
}

/** A Modbus address, unit 1, input register 0, unsigned, unless told otherwise. */
export function modbusAddress(more: Partial<ModbusAddress> = {}): ModbusAddress {
  return {
    kind: 'modbus',
    connection: 'test',
    unitId: 1,
    area: 'input',
    register: 0,
    bit: null,
    encoding: 'uint16',
    length: null,
    wordOrder: 'ABCD',
    scale: 1,
    offset: 0,
    ...more,
  };
}
