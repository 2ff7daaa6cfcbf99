import type { DriverClock } from './driver.ts';

/**
 * What `work` gives, if it does within `limitMs` and before it is called off.
 * @throws {Error} naming `what` when it takes longer or is called off. The work itself goes on:
 * whoever began it ends it.
 */
export function within<T>(
  clock: DriverClock,
  limitMs: number,
  what: string,
  work: Promise<T>,
  calledOff?: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = (settle: () => void): void => {
      timer.cancel();
      calledOff?.removeEventListener('abort', callOff);
      settle();
    };
    const callOff = (): void => end(() => reject(new Error(`${what} was called off`)));
    const timer = clock.setTimer(
      () => end(() => reject(new Error(`${what} took more than ${limitMs} ms`))),
      limitMs,
    );
    calledOff?.addEventListener('abort', callOff);
    if (calledOff?.aborted) callOff();
    work.then(
      (value) => end(() => resolve(value)),
      (cause: unknown) => end(() => reject(cause)),
    );
  });
}
