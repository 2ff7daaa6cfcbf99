/** Goal: a process of an outage test that can be asked, frozen, killed and started again. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../sources.ts';
import type { Event } from './told.ts';

const START_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 20_000;
const OUTPUT_KEPT = 4_000;

/** Children of all tests of this process: none outlives it, a frozen one neither. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export class Child<A extends Record<keyof A, { ask: unknown; answer: unknown }>> {
  readonly #entry: string;
  readonly #onEvent: (event: Event) => void;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | null = null;
  #nextId = 1;
  #output = '';

  constructor(entry: string, onEvent: (event: Event) => void) {
    this.#entry = entry;
    this.#onEvent = onEvent;
  }

  /** Starts it and waits until it says that it is ready. */
  async start(plan: object, execArgv: readonly string[] = []): Promise<void> {
    const child = fork(join(root, 'test/support/outages', this.#entry), [JSON.stringify(plan)], {
      execArgv: [...execArgv],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    this.#child = child;
    children.add(child);
    child.once('exit', () => children.delete(child));
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-OUTPUT_KEPT);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${this.#entry} ${why}\n${this.#output}`));
      const timer = setTimeout(() => fail('is not ready in time'), START_LIMIT_MS);
      child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
      child.on('message', (message: Event | { readonly id: number; readonly answer: unknown }) => {
        if ('id' in message) return this.#answered(message.id, message.answer);
        if (message.event === 'ready') {
          clearTimeout(timer);
          resolve();
        } else this.#onEvent(message);
      });
    });
  }

  ask<K extends keyof A & string>(what: K, ask: A[K]['ask']): Promise<A[K]['answer']> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${this.#entry} does not answer ${what}\n${this.#output}`));
      }, ANSWER_LIMIT_MS);
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, timer });
      this.#child?.send({ id, what, ask });
    });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Ends it and waits until it is gone; a frozen one too. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }

  #answered(id: number, answer: unknown): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    waiting?.resolve(answer);
  }
}
