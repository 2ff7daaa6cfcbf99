import type { ClientSession, StatusCode, VariantOptions } from 'node-opcua';
import { AttributeIds } from 'node-opcua';
import type { FieldWrite, WriteResult } from '../driver.ts';
import type { FieldNode } from './field-nodes.ts';
import { isSameInField, qualityOfStatus, variantOf } from './field-values.ts';
import type { NodeType } from './node-types.ts';

/** A value with the node it is for. */
export interface NodeWrite {
  readonly node: FieldNode;
  /** What the node holds; null where it does not say. */
  readonly type: NodeType | null;
  readonly write: FieldWrite;
}
interface SentWrite extends NodeWrite {
  readonly variant: VariantOptions;
}

/**
 * Writes values typed by their nodes and reads them back, each with one request for all; the caller
 * keeps the list within the server's limits.
 * @throws {Error} when a request fails as a whole; it is then unknown what the server took.
 */
export async function writeAndReadBack(
  session: ClientSession,
  writes: readonly NodeWrite[],
): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  const sendable = writes.flatMap((one) => {
    const variant = sendableOf(one);
    if (!('fault' in variant)) return [{ ...one, variant }];
    results.push(resultOf(one.write, variant.fault));
    return [];
  });
  if (sendable.length === 0) return results;
  const statuses = await session.write(
    sendable.map(({ node, variant }) => ({
      nodeId: node.nodeId,
      attributeId: AttributeIds.Value,
      value: { value: variant },
    })),
  );
  const taken = sendable.filter(({ write }, index) => {
    const error = refusalOf(statuses[index]);
    if (error !== null) results.push(resultOf(write, error));
    return error === null;
  });
  return [...results, ...(await readBack(session, taken))];
}

function sendableOf({ node, type, write }: NodeWrite): VariantOptions | { readonly fault: string } {
  if (type?.isScalar === false) return { fault: 'the node holds a list, not one value' };
  return variantOf(node.tag.dataType, type?.builtIn ?? null, write.value);
}

async function readBack(
  session: ClientSession,
  writes: readonly SentWrite[],
): Promise<WriteResult[]> {
  if (writes.length === 0) return [];
  const found = await session.read(
    writes.map(({ node }) => ({ nodeId: node.nodeId, attributeId: AttributeIds.Value })),
  );
  return writes.map(({ write, variant }, index) => {
    const back = found[index];
    const error = refusalOf(back?.statusCode);
    if (back === undefined || error !== null) return resultOf(write, `not read back: ${error}`);
    const isSame = isSameInField(variant, back.value);
    return resultOf(write, isSame ? null : `read back ${String(back.value.value)}`);
  });
}

function refusalOf(status: StatusCode | undefined): string | null {
  if (status === undefined) return 'the server gave no result';
  return qualityOfStatus(status.value) === 'good' ? null : status.toString();
}

function resultOf(write: FieldWrite, error: string | null): WriteResult {
  return { ...write, ok: error === null, error };
}
