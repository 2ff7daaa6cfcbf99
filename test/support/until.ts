import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `read` gives something that is neither null nor false, and gives it. What is waited
 * for stands in the error when the time is up; `last` then adds what was seen instead.
 */
export async function until<T>(
  what: string,
  read: () => Promise<T | null | false> | T | null | false,
  { withinMs = 30_000, everyMs = 100, last = () => '' as string | Promise<string> } = {},
): Promise<T> {
  const endMs = Date.now() + withinMs;
  for (;;) {
    const seen = await read();
    if (seen !== null && seen !== false) return seen;
    if (Date.now() > endMs) {
      throw new Error(`within ${withinMs / 1000} s there was no: ${what}. ${await last()}`);
    }
    await pause(everyMs);
  }
}
