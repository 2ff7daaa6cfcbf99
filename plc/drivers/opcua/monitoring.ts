import type { MonitoredItemCreateRequestOptions } from 'node-opcua';
import {
  AttributeIds,
  DataChangeFilter,
  DataChangeTrigger,
  DeadbandType,
  MonitoringMode,
  type NodeId,
  type StatusCode,
  StatusCodes,
  TimestampsToReturn,
} from 'node-opcua';
import type { TagDefinition } from '../../model/tag.ts';
import type { FieldSession } from './field-client.ts';
import { inGroups } from './field-nodes.ts';
import type { Subscription } from './publish-loop.ts';

/** The server says at least this often that it lives, ms. */
const KEEP_ALIVE_MS = 1_000;
/** The server gives the subscription up after this many keep-alives that it could not deliver. */
const LIFETIME_KEEP_ALIVES = 30;
/** Values may not be asked for more often than this, ms, however fast the field runs. */
export const INTERVAL_MIN_MS = 10;
/** Values kept between two publishes, and while the line is broken, where each one counts. */
const EVERY_VALUE_QUEUE = 50;

/** Answers of a server that monitors the node, but not with a deadband. */
const FILTER_REFUSALS: readonly StatusCode[] = [
  StatusCodes.BadFilterNotAllowed,
  StatusCodes.BadMonitoredItemFilterUnsupported,
  StatusCodes.BadMonitoredItemFilterInvalid,
  StatusCodes.BadDeadbandFilterInvalid,
];

/** A node to be monitored; its values come with the handle. */
export interface ItemRequest {
  readonly handle: number;
  readonly nodeId: NodeId;
  readonly samplingMs: number;
  readonly queueSize: number;
  /** Absolute deadband (OPC UA Part 8, 6.2); 0: every change. */
  readonly deadband: number;
}

/** An item that the server refused to monitor. */
export interface RefusedItem {
  readonly handle: number;
  readonly error: string;
}

/**
 * How a tag is to be monitored in a field that runs `speed` times faster than the clock. Where each
 * value counts, sampling interval 0 asks for every change (OPC UA Part 4, 7.21), for no interval is
 * short enough to be sure of that.
 */
export function itemOf(
  tag: TagDefinition,
  nodeId: NodeId,
  handle: number,
  speed: number,
): ItemRequest {
  const isNumber = tag.dataType !== 'bool' && tag.dataType !== 'string';
  return {
    handle,
    nodeId,
    samplingMs: tag.everyValue ? 0 : Math.max(INTERVAL_MIN_MS, tag.scanMs / speed),
    queueSize: tag.everyValue ? EVERY_VALUE_QUEUE : 1,
    deadband: isNumber && !tag.everyValue ? tag.fieldDeadband : 0,
  };
}

/**
 * Makes a subscription that says at least once a second that the server lives. A server that
 * publishes more slowly than asked is asked once more, or its keep-alives, counted in publishing
 * intervals, would be slower too.
 */
export async function subscribe(session: FieldSession, intervalMs: number): Promise<Subscription> {
  const made = await session.createSubscription({
    requestedPublishingInterval: intervalMs,
    ...keepAliveCounts(intervalMs),
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 10,
  });
  const id = made.subscriptionId;
  const revisedMs = made.revisedPublishingInterval;
  if (revisedMs <= intervalMs) {
    return { id, publishingIntervalMs: revisedMs, keepAliveCount: made.revisedMaxKeepAliveCount };
  }
  const modified = await session.modifySubscription({
    subscriptionId: id,
    requestedPublishingInterval: revisedMs,
    ...keepAliveCounts(revisedMs),
  });
  return {
    id,
    publishingIntervalMs: modified.revisedPublishingInterval,
    keepAliveCount: modified.revisedMaxKeepAliveCount,
  };
}

function keepAliveCounts(intervalMs: number) {
  const requestedMaxKeepAliveCount = Math.max(1, Math.round(KEEP_ALIVE_MS / intervalMs));
  return {
    requestedMaxKeepAliveCount,
    requestedLifetimeCount: requestedMaxKeepAliveCount * LIFETIME_KEEP_ALIVES,
  };
}

/**
 * Monitors the nodes in groups of at most `perRequest`; where a server takes no deadband for a
 * node, without one: then more changes are told, and none is missed. Gives back the items that the
 * server refused.
 * @throws {Error} when a whole request fails.
 */
export async function monitor(
  session: FieldSession,
  subscriptionId: number,
  items: readonly ItemRequest[],
  perRequest: number,
): Promise<RefusedItem[]> {
  const refused: RefusedItem[] = [];
  const unfiltered: ItemRequest[] = [];
  for (const group of inGroups(items, perRequest)) {
    const statuses = await create(session, subscriptionId, group);
    for (const [index, item] of group.entries()) {
      const status = statuses[index];
      if (status?.isGood()) continue;
      const isFilter = FILTER_REFUSALS.some((one) => one.value === status?.value);
      if (isFilter && item.deadband > 0) unfiltered.push({ ...item, deadband: 0 });
      else refused.push({ handle: item.handle, error: status?.toString() ?? 'no result' });
    }
  }
  if (unfiltered.length === 0) return refused;
  return [...refused, ...(await monitor(session, subscriptionId, unfiltered, perRequest))];
}

async function create(
  session: FieldSession,
  subscriptionId: number,
  items: readonly ItemRequest[],
): Promise<StatusCode[]> {
  const { results } = await session.createMonitoredItems({
    subscriptionId,
    timestampsToReturn: TimestampsToReturn.Both,
    itemsToCreate: items.map(creationOf),
  });
  return (results ?? []).map(({ statusCode }) => statusCode);
}

function creationOf(item: ItemRequest): MonitoredItemCreateRequestOptions {
  const filter = new DataChangeFilter({
    trigger: DataChangeTrigger.StatusValue,
    deadbandType: DeadbandType.Absolute,
    deadbandValue: item.deadband,
  });
  return {
    itemToMonitor: { nodeId: item.nodeId, attributeId: AttributeIds.Value },
    monitoringMode: MonitoringMode.Reporting,
    requestedParameters: {
      clientHandle: item.handle,
      samplingInterval: item.samplingMs,
      queueSize: item.queueSize,
      discardOldest: true,
      ...(item.deadband > 0 ? { filter } : {}),
    },
  };
}
