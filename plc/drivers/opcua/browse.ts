import type { BrowseResult, ClientSession, NodeId, ReferenceDescription } from 'node-opcua';
import {
  AttributeIds,
  BrowseDirection,
  DataType,
  NodeClass,
  ReferenceTypeIds,
  resolveNodeId,
  StatusCodes,
} from 'node-opcua';
import type { OpcUaConnection } from '../../model/connection.ts';
import type { TagDataType } from '../../model/tag.ts';
import type { DriverClock, DriverLog } from '../driver.ts';
import { FieldClient } from './field-client.ts';
import { inGroups, readLimits } from './field-nodes.ts';
import { readTypes } from './node-types.ts';

/** Which server to browse, and how far. */
export interface BrowseOptions {
  /** How to connect: the same security and identity as the driver's. */
  readonly connection: OpcUaConnection;
  /** Folder of this connection's certificates; made when it is missing. */
  readonly pkiFolder: string;
  readonly clock: DriverClock;
  readonly log: DriverLog;
  /** Folders within folders at most; 20 unless told. */
  readonly depthMax?: number;
  /** Nodes looked at, at most; 100,000 unless told. What is cut off is said in the log. */
  readonly nodesMax?: number;
  /** Told how many nodes were found so far, now and then. */
  readonly progress?: (nodes: number) => void;
}

/** One variable of a server, as a tag list needs it. */
export interface BrowsedVariable {
  readonly namespaceUri: string;
  /** `s=...`, `i=...`, `g=...` or `b=...`, to be used with the namespace's URI. */
  readonly identifier: string;
  /** Display names from below the Objects folder down to the variable. */
  readonly path: readonly string[];
  /** The built-in type on the wire, e.g. `Float`; null where the server does not say. */
  readonly dataType: string | null;
  /** The tag type that holds it; null where none does. */
  readonly tagDataType: TagDataType | null;
  /** A list, which no tag can hold. */
  readonly isArray: boolean;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  /** OPC UA Part 8, EURange; null without one. */
  readonly euRange: { readonly low: number; readonly high: number } | null;
  /** OPC UA Part 8, EngineeringUnits: the unit's display name; null without one. */
  readonly engineeringUnits: string | null;
}

const DEPTH_MAX = 20;
const NODES_MAX = 100_000;
/** Nodes in one Browse request; small controllers allow few continuation points. */
const PER_BROWSE = 50;
const OBJECTS_FOLDER = 'i=85';
const READ_BIT = 1;
const WRITE_BIT = 2;

const TAG_TYPES: Readonly<Partial<Record<DataType, TagDataType>>> = {
  [DataType.Boolean]: 'bool',
  [DataType.SByte]: 'int16',
  [DataType.Byte]: 'uint16',
  [DataType.Int16]: 'int16',
  [DataType.UInt16]: 'uint16',
  [DataType.Int32]: 'int32',
  [DataType.UInt32]: 'uint32',
  [DataType.Int64]: 'double',
  [DataType.UInt64]: 'double',
  [DataType.Float]: 'float',
  [DataType.Double]: 'double',
  [DataType.String]: 'string',
};

interface Place {
  readonly nodeId: NodeId;
  readonly path: readonly string[];
}
interface Variable extends Place {
  euRange: NodeId | null;
  engineeringUnits: NodeId | null;
}

/**
 * Connects as the driver does and lists every variable below the Objects folder, without the
 * server's description of itself. Each node is looked at once, however many ways lead to it.
 * @throws {Error} when the server cannot be reached or refuses; the message says who must act.
 */
export async function browseServer(options: BrowseOptions): Promise<BrowsedVariable[]> {
  const { connection, pkiFolder, clock, log } = options;
  const onBroken = () => undefined;
  const client = new FieldClient({ connection, pkiFolder, clock, log, onBroken });
  try {
    const { session } = await client.open();
    const { read, browse } = await readLimits(session);
    const variables = await findVariables(session, options, Math.min(browse, PER_BROWSE));
    const namespaces = await session.readNamespaceArray();
    const found = await describe(session, variables, namespaces, read);
    log.info('OPC UA server browsed', { connection: connection.id, variables: found.length });
    return found;
  } finally {
    await client.close(true);
  }
}

async function findVariables(
  session: ClientSession,
  options: BrowseOptions,
  perBrowse: number,
): Promise<Variable[]> {
  const { depthMax = DEPTH_MAX, nodesMax = NODES_MAX, log, connection } = options;
  const variables = new Map<string, Variable>();
  const seen = new Set<string>([OBJECTS_FOLDER]);
  let level: Place[] = [{ nodeId: resolveNodeId(OBJECTS_FOLDER), path: [] }];
  let isCut = false;
  for (let depth = 0; depth < depthMax && level.length > 0; depth += 1) {
    const next: Place[] = [];
    for (const places of inGroups(level, perBrowse)) {
      const children = await childrenOf(session, places);
      options.progress?.(seen.size);
      for (const [index, place] of places.entries()) {
        for (const reference of children[index] ?? []) {
          if (seen.size >= nodesMax) isCut = true;
          else visit(place, reference, { variables, seen, next });
        }
      }
    }
    level = next;
  }
  if (isCut || level.length > 0) {
    const limits = { connection: connection.id, depthMax, nodesMax };
    log.warn('the OPC UA server has more nodes than were looked at', limits);
  }
  return [...variables.values()];
}

function visit(
  parent: Place,
  { nodeId, nodeClass, displayName, browseName, referenceTypeId }: ReferenceDescription,
  found: { variables: Map<string, Variable>; seen: Set<string>; next: Place[] },
): void {
  const key = nodeId.toString();
  if (isProperty(referenceTypeId)) {
    const owner = found.variables.get(parent.nodeId.toString());
    if (owner !== undefined && browseName.namespaceIndex === 0) {
      if (browseName.name === 'EURange') owner.euRange = nodeId;
      if (browseName.name === 'EngineeringUnits') owner.engineeringUnits = nodeId;
    }
    return;
  }
  // Everything of namespace 0 below Objects is the server's description of itself.
  if (nodeId.namespace === 0 || found.seen.has(key)) return;
  found.seen.add(key);
  const place = { nodeId, path: [...parent.path, displayName.text ?? browseName.name ?? key] };
  if (nodeClass === NodeClass.Variable) {
    found.variables.set(key, { ...place, euRange: null, engineeringUnits: null });
  }
  found.next.push(place);
}

function isProperty({ namespace, value }: NodeId): boolean {
  return namespace === 0 && value === ReferenceTypeIds.HasProperty;
}

/** The children of each place, all pages of them. */
async function childrenOf(
  session: ClientSession,
  places: readonly Place[],
): Promise<ReferenceDescription[][]> {
  const results = await session.browse(
    places.map(({ nodeId }) => ({
      nodeId,
      referenceTypeId: resolveNodeId('HierarchicalReferences'),
      includeSubtypes: true,
      browseDirection: BrowseDirection.Forward,
      nodeClassMask: 0,
      resultMask: 63,
    })),
  );
  const children: ReferenceDescription[][] = [];
  for (const [index, result] of results.entries()) {
    const [place, alone] = [places[index], places.length === 1];
    if (result.statusCode.equals(StatusCodes.BadNoContinuationPoints) && place && !alone) {
      // It remembers too few open pages for so many nodes at once; for one it always has room.
      children.push(...(await childrenOf(session, [place])));
    } else children.push(await allPages(session, result));
  }
  return children;
}

async function allPages(
  session: ClientSession,
  { references, continuationPoint }: BrowseResult,
): Promise<ReferenceDescription[]> {
  const all = [...(references ?? [])];
  let next = continuationPoint as Buffer | null;
  while (next !== null && next.length > 0) {
    const page = await session.browseNext(next, false);
    all.push(...(page.references ?? []));
    next = page.continuationPoint as Buffer | null;
  }
  return all;
}

async function describe(
  session: ClientSession,
  variables: readonly Variable[],
  namespaces: readonly string[],
  perRead: number,
): Promise<BrowsedVariable[]> {
  const ids = variables.map(({ nodeId }) => nodeId);
  const types = await readTypes(session, ids, perRead);
  const access = await readValues(session, ids, AttributeIds.UserAccessLevel, perRead);
  const ranges = await readProperties(session, variables, 'euRange', perRead);
  const units = await readProperties(session, variables, 'engineeringUnits', perRead);
  return variables.map(({ nodeId, path }, index) => {
    const builtIn = types[index]?.builtIn ?? null;
    const isArray = types[index]?.isScalar === false;
    const level = Number(access[index] ?? 0);
    const tagDataType = builtIn === null ? undefined : TAG_TYPES[builtIn];
    return {
      namespaceUri: namespaces[nodeId.namespace] ?? '',
      identifier: nodeId.toString().replace(/^ns=\d+;/, ''),
      path,
      dataType: builtIn === null ? null : DataType[builtIn],
      tagDataType: isArray ? null : (tagDataType ?? null),
      isArray,
      isReadable: (level & READ_BIT) !== 0,
      isWritable: (level & WRITE_BIT) !== 0,
      euRange: rangeOf(ranges.get(nodeId)),
      engineeringUnits: unitOf(units.get(nodeId)),
    };
  });
}

async function readProperties(
  session: ClientSession,
  variables: readonly Variable[],
  property: 'euRange' | 'engineeringUnits',
  perRead: number,
): Promise<Map<NodeId, unknown>> {
  const owners: NodeId[] = [];
  const ids: NodeId[] = [];
  for (const variable of variables) {
    const id = variable[property];
    if (id === null) continue;
    owners.push(variable.nodeId);
    ids.push(id);
  }
  const values = await readValues(session, ids, AttributeIds.Value, perRead);
  return new Map(owners.map((owner, index) => [owner, values[index]]));
}

async function readValues(
  session: ClientSession,
  nodeIds: readonly NodeId[],
  attributeId: AttributeIds,
  perRead: number,
): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const group of inGroups(nodeIds, perRead)) {
    const found = await session.read(group.map((nodeId) => ({ nodeId, attributeId })));
    values.push(...found.map(({ value }) => value.value));
  }
  return values;
}

function rangeOf(value: unknown): BrowsedVariable['euRange'] {
  const { low, high } = (value ?? {}) as { low?: unknown; high?: unknown };
  return typeof low === 'number' && typeof high === 'number' ? { low, high } : null;
}

function unitOf(value: unknown): string | null {
  const { displayName } = (value ?? {}) as { displayName?: { text?: string | null } };
  return displayName?.text ?? null;
}
