import type { MonitoredItemNotification, NotificationMessage } from 'node-opcua';
import {
  DataChangeNotification,
  PublishRequest,
  type PublishResponse,
  RepublishRequest,
  type RepublishResponse,
  StatusChangeNotification,
  type StatusCode,
  StatusCodes,
  type TransferResult,
  type TransferSubscriptionsResponse,
} from 'node-opcua';
import type { FieldSession } from './field-client.ts';

/** A subscription of a server, with what another session needs to go on with it. */
export interface Subscription {
  readonly id: number;
  readonly publishingIntervalMs: number;
  /** The server says that it lives after so many intervals without values. */
  readonly keepAliveCount: number;
}

/** What the subscription tells. Calls never throw. */
export interface PublishEvents {
  /** The values of one message, in the order in which the server queued them. */
  readonly values: (items: readonly MonitoredItemNotification[]) => void;
  /** The same of a message from before a break: true then, and perhaps no more. */
  readonly pastValues: (items: readonly MonitoredItemNotification[]) => void;
  /** The server answered, with values or without. */
  readonly heard: () => void;
  /** So many messages were never received and cannot be had any more. */
  readonly lost: (messages: number) => void;
  /** Nothing more will come. */
  readonly ended: (reason: string) => void;
}

/** Requests that wait at the server, so that a slow network does not slow publishing. */
const REQUESTS_MAX = 3;
/** The server may let a request wait for this long, ms; the watchdog is much quicker. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Messages that are asked for again after a break; more than a server keeps. */
const REPUBLISH_MAX = 200;
const SEQUENCE_MAX = 4_294_967_295;

/**
 * Fetches the messages of one subscription (OPC UA Part 4, 5.13.5) and acknowledges them. It speaks
 * the services itself, because the library's subscription cannot be taken over by another session
 * and calls two listeners for each value.
 */
export class PublishLoop {
  readonly subscription: Subscription;
  readonly #session: FieldSession;
  readonly #events: PublishEvents;
  /** The number of the last message with values; null before the first. */
  #lastSequence: number | null;
  #acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = [];
  #waiting = 0;
  #waitingMax = REQUESTS_MAX;
  #isEnded = false;

  constructor(
    session: FieldSession,
    subscription: Subscription,
    events: PublishEvents,
    lastSequence: number | null = null,
  ) {
    this.#session = session;
    this.subscription = subscription;
    this.#events = events;
    this.#lastSequence = lastSequence;
  }

  get lastSequence(): number | null {
    return this.#lastSequence;
  }

  begin(): void {
    for (let count = 0; count < REQUESTS_MAX; count += 1) this.#publish();
  }

  stop(): void {
    this.#isEnded = true;
  }

  /**
   * Takes the subscription over from a session that was lost, and fetches the messages that were on
   * their way then (OPC UA Part 4, 6.7). False: the server does not let it, or has forgotten it.
   */
  async takeOver(): Promise<boolean> {
    const { id } = this.subscription;
    const request = { subscriptionIds: [id], sendInitialValues: true };
    const result = await new Promise<TransferResult | null>((resolve) => {
      this.#session.transferSubscriptions(
        request,
        (error: Error | null, response?: TransferSubscriptionsResponse) =>
          resolve(error === null ? (response?.results?.[0] ?? null) : null),
      );
    });
    if (!result?.statusCode.isGood()) return false;
    const available = [...(result.availableSequenceNumbers ?? [])].slice(-REPUBLISH_MAX);
    for (const sequenceNumber of available) {
      const isKnown = this.#lastSequence !== null && sequenceNumber <= this.#lastSequence;
      if (isKnown) this.#acknowledge(sequenceNumber);
      else await this.#republish(sequenceNumber);
    }
    return true;
  }

  async #republish(sequenceNumber: number): Promise<void> {
    const { id } = this.subscription;
    const request = new RepublishRequest({
      subscriptionId: id,
      retransmitSequenceNumber: sequenceNumber,
    });
    const message = await new Promise<NotificationMessage | null>((resolve) => {
      // A message that the server has dropped meanwhile shows as a gap in the numbers.
      this.#session.republish(request, (error: Error | null, response?: RepublishResponse) =>
        resolve(error === null ? (response?.notificationMessage ?? null) : null),
      );
    });
    if (message !== null) this.#take(message, this.#events.pastValues);
  }

  #publish(): void {
    if (this.#isEnded || this.#waiting >= this.#waitingMax) return;
    this.#waiting += 1;
    const request = new PublishRequest({
      requestHeader: { timeoutHint: REQUEST_TIMEOUT_MS },
      subscriptionAcknowledgements: this.#acknowledgements,
    });
    this.#acknowledgements = [];
    this.#session.publish(request, (error: Error | null, response?: PublishResponse) => {
      this.#waiting -= 1;
      if (this.#isEnded) return;
      if (error !== null || response === undefined) this.#failed(error?.message ?? 'no response');
      else this.#answered(response);
    });
  }

  #answered({ subscriptionId, notificationMessage }: PublishResponse): void {
    // Asked for first, so that the server can answer while the values are worked on.
    const isOurs = subscriptionId === this.subscription.id;
    const hasValues = (notificationMessage.notificationData?.length ?? 0) > 0;
    if (isOurs && hasValues) this.#acknowledge(notificationMessage.sequenceNumber);
    this.#publish();
    this.#events.heard();
    if (isOurs && hasValues) this.#take(notificationMessage);
  }

  #failed(message: string): void {
    if (/BadTooManyPublishRequests/.test(message)) {
      this.#waitingMax = Math.max(1, this.#waiting);
      if (this.#waiting === 0) this.#end(message);
    } else if (/BadTimeout/.test(message)) this.#publish();
    else this.#end(message);
  }

  #take(
    { sequenceNumber, notificationData }: NotificationMessage,
    tell: PublishEvents['values'] = this.#events.values,
  ): void {
    if (this.#isEnded || sequenceNumber === this.#lastSequence) return;
    this.#countLost(sequenceNumber);
    this.#lastSequence = sequenceNumber;
    for (const part of notificationData ?? []) {
      if (part instanceof DataChangeNotification) tell(part.monitoredItems ?? []);
      else if (part instanceof StatusChangeNotification) this.#statusChanged(part.status);
    }
  }

  #statusChanged(status: StatusCode): void {
    // Meant for the session that lost it, and among the messages that the new one fetches. Should
    // another client really take ours, publishing fails.
    if (status.equals(StatusCodes.GoodSubscriptionTransferred)) return;
    this.#end(`the server ended the subscription: ${status.name}`);
  }

  #countLost(sequenceNumber: number): void {
    if (this.#lastSequence === null) return;
    const expected = this.#lastSequence === SEQUENCE_MAX ? 1 : this.#lastSequence + 1;
    if (sequenceNumber > expected) this.#events.lost(sequenceNumber - expected);
  }

  #acknowledge(sequenceNumber: number): void {
    this.#acknowledgements.push({ subscriptionId: this.subscription.id, sequenceNumber });
  }

  #end(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#events.ended(reason);
  }
}
