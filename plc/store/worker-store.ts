import { Worker } from 'node:worker_threads';
import type { SpoolFill, SpoolLimits, SpoolRow, Store, StoreContent } from './store.ts';
import { SPOOL_LIMITS_DEFAULT, StoreInUseError } from './store.ts';
import type { StoreCall, StoreReply, StoreRequest, StoreWorkerData } from './worker-protocol.ts';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls that may wait for the thread at once; the controller has at most a handful under way. */
const WAITING_MAX = 1_000;

/**
 * The store on a thread of its own. `open` starts the thread, `close` ends it; both may be called
 * twice.
 */
export class WorkerStore implements Store {
  readonly #data: StoreWorkerData;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 1;

  constructor(file: string, limits: SpoolLimits = SPOOL_LIMITS_DEFAULT) {
    this.#data = { file, limits };
  }

  async open(): Promise<StoreContent> {
    if (this.#worker === null) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: this.#data,
      });
      worker.on('message', (reply: StoreReply) => this.#settle(reply));
      worker.on('error', (error) => this.#fail(worker, error));
      worker.on('exit', () => this.#fail(worker, new Error('the store thread has ended')));
      this.#worker = worker;
    }
    return (await this.#call({ method: 'open' })) as StoreContent;
  }

  async commit(group: Parameters<Store['commit']>[0]): Promise<SpoolFill> {
    return (await this.#call({ method: 'commit', group })) as SpoolFill;
  }

  async read(afterSequence: number, rowsMax: number, bytesMax: number): Promise<SpoolRow[]> {
    const call = { method: 'read', afterSequence, rowsMax, bytesMax } as const;
    return (await this.#call(call)) as SpoolRow[];
  }

  async acknowledge(sequence: number): Promise<SpoolFill> {
    return (await this.#call({ method: 'acknowledge', sequence })) as SpoolFill;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    await this.#call({ method: 'close' });
    this.#worker = null;
    await worker.terminate();
  }

  #call(call: StoreCall): Promise<unknown> {
    const worker = this.#worker;
    if (worker === null) return Promise.reject(new Error('the store is not open'));
    if (this.#waiting.size >= WAITING_MAX) {
      return Promise.reject(new Error('the store does not keep up: its disk is too slow'));
    }
    const request: StoreRequest = { id: this.#nextId, call };
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      worker.postMessage(request);
    });
  }

  #settle(reply: StoreReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.result);
    else if (reply.name === 'StoreInUseError') {
      waiting?.reject(new StoreInUseError(this.#data.file, reply.message));
    } else waiting?.reject(new Error(`store: ${reply.message}`));
  }

  #fail(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = null;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
