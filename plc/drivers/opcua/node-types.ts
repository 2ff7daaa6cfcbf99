import type { ClientSession, NodeId } from 'node-opcua';
import { AttributeIds, DataType, NodeIdType } from 'node-opcua';
import { inGroups } from './field-nodes.ts';

/** What a variable holds. */
export interface NodeType {
  /** The type on the wire; null where the node does not say or may hold several. */
  readonly builtIn: DataType | null;
  /** One value, not a list (OPC UA Part 3, ValueRank). */
  readonly isScalar: boolean;
}

/** ValueRank of one value, and of one value or a list (OPC UA Part 3, 5.6.2). */
const SCALAR_RANKS: ReadonlySet<number> = new Set([-1, -2, -3]);
/** The highest number of a built-in type (OPC UA Part 6, 5.1.2). */
const BUILT_IN_MAX = 25;
/** Built-in types that stand for any other. */
const VARIANTS: ReadonlySet<DataType> = new Set([DataType.Null, DataType.Variant]);

/**
 * Reads what the nodes hold, `perRead` attributes in one request. Types of the server's own are
 * followed up to the built-in one they are made of.
 * @throws {Error} when a request fails as a whole.
 */
export async function readTypes(
  session: ClientSession,
  nodeIds: readonly NodeId[],
  perRead: number,
): Promise<NodeType[]> {
  const values: unknown[] = [];
  const asked = nodeIds.flatMap((nodeId) =>
    [AttributeIds.DataType, AttributeIds.ValueRank].map((attributeId) => ({ nodeId, attributeId })),
  );
  for (const group of inGroups(asked, perRead)) {
    for (const found of await session.read(group)) values.push(found.value.value);
  }
  const known = new Map<string, DataType | null>();
  const types: NodeType[] = [];
  for (const [index, nodeId] of nodeIds.entries()) {
    const dataType = values[2 * index] as NodeId | null | undefined;
    const rank = values[2 * index + 1];
    const isScalar = typeof rank !== 'number' || SCALAR_RANKS.has(rank);
    types.push({ builtIn: await builtInOf(session, nodeId, dataType ?? null, known), isScalar });
  }
  return types;
}

async function builtInOf(
  session: ClientSession,
  nodeId: NodeId,
  dataType: NodeId | null,
  known: Map<string, DataType | null>,
): Promise<DataType | null> {
  if (dataType === null) return null;
  const { namespace, identifierType, value } = dataType;
  if (namespace === 0 && identifierType === NodeIdType.NUMERIC && Number(value) <= BUILT_IN_MAX) {
    return concrete(Number(value));
  }
  const key = dataType.toString();
  const before = known.get(key);
  if (before !== undefined) return before;
  // A type that cannot be followed is one we do not know; the node itself is still usable.
  const found = await session.getBuiltInDataType(nodeId).then(concrete, () => null);
  known.set(key, found);
  return found;
}

function concrete(type: DataType): DataType | null {
  return VARIANTS.has(type) ? null : type;
}
