import type { ModbusConnection } from '../../model/connection.ts';
import type { DriverContext } from '../driver.ts';
import { LinkMonitor } from '../link-monitor.ts';
import type { ReportedValues } from '../reported-values.ts';
import type { ExceptionMeaning } from './exceptions.ts';
import { ModbusRefusal } from './exceptions.ts';
import type { ModbusClient } from './modbus-client.ts';
import { NoUsableAnswer } from './modbus-client.ts';
import { UnitLink } from './unit-link.ts';

/** What became of a request. */
export type Outcome<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: string; readonly meaning: ExceptionMeaning }
  | { readonly kind: 'silent'; readonly error: string };

/** What all units of one connection share. */
export interface UnitSurroundings {
  readonly context: DriverContext<ModbusConnection>;
  readonly values: ReportedValues;
  readonly client: ModbusClient;
  /** Health of the connection: each answer of a unit is one of it. */
  readonly connection: LinkMonitor;
  readonly random: () => number;
}

/** Requests to one unit: how long each may take, and what its answers say about the unit. */
export class UnitRequests {
  readonly unitId: number;
  readonly #around: UnitSurroundings;
  readonly #link: UnitLink;
  readonly #monitor: LinkMonitor;

  constructor(unitId: number, around: UnitSurroundings) {
    const { connection, sink, clock } = around.context;
    const timeoutMs = connection.units[unitId]?.timeoutMs ?? connection.timeoutMs;
    this.unitId = unitId;
    this.#around = around;
    this.#link = new UnitLink(unitId, timeoutMs, around.random);
    this.#monitor = new LinkMonitor(sink, clock, connection.id, unitId);
  }

  /** It is known not to answer. */
  get silent(): boolean {
    return this.#link.silent;
  }

  isDue(nowMs: number): boolean {
    return this.#link.isDue(nowMs);
  }

  async ask<T>(request: (timeoutMs: number) => Promise<T>): Promise<Outcome<T>> {
    const { clock } = this.#around.context;
    const sentMs = clock.nowMs();
    try {
      const value = await request(this.#link.patienceMs);
      this.#answered(clock.nowMs() - sentMs);
      return { kind: 'answered', value };
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      if (cause instanceof ModbusRefusal && !cause.meaning.unitIsSilent) {
        this.#answered(clock.nowMs() - sentMs);
        return { kind: 'refused', error, meaning: cause.meaning };
      }
      if (cause instanceof NoUsableAnswer && cause.isLate) {
        this.#monitor.count('lateReplies');
        this.#around.connection.count('lateReplies');
      }
      this.#missed(error);
      return { kind: 'silent', error };
    }
  }

  /** The way to the unit is lost. */
  cutOff(error: string): void {
    this.#link.cutOff();
    this.#monitor.lost(error);
  }

  /** Tags that the unit refuses to show. */
  note(unmonitored: readonly string[]): void {
    this.#monitor.note({ unmonitored });
  }

  #answered(elapsedMs: number): void {
    const { context, connection } = this.#around;
    const roundTripMs = Math.max(0, elapsedMs);
    if (!this.#monitor.online) {
      context.log.info('Modbus unit answers', {
        connection: context.connection.id,
        unitId: this.unitId,
      });
    }
    this.#link.answered(roundTripMs);
    this.#monitor.answered(roundTripMs);
    connection.answered(roundTripMs);
  }

  #missed(error: string): void {
    const { context } = this.#around;
    this.#link.missed(context.clock.nowMs());
    if (!this.silent) return;
    if (this.#monitor.online) {
      const about = { connection: context.connection.id, unitId: this.unitId, error };
      context.log.warn('Modbus unit is silent; check its power and cable', about);
    }
    this.#monitor.lost(error);
  }
}
