import { EventEmitter } from 'node:events';
import type { Framing } from './framing.ts';
import type { Line } from './line.ts';

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * The port that modbus-serial speaks through: it lets an answer pass only when it is whole, alone
 * and the one to the request in flight. Whatever else comes is a fault of the line.
 */
export class CheckedPort extends EventEmitter {
  // The library asks for these by name; one number is enough, since one request is in flight.
  readonly isOpen = true;
  readonly _transactionIdRead = 1;
  readonly _transactionIdWrite = 1;
  readonly #line: Line;
  readonly #framing: Framing;
  readonly #fault: (reason: string) => void;
  #request: Buffer | null = null;
  #received = NOTHING;

  constructor(line: Line, framing: Framing, fault: (reason: string) => void) {
    super();
    this.#line = line;
    this.#framing = framing;
    this.#fault = fault;
  }

  open(done: (error: Error | null) => void): void {
    done(null);
  }

  write(request: Buffer): void {
    this.#request = request;
    this.#received = NOTHING;
    this.#line.write(this.#framing.wrap(request));
  }

  /** Bytes from the line. */
  receive(bytes: Buffer): void {
    const request = this.#request;
    if (request === null) {
      this.#fault('an answer that nobody asked for');
      return;
    }
    const had = this.#received;
    this.#received = had.length === 0 ? bytes : Buffer.concat([had, bytes]);
    try {
      const answer = this.#framing.unwrap(request, this.#received);
      if (answer === null) return;
      this.#request = null;
      this.emit('data', answer);
    } catch (cause) {
      this.#request = null;
      this.#fault(cause instanceof Error ? cause.message : String(cause));
    }
  }
}
