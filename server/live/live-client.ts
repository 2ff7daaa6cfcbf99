import type { Socket } from 'socket.io';
import type { z } from 'zod';
import type {
  ClientToServer,
  ServerToClient,
  SubscribeAnswer,
  subscribeSchema,
} from '../contract/live.ts';
import type { TagStore } from '../tags/tag-store.ts';
import { Subscription } from './subscription.ts';

export type LiveSocket = Socket<ClientToServer, ServerToClient>;

/** One screen: its subscription and the beat of its frames. */
export class LiveClient {
  readonly #socket: LiveSocket;
  readonly #tags: TagStore;
  #subscription: Subscription | null = null;
  #beat: NodeJS.Timeout | null = null;

  constructor(socket: LiveSocket, tags: TagStore) {
    this.#socket = socket;
    this.#tags = tags;
  }

  /** Replaces the subscription and answers with all its values. */
  subscribe(request: z.output<typeof subscribeSchema>): SubscribeAnswer {
    this.unsubscribe();
    const subscription = new Subscription(this.#tags, request.tags);
    this.#subscription = subscription;
    subscription.start();
    const periodMs = 1000 / request.ratePerS;
    this.#beat = setInterval(() => this.#send(), periodMs);
    return this.snapshot();
  }

  unsubscribe(): void {
    if (this.#beat !== null) clearInterval(this.#beat);
    this.#beat = null;
    this.#subscription?.stop();
    this.#subscription = null;
  }

  /** All values of the subscription; frames go on from its sequence number. */
  snapshot(): SubscribeAnswer {
    const subscription = this.#subscription;
    if (subscription === null) return { ok: false, problem: 'subscribe first' };
    return { ok: true, frame: subscription.snapshot(), unknownTags: subscription.unknownTags };
  }

  /**
   * Sends what changed, unless the last frame has not left yet: then changes go on merging, so a
   * slow line costs a slow screen fewer frames and the server no memory.
   */
  #send(): void {
    if (!this.#socket.conn.transport.writable) return;
    const frame = this.#subscription?.nextFrame() ?? null;
    if (frame !== null) this.#socket.emit('frame', frame);
  }
}
