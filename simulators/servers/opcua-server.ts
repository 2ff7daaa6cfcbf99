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
import type { FieldImage, FieldServer } from './image.ts';

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

/** One tag and its node; `shown` is what clients see. */
interface TagNode {
  readonly tag: TagDefinition;
  readonly node: UAVariable;
  readonly dataType: DataType;
  shown: TagScalar;
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
  private readonly namespacesBefore: readonly string[];
  private nodes: TagNode[] = [];
  private server: OPCUAServer | null = null;

  /** @param namespacesBefore are registered before the connection's own, and so move its index. */
  constructor(
    connection: OpcUaConnection,
    mill: Mill,
    image: FieldImage,
    pkiFolder: string,
    namespacesBefore: readonly string[] = [],
  ) {
    this.connection = connection.id;
    this.definition = connection;
    this.mill = mill;
    this.image = image;
    this.pkiFolder = pkiFolder;
    this.namespacesBefore = namespacesBefore;
  }

  get up(): boolean {
    return this.server !== null;
  }

  async start(): Promise<void> {
    if (this.server !== null) return;
    const server = await this.makeServer();
    this.server = server;
    try {
      await server.initialize();
      this.addNodes(server);
      await server.start();
    } catch (cause) {
      this.server = null;
      this.nodes = [];
      await server.shutdown(0);
      const place = this.definition.endpointUrl;
      throw new Error(`OPC UA server ${this.connection} cannot start at ${place}`, { cause });
    }
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    this.nodes = [];
    await server?.shutdown(0);
  }

  /** Shows clients what changed in the image since the last call. */
  publish(): void {
    for (const one of this.nodes) {
      const value = this.image.read(one.tag.name);
      if (value === one.shown) continue;
      one.shown = value;
      one.node.setValueFromSource({ dataType: one.dataType, value });
    }
  }

  private async makeServer(): Promise<OPCUAServer> {
    const { hostname, port } = new URL(this.definition.endpointUrl.replace('opc.tcp:', 'http:'));
    const rootFolder = join(this.pkiFolder, this.connection);
    mkdirSync(rootFolder, { recursive: true });
    const certificates = new OPCUACertificateManager({
      rootFolder,
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    });
    await certificates.initialize();
    return new OPCUAServer({
      host: hostname,
      port: Number(port || 4840),
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
    const namespace = addressSpace.registerNamespace(this.definition.namespaceUri);
    const root = namespace.addFolder('ObjectsFolder', {
      browseName: this.mill.id,
      displayName: this.mill.text.en,
    });
    const folders = new Map<string, UAObject>();
    this.nodes = this.mill.tags
      .filter((tag) => tag.address?.kind === 'opcua' && tag.address.connection === this.connection)
      .map((tag) => {
        const owner = tag.device ?? 'tags';
        const folder =
          folders.get(owner) ??
          namespace.addObject({
            organizedBy: root,
            browseName: owner,
            nodeId: `s=${owner}`,
            displayName: this.mill.deviceById.get(owner)?.text.en ?? owner,
          });
        folders.set(owner, folder);
        return this.addNode(namespace, folder, tag);
      });
  }

  private addNode(namespace: Namespace, folder: UAObject, tag: TagDefinition): TagNode {
    const dataType = DATA_TYPES[tag.dataType];
    const shown = this.image.read(tag.name);
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
      value: new Variant({ dataType, value: shown }),
    };
    const analog = tag.dataType === 'float' || tag.dataType === 'double';
    const node: UAVariable = analog
      ? namespace.addAnalogDataItem({
          ...options,
          engineeringUnitsRange: tag.range,
          engineeringUnits: makeEUInformation(tag.unit, tag.unit, tag.unit),
        })
      : namespace.addVariable(options);
    const one: TagNode = { tag, node, dataType, shown };
    if (writable) this.takeWrites(one);
    return one;
  }

  /**
   * What a client writes goes into the image; `publish` writes the same value and changes nothing.
   */
  private takeWrites(one: TagNode): void {
    one.node.on('value_changed', (dataValue) => {
      const value: unknown = dataValue.value.value;
      if (typeof value !== 'boolean' && typeof value !== 'number' && typeof value !== 'string')
        return;
      if (value === one.shown) return;
      one.shown = value;
      this.image.write(one.tag.name, value);
    });
  }
}
