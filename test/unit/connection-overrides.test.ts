/**
 * Goal: an engineer can point each connection elsewhere without editing the mill, in every form
 * that the field has, and is told every fault at once.
 */
import { describe, expect, it } from 'vitest';
import {
  ConnectionOverrideError,
  overrideConnections,
} from '../../plc/mill/connection-overrides.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';

const modbus = pilot.connections.find((one) => one.kind === 'modbus');
const KEY = `CONNECTION_${modbus?.id.toUpperCase()}`;

function transportOf(address: string): unknown {
  const mill = overrideConnections(pilot, { [KEY]: address });
  const connection = mill.connections.find((one) => one.id === modbus?.id);
  return connection?.kind === 'modbus' ? connection.transport : null;
}

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    overrideConnections(pilot, environment);
    return [];
  } catch (cause) {
    if (cause instanceof ConnectionOverrideError) return cause.faults;
    throw cause;
  }
}

describe('a connection of the mill', () => {
  it.each([
    ['10.0.0.6:502', { kind: 'tcp', host: '10.0.0.6', port: 502 }],
    ['tcp://plc-3:502', { kind: 'tcp', host: 'plc-3', port: 502 }],
    ['rtu+tcp://10.0.0.7:4001', { kind: 'rtu-over-tcp', host: '10.0.0.7', port: 4_001 }],
    [
      'serial:/dev/ttyUSB0?baud=9600&parity=none&stop=1',
      { kind: 'serial', path: '/dev/ttyUSB0', baudRate: 9_600, parity: 'none', stopBits: 1 },
    ],
    [
      'serial:COM3',
      { kind: 'serial', path: 'COM3', baudRate: 19_200, parity: 'even', stopBits: 1 },
    ],
    [
      'serial:/dev/ttyS0?parity=none',
      { kind: 'serial', path: '/dev/ttyS0', baudRate: 19_200, parity: 'none', stopBits: 2 },
    ],
  ])('can be at %s', (address, transport) => {
    expect(transportOf(address)).toEqual(transport);
  });

  it('cannot be at an address with faults, and each of them is named', () => {
    const faults = faultsOf({
      [KEY]: 'serial:ttyUSB0?baud=12&parity=mark&stop=3&flow=rts&baud=9600',
      CONNECTION_NOWHERE: '10.0.0.1:1',
    });
    const expected = [
      /serial port/,
      /baud is set twice/,
      /unknown setting flow/,
      /: baud=12 is not/,
    ];
    for (const fault of [...expected, /: parity=mark/, /: stop=3/, /no such connection/]) {
      expect(
        faults.filter((one) => fault.test(one)),
        `${fault}`,
      ).toHaveLength(1);
    }
    expect(faults).toHaveLength(7);
  });

  it.each(['10.0.0.6', '10.0.0.6:0', '10.0.0.6:65536', 'udp://10.0.0.6:502', 'a b:502'])(
    'cannot be at %s',
    (address) => {
      expect(faultsOf({ [KEY]: address })).toHaveLength(1);
    },
  );
});
