import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from './stack.ts';
import type { AlarmView, OrderView } from './views.ts';

const LOOK_EVERY_MS = 500;

/**
 * The engineer on duty, who does what the screen asks for: accepts a dose out of tolerance, has a
 * dose without flow go on, resets a drive that reported a fault and resumes the order that was held
 * by it. At high simulation speeds a machine that is busy makes a few of these.
 */
export class Operator {
  readonly #stack: Stack;
  #working: Promise<void> | null = null;
  #onDuty = false;
  /** What was done, in words. */
  readonly actions: string[] = [];
  /** What was refused, with the answer. */
  readonly refusals: string[] = [];

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** The last things done and refused, for the message of a failed wait. */
  told(): string {
    const last = (lines: readonly string[]) => lines.slice(-5).join('\n  ');
    return `\ndone: ${last(this.actions)}\nrefused: ${last(this.refusals)}`;
  }

  start(): void {
    this.#onDuty = true;
    this.#working ??= this.#work();
  }

  async stop(): Promise<void> {
    this.#onDuty = false;
    await this.#working;
    this.#working = null;
  }

  async #work(): Promise<void> {
    while (this.#onDuty) {
      try {
        await this.#look();
      } catch (error) {
        // A server that is killed in mid-answer is what some tests do; `fetch` says TypeError then.
        if (!(error instanceof TypeError)) throw error;
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  async #look(): Promise<void> {
    if (!(await this.#stack.reachable())) return;
    const { status, body } = await this.#stack.call<AlarmView[]>('GET', '/api/alarms');
    if (status !== 200) return;
    const active = body.filter(({ state }) => state.includes('Active'));
    for (const { alarmId } of active) await this.#answer(alarmId);
    if (!active.some(({ alarmId }) => alarmId.endsWith('.Fault'))) await this.#resume();
  }

  async #answer(alarmId: string): Promise<void> {
    const [device = '', alarm = ''] = alarmId.split('.');
    if (alarm === 'DoseDeviation' || alarm === 'NoFlow') {
      const decision = alarm === 'NoFlow' ? 'retry' : 'accept';
      await this.#command('dose.decide', device, { scale: device, decision });
    } else if (alarm === 'Fault') {
      await this.#command('device.reset', device, {});
    }
  }

  /** Resumes the order that a fault has put on hold, once no fault is left. */
  async #resume(): Promise<void> {
    const { status, body } = await this.#stack.call<OrderView[]>('GET', '/api/orders');
    if (status !== 200) return;
    for (const { orderId, line, state } of body) {
      if (state === 'Held') await this.#command('order.resume', line, { orderId });
    }
  }

  async #command(name: string, target: string, args: object): Promise<boolean> {
    const request = { commandId: crypto.randomUUID(), name, target, args };
    const { status, body } = await this.#stack.call('POST', '/api/commands', request);
    const said = `${new Date().toISOString()} ${name} ${target}`;
    if (status === 200) this.actions.push(said);
    else this.refusals.push(`${said}: ${status} ${JSON.stringify(body)}`);
    return status === 200;
  }
}
