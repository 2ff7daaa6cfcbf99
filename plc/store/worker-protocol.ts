import type { CommitGroup, SpoolLimits } from './store.ts';

/** What the store's thread is started with. */
export interface StoreWorkerData {
  readonly file: string;
  readonly limits: SpoolLimits;
}

/** One call for the store's thread; calls are carried out in the order they were sent. */
export type StoreCall =
  | { readonly method: 'open' }
  | { readonly method: 'commit'; readonly group: CommitGroup }
  | {
      readonly method: 'read';
      readonly afterSequence: number;
      readonly rowsMax: number;
      readonly bytesMax: number;
    }
  | { readonly method: 'acknowledge'; readonly sequence: number }
  | { readonly method: 'close' };

export interface StoreRequest {
  readonly id: number;
  readonly call: StoreCall;
}

export type StoreReply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly name: string; readonly message: string };
