import type { ClientSession, ClientSubscription, DataValue } from 'node-opcua';
import { AttributeIds, ClientMonitoredItemGroup, TimestampsToReturn } from 'node-opcua';
import type { FieldNode } from './field-nodes.ts';
import { inGroups } from './field-nodes.ts';

/** The server says at least this often that it lives, ms. */
const KEEP_ALIVE_MS = 1_000;
/** The server gives the subscription up after this many keep-alives that it could not deliver. */
const LIFETIME_KEEP_ALIVES = 30;
/** Values that the server keeps for one item until the next publish. */
const QUEUE_SIZE = 10;

/** An item that the server refused to monitor. */
export interface RefusedItem {
  readonly tag: string;
  readonly error: string;
}

/**
 * A subscription that says at least once a second that the server lives. A server that publishes
 * more slowly than asked is asked once more, or its keep-alives, counted in publishing intervals,
 * would be slower too.
 */
export async function subscribe(
  session: ClientSession,
  intervalMs: number,
): Promise<ClientSubscription> {
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: intervalMs,
    ...keepAliveCounts(intervalMs),
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 10,
  });
  const revisedMs = subscription.publishingInterval;
  if (revisedMs > intervalMs) {
    await subscription.modify({
      requestedPublishingInterval: revisedMs,
      ...keepAliveCounts(revisedMs),
    });
  }
  return subscription;
}

function keepAliveCounts(intervalMs: number) {
  const requestedMaxKeepAliveCount = Math.max(1, Math.round(KEEP_ALIVE_MS / intervalMs));
  return {
    requestedMaxKeepAliveCount,
    requestedLifetimeCount: requestedMaxKeepAliveCount * LIFETIME_KEEP_ALIVES,
  };
}

/**
 * Monitors the nodes in groups of at most `perRequest`; every value goes to `onValue`. Gives back
 * the items that the server refused.
 * @throws {Error} when a whole request fails.
 */
export async function monitor(
  subscription: ClientSubscription,
  nodes: readonly FieldNode[],
  perRequest: number,
  onValue: (node: FieldNode, value: DataValue) => void,
): Promise<RefusedItem[]> {
  const refused: RefusedItem[] = [];
  for (const group of inGroups(nodes, perRequest)) {
    refused.push(...(await monitorGroup(subscription, group, onValue)));
  }
  return refused;
}

async function monitorGroup(
  subscription: ClientSubscription,
  nodes: readonly FieldNode[],
  onValue: (node: FieldNode, value: DataValue) => void,
): Promise<RefusedItem[]> {
  const items = nodes.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value }));
  // Made with `create`, because the listener must be there before the first values are.
  const group = ClientMonitoredItemGroup.create(
    subscription,
    items,
    {
      samplingInterval: subscription.publishingInterval,
      queueSize: QUEUE_SIZE,
      discardOldest: true,
    },
    TimestampsToReturn.Both,
  );
  group.on('changed', (_item, value, index) => {
    const node = nodes[index];
    if (node !== undefined) onValue(node, value);
  });
  await new Promise<void>((resolve, reject) => {
    group.on('initialized', resolve);
    group.on('err', (message) => reject(new Error(message)));
  });
  return nodes.flatMap(({ tag }, index) => {
    const status = group.monitoredItems[index]?.statusCode;
    return status?.isGood() ? [] : [{ tag: tag.name, error: status?.toString() ?? 'no result' }];
  });
}
