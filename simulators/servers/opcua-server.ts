import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace, UAObject, UAVariable } from 'node-opcua';
import {
  DataType,
  MessageSecurityMode,
  MonitoredItem,
  makeEUInformation,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  Subscription,
  Variant,
} from 'node-opcua';
import type { Mill } from '../../plc/mill/definition.ts';
import type { OpcUaConnection } from '../../plc/model/connection.ts';
import type { TagDataType, TagDefinition, TagScalar } from '../../plc/model/tag.ts';
import type { LinkCondition } from '../faults/link-condition.ts';
import { GOOD_LINK } from '../faults/link-condition.ts';
import { Cable } from './cable.ts';
import type { FieldImage, FieldServer } from './image.ts';
import { noteChange } from './sampling.ts';

/**
 * Shortest sampling and publishing, ms. The library's own 50 ms would be a second of the process at
 * SIM_SPEED 20, as long as a contactor may take.
 */
const SAMPLING_MS_MIN = 10;
Subscription.minimumPublishingInterval = SAMPLING_MS_MIN;
MonitoredItem.minimumSamplingInterval = SAMPLING_MS_MIN;
const SESSIONS_MAX = 40;

const DATA_TYPES: Readonly<Record<TagDataType, DataType>> = {
  bool: DataType.Boolean,
  int16: DataType.Int16,
  uint16: DataType.UInt16,
  int32: DataType.Int32,
  uint32: DataType.UInt32,
  float: DataType.Float,
  double: DataType.Double,
  string: DataType.String,
};

/** The library keeps the structure behind ServerStatus here, and reads each member when asked. */
interface ServerStatusNode {
  $extensionObject: object;
}

/** One tag and its node; `shown` is what clients see. */
interface TagNode {
  readonly tag: TagDefinition;
  readonly dataType: DataType;
  /** null while the server is down. */
  node: UAVariable | null;
  shown: TagScalar;
  /** Waits to be shown. */
  changed: boolean;
}

interface OpcUaServerOptions {
  readonly pkiFolder: string;
  /** The time of day, for the time stamps of a server whose clock is wrong. */
  readonly utcMs: () => number;
  /** Registered before the connection's own namespace, and so move its index. */
  readonly namespacesBefore?: readonly string[];
}

/** How the address space was laid out by the last download of its PLC. */
interface Layout {
  readonly namespaceShift: number;
  readonly nodesReversed: boolean;
}

/**
 * An OPC UA server whose nodes are the mill's tags: `s=<device>.<role>` under a folder for each
 * device, numbers as AnalogItems with range and unit (Part 8). Open to anonymous clients, with no
 * security or Basic256Sha256: it is a simulated field on a bench, and no place for secrets.
 */
export class OpcUaFieldServer implements FieldServer {
  readonly connection: string;
  private readonly definition: OpcUaConnection;
  private readonly mill: Mill;
  private readonly image: FieldImage;
  private readonly pkiFolder: string;
  private readonly utcMs: () => number;
  private readonly namespacesBefore: readonly string[];
  private readonly tags: readonly TagNode[];
  private readonly cable: Cable;
  private changed: TagNode[] = [];
  private condition: LinkCondition = GOOD_LINK;
  private layout: Layout = GOOD_LINK;
  private server: OPCUAServer | null = null;

  constructor(
    connection: OpcUaConnection,
    mill: Mill,
    image: FieldImage,
    options: OpcUaServerOptions,
  ) {
    this.connection = connection.id;
    this.definition = connection;
    this.mill = mill;
    this.image = image;
    this.pkiFolder = options.pkiFolder;
    this.utcMs = options.utcMs;
    this.namespacesBefore = options.namespacesBefore ?? [];
    const { hostname, port } = new URL(connection.endpointUrl.replace('opc.tcp:', 'http:'));
    this.cable = new Cable(connection.id, hostname, Number(port || 4840));
    this.tags = mill.tags
      .filter(({ address }) => address?.kind === 'opcua' && address.connection === connection.id)
      .map((tag) => this.watched(tag));
  }

  get up(): boolean {
    return this.server !== null && this.cable.isPlugged;
  }

  async start(): Promise<void> {
    if (this.server !== null) return;
    const server = await this.makeServer();
    this.server = server;
    try {
      await server.initialize();
      this.addNodes(server);
      this.skewCurrentTime(server);
      await server.start();
      await this.cable.plug(server.endpoints[0]?.port ?? 0);
    } catch (cause) {
      this.forget();
      await server.shutdown(0);
      const place = this.definition.endpointUrl;
      throw new Error(`OPC UA server ${this.connection} cannot start at ${place}`, { cause });
    }
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.forget();
    await this.cable.unplug();
    await server?.shutdown(0);
  }

  setCondition(condition: LinkCondition): void {
    // What a restart changes stays until the next one.
    if (condition.down) this.layout = condition;
    this.condition = condition;
    this.cable.setCondition(condition);
  }

  pass(nowMs: number): void {
    this.cable.pass(nowMs);
  }

  /** Shows clients what changed in the image since the last call. */
  publish(): void {
    if (this.changed.length === 0) return;
    const changed = this.changed;
    this.changed = [];
    const { skewMs } = this.condition;
    const stamp = skewMs === 0 ? undefined : new Date(this.utcMs() + skewMs);
    for (const one of changed) {
      one.changed = false;
      const value = this.image.read(one.tag.name);
      if (value === one.shown) continue;
      one.shown = value;
      if (one.node === null) continue;
      one.node.setValueFromSource({ dataType: one.dataType, value }, undefined, stamp);
      noteChange(one.node);
    }
  }

  private forget(): void {
    this.server = null;
    for (const one of this.tags) one.node = null;
  }

  private watched(tag: TagDefinition): TagNode {
    const shown = this.image.read(tag.name);
    const dataType = DATA_TYPES[tag.dataType];
    const one: TagNode = { tag, dataType, node: null, shown, changed: false };
    this.image.watch(tag.name, (value) => {
      if (one.changed || value === one.shown) return;
      one.changed = true;
      this.changed.push(one);
    });
    return one;
  }

  private async makeServer(): Promise<OPCUAServer> {
    const rootFolder = join(this.pkiFolder, this.connection);
    mkdirSync(rootFolder, { recursive: true });
    const certificates = new OPCUACertificateManager({
      rootFolder,
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    });
    await certificates.initialize();
    return new OPCUAServer({
      // Clients come through the cable, which has the address of the mill file.
      host: '127.0.0.1',
      port: 0,
      advertisedEndpoints: this.definition.endpointUrl,
      allowAnonymous: true,
      securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
      securityModes: [
        MessageSecurityMode.None,
        MessageSecurityMode.Sign,
        MessageSecurityMode.SignAndEncrypt,
      ],
      serverCertificateManager: certificates,
      userCertificateManager: certificates,
      serverCapabilities: { maxSessions: SESSIONS_MAX },
      maxConnectionsPerEndpoint: SESSIONS_MAX,
      serverInfo: { applicationUri: `urn:feed-mill:simulator:${this.connection}` },
      buildInfo: { productName: `Simulated field ${this.connection} of ${this.mill.id}` },
    });
  }

  private addNodes(server: OPCUAServer): void {
    const addressSpace = server.engine.addressSpace;
    if (addressSpace === null) throw new Error('the server has no address space after initialize');
    for (const uri of this.namespacesBefore) addressSpace.registerNamespace(uri);
    for (let other = 1; other <= this.layout.namespaceShift; other++) {
      addressSpace.registerNamespace(`urn:feed-mill:simulator:other-${other}`);
    }
    const namespace = addressSpace.registerNamespace(this.definition.namespaceUri);
    const root = namespace.addFolder('ObjectsFolder', {
      browseName: this.mill.id,
      displayName: this.mill.text.en,
    });
    const folders = new Map<string, UAObject>();
    for (const one of this.layout.nodesReversed ? this.tags.toReversed() : this.tags) {
      const owner = one.tag.device ?? 'tags';
      const folder =
        folders.get(owner) ??
        namespace.addObject({
          organizedBy: root,
          browseName: owner,
          nodeId: `s=${owner}`,
          displayName: this.mill.deviceById.get(owner)?.text.en ?? owner,
        });
      folders.set(owner, folder);
      this.addNode(namespace, folder, one);
    }
  }

  private addNode(namespace: Namespace, folder: UAObject, one: TagNode): void {
    const { tag, dataType } = one;
    one.shown = this.image.read(tag.name);
    const writable = tag.direction === 'output';
    const accessLevel = writable ? 'CurrentRead | CurrentWrite' : 'CurrentRead';
    const options = {
      componentOf: folder,
      nodeId: tag.address?.kind === 'opcua' ? tag.address.identifier : `s=${tag.name}`,
      browseName: tag.role,
      displayName: tag.text.en,
      description: tag.text.en,
      dataType,
      accessLevel,
      userAccessLevel: accessLevel,
      minimumSamplingInterval: SAMPLING_MS_MIN,
      value: new Variant({ dataType, value: one.shown }),
    };
    const analog = tag.dataType === 'float' || tag.dataType === 'double';
    const node: UAVariable = analog
      ? namespace.addAnalogDataItem({
          ...options,
          engineeringUnitsRange: tag.range,
          engineeringUnits: makeEUInformation(tag.unit, tag.unit, tag.unit),
        })
      : namespace.addVariable(options);
    one.node = node;
    noteChange(node);
    if (writable) this.takeWrites(one, node);
  }

  /** The server's own clock is off by as much as its time stamps. */
  private skewCurrentTime(server: OPCUAServer): void {
    const status = server.engine.addressSpace?.findNode('i=2256') as ServerStatusNode | null;
    if (status === null) throw new Error('the server has no ServerStatus after initialize');
    const skewMs = (): number => this.condition.skewMs;
    status.$extensionObject = new Proxy(status.$extensionObject, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member);
        const isTime = member === 'currentTime' && value instanceof Date;
        return isTime ? new Date(value.getTime() + skewMs()) : value;
      },
    });
  }

  /**
   * What a client writes goes into the image; `publish` writes the same value and changes nothing.
   */
  private takeWrites(one: TagNode, node: UAVariable): void {
    node.on('value_changed', (dataValue) => {
      noteChange(node);
      const value: unknown = dataValue.value.value;
      if (typeof value !== 'boolean' && typeof value !== 'number' && typeof value !== 'string')
        return;
      if (value === one.shown) return;
      one.shown = value;
      this.image.write(one.tag.name, value);
    });
  }
}
