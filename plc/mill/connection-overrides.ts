import type { ConnectionDefinition } from '../model/connection.ts';
import type { Mill } from './definition.ts';
import { modbusTransport } from './modbus-transport.ts';

const PREFIX = 'CONNECTION_';

/**
 * Overrides in the environment that cannot be used; the engineer who set them must mend every one.
 */
export class ConnectionOverrideError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`connection overrides:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConnectionOverrideError';
    this.faults = faults;
  }
}

/** The connection at its new address, or every fault of the address. */
function overridden(
  one: ConnectionDefinition,
  address: string,
): ConnectionDefinition | readonly string[] {
  if (one.kind === 'opcua') {
    return /^opc\.tcp:\/\/[^\s/]+(:\d{1,5})?(\/\S*)?$/.test(address)
      ? { ...one, endpointUrl: address }
      : ['wants opc.tcp://host:port'];
  }
  const transport = modbusTransport(address);
  return 'kind' in transport ? { ...one, transport } : transport;
}

/**
 * The mill with its connections at the addresses of `CONNECTION_<NAME>` (name in capitals), e.g.
 * `CONNECTION_FIELD=opc.tcp://10.0.0.5:4840` or `CONNECTION_SCALES=10.0.0.6:502` (other forms:
 * {@link modbusTransport}). Other keys are ignored.
 * @throws {ConnectionOverrideError} naming every unknown connection and every fault of an address.
 */
export function overrideConnections(
  mill: Mill,
  environment: Readonly<Record<string, string | undefined>>,
): Mill {
  const faults: string[] = [];
  const byName = new Map(mill.connections.map((one) => [`${PREFIX}${one.id.toUpperCase()}`, one]));
  const changed = new Map<string, ConnectionDefinition>();
  for (const [key, address] of Object.entries(environment)) {
    if (!key.startsWith(PREFIX) || address === undefined || address === '') continue;
    const connection = byName.get(key);
    if (connection === undefined) {
      faults.push(
        `${key}: mill ${mill.id} has no such connection; it has ${[...byName.keys()].join(', ')}`,
      );
      continue;
    }
    const result = overridden(connection, address);
    if ('kind' in result) changed.set(connection.id, result);
    else faults.push(...result.map((fault) => `${key}=${address}: ${fault}`));
  }
  if (faults.length > 0) throw new ConnectionOverrideError(faults);
  return { ...mill, connections: mill.connections.map((one) => changed.get(one.id) ?? one) };
}
