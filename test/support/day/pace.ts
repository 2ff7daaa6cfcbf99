/** Goal: how fast a day goes: batches of each line, what lines wait for, what presses do. */
import { PRESS_PHASES } from '../../../plc/model/isa88.ts';
import { reasonText } from '../../../plc/model/reason.ts';
import type { VirtualMill } from '../virtual-mill.ts';

/** Texts that are counted; more are counted as others. */
const TEXTS_MAX = 200;

/** Looks at lines and presses at even intervals. */
export class Pace {
  readonly #running: VirtualMill;
  readonly #counts = new Map<string, number>();
  looks = 0;

  constructor(running: VirtualMill) {
    this.#running = running;
  }

  look(): void {
    this.looks += 1;
    for (const document of this.#running.status('line')) {
      if (document.kind !== 'line') continue;
      const { line, state, reasons, orders } = document;
      this.#count(`${line} ${state}`);
      for (const one of reasons) this.#count(`${line} waits: ${reasonText(one, 'en')}`);
      for (const { order, state: of, reasons: why } of orders) {
        if (of === 'Queued') continue;
        const place = `${line} order ${order.packaging} ${of}`;
        for (const one of why) this.#count(`${place}: ${reasonText(one, 'en')}`);
      }
    }
    for (const { press } of this.#running.controller.mill.pressLines) {
      const code = Number(this.#running.last(`${press}.Phase`) ?? -1);
      this.#count(`${press} ${PRESS_PHASES[code] ?? 'unknown'}`);
    }
  }

  /** What was seen, with its share of the looks, %: presses and lines, the most first. */
  get shares(): readonly (readonly [what: string, pct: number])[] {
    return [...this.#counts]
      .map(([what, count]) => [what, (100 * count) / this.looks] as const)
      .sort((a, b) => b[1] - a[1]);
  }

  #count(what: string): void {
    const key = this.#counts.has(what) || this.#counts.size < TEXTS_MAX ? what : 'others';
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}
