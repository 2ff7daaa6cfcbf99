/**
 * Goal: a small OPC UA server on a real socket that can be stopped, started again and made to
 * misbehave.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace, ServerSecureChannelLayer, ServerState, UAVariable } from 'node-opcua';
import {
  DataType,
  DataValue,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  standardUnits,
  Variant,
  VariantArrayType,
} from 'node-opcua';
import type { TagScalar } from '../../plc/model/tag.ts';
import { freePorts } from './ports.ts';

export const TEST_NAMESPACE = 'urn:test:field';

export type TestStatus =
  | 'Good'
  | 'GoodWithOverflowBit'
  | 'UncertainLastUsableValue'
  | 'BadSensorFailure';

/** One variable of the server. */
export interface OpcUaTestNode {
  readonly name: string;
  readonly dataType: DataType;
  readonly isWritable: boolean;
  /** The server keeps its last values and lets them be read. */
  readonly hasHistory?: boolean;
  /** It holds a list of its type. */
  readonly isList?: boolean;
  readonly euRange?: { readonly low: number; readonly high: number };
}

/**
 * What a server offers and takes; nothing is protected and little fits in one request unless told.
 */
export interface OpcUaTestOptions {
  readonly policies?: readonly SecurityPolicy[];
  readonly modes?: readonly MessageSecurityMode[];
  /** Name of its certificate's folder. */
  identity?: string;
  /** Passwords by user name; only these users may come in then. */
  readonly users?: Readonly<Record<string, string>>;
  readonly sessionsMax?: number;
  /** It asks its engineer before it trusts a client's certificate. */
  readonly isCareful?: boolean;
  /** Lets an anonymous session take another's subscription over without protection. */
  readonly letsTakeOver?: boolean;
  /** How far its clock is off, ms. */
  readonly skewMs?: number;
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
  readonly #nodes: OpcUaTestNode[];
  readonly #options: OpcUaTestOptions;
  readonly #variables = new Map<string, UAVariable>();
  #server: OPCUAServer | null = null;
  #port = 0;

  constructor(nodes: readonly OpcUaTestNode[], options: OpcUaTestOptions = {}) {
    this.#nodes = [...nodes];
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
    const { users } = this.#options;
    const most = this.#options.itemsPerCallMax;
    const server = new OPCUAServer({
      port: this.#port,
      serverCertificateManager: new OPCUACertificateManager({
        rootFolder: join(TEST_PKI, this.#options.identity ?? 'server'),
        automaticallyAcceptUnknownCertificate: !(this.#options.isCareful ?? false),
      }),
      securityPolicies: [...(this.#options.policies ?? [SecurityPolicy.None])],
      securityModes: [...(this.#options.modes ?? [MessageSecurityMode.None])],
      hostname: '127.0.0.1',
      allowAnonymous: users === undefined,
      allowAnonymousSubscriptionTransferOnUnsecuredChannel: this.#options.letsTakeOver ?? false,
      ...(users === undefined
        ? {}
        : {
            userManager: {
              isValidUser: (name: string, password: string) => users[name] === password,
            },
          }),
      serverCapabilities: {
        maxSessions: this.#options.sessionsMax ?? 10,
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
    this.#setClock(server);
    this.#server = server;
  }

  /** What the server says of itself, e.g. `Suspended` while a program is loaded. */
  setState(state: ServerState): void {
    this.#own(2259).setValueFromSource({ dataType: DataType.Int32, value: state });
  }

  /** Registers another namespace while it runs, as a download to a PLC does. */
  addNamespace(uri: string): void {
    this.#server?.engine.addressSpace?.registerNamespace(uri);
  }

  /** Adds a variable while it runs. */
  add(node: OpcUaTestNode): void {
    const namespace = this.#server?.engine.addressSpace?.getNamespace(TEST_NAMESPACE) as
      | Namespace
      | undefined;
    if (namespace === undefined) throw new Error('the server is not started');
    this.#nodes.push(node);
    this.values.set(node.name, zeroOf(node.dataType));
    this.#addNode(namespace, node);
  }

  /** Gives a variable a value with a time of its own. */
  setAt(name: string, value: TagScalar, timeMs: number): void {
    const node = this.#nodes.find((one) => one.name === name);
    this.#variables
      .get(name)
      ?.setValueFromSource(
        { dataType: node?.dataType ?? DataType.Null, value },
        StatusCodes.Good,
        new Date(timeMs),
      );
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
  setStatus(name: string, status: TestStatus): void {
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
    const namespace = space.registerNamespace(TEST_NAMESPACE) as Namespace;
    for (const node of this.#nodes) this.#addNode(namespace, node);
  }

  #addNode(namespace: Namespace, node: OpcUaTestNode): void {
    const { name, dataType, isWritable, hasHistory = false, isList = false, euRange } = node;
    const space = namespace.addressSpace;
    const levels = ['CurrentRead', ...(isWritable ? ['CurrentWrite'] : [])];
    if (hasHistory) levels.push('HistoryRead');
    const access = levels.join(' | ');
    const options = {
      organizedBy: space.rootFolder.objects,
      browseName: name,
      nodeId: `s=${name}`,
      dataType,
      accessLevel: access,
      userAccessLevel: access,
      minimumSamplingInterval: 0,
      ...(isList ? { valueRank: 1, arrayDimensions: [0] } : {}),
    };
    const variable =
      euRange === undefined
        ? namespace.addVariable(options)
        : namespace.addAnalogDataItem({
            ...options,
            engineeringUnitsRange: euRange,
            engineeringUnits: standardUnits.kilogram,
          });
    if (isList) {
      const arrayType = VariantArrayType.Array;
      variable.setValueFromSource(new Variant({ dataType, arrayType, value: [1, 2] }));
      return;
    }
    if (hasHistory) space.installHistoricalDataNode(variable);
    variable.setValueFromSource(new Variant({ dataType, value: this.values.get(name) }));
    variable.on('value_changed', (changed: DataValue) => {
      this.values.set(name, changed.value.value);
    });
    this.#variables.set(name, variable);
  }

  #setClock(server: OPCUAServer): void {
    const { skewMs } = this.#options;
    if (skewMs === undefined || server.engine.addressSpace === null) return;
    // The library ties this node to the real clock, so the answer itself is replaced.
    this.#own(2258, server).readValue = () =>
      new DataValue({
        value: { dataType: DataType.DateTime, value: new Date(Date.now() + skewMs) },
      });
  }

  #own(id: number, server = this.#server): UAVariable {
    return server?.engine.addressSpace?.findNode(`i=${id}`) as UAVariable;
  }
}

function zeroOf(dataType: DataType): TagScalar {
  if (dataType === DataType.Boolean) return false;
  return dataType === DataType.String ? '' : 0;
}
