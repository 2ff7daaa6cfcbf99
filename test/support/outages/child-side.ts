/** Goal: the child's end of the talk between a test and its processes. */
import type { Event } from './told.ts';

type Handlers<A extends Record<keyof A, { ask: unknown; answer: unknown }>> = {
  readonly [K in keyof A]: (ask: A[K]['ask']) => A[K]['answer'] | Promise<A[K]['answer']>;
};

interface Question {
  readonly id: number;
  readonly what: string;
  readonly ask: unknown;
}

export function tell(event: Event): void {
  process.send?.(event);
}

/** The plan that the process was started with. */
export function planOf<T>(): T {
  return JSON.parse(process.argv[2] ?? 'null') as T;
}

/** Answers each question; ends with the process that asks, and tells what nobody caught. */
export function answerWith<A extends Record<keyof A, { ask: unknown; answer: unknown }>>(
  handlers: Handlers<A>,
): void {
  process.on('message', (question: Question) => void answer(handlers, question));
  process.on('disconnect', () => process.exit(0));
  process.on('unhandledRejection', (cause) => tell({ event: 'fault', text: textOf(cause) }));
  process.on('uncaughtException', (cause) => tell({ event: 'fault', text: textOf(cause) }));
}

async function answer<A extends Record<keyof A, { ask: unknown; answer: unknown }>>(
  handlers: Handlers<A>,
  { id, what, ask }: Question,
): Promise<void> {
  const handler = handlers[what as keyof A];
  process.send?.({ id, answer: await handler(ask as never) });
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
