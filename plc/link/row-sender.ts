import type { Socket } from 'socket.io';
import { z } from 'zod';
import type { Controller } from '../runtime/controller.ts';
import type { Log } from '../runtime/log.ts';
import { rowsAckSchema } from './contract.ts';

/** Rows and JSON characters of one message. */
const ROWS_MAX = 500;
const CHARACTERS_MAX = 500_000;
/** A message that was not acknowledged is sent again after this, ms: the database may be away. */
const ACK_WAIT_MS = 30_000;

/**
 * Sends the spool to one server, one message at a time, and forgets rows only when the server says
 * that the database has them. Whatever is lost on the way is sent again; the server stores each
 * sequence once.
 */
export class RowSender {
  readonly #controller: Controller;
  readonly #log: Log;
  #socket: Socket | null = null;
  #sending = false;

  constructor(controller: Controller, log: Log) {
    this.#controller = controller;
    this.#log = log;
  }

  /** The server that gets the rows now; null when none is connected. */
  use(socket: Socket | null): void {
    this.#socket = socket;
    this.wake();
  }

  /** There may be rows to send. */
  wake(): void {
    if (this.#sending || this.#socket === null) return;
    this.#sending = true;
    this.#drain()
      .catch((error: unknown) => {
        this.#log.error('rows could not be read or forgotten; the next scan tries again', {
          error: String(error),
        });
      })
      .finally(() => {
        this.#sending = false;
      });
  }

  async #drain(): Promise<void> {
    for (let socket = this.#socket; socket !== null; socket = this.#socket) {
      const rows = await this.#controller.readRows(0, ROWS_MAX, CHARACTERS_MAX);
      const first = rows[0];
      if (first === undefined) return;
      const stored = await this.#send(socket, rows);
      if (stored !== null && stored >= first.sequence) {
        await this.#controller.acknowledgeRows(stored);
      } else if (stored !== null) {
        this.#log.warn('the server stored none of the rows it was sent', { stored });
        return;
      }
    }
  }

  /** @returns the sequence that is stored for good; null when nothing was said in time. */
  async #send(
    socket: Socket,
    rows: readonly { readonly sequence: number; readonly body: string }[],
  ): Promise<number | null> {
    const message = {
      spool: this.#controller.spoolId,
      rows: rows.map(({ sequence, body }) => ({ sequence, record: JSON.parse(body) as unknown })),
    };
    const answer = await acknowledged(socket, message);
    if (answer === null) return null;
    const parsed = rowsAckSchema.safeParse(answer);
    if (parsed.success) return parsed.data.storedSequence;
    this.#log.error('the server acknowledged rows in a form that is none', {
      fault: z.prettifyError(parsed.error),
    });
    return 0;
  }
}

/** The acknowledgement; null when it did not come in time or the socket was lost first. */
function acknowledged(socket: Socket, message: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    const lost = (): void => resolve(null);
    if (!socket.connected) return lost();
    socket.once('disconnect', lost);
    socket.timeout(ACK_WAIT_MS).emit('rows', message, (error: Error | null, answer: unknown) => {
      socket.off('disconnect', lost);
      resolve(error === null ? answer : null);
    });
  });
}
