/** Goal: what the controller writes down in a day, taken off its spool as a server does. */
import type { Reason } from '../../../plc/model/reason.ts';
import type {
  BagRecord,
  BatchRecord,
  DoseRecord,
  DowntimeRecord,
  LoadRecord,
  OrderRecord,
  PressRunRecord,
  SpoolRecord,
} from '../../../plc/model/record.ts';
import type { VirtualMill } from '../virtual-mill.ts';

const ROWS = 1_000;
const BYTES = 20_000_000;

/** A stop of a unit, with all reasons that it was given. */
export interface Stop {
  readonly unit: string;
  readonly startedTimeMs: number;
  endedTimeMs: number | null;
  reasons: readonly Reason[];
}

/** Keeps the sums of a day and not its rows: those are acknowledged as soon as they are read. */
export class RecordsOfTheDay {
  readonly orders = new Map<string, OrderRecord>();
  readonly baggedKg = new Map<string, number>();
  /** Into compartments of bulk trucks, of each order, kg; and how many compartments. */
  readonly loadedKg = new Map<string, number>();
  loads = 0;
  readonly stops = new Map<string, Stop>();
  readonly bagsBy = new Map<string, number>();
  /** In complete batches of each order, kg. */
  readonly mixedKg = new Map<string, number>();
  /** Complete batches of each line. */
  readonly batchesOf = new Map<string, number>();
  /** Dosed of each material, kg. */
  readonly dosedOf = new Map<string, number>();
  /** Pressed in the runs of each press that have ended, kg, and how long they took, h. */
  readonly pressed = new Map<string, { kg: number; h: number; chokes: number }>();
  doses = 0;
  #after = 0;

  async drain(running: VirtualMill): Promise<void> {
    for (;;) {
      const rows = await running.controller.readRows(this.#after, ROWS, BYTES);
      const last = rows.at(-1);
      if (last === undefined) return;
      // Samples are most of it by far, and are of no interest here.
      for (const { body } of rows) if (!body.startsWith('{"kind":"samples"')) this.#take(body);
      this.#after = last.sequence;
      await running.controller.acknowledgeRows(last.sequence);
    }
  }

  /** Bagged of each product, kg, by its formula. */
  get byProduct(): ReadonlyMap<string, number> {
    return this.#byFormula(this.baggedKg);
  }

  /** Mixed of each product, kg, by its formula. */
  get mixedByProduct(): ReadonlyMap<string, number> {
    return this.#byFormula(this.mixedKg);
  }

  /** Loaded of each product, kg, by its formula. */
  get bulkByProduct(): ReadonlyMap<string, number> {
    return this.#byFormula(this.loadedKg);
  }

  #byFormula(byOrder: ReadonlyMap<string, number>): Map<string, number> {
    const sums = new Map<string, number>();
    for (const [orderId, kg] of byOrder) {
      const code = this.orders.get(orderId)?.order.formulaCode ?? 'no order';
      sums.set(code, (sums.get(code) ?? 0) + kg);
    }
    return sums;
  }

  #take(body: string): void {
    const record = JSON.parse(body) as SpoolRecord;
    if (record.kind === 'order') this.orders.set(record.order.orderId, record);
    else if (record.kind === 'bag') this.#bag(record);
    else if (record.kind === 'load') this.#load(record);
    else if (record.kind === 'downtime') this.#stop(record);
    else if (record.kind === 'dose') this.#dose(record);
    else if (record.kind === 'press-run') this.#pressRun(record);
    else if (record.kind === 'batch' && record.state === 'Complete') this.#batch(record);
  }

  get dosedKg(): number {
    return [...this.dosedOf.values()].reduce((sum, kg) => sum + kg, 0);
  }

  #dose({ material, actualKg }: DoseRecord): void {
    this.doses += 1;
    this.dosedOf.set(material, (this.dosedOf.get(material) ?? 0) + actualKg);
  }

  #pressRun({ press, fedKg, chokes, startedTimeMs, endedTimeMs }: PressRunRecord): void {
    const before = this.pressed.get(press) ?? { kg: 0, h: 0, chokes: 0 };
    this.pressed.set(press, {
      kg: before.kg + fedKg,
      h: before.h + (endedTimeMs - startedTimeMs) / 3_600_000,
      chokes: before.chokes + chokes,
    });
  }

  #batch({ orderId, actualKg }: BatchRecord): void {
    this.mixedKg.set(orderId, (this.mixedKg.get(orderId) ?? 0) + actualKg);
    const line = this.orders.get(orderId)?.order.line ?? 'no line';
    this.batchesOf.set(line, (this.batchesOf.get(line) ?? 0) + 1);
  }

  #bag({ orderId, bagger, netKg }: BagRecord): void {
    const key = orderId ?? '';
    this.baggedKg.set(key, (this.baggedKg.get(key) ?? 0) + netKg);
    this.bagsBy.set(bagger, (this.bagsBy.get(bagger) ?? 0) + 1);
  }

  #load({ orderId, netKg }: LoadRecord): void {
    const key = orderId ?? '';
    this.loads += 1;
    this.loadedKg.set(key, (this.loadedKg.get(key) ?? 0) + netKg);
  }

  #stop({ downtimeId, unit, startedTimeMs, endedTimeMs, reasons }: DowntimeRecord): void {
    const known = this.stops.get(downtimeId);
    const all = reasons.length > 0 ? reasons : (known?.reasons ?? []);
    this.stops.set(downtimeId, { unit, startedTimeMs, endedTimeMs, reasons: all });
  }
}
