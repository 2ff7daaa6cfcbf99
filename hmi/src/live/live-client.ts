import { io, type Socket } from 'socket.io-client';
import type {
  AlarmOccurrence,
  ClientToServer,
  CommandRequest,
  CommandResult,
  LinkState,
  ServerToClient,
  StatusDocument,
  SubscribeAnswer,
} from '../../../server/contract/live.ts';
import { LIVE_NAMESPACE } from '../../../server/contract/live.ts';
import type { LiveChange, LiveFrame } from '../../../server/contract/live-frame.ts';
import { decodeLiveFrame } from '../../../server/contract/live-frame.ts';
import { uuid } from './uuid.ts';

/** What a live client tells its owner. */
export interface LiveListener {
  /** Values by tag name, in the order of the frame. `timeMs` is the server's clock. */
  values(changes: readonly (readonly [tag: string, change: LiveChange])[], timeMs: number): void;
  /** Tags that the server does not know: there will never be a value. */
  unknown(tags: readonly string[]): void;
  /** Nothing can be trusted from now on: the connection is lost, or silent. */
  lost(): void;
  connected(): void;
  alarms(list: readonly AlarmOccurrence[]): void;
  status(document: StatusDocument): void;
  link(state: LinkState): void;
  /** The session was ended by the server. */
  ended(why: string): void;
  /** The server lets this session in no more, or not now. It is tried again until `stop`. */
  refused(): void;
}

export interface LiveClientOptions {
  /** Where the server is; the page's own origin by default. */
  readonly url?: string;
  readonly ratePerS?: number;
  /**
   * Without a frame for this long a snapshot is asked for: the proof that the line is alive, ms.
   */
  readonly quietMs?: number;
  /** A request that is not answered within this means: lost, ms. */
  readonly answerMs?: number;
  /** More options for the socket, as a test needs. */
  readonly extraHeaders?: Readonly<Record<string, string>>;
}

/** A command's outcome; `unanswered` when it is not known whether it was carried out. */
export type CommandOutcome = CommandResult | { readonly accepted: 'unanswered' };

type LiveSocket = Socket<ServerToClient, ClientToServer>;

const COMMAND_ANSWER_MS = 10_000;
/** After a refusal socket.io does not try again by itself; this client does, after this, ms. */
const REFUSED_RETRY_MS = 3_000;

/**
 * The one connection to `/live`. It keeps the subscription of the tags that are shown, finds gaps
 * in
 * the frame sequence and mends them with a snapshot, and notices a line that is open but dead.
 */
export class LiveClient {
  readonly #listener: LiveListener;
  readonly #options: Required<Omit<LiveClientOptions, 'url'>> & { readonly url: string };
  #socket: LiveSocket | null = null;
  #wanted: readonly string[] = [];
  /** The subscription that frames refer to by position. */
  #subscribed: readonly string[] = [];
  #sequence = 0;
  #asking = false;
  #resubscribe = false;
  #heardMs = 0;
  #watch: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: LiveListener, options: LiveClientOptions = {}) {
    this.#listener = listener;
    this.#options = {
      url: '',
      ratePerS: 5,
      quietMs: 5_000,
      answerMs: 4_000,
      extraHeaders: {},
      ...options,
    };
  }

  /** Connects, and connects again whenever the line was lost, until `stop`. */
  start(): void {
    if (this.#socket !== null) return;
    const socket: LiveSocket = io(`${this.#options.url}${LIVE_NAMESPACE}`, {
      withCredentials: true,
      transports: ['websocket', 'polling'],
      extraHeaders: { ...this.#options.extraHeaders },
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
    });
    this.#socket = socket;
    socket.on('connect', () => this.#ask('subscribe'));
    socket.on('disconnect', (reason) => {
      this.#lose();
      if (reason === 'io server disconnect') this.#tryLater(socket);
    });
    socket.on('connect_error', () => {
      if (!socket.active) this.#tryLater(socket);
    });
    socket.on('frame', (bytes) => this.#receive(toBytes(bytes)));
    socket.on('alarms', (list) => this.#listener.alarms(list));
    socket.on('status', (document) => this.#listener.status(document));
    socket.on('link', (state) => this.#listener.link(state));
    socket.on('ended', (why) => this.#listener.ended(why));
    this.#watch = setInterval(() => this.#checkQuiet(), 1_000);
  }

  stop(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    this.#socket?.disconnect();
    this.#socket = null;
    this.#asking = false;
  }

  /** Sets the tags that are shown; the server is told when they differ. */
  want(tags: readonly string[]): void {
    this.#wanted = tags;
    if (this.#socket?.connected === true) this.#ask('subscribe');
  }

  /** Sends a command. It is never sent twice: an unanswered one is reported as such. */
  async command(
    name: string,
    target: string,
    args: Readonly<Record<string, unknown>> = {},
    signature?: CommandRequest['signature'],
  ): Promise<CommandOutcome> {
    const socket = this.#socket;
    if (socket === null || !socket.connected) {
      return { accepted: false, reasons: [{ code: 'plc.unreachable', objects: {} }] };
    }
    try {
      return await socket.timeout(COMMAND_ANSWER_MS).emitWithAck('command', {
        ...{ commandId: uuid(), name, target, args: { ...args } },
        ...(signature === undefined ? {} : { signature }),
      });
    } catch (cause) {
      if (cause instanceof Error) return { accepted: 'unanswered' };
      throw cause;
    }
  }

  #lose(): void {
    this.#asking = false;
    this.#subscribed = [];
    this.#listener.lost();
  }

  #tryLater(socket: LiveSocket): void {
    this.#listener.refused();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      if (socket === this.#socket) socket.connect();
    }, REFUSED_RETRY_MS);
  }

  /** One request at a time; a wish that arrives meanwhile is carried out with the answer. */
  #ask(what: 'subscribe' | 'snapshot'): void {
    const socket = this.#socket;
    if (socket === null) return;
    if (this.#asking) {
      this.#resubscribe ||= what === 'subscribe';
      return;
    }
    this.#asking = true;
    const tags = what === 'subscribe' ? this.#wanted : this.#subscribed;
    const answered = (fault: Error | null, to?: SubscribeAnswer): void => {
      if (socket !== this.#socket || !socket.connected) return;
      this.#asking = false;
      this.#answer(fault, to, tags, socket);
    };
    const timed = socket.timeout(this.#options.answerMs);
    if (what === 'snapshot') timed.emit('snapshot', answered);
    else {
      timed.emit('subscribe', { tags: [...tags], ratePerS: this.#options.ratePerS }, answered);
    }
  }

  #answer(
    fault: Error | null,
    to: SubscribeAnswer | undefined,
    tags: readonly string[],
    socket: LiveSocket,
  ): void {
    if (fault !== null || to === undefined || !to.ok) {
      // Half open: a fresh connection is the only way to be sure (socket.io's own ping takes 45 s).
      this.#listener.lost();
      socket.disconnect().connect();
      return;
    }
    this.#subscribed = tags;
    const frame = decodeLiveFrame(toBytes(to.frame));
    this.#sequence = frame.sequence;
    this.#listener.connected();
    this.#listener.unknown(to.unknownTags);
    this.#show(frame);
    if (this.#resubscribe) {
      this.#resubscribe = false;
      this.#ask('subscribe');
    }
  }

  #receive(bytes: Uint8Array): void {
    const frame = decodeLiveFrame(bytes);
    const gap = frame.sequence !== this.#sequence + 1;
    this.#sequence = frame.sequence;
    this.#show(frame);
    if (gap && !this.#asking) this.#ask('snapshot');
  }

  #show(frame: LiveFrame): void {
    this.#heardMs = performance.now();
    const changes: [string, LiveChange][] = [];
    for (const change of frame.changes) {
      const tag = this.#subscribed[change.tag];
      if (tag !== undefined) changes.push([tag, change]);
    }
    this.#listener.values(changes, frame.timeMs);
  }

  #checkQuiet(): void {
    if (this.#socket?.connected !== true || this.#subscribed.length === 0) return;
    if (performance.now() - this.#heardMs > this.#options.quietMs) this.#ask('snapshot');
  }
}

/** Socket.IO gives an ArrayBuffer in a browser and a Buffer in Node. */
function toBytes(data: Uint8Array | ArrayBuffer): Uint8Array {
  return data instanceof Uint8Array ? data : new Uint8Array(data);
}
