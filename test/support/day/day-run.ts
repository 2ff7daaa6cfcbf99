/**
 * Goal: a day of the whole reference mill in virtual time: the planner's orders on both lines,
 * trucks at the gate, faults from a seed, an engineer on duty, and a watch that looks for what must
 * never happen.
 */
import type { Mill } from '../../../plc/mill/definition.ts';
import { reference } from '../../../plc/mill/mills/reference.ts';
import type { Order } from '../../../plc/model/order.ts';
import { TruckDay, truckPlan } from '../truck-yard.ts';
import { VirtualMill } from '../virtual-mill.ts';
import { EngineerOnDuty } from './duty.ts';
import { FaultsOfTheDay } from './faults.ts';
import { figuresNow, type HourFigures } from './hours.ts';
import { type IngredientAccount, ingredientAccounts } from './ingredients.ts';
import { Pace } from './pace.ts';
import { ordersOfDay } from './plan.ts';
import { RecordsOfTheDay } from './records.ts';
import { Watch } from './watch.ts';

const LOOK_MS = 5_000;
const LOOKS_PER_WEIGHING = 60;
const LOOKS_PER_TRUCK = 12;
/** Orders that a line has before it, running ones not counted. */
const ORDERS_AHEAD = 6;
/** Trucks of a day (DOMAIN 2: 60 to 80). */
const TRUCKS = 72;
const OVER: readonly string[] = ['Complete', 'Stopped', 'Aborted'];

export interface DayOptions {
  readonly hours: number;
  readonly seed: number;
  /** Faults injected per hour. */
  readonly faultsPerHour?: number;
  /** How full the main dosing bins are when the day begins, %; as the mill file says without it. */
  readonly dosingBinsPct?: number;
  /** Ends the day before its time, with all that can be told of it. */
  readonly signal?: AbortSignal;
  /** Told each hour of the day. */
  readonly progress?: (hour: number, day: DayRun) => void;
}

/** The reference mill with its main dosing bins so full, %. */
function beginningWith(pct: number | undefined): Mill {
  if (pct === undefined) return reference;
  const devices = reference.devices.map((one) =>
    one.type === 'bin' && one.settings.kind === 'dosing'
      ? { ...one, settings: { ...one.settings, initialKg: (one.settings.capacityKg * pct) / 100 } }
      : one,
  );
  return { ...reference, devices, deviceById: new Map(devices.map((one) => [one.id, one])) };
}

export class DayRun {
  readonly options: DayOptions;
  readonly running: VirtualMill;
  readonly duty: EngineerOnDuty;
  readonly watch: Watch;
  readonly faults: FaultsOfTheDay;
  readonly trucks: TruckDay;
  readonly pace: Pace;
  readonly records = new RecordsOfTheDay();
  readonly refusedOrders: string[] = [];
  readonly hours: HourFigures[] = [];
  /** Orders that went to their lines by themselves. */
  dispatched = 0;
  cpuS = 0;
  readonly #startMs: number;
  readonly #ordersOf: ReadonlyMap<string, Order[]>;

  private constructor(
    options: DayOptions,
    running: VirtualMill,
    ordersOf: ReadonlyMap<string, Order[]>,
  ) {
    const { mill } = running.controller;
    this.options = options;
    this.running = running;
    this.#ordersOf = ordersOf;
    this.#startMs = running.utcMs;
    this.duty = new EngineerOnDuty(running);
    this.watch = new Watch(running);
    this.pace = new Pace(running);
    this.faults = new FaultsOfTheDay(mill, options.seed, options.faultsPerHour ?? 3);
    this.trucks = new TruckDay(running, truckPlan(mill, options.seed, TRUCKS));
  }

  /** Runs the day from a cold mill. The caller stops `running`. */
  static async run(options: DayOptions): Promise<DayRun> {
    const mill = beginningWith(options.dosingBinsPct);
    const running = await VirtualMill.start({ mill, seed: options.seed });
    const day = new DayRun(options, running, await ordersOfDay(mill, running.utcMs));
    await day.#pass();
    return day;
  }

  get hoursPassed(): number {
    return this.#nowMs / 3_600_000;
  }

  get ingredients(): IngredientAccount[] {
    return ingredientAccounts(this.running, this.records.dosedOf);
  }

  get #nowMs(): number {
    return this.running.utcMs - this.#startMs;
  }

  async #pass(): Promise<void> {
    const before = process.cpuUsage();
    let hour = 0;
    const { hours, signal } = this.options;
    for (let looks = 0; this.#nowMs < hours * 3_600_000; looks += 1) {
      if (signal?.aborted === true) break;
      await this.running.runFor(LOOK_MS);
      this.faults.pass(this.running, this.#nowMs);
      await this.#keepOrdersAhead();
      if (looks % LOOKS_PER_TRUCK === 0) await this.trucks.look();
      await this.duty.look();
      this.watch.lookForStarvation();
      this.pace.look();
      await this.records.drain(this.running);
      if (looks % LOOKS_PER_WEIGHING === 0) this.watch.weigh();
      const used = process.cpuUsage(before);
      this.cpuS = (used.user + used.system) / 1e6;
      if (this.hoursPassed < hour + 1) continue;
      hour += 1;
      this.hours.push(figuresNow(this));
      this.options.progress?.(hour, this);
    }
    this.watch.weigh();
    this.hours.push(figuresNow(this));
  }

  /** The plan goes to each line as its queue has room; the engineer releases every order. */
  async #keepOrdersAhead(): Promise<void> {
    for (const document of this.running.status('line')) {
      if (document.kind !== 'line') continue;
      const ahead = document.orders.filter(({ state }) => state === 'Queued');
      const open = document.orders.filter(({ state }) => !OVER.includes(state));
      if (ahead.length < ORDERS_AHEAD && open.length < 2 * ORDERS_AHEAD) {
        await this.#submit(document.line);
      }
    }
  }

  async #submit(line: string): Promise<void> {
    const order = this.#ordersOf.get(line)?.shift();
    if (order === undefined) return;
    // Orders are planned in the office the day before: that is no action of the engineer on duty.
    const answer = await this.running.command('order.submit', line, { order });
    if (answer.accepted) {
      this.duty.planned.set(order.orderId, order);
      // The dispatcher starts what was released in the plan: no action of the engineer either.
      await this.running.command('order.start', line, { orderId: order.orderId });
      this.dispatched += 1;
    } else {
      const { orderId, formulaCode } = order;
      const why = JSON.stringify(answer.reasons);
      this.refusedOrders.push(`${orderId} ${formulaCode} on ${line}: ${why}`);
    }
  }
}
