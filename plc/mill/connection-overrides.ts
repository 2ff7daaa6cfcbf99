import type { ConnectionDefinition } from '../model/connection.ts';
import type { Mill } from './definition.ts';

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

function overridden(one: ConnectionDefinition, address: string): ConnectionDefinition | string {
  if (one.kind === 'opcua') {
    return /^opc\.tcp:\/\/[^\s/]+(:\d{1,5})?(\/\S*)?$/.test(address)
      ? { ...one, endpointUrl: address }
      : 'wants opc.tcp://host:port';
  }
  const match = /^(?:tcp:\/\/)?([^\s:/]+):(\d{1,5})$/.exec(address);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) return 'wants host:port';
  return { ...one, transport: { kind: 'tcp', host: match[1], port } };
}

/**
 * The mill with its connections at the addresses of `CONNECTION_<NAME>` (name in capitals), e.g.
 * `CONNECTION_FIELD=opc.tcp://10.0.0.5:4840` or `CONNECTION_SCALES=10.0.0.6:502`. Other keys are
 * ignored.
 * @throws {ConnectionOverrideError} naming every unknown connection and every address of the wrong
 * form.
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
    if (typeof result === 'string') faults.push(`${key}=${address}: ${result}`);
    else changed.set(connection.id, result);
  }
  if (faults.length > 0) throw new ConnectionOverrideError(faults);
  return { ...mill, connections: mill.connections.map((one) => changed.get(one.id) ?? one) };
}
