import type { Text } from './text.ts';

/**
 * Who we are to an OPC UA server. Secrets never stand in a mill file: the password and the user's
 * key lie in the connection's folder of certificates, readable by the controller alone.
 */
export type OpcUaIdentity =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly userName: string }
  | { readonly kind: 'certificate' };

/** A connection to one OPC UA server of the field. */
export interface OpcUaConnection {
  readonly kind: 'opcua';
  readonly id: string;
  readonly text: Text;
  readonly endpointUrl: string;
  readonly namespaceUri: string;
  readonly publishingIntervalMs: number;
  /**
   * `strongest`: the best of the allowed policies that the server offers, else no connection.
   * `none`: unprotected, for a bench or a server that can do no better; shown to people as a
   * warning.
   */
  readonly security: 'strongest' | 'none';
  readonly identity: OpcUaIdentity;
}

/** What carries Modbus to the device. */
export type ModbusTransport =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** RTU frames with their CRC through a TCP socket, as serial device servers speak. */
  | { readonly kind: 'rtu-over-tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baudRate: number;
      readonly parity: 'none' | 'even' | 'odd';
      readonly stopBits: 1 | 2;
    };

/** What one device takes in a request, and which functions it offers beyond the usual ones. */
export interface ModbusLimits {
  /** One request must be answered within this, ms; a time-out drops the socket. */
  readonly timeoutMs: number;
  /** Registers (or bits) that may be read in vain to join two blocks in one request. */
  readonly gapLimit: number;
  /** At most 125 (Modbus Application Protocol 1.1b3, 6.3). */
  readonly registersPerReadMax: number;
}

/** A unit that differs from the rest of its connection. */
export interface ModbusUnitDefinition extends Partial<ModbusLimits> {
  /** Function 22: a bit of a register can be written without reading the register first. */
  readonly maskWrite?: boolean;
  /** Function 23: registers can be written and read back in one request. */
  readonly readWrite?: boolean;
}

/** A connection to one Modbus device or gateway; several units may answer behind it. */
export interface ModbusConnection extends ModbusLimits {
  readonly kind: 'modbus';
  readonly id: string;
  readonly text: Text;
  readonly transport: ModbusTransport;
  /** Units that differ, by their number. */
  readonly units: Readonly<Record<number, ModbusUnitDefinition>>;
}

export type ConnectionDefinition = OpcUaConnection | ModbusConnection;
