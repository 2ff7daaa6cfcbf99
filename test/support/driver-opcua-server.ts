/**
 * Goal: a small OPC UA server on a real socket that can be stopped, started again and made to
 * misbehave.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerSecureChannelLayer, UAVariable } from 'node-opcua';
import {
  DataType,
  type DataValue,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  Variant,
} from 'node-opcua';
import type { TagScalar } from '../../plc/model/tag.ts';
import { freePorts } from './ports.ts';

export const TEST_NAMESPACE = 'urn:test:field';

/** One variable of the server. */
export interface OpcUaTestNode {
  readonly name: string;
  readonly dataType: DataType;
  readonly isWritable: boolean;
}

/**
 * What a server offers and takes; nothing is protected and little fits in one request unless told.
 */
export interface OpcUaTestOptions {
  readonly policies?: readonly SecurityPolicy[];
  readonly modes?: readonly MessageSecurityMode[];
  /** Name of its certificate's folder. */
  identity?: string;
  /** One limit for every kind of request; few and different ones unless told. */
  readonly itemsPerCallMax?: number;
}

/** Certificates of the tests' servers and clients; made once, because keys take their time. */
export const TEST_PKI = mkdtempSync(join(tmpdir(), 'driver-pki-'));
process.on('exit', () => rmSync(TEST_PKI, { recursive: true, force: true }));

export class OpcUaTestServer {
  readonly values = new Map<string, TagScalar>();
  /** Namespaces registered before ours, which move its index. */
  readonly namespacesBefore: string[] = [];
  readonly #nodes: readonly OpcUaTestNode[];
  readonly #options: OpcUaTestOptions;
  readonly #variables = new Map<string, UAVariable>();
  #server: OPCUAServer | null = null;
  #port = 0;

  constructor(nodes: readonly OpcUaTestNode[], options: OpcUaTestOptions = {}) {
    this.#nodes = nodes;
    this.#options = options;
    for (const node of nodes) this.values.set(node.name, zeroOf(node.dataType));
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `opc.tcp://127.0.0.1:${this.#port}`;
  }

  get sessions(): number {
    return this.#server?.currentSessionCount ?? 0;
  }

  get channels(): number {
    return this.#server?.currentChannelCount ?? 0;
  }

  /** Security of the sessions open now. */
  get policies(): SecurityPolicy[] {
    return this.#openChannels().map((channel) => channel.securityPolicy);
  }

  get modes(): MessageSecurityMode[] {
    return this.#openChannels().map((channel) => channel.securityMode);
  }

  /** Listens; on the same port as before after a stop. */
  async start(): Promise<void> {
    if (this.#server !== null) return;
    if (this.#port === 0) [this.#port = 0] = await freePorts(1);
    const most = this.#options.itemsPerCallMax;
    const server = new OPCUAServer({
      port: this.#port,
      serverCertificateManager: new OPCUACertificateManager({
        rootFolder: join(TEST_PKI, this.#options.identity ?? 'server'),
        automaticallyAcceptUnknownCertificate: true,
      }),
      securityPolicies: [...(this.#options.policies ?? [SecurityPolicy.None])],
      securityModes: [...(this.#options.modes ?? [MessageSecurityMode.None])],
      hostname: '127.0.0.1',
      serverCapabilities: {
        operationLimits: {
          maxMonitoredItemsPerCall: most ?? 2,
          maxNodesPerWrite: most ?? 1,
          maxNodesPerRead: most ?? 5,
        },
      },
    });
    await server.initialize();
    this.#addNodes(server);
    await server.start();
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#variables.clear();
    await server?.shutdown(0);
  }

  set(name: string, value: TagScalar): void {
    this.values.set(name, value);
    const node = this.#nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`the test server has no ${name}`);
    this.#variables.get(name)?.setValueFromSource({ dataType: node.dataType, value });
  }

  /** Gives a variable a status of its own. */
  setStatus(name: string, status: 'Good' | 'UncertainLastUsableValue' | 'BadSensorFailure'): void {
    const node = this.#nodes.find((one) => one.name === name);
    this.#variables
      .get(name)
      ?.setValueFromSource(
        { dataType: node?.dataType ?? DataType.Null, value: this.values.get(name) },
        StatusCodes[status],
      );
  }

  #openChannels(): ServerSecureChannelLayer[] {
    return this.#server?.endpoints.flatMap((endpoint) => endpoint.getChannels()) ?? [];
  }

  #addNodes(server: OPCUAServer): void {
    const space = server.engine.addressSpace;
    if (space === null) throw new Error('the server has no address space');
    for (const uri of this.namespacesBefore) space.registerNamespace(uri);
    const namespace = space.registerNamespace(TEST_NAMESPACE);
    for (const { name, dataType, isWritable } of this.#nodes) {
      const access = isWritable ? 'CurrentRead | CurrentWrite' : 'CurrentRead';
      const variable = namespace.addVariable({
        organizedBy: space.rootFolder.objects,
        browseName: name,
        nodeId: `s=${name}`,
        dataType,
        accessLevel: access,
        userAccessLevel: access,
      });
      variable.setValueFromSource(new Variant({ dataType, value: this.values.get(name) }));
      variable.on('value_changed', (changed: DataValue) => {
        this.values.set(name, changed.value.value);
      });
      this.#variables.set(name, variable);
    }
  }
}

function zeroOf(dataType: DataType): TagScalar {
  if (dataType === DataType.Boolean) return false;
  return dataType === DataType.String ? '' : 0;
}
