import type { ModbusTransport } from '../model/connection.ts';

const FORMS = 'host:port, tcp://host:port, rtu+tcp://host:port or serial:path?baud=&parity=&stop=';
/** Rates that serial ports of the field offer, bit/s. */
const BAUD_RATES = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200];
const PARITIES = ['none', 'even', 'odd'] as const;

/**
 * The transport that an address stands for, or every fault of the address:
 * `10.0.0.6:502` or `tcp://10.0.0.6:502`, `rtu+tcp://10.0.0.6:4001` (RTU frames through a serial
 * device server), `serial:/dev/ttyUSB0?baud=19200&parity=even&stop=1`. What a serial address leaves
 * out is as the standard has it: 19,200 bit/s, even parity, 1 stop bit, 2 without parity (Modbus
 * over Serial Line 1.02, 2.5.1).
 */
export function modbusTransport(address: string): ModbusTransport | readonly string[] {
  if (address.startsWith('serial:')) return serialTransport(address.slice('serial:'.length));
  const match = /^(?:(tcp|rtu\+tcp):\/\/)?([^\s:/?]+):(\d{1,5})$/.exec(address);
  const [, scheme, host, digits] = match ?? [];
  if (host === undefined) return [`wants ${FORMS}`];
  const port = Number(digits);
  if (port < 1 || port > 65_535) return [`port ${digits} is not 1..65535`];
  return { kind: scheme === 'rtu+tcp' ? 'rtu-over-tcp' : 'tcp', host, port };
}

function serialTransport(rest: string): ModbusTransport | readonly string[] {
  const [path = '', ...queries] = rest.split('?');
  const settings = new URLSearchParams(queries.join('?'));
  const faults: string[] = [];
  if (!/^(\/dev\/\S+|COM\d{1,3})$/.test(path)) {
    faults.push(`wants a serial port such as /dev/ttyUSB0 or COM3, not ${path || 'nothing'}`);
  }
  for (const key of new Set(settings.keys())) {
    if (!['baud', 'parity', 'stop'].includes(key)) faults.push(`unknown setting ${key}`);
    if (settings.getAll(key).length > 1) faults.push(`${key} is set twice`);
  }
  const baudRate = Number(settings.get('baud') ?? 19_200);
  if (!BAUD_RATES.includes(baudRate)) {
    faults.push(`baud=${settings.get('baud')} is not one of ${BAUD_RATES.join(', ')}`);
  }
  const parity = PARITIES.find((one) => one === (settings.get('parity') ?? 'even'));
  if (parity === undefined) {
    faults.push(`parity=${settings.get('parity')} is not one of ${PARITIES.join(', ')}`);
  }
  const stopBits = Number(settings.get('stop') ?? (parity === 'none' ? 2 : 1));
  if (stopBits !== 1 && stopBits !== 2) faults.push(`stop=${settings.get('stop')} is not 1 or 2`);
  if (faults.length > 0 || parity === undefined) return faults;
  return { kind: 'serial', path, baudRate, parity, stopBits: stopBits === 2 ? 2 : 1 };
}
