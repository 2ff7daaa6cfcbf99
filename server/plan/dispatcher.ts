import { randomUUID } from 'node:crypto';
import type { CommandResult } from '../../plc/model/command.ts';
import type { Caller, CommandGate } from '../commands/command-gate.ts';
import type { LiveBoard } from '../live/live-board.ts';
import type { Log } from '../log.ts';
import type { PlanRow, PlanStore } from './plan-store.ts';

/**
 * Orders that may wait in the controller's queue of a line, so that it never runs dry: with one for
 * each of three presses and one of mash before it, it finds one whose press is ready.
 */
const AHEAD_MAX = 4;
const EVERY_MS = 2_000;

/** Refusals that pass by themselves: the same order is sent again. */
const PASSING: ReadonlySet<string> = new Set([
  'plc.unreachable',
  'command.unconfirmed',
  'command.queue-full',
  'command.late',
  'order.queue-full',
  'audit.unavailable',
]);

/** The person who released an order sends it, wherever he sits by now. */
function callerOf({ releasedBy, releasedRole }: PlanRow): Caller | null {
  if (releasedBy === null || releasedRole === null) return null;
  return {
    signedIn: {
      sessionId: randomUUID(),
      user: releasedBy,
      name: releasedBy,
      role: releasedRole,
      passwordChangeRequired: false,
      expiresMs: Number.POSITIVE_INFINITY,
    },
    address: 'plan',
  };
}

/**
 * Sends released orders on to their lines, in the order of the queue, as their short queues have
 * room. The controller's queue is the truth of what runs: a line that has not told its queue gets
 * nothing. What was sent and not written down is sent again after a restart, and found to be there.
 */
export class Dispatcher {
  readonly #store: PlanStore;
  readonly #gate: CommandGate;
  readonly #board: LiveBoard;
  readonly #log: Log;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;

  constructor(store: PlanStore, gate: CommandGate, board: LiveBoard, log: Log) {
    this.#store = store;
    this.#gate = gate;
    this.#board = board;
    this.#log = log;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      // A turn that takes longer than the interval is not queued up behind itself.
      if (this.#running === null) void this.tick();
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#running;
  }

  /** Sends what may be sent now, after a turn that is under way. Never throws. */
  tick(): Promise<void> {
    const turn = (this.#running ?? Promise.resolve())
      .then(() => this.#turn())
      .catch((error: unknown) => {
        this.#log.warn('planned orders wait: they cannot be sent now', { error });
      })
      .finally(() => {
        if (this.#running === turn) this.#running = null;
      });
    this.#running = turn;
    return turn;
  }

  async #turn(): Promise<void> {
    if (!this.#board.link.connected) return;
    const released = (await this.#store.waiting()).filter(({ state }) => state === 'released');
    for (const [line, room] of this.#room()) {
      const own = released.filter(({ document }) => document?.line === line);
      for (const row of own.slice(0, room)) {
        // An order that must wait keeps those behind it waiting: the sequence is the plan.
        if (!(await this.#send(row, line))) break;
      }
    }
  }

  /** How many orders each line takes now. */
  #room(): Map<string, number> {
    const room = new Map<string, number>();
    for (const document of this.#board.documents()) {
      if (document.kind !== 'line') continue;
      const waiting = document.orders.filter(({ state }) => state === 'Queued').length;
      room.set(document.line, Math.max(0, AHEAD_MAX - waiting));
    }
    return room;
  }

  /** Whether the next order of the line may follow. */
  async #send(row: PlanRow, line: string): Promise<boolean> {
    const caller = callerOf(row);
    const { document, planId } = row;
    if (caller === null || document === null) return false;
    const submitted = await this.#gate.submitOrder(
      caller,
      randomUUID(),
      line,
      { ...document },
      { planId },
    );
    const isThere = submitted.accepted || hasCode(submitted, 'order.exists');
    if (!isThere) return this.#notTaken(row, submitted);
    // Sent again after a restart it may be running already, and is not started a second time.
    const started = await this.#gate.send(caller, {
      commandId: randomUUID(),
      name: 'order.start',
      target: line,
      args: { orderId: planId },
    });
    if (!started.accepted && isPassing(started)) return false;
    await this.#store.markSent(planId);
    return true;
  }

  async #notTaken({ planId }: PlanRow, result: CommandResult): Promise<boolean> {
    if (result.accepted || isPassing(result)) return false;
    this.#log.warn('a line refused a planned order', { planId, reasons: result.reasons });
    await this.#store.markRefused(planId, result.reasons);
    return false;
  }
}

function hasCode(result: CommandResult, code: string): boolean {
  return !result.accepted && result.reasons.some((one) => one.code === code);
}

function isPassing(result: CommandResult): boolean {
  return !result.accepted && result.reasons.every(({ code }) => PASSING.has(code));
}
