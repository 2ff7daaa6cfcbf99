import type { Framing } from './framing.ts';
import type { Line } from './line.ts';

const NOTHING: Buffer = Buffer.alloc(0);

/** Where a port tells what came of its request. */
export interface PortListener {
  /** The one right answer, unit and PDU. */
  answered(answer: Buffer): void;
  /** The line cannot be trusted any more. */
  fault(reason: string): void;
}

/**
 * The port that modbus-serial sends its requests through. The answers do not go back to it: they
 * are read here, and one passes only when it is whole, alone and the one to the request in flight.
 * Whatever else comes is a fault of the line. (The library's own reading is too trusting, see
 * `answerFault`, and takes a third of the time of a request.)
 */
export class CheckedPort {
  // The library asks for these by name; one number is enough, since one request is in flight.
  readonly isOpen = true;
  readonly _transactionIdWrite = 1;
  readonly #line: Line;
  readonly #framing: Framing;
  readonly #listener: PortListener;
  #request: Buffer | null = null;
  #received = NOTHING;

  constructor(line: Line, framing: Framing, listener: PortListener) {
    this.#line = line;
    this.#framing = framing;
    this.#listener = listener;
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
      this.#listener.fault('an answer that nobody asked for');
      return;
    }
    const had = this.#received;
    this.#received = had.length === 0 ? bytes : Buffer.concat([had, bytes]);
    try {
      const answer = this.#framing.unwrap(request, this.#received);
      if (answer === null) return;
      this.#request = null;
      this.#listener.answered(answer);
    } catch (cause) {
      this.#request = null;
      this.#listener.fault(cause instanceof Error ? cause.message : String(cause));
    }
  }
}
