/** Goal: the test field of the driver suite behind an OPC UA server. */
import { join } from 'node:path';
import { DataType } from 'node-opcua';
import { createOpcUaDriver } from '../../plc/drivers/opcua/opcua-driver.ts';
import type { OpcUaConnection } from '../../plc/model/connection.ts';
import type { TagDataType, TagDefinition, TagDirection } from '../../plc/model/tag.ts';
import type { TestField } from './driver-field.ts';
import { contextOf } from './driver-field.ts';
import type { OpcUaTestNode, OpcUaTestOptions } from './driver-opcua-server.ts';
import { OpcUaTestServer, TEST_NAMESPACE, TEST_PKI } from './driver-opcua-server.ts';
import { fieldTag } from './driver-tags.ts';

/** A tag on the test server, in its namespace and with its name as identifier. */
export function opcUaTag(
  name: string,
  dataType: TagDataType,
  direction: TagDirection,
): TagDefinition {
  return fieldTag(name, dataType, direction, {
    kind: 'opcua',
    connection: 'test',
    namespaceUri: TEST_NAMESPACE,
    identifier: `s=${name}`,
  });
}

export const OPCUA_TAGS = [
  opcUaTag('RunFb', 'bool', 'input'),
  opcUaTag('Amps', 'float', 'input'),
  opcUaTag('Cmd', 'bool', 'output'),
  opcUaTag('HzRef', 'float', 'output'),
  opcUaTag('Locked', 'uint16', 'output'),
];

export const OPCUA_NODES: readonly OpcUaTestNode[] = [
  { name: 'RunFb', dataType: DataType.Boolean, isWritable: false },
  { name: 'Amps', dataType: DataType.Float, isWritable: false },
  { name: 'Cmd', dataType: DataType.Boolean, isWritable: true },
  { name: 'HzRef', dataType: DataType.Float, isWritable: true },
  { name: 'Locked', dataType: DataType.UInt16, isWritable: false },
];

/** A connection to the test server, unprotected unless told. */
export function opcUaConnection(
  endpointUrl: string,
  more: Partial<OpcUaConnection> = {},
): OpcUaConnection {
  return {
    kind: 'opcua',
    id: 'test',
    text: { vi: 'Thử', en: 'Test' },
    endpointUrl,
    namespaceUri: TEST_NAMESPACE,
    publishingIntervalMs: 100,
    security: 'none',
    identity: { kind: 'anonymous' },
    ...more,
  };
}

export const OPCUA_OPTIONS = { random: () => 0.5, pkiFolder: join(TEST_PKI, 'client') };

export async function opcUaField(
  options: OpcUaTestOptions = {},
): Promise<TestField & { readonly server: OpcUaTestServer }> {
  const server = new OpcUaTestServer(OPCUA_NODES, options);
  await server.start();
  return {
    server,
    up: () => server.start(),
    down: () => server.stop(),
    set: (tag, value) => server.set(tag, value),
    get: (tag) => server.values.get(tag) ?? null,
    get clients() {
      return server.channels;
    },
    driver: (sink, clock) =>
      createOpcUaDriver(
        contextOf(opcUaConnection(server.url), OPCUA_TAGS, sink, clock),
        OPCUA_OPTIONS,
      ),
    pump: () => undefined,
  };
}
