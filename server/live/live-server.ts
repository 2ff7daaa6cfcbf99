import type { Server as HttpServer } from 'node:http';
import type { Namespace } from 'socket.io';
import { Server } from 'socket.io';
import type { CommandResult } from '../../plc/model/command.ts';
import { reason } from '../../plc/model/reason.ts';
import { tokenOfCookies } from '../auth/cookie.ts';
import type { Admission, Door } from '../auth/policy.ts';
import { admission } from '../auth/policy.ts';
import { isSameOrigin } from '../auth/same-origin.ts';
import type { Sessions, SignedIn } from '../auth/sessions.ts';
import type { CommandGate } from '../commands/command-gate.ts';
import type { ClientToServer, ServerToClient } from '../contract/live.ts';
import { commandRequestSchema, LIVE_NAMESPACE, subscribeSchema } from '../contract/live.ts';
import type { TagStore } from '../tags/tag-store.ts';
import { EventBudget } from './event-budget.ts';
import type { LiveBoard } from './live-board.ts';
import type { LiveSocket } from './live-client.ts';
import { LiveClient } from './live-client.ts';

export interface LiveParts {
  readonly sessions: Sessions;
  readonly tags: TagStore;
  readonly board: LiveBoard;
  readonly commands: CommandGate;
  readonly log: (error: unknown, message: string) => void;
}

const CLIENTS_MAX = 300;
/** A screen that nobody touches must still be told that its session ended. */
const RECHECK_MS = 5_000;
/** A subscription of 5,000 names of 64 characters is 335 kB. */
const MESSAGE_MAX_BYTES = 500_000;
const EVENTS_PER_S = 20;
const EVENTS_AT_ONCE = 60;

interface Member {
  readonly token: string;
  readonly client: LiveClient;
  readonly budget: EventBudget;
  signedIn: SignedIn;
}

/** `/live`: every screen's socket, each event authorised and parsed. */
export class LiveServer {
  readonly #parts: LiveParts;
  readonly #members = new Map<LiveSocket, Member>();
  /** Let in, and not connected yet. */
  readonly #entering = new WeakMap<LiveSocket, Member>();
  readonly #stops: (() => void)[] = [];
  #server: Server<ClientToServer, ServerToClient> | null = null;
  #recheck: NodeJS.Timeout | null = null;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  /** How many screens are connected. */
  get clients(): number {
    return this.#members.size;
  }

  start(http: HttpServer): void {
    if (this.#server !== null) return;
    const server: Server<ClientToServer, ServerToClient> = new Server(http, {
      serveClient: false,
      maxHttpBufferSize: MESSAGE_MAX_BYTES,
      allowRequest: (request, answer) => answer(null, isSameOrigin(request.headers)),
    });
    this.#server = server;
    const live = server.of(LIVE_NAMESPACE);
    this.#guardEntry(live);
    live.on('connection', (socket) => this.#welcome(socket));
    this.#recheck = setInterval(() => void this.#recheckAll(), RECHECK_MS);
    this.#stops.push(
      this.#parts.sessions.onEnded((sessionId) => this.#endSession(sessionId)),
      this.#parts.board.listen({
        alarms: (list) => this.#tell('live.alarms', (socket) => socket.emit('alarms', list)),
        status: (one) => this.#tell('live.status', (socket) => socket.emit('status', one)),
        link: (state) => this.#tell('live.link', (socket) => socket.emit('link', state)),
      }),
    );
  }

  async stop(): Promise<void> {
    if (this.#recheck !== null) clearInterval(this.#recheck);
    for (const stop of this.#stops.splice(0)) stop();
    for (const { client } of this.#members.values()) client.unsubscribe();
    await this.#server?.close();
    this.#server = null;
  }

  #guardEntry(live: Namespace<ClientToServer, ServerToClient>): void {
    live.use(async (socket, next) => {
      const token = tokenOfCookies(socket.handshake.headers.cookie);
      try {
        const signedIn = token === null ? null : await this.#parts.sessions.find(token);
        const admitted = admission('live.connect', signedIn);
        if (admitted !== 'open' || token === null || signedIn === null) next(new Error(admitted));
        else if (this.#members.size >= CLIENTS_MAX) next(new Error('too-many'));
        else {
          this.#entering.set(socket, {
            token,
            signedIn,
            client: new LiveClient(socket, this.#parts.tags),
            budget: new EventBudget(EVENTS_PER_S, EVENTS_AT_ONCE, Date.now()),
          });
          next();
        }
      } catch (error) {
        this.#parts.log(error, 'a screen could not be let in');
        next(new Error('unavailable'));
      }
    });
  }

  #welcome(socket: LiveSocket): void {
    const member = this.#entering.get(socket);
    if (member === undefined) {
      socket.disconnect(true);
      return;
    }
    this.#members.set(socket, member);
    socket.once('disconnect', () => {
      member.client.unsubscribe();
      this.#members.delete(socket);
    });
    this.#answerSubscriptions(socket, member);
    this.#answerCommands(socket, member);
    const { board } = this.#parts;
    const opens = (door: Door) => admission(door, member.signedIn) === 'open';
    if (opens('live.link')) socket.emit('link', board.link);
    if (opens('live.alarms')) socket.emit('alarms', board.alarms);
    if (opens('live.status')) for (const one of board.documents()) socket.emit('status', one);
  }

  #answerSubscriptions(socket: LiveSocket, member: Member): void {
    socket.on('subscribe', async (request, answer) => {
      const problem = await this.#problem(socket, member, 'live.subscribe');
      const parsed = subscribeSchema.safeParse(request);
      const fault = problem ?? parsed.error?.issues[0]?.message;
      if (typeof answer !== 'function') return;
      if (fault === undefined && parsed.data) answer(member.client.subscribe(parsed.data));
      else answer({ ok: false, problem: fault ?? 'malformed' });
    });
    socket.on('snapshot', async (answer) => {
      const problem = await this.#problem(socket, member, 'live.snapshot');
      if (typeof answer !== 'function') return;
      answer(problem === null ? member.client.snapshot() : { ok: false, problem });
    });
    socket.on('unsubscribe', async () => {
      const problem = await this.#problem(socket, member, 'live.unsubscribe');
      if (problem === null) member.client.unsubscribe();
    });
  }

  #answerCommands(socket: LiveSocket, member: Member): void {
    socket.on('command', async (request, answer) => {
      const result = await this.#command(socket, member, request);
      if (typeof answer === 'function') answer(result);
    });
  }

  async #command(socket: LiveSocket, member: Member, request: unknown): Promise<CommandResult> {
    const problem = await this.#problem(socket, member, 'live.command');
    if (problem === 'too-many') return { accepted: false, reasons: [reason('command.too-many')] };
    const parsed = commandRequestSchema.safeParse(request);
    if (problem !== null) return { accepted: false, reasons: [reason('session.ended')] };
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const objects = { path: issue?.path.join('.') ?? '', fault: issue?.message ?? '' };
      return { accepted: false, reasons: [reason('command.invalid', objects)] };
    }
    try {
      const caller = { signedIn: member.signedIn, address: socket.handshake.address };
      return await this.#parts.commands.send(caller, parsed.data);
    } catch (error) {
      this.#parts.log(error, 'a command failed in the server');
      return { accepted: false, reasons: [reason('audit.unavailable')] };
    }
  }

  /**
   * What keeps this socket from a door now, or null. A session that ended is told so and
   * disconnected.
   */
  async #problem(
    socket: LiveSocket,
    member: Member,
    door: Door,
  ): Promise<Exclude<Admission, 'open'> | 'too-many' | null> {
    if (!member.budget.take(Date.now())) return 'too-many';
    if (!(await this.#recheckOne(socket, member))) return 'not-signed-in';
    const admitted = admission(door, member.signedIn);
    return admitted === 'open' ? null : admitted;
  }

  async #recheckAll(): Promise<void> {
    for (const [socket, member] of this.#members) await this.#recheckOne(socket, member);
  }

  async #recheckOne(socket: LiveSocket, member: Member): Promise<boolean> {
    try {
      const signedIn = await this.#parts.sessions.find(member.token);
      if (signedIn !== null && admission('live.connect', signedIn) === 'open') {
        member.signedIn = signedIn;
        return true;
      }
    } catch (error) {
      this.#parts.log(error, 'a session could not be checked');
    }
    this.#end(socket);
    return false;
  }

  #endSession(sessionId: string): void {
    for (const [socket, { signedIn }] of this.#members) {
      if (signedIn.sessionId === sessionId) this.#end(socket);
    }
  }

  #end(socket: LiveSocket): void {
    this.#members.get(socket)?.client.unsubscribe();
    this.#members.delete(socket);
    socket.emit('ended', 'session.ended');
    socket.disconnect(true);
  }

  #tell(door: Door, emit: (socket: LiveSocket) => void): void {
    for (const [socket, { signedIn }] of this.#members) {
      if (socket.connected && admission(door, signedIn) === 'open') emit(socket);
    }
  }
}
