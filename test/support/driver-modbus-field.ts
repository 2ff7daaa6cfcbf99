/** Goal: the test field of the driver suite behind a Modbus TCP server. */
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import type { ModbusConnection } from '../../plc/model/connection.ts';
import type { ModbusAddress, TagScalar } from '../../plc/model/tag.ts';
import type { FieldTagName, TestField } from './driver-field.ts';
import { contextOf } from './driver-field.ts';
import { ModbusTestServer } from './driver-modbus-server.ts';
import { fieldTag, modbusAddress } from './driver-tags.ts';

const ADDRESSES: Readonly<Record<FieldTagName, ModbusAddress>> = {
  RunFb: modbusAddress({ encoding: 'bool', bit: 1 }),
  Amps: modbusAddress({ register: 2, scale: 0.1 }),
  Cmd: modbusAddress({ area: 'holding', encoding: 'bool', bit: 0 }),
  HzRef: modbusAddress({ area: 'holding', register: 1, scale: 0.01 }),
  Locked: modbusAddress({ area: 'holding', register: 9 }),
};

export const MODBUS_TAGS = [
  fieldTag('RunFb', 'bool', 'input', ADDRESSES.RunFb),
  fieldTag('Amps', 'float', 'input', ADDRESSES.Amps),
  fieldTag('Cmd', 'bool', 'output', ADDRESSES.Cmd),
  fieldTag('HzRef', 'float', 'output', ADDRESSES.HzRef),
  fieldTag('Locked', 'uint16', 'output', ADDRESSES.Locked),
];

export function modbusConnection(port: number): ModbusConnection {
  return {
    kind: 'modbus',
    id: 'test',
    text: { vi: 'Thử', en: 'Test' },
    transport: { kind: 'tcp', host: '127.0.0.1', port },
    timeoutMs: 1_000,
    gapLimit: 16,
    registersPerReadMax: 125,
    units: {},
  };
}

/** Unit 1 with all registers of the test field. */
export async function modbusField(): Promise<TestField & { readonly server: ModbusTestServer }> {
  const server = new ModbusTestServer();
  const unit = server.unit(1);
  for (let register = 0; register < 10; register++) {
    unit.input.set(register, 0);
    unit.holding.set(register, 0);
  }
  unit.readOnly.add(ADDRESSES.Locked.register);
  await server.start();
  const areaOf = (tag: FieldTagName) => unit[ADDRESSES[tag].area === 'input' ? 'input' : 'holding'];
  return {
    server,
    up: () => server.start(),
    down: () => server.stop(),
    set(tag, value) {
      const { register, bit, scale } = ADDRESSES[tag];
      areaOf(tag).set(register, bit === null ? Math.round(Number(value) / scale) : +value << bit);
    },
    get(tag): TagScalar | null {
      const { register, bit, scale } = ADDRESSES[tag];
      const word = areaOf(tag).get(register) ?? 0;
      return bit === null ? word * scale : (word & (1 << bit)) !== 0;
    },
    get clients() {
      return server.openSockets;
    },
    driver: (sink, clock) =>
      createModbusDriver(contextOf(modbusConnection(server.port), MODBUS_TAGS, sink, clock), {
        random: () => 0.5,
      }),
    pump: () => undefined,
  };
}
