import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from './stack.ts';
import type { AlarmView } from './views.ts';

const LOOK_EVERY_MS = 500;

/**
 * The engineer on duty: a dose that is out of tolerance waits for a decision, as it must, and is
 * accepted with a look at the screen. At high simulation speeds a machine that is busy makes a few
 * of them.
 */
export class Operator {
  readonly #stack: Stack;
  #working: Promise<void> | null = null;
  #onDuty = false;
  /** Doses that were accepted. */
  decisions = 0;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  start(): void {
    this.#onDuty = true;
    this.#working ??= this.#work();
  }

  async stop(): Promise<void> {
    this.#onDuty = false;
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#onDuty) {
      await this.#look();
      await pause(LOOK_EVERY_MS);
    }
  }

  async #look(): Promise<void> {
    if (!(await this.#stack.reachable())) return;
    const { status, body } = await this.#stack.call<AlarmView[]>('GET', '/api/alarms');
    if (status !== 200) return;
    for (const { alarmId, state } of body) {
      const scale = /^(\w+)\.DoseDeviation$/.exec(alarmId)?.[1];
      if (scale === undefined || !state.includes('Active')) continue;
      const request = { commandId: crypto.randomUUID(), name: 'dose.decide', target: scale };
      const args = { scale, decision: 'accept' };
      const answer = await this.#stack.call('POST', '/api/commands', { ...request, args });
      if (answer.status === 200) this.decisions += 1;
    }
  }
}
