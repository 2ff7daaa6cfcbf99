import type { ClientSession, HistoryReadResult } from 'node-opcua';
import {
  AttributeIds,
  HistoryData,
  HistoryReadRequest,
  ReadRawModifiedDetails,
  TimestampsToReturn,
} from 'node-opcua';
import type { TagValue } from '../../model/tag.ts';
import type { DriverLog } from '../driver.ts';
import type { FieldNode, RequestLimits } from './field-nodes.ts';
import { inGroups } from './field-nodes.ts';
import { pastValueOf } from './field-values.ts';

/** A time in which nothing was heard of the field, ms UTC by our clock. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  /** Tags that have been filled already, when filling was broken off. */
  readonly filled: Set<string>;
}

export interface BackfillOptions {
  readonly session: ClientSession;
  readonly log: DriverLog;
  readonly connection: string;
  readonly limits: Pick<RequestLimits, 'read' | 'history'>;
  /** The server's clock minus ours, ms. */
  readonly skewMs: number;
  /** False: the session has ended. */
  readonly goesOn: () => boolean;
  readonly deliver: (tag: string, values: readonly TagValue[]) => void;
}

/** A longer gap is filled only from so long before its end, ms. */
const GAP_MAX_MS = 24 * 3_600_000;
/** Values of one tag in one gap, at most; the oldest come first. */
const VALUES_PER_TAG_MAX = 10_000;
/** Values of one node in one answer. */
const PAGE = 1_000;
/** Nodes in one request; a server works long at each. */
const NODES_PER_REQUEST = 10;
/** The bit of AccessLevel that lets history be read (OPC UA Part 3, 8.57). */
const HISTORY_READ_BIT = 4;

/**
 * Reads the raw history of a gap (OPC UA Part 11, 6.5.3.2) of each node whose server keeps one and
 * lets us read it, and delivers it tag by tag in the order of time. What a server refuses stays a
 * gap.
 * @throws {Error} when the session breaks; begin again in the next with the same gap.
 */
export async function fillGap(
  gap: Gap,
  nodes: readonly FieldNode[],
  options: BackfillOptions,
): Promise<void> {
  const { log, connection, goesOn, limits } = options;
  const open = nodes.filter(({ tag }) => !gap.filled.has(tag.name));
  const readable = await withHistory(open, options);
  let values = 0;
  let isCut = gap.toMs - gap.fromMs > GAP_MAX_MS;
  for (const group of inGroups(readable, Math.min(limits.history, NODES_PER_REQUEST))) {
    if (!goesOn()) throw new Error('the session ended while history was read');
    const found = await fillGroup(gap, group, options);
    values += found.values;
    isCut ||= found.isCut;
    for (const { tag } of group) gap.filled.add(tag.name);
  }
  if (readable.length === 0) return;
  const about = { connection, tags: readable.length, values, seconds: secondsOf(gap) };
  if (isCut) log.warn('a gap was filled from the OPC UA server, but not all of it', about);
  else log.info('a gap was filled from the history of the OPC UA server', about);
}

function secondsOf({ fromMs, toMs }: Gap): number {
  return Math.round((toMs - fromMs) / 1_000);
}

async function withHistory(
  nodes: readonly FieldNode[],
  { session, limits }: BackfillOptions,
): Promise<FieldNode[]> {
  const readable: FieldNode[] = [];
  for (const group of inGroups(nodes, limits.read)) {
    const asked = group.map(({ nodeId }) => ({
      nodeId,
      attributeId: AttributeIds.UserAccessLevel,
    }));
    for (const [index, found] of (await session.read(asked)).entries()) {
      const node = group[index];
      const level = Number(found.value.value ?? 0);
      if (node !== undefined && (level & HISTORY_READ_BIT) !== 0) readable.push(node);
    }
  }
  return readable;
}

/** Reads page after page of some nodes until each has no more, or too many values. */
async function fillGroup(
  { fromMs, toMs }: Gap,
  group: readonly FieldNode[],
  options: BackfillOptions,
): Promise<{ values: number; isCut: boolean }> {
  const { session, skewMs, goesOn } = options;
  const startMs = Math.max(fromMs, toMs - GAP_MAX_MS) + skewMs;
  const counts = new Map<FieldNode, number>();
  let isCut = false;
  let open = group.map((node) => ({ node, point: null as Buffer | null }));
  while (open.length > 0) {
    const pages = await readPages(session, open, startMs, toMs + skewMs);
    const next: typeof open = [];
    const released: typeof open = [];
    for (const [index, { node }] of open.entries()) {
      const page = pages[index];
      const count = (counts.get(node) ?? 0) + deliverPage(node, page, options);
      counts.set(node, count);
      const point = (page?.continuationPoint ?? null) as Buffer | null;
      if (point === null || point.length === 0) continue;
      if (count < VALUES_PER_TAG_MAX && goesOn()) next.push({ node, point });
      else released.push({ node, point });
    }
    isCut ||= released.length > 0;
    if (released.length > 0) await readPages(session, released, startMs, toMs + skewMs, true);
    open = next;
  }
  return { values: [...counts.values()].reduce((sum, one) => sum + one, 0), isCut };
}

async function readPages(
  session: ClientSession,
  asked: readonly { readonly node: FieldNode; readonly point: Buffer | null }[],
  startMs: number,
  endMs: number,
  releaseContinuationPoints = false,
): Promise<HistoryReadResult[]> {
  const request = new HistoryReadRequest({
    historyReadDetails: new ReadRawModifiedDetails({
      isReadModified: false,
      startTime: new Date(startMs),
      endTime: new Date(endMs),
      numValuesPerNode: PAGE,
      returnBounds: false,
    }),
    timestampsToReturn: TimestampsToReturn.Both,
    releaseContinuationPoints,
    nodesToRead: asked.map(({ node, point }) => ({
      nodeId: node.nodeId,
      ...(point === null ? {} : { continuationPoint: point }),
    })),
  });
  const { results } = await session.historyRead(request);
  return results ?? [];
}

function deliverPage(
  { tag }: FieldNode,
  page: HistoryReadResult | undefined,
  { skewMs, deliver }: BackfillOptions,
): number {
  const data = page?.statusCode.isBad() === false ? page.historyData : null;
  if (!(data instanceof HistoryData)) return 0;
  const values: TagValue[] = [];
  for (const one of data.dataValues ?? []) {
    const value = pastValueOf(tag.dataType, one, skewMs);
    if (value !== null) values.push(value);
  }
  if (values.length > 0) deliver(tag.name, values);
  return values.length;
}
