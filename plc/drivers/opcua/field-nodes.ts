import type { ClientSession, NodeId } from 'node-opcua';
import { coerceNodeId, VariableIds } from 'node-opcua';
import type { TagDefinition } from '../../model/tag.ts';

/** Most items or nodes in one request, whatever more the server would take. */
const PER_REQUEST_MAX = 1_000;

/** A tag with the node that stands for it in this session. */
export interface FieldNode {
  readonly tag: TagDefinition;
  readonly nodeId: NodeId;
}

/** Tags with a node, and tags without one and why. */
export interface FieldNodes {
  readonly nodes: readonly FieldNode[];
  readonly missing: readonly { readonly tag: string; readonly error: string }[];
}

/** How many items fit into one request of each kind. */
export interface RequestLimits {
  readonly monitor: number;
  readonly read: number;
  readonly write: number;
  readonly browse: number;
  readonly history: number;
}

/**
 * Finds the node of each tag. Namespace indexes hold for one session only: ask again in the next.
 */
export function findNodes(
  namespaces: readonly string[],
  tags: readonly TagDefinition[],
): FieldNodes {
  const nodes: FieldNode[] = [];
  const missing: { tag: string; error: string }[] = [];
  for (const tag of tags) {
    const nodeId = nodeIdOf(tag, namespaces);
    if (typeof nodeId === 'string') missing.push({ tag: tag.name, error: nodeId });
    else nodes.push({ tag, nodeId });
  }
  return { nodes, missing };
}

function nodeIdOf({ address }: TagDefinition, namespaces: readonly string[]): NodeId | string {
  if (address?.kind !== 'opcua') return 'it has no OPC UA address';
  const index = namespaces.indexOf(address.namespaceUri);
  if (index < 0) return `the server has no namespace ${address.namespaceUri}`;
  try {
    return coerceNodeId(`ns=${index};${address.identifier}`);
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/**
 * The server's operation limits (OPC UA Part 5, 6.3.11); a missing one, or 0, means none of its
 * own.
 */
export async function readLimits(session: ClientSession): Promise<RequestLimits> {
  const [monitor, read, write, browse, history] = await session.read(
    [
      VariableIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
      VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead,
      VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerWrite,
      VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse,
      VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadData,
    ].map((id) => ({ nodeId: `i=${id}` })),
  );
  return {
    monitor: limitOf(monitor),
    read: limitOf(read),
    write: limitOf(write),
    browse: limitOf(browse),
    history: limitOf(history),
  };
}

function limitOf(value: { readonly value: { readonly value: unknown } } | undefined): number {
  const limit = Number(value?.value.value ?? 0);
  return limit > 0 ? Math.min(limit, PER_REQUEST_MAX) : PER_REQUEST_MAX;
}

/** The list in pieces of at most `size`. */
export function inGroups<T>(list: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  for (let start = 0; start < list.length; start += size) {
    groups.push(list.slice(start, start + size));
  }
  return groups;
}
