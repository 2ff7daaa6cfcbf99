import type { Text } from './text.ts';

/** A connection to one OPC UA server of the field. */
export interface OpcUaConnection {
  readonly kind: 'opcua';
  readonly id: string;
  readonly text: Text;
  readonly endpointUrl: string;
  readonly namespaceUri: string;
  readonly publishingIntervalMs: number;
}

/** A connection to one Modbus TCP server; several units may answer behind it. */
export interface ModbusConnection {
  readonly kind: 'modbus';
  readonly id: string;
  readonly text: Text;
  readonly host: string;
  readonly port: number;
  /** One request must be answered within this, ms; a time-out drops the socket. */
  readonly timeoutMs: number;
  readonly pollIntervalMs: number;
  /** Registers that may be read in vain to join two blocks in one request. */
  readonly gapLimit: number;
  /** At most 125 (Modbus Application Protocol 1.1b3, 6.3). */
  readonly registersPerReadMax: number;
}

export type ConnectionDefinition = OpcUaConnection | ModbusConnection;
