/** Goal: real time for driver tests, with a count of the timers that are still set. */
import type { DriverClock, DriverTimer } from '../../plc/drivers/driver.ts';

export interface CountingClock extends DriverClock {
  /** Timers set and neither fired nor cancelled. */
  readonly pendingTimers: number;
}

export function countingClock(): CountingClock {
  const pending = new Set<DriverTimer>();
  return {
    nowMs: () => Date.now(),
    setTimer(callback, delayMs) {
      const handle = setTimeout(() => {
        pending.delete(timer);
        callback();
      }, delayMs);
      const timer: DriverTimer = {
        cancel() {
          clearTimeout(handle);
          pending.delete(timer);
        },
      };
      pending.add(timer);
      return timer;
    },
    get pendingTimers() {
      return pending.size;
    },
  };
}
