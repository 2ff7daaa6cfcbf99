/** Goal: the field of the OPC UA benchmark and the words in which its processes speak. */
export const SLOW_TAGS = 10_000;
export const FAST_TAGS = 2_000;
export const BENCH_NAMESPACE = 'urn:bench:field';
export const PUBLISHING_INTERVAL_MS = 200;
/** Each value counts, so both clients ask for every change and for queues that hold a stall. */
export const ITEM_QUEUE = 50;
/** All fast tags change at each tick, and a tenth of the slow ones. */
export const TICK_MS = 100;
export const TICKS_PER_SLOW_ROUND = 10;

export function identifiers(): string[] {
  const names = (kind: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${kind}${at}`);
  return [...names('Slow', SLOW_TAGS), ...names('Fast', FAST_TAGS)];
}

/** What the parent asks of a process, and what it answers. */
export type Ask =
  | { readonly ask: 'run'; readonly ticks: number }
  | { readonly ask: 'mark' | 'tell' };
export interface Ready {
  readonly is: 'ready';
  readonly port: number;
}
/** How often values changed, and the sum of all of them: equal where every change arrived. */
export interface Changes {
  readonly is: 'changes';
  readonly changes: number;
  readonly sum: number;
  readonly cpuSeconds: number;
}
export type Answer = Ready | Changes;
