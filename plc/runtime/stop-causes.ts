import type { DowntimeRecord, MachineRecord } from '../model/record.ts';
import type { WhyFacts } from '../why/facts.ts';
import { withCauses } from '../why/why.ts';

/** Reasons that a record may have (plc/link/contract.ts). */
const REASONS_MAX = 50;
/** Stops that are open at once; the oldest is not looked after any more beyond. */
const OPEN_MAX = 500;
/**
 * A link is known to be lost a while after its signals are not good any more: so long a new stop
 * is asked again for what is behind it, ms UTC.
 */
const SETTLING_MS = 10_000;

/**
 * Puts the causes behind a stop or a hold into its record while they can still be seen: the
 * machine that stopped knows only what it saw itself.
 */
export class StopCauses {
  readonly #facts: () => WhyFacts;
  readonly #open = new Map<string, DowntimeRecord>();

  constructor(facts: () => WhyFacts) {
    this.#facts = facts;
  }

  /** The record as it is kept. A stop that ends keeps the causes that it began with. */
  complete(record: MachineRecord): MachineRecord {
    if (record.kind === 'order') {
      const { state, reasons } = record;
      if (state !== 'Held' || reasons.length === 0) return record;
      return { ...record, reasons: this.#behind(record.order.line, reasons) };
    }
    if (record.kind !== 'downtime') return record;
    const begun = this.#open.get(record.downtimeId);
    if (record.endedTimeMs !== null) {
      this.#open.delete(record.downtimeId);
      return begun === undefined ? record : { ...record, reasons: begun.reasons };
    }
    const full = { ...record, reasons: this.#behind(record.unit, record.reasons) };
    this.#open.set(record.downtimeId, full);
    const oldest = this.#open.keys().next();
    if (this.#open.size > OPEN_MAX && !oldest.done) this.#open.delete(oldest.value);
    return full;
  }

  /** New stops of which more is known now than when they were told. */
  settled(utcMs: number): DowntimeRecord[] {
    const more: DowntimeRecord[] = [];
    for (const [id, record] of this.#open) {
      if (utcMs - record.startedTimeMs > SETTLING_MS) continue;
      const reasons = this.#behind(record.unit, record.reasons);
      if (reasons.length <= record.reasons.length) continue;
      const full = { ...record, reasons };
      this.#open.set(id, full);
      more.push(full);
    }
    return more;
  }

  #behind(unit: string, reasons: MachineReasons): DowntimeRecord['reasons'] {
    return withCauses(this.#facts(), unit, reasons, REASONS_MAX);
  }
}

type MachineReasons = DowntimeRecord['reasons'];
