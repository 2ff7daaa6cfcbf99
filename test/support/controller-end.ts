import { createServer, type Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { LINK_NAMESPACE, LINK_VERSION } from '../../plc/link/contract.ts';
import { tagTableHash } from '../../plc/link/tag-table-hash.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import type { CommandResult } from '../../plc/model/command.ts';

/**
 * The controller's end of `/link` on a real socket, told by a test what to say: for what a real
 * controller says only by accident (gaps, another mill, silence).
 */
export class ControllerEnd {
  readonly #mill: Pick<Mill, 'id' | 'tags'>;
  readonly #key: string;
  #http: HttpServer | null = null;
  #io: Server | null = null;
  #port = 0;
  /** Connections so far. */
  connections = 0;
  socket: Socket | null = null;
  /** Laid over the hello that a right controller would send. */
  hello: Record<string, unknown> = {};
  /** Answers commands; null: says nothing. */
  onCommand: ((command: unknown) => CommandResult) | null = null;

  constructor(mill: Pick<Mill, 'id' | 'tags'>, key: string) {
    this.#mill = mill;
    this.#key = key;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#http = createServer();
    this.#io = new Server(this.#http);
    const namespace = this.#io.of(LINK_NAMESPACE);
    namespace.use((socket, next) => {
      const given: unknown = socket.handshake.auth['key'];
      next(given === this.#key ? undefined : new Error('wrong key'));
    });
    namespace.on('connection', (socket) => this.#greet(socket));
    await new Promise<void>((done) => this.#http?.listen(this.#port, '127.0.0.1', done));
    const address = this.#http.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  async stop(): Promise<void> {
    await this.#io?.close();
    this.#io = null;
    this.socket = null;
  }

  #greet(socket: Socket): void {
    this.connections += 1;
    this.socket = socket;
    socket.on('command', (command: unknown, answer: (result: CommandResult) => void) => {
      if (this.onCommand !== null) answer(this.onCommand(command));
    });
    socket.emit('hello', {
      version: LINK_VERSION,
      mill: this.#mill.id,
      tagTableHash: tagTableHash(this.#mill.tags),
      session: 'session-1',
      speed: 1,
      timeMs: 1_000,
      ...this.hello,
    });
    this.frame(1, true, [[0, 0, true, 900, 950]]);
  }

  frame(sequence: number, full: boolean, changes: unknown[]): void {
    this.socket?.emit('frame', { sequence, full, timeMs: 1_000, changes });
  }

  /** Sends spool rows and gives what was acknowledged. Without an answer in time it fails. */
  async rows(message: object, withinMs = 10_000): Promise<number> {
    if (this.socket === null) throw new Error('the server is not connected');
    const answer: unknown = await this.socket.timeout(withinMs).emitWithAck('rows', message);
    return (answer as { storedSequence: number }).storedSequence;
  }
}
