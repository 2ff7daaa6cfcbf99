/**
 * Goal: a day of a whole mill in virtual time: orders on every line, trucks at the pits, faults
 * from a seed, an engineer on duty, and a watch that looks for what must never happen.
 */
import type { Mill } from '../../../plc/mill/definition.ts';
import { reference } from '../../../plc/mill/mills/reference.ts';
import type { Chance } from '../../../simulators/process/chance.ts';
import { uniform } from '../../../simulators/process/chance.ts';
import { sendTruck } from '../../../simulators/process/index.ts';
import { orderOf } from '../finisher-order.ts';
import { VirtualMill } from '../virtual-mill.ts';
import { EngineerOnDuty } from './duty.ts';
import { FaultsOfTheDay } from './faults.ts';
import { nextOrder, truckKg, waysFromPits } from './plan.ts';
import { RecordsOfTheDay } from './records.ts';
import { Watch } from './watch.ts';

const LOOK_MS = 5_000;
const LOOKS_PER_WEIGHING = 60;
/** Orders that a line has before it, running ones among them. */
const ORDERS_AHEAD = 2;
/** A truck is called for a silo below this, %, and one arrives about this often at each pit, ms. */
const SILO_CALLS_PCT = 85;
const TRUCK_EVERY_MS = 900_000;
/** A pit with less than this is taken as tipped out, kg. */
const PIT_EMPTY_KG = 200;

export interface DayOptions {
  readonly mill?: Mill;
  readonly hours: number;
  readonly seed: number;
  /** Faults injected per hour. */
  readonly faultsPerHour?: number;
  /** Told each hour of the day. */
  readonly progress?: (hour: number, day: DayRun) => void;
}

export class DayRun {
  readonly options: DayOptions;
  readonly running: VirtualMill;
  readonly duty: EngineerOnDuty;
  readonly watch: Watch;
  readonly faults: FaultsOfTheDay;
  readonly records = new RecordsOfTheDay();
  readonly refusedOrders: string[] = [];
  trucks = 0;
  cpuS = 0;
  readonly #mill: Mill;
  readonly #chance: Chance;
  readonly #startMs: number;
  readonly #ordersOf = new Map<string, number>();
  #nextTruckMs = 0;

  private constructor(options: DayOptions, running: VirtualMill) {
    this.options = options;
    this.running = running;
    this.#mill = running.controller.mill;
    this.#chance = { seed: options.seed ^ 0xda7 };
    this.#startMs = running.utcMs;
    this.duty = new EngineerOnDuty(running);
    this.watch = new Watch(running);
    this.faults = new FaultsOfTheDay(this.#mill, options.seed, options.faultsPerHour ?? 3);
  }

  /** Runs the day from a cold mill. The caller stops `running`. */
  static async run(options: DayOptions): Promise<DayRun> {
    const mill = options.mill ?? reference;
    const running = await VirtualMill.start({ mill, seed: options.seed });
    const day = new DayRun(options, running);
    await day.#pass();
    return day;
  }

  get hoursPassed(): number {
    return this.#nowMs / 3_600_000;
  }

  get #nowMs(): number {
    return this.running.utcMs - this.#startMs;
  }

  async #pass(): Promise<void> {
    const before = process.cpuUsage();
    let hour = 0;
    for (let looks = 0; this.#nowMs < this.options.hours * 3_600_000; looks += 1) {
      await this.running.runFor(LOOK_MS);
      this.faults.pass(this.running, this.#nowMs);
      await this.#keepOrdersAhead();
      this.#sendTrucks();
      await this.#emptyPits();
      await this.duty.look();
      this.watch.lookForStarvation();
      await this.records.drain(this.running);
      if (looks % LOOKS_PER_WEIGHING === 0) this.watch.weigh();
      const used = process.cpuUsage(before);
      this.cpuS = (used.user + used.system) / 1e6;
      if (this.hoursPassed < hour + 1) continue;
      hour += 1;
      this.options.progress?.(hour, this);
    }
    this.watch.weigh();
  }

  /** Each line has an order that runs and one that waits; the next is begun when one is done. */
  async #keepOrdersAhead(): Promise<void> {
    for (const document of this.running.status('line')) {
      if (document.kind !== 'line') continue;
      const open = document.orders.filter(
        ({ state }) => !['Complete', 'Stopped', 'Aborted'].includes(state),
      );
      if (open.length < ORDERS_AHEAD) await this.#submit(document.line);
      const [waiting] = open.filter(({ state }) => state === 'Queued');
      const isFree = !open.some(({ state }) => state !== 'Queued');
      if (waiting === undefined || !isFree) continue;
      const { orderId, line } = waiting.order;
      await this.duty.command('order.start', line, { orderId });
    }
  }

  async #submit(line: string): Promise<void> {
    const number = this.#ordersOf.get(line) ?? 0;
    this.#ordersOf.set(line, number + 1);
    const { formula, ...plan } = nextOrder(this.#mill, line, number, this.#chance);
    const place = this.#mill.lines.findIndex(({ id }) => id === line) + 1;
    const orderId = `2611-${place}${String(number).padStart(3, '0')}`;
    const order = await orderOf(formula, { orderId, ...plan });
    // Orders are planned in the office the day before: that is no action of the engineer on duty.
    const answer = await this.running.command('order.submit', line, { order });
    if (answer.accepted) return;
    this.refusedOrders.push(`${formula} on ${line}: ${JSON.stringify(answer.reasons)}`);
  }

  /** Trucks come about as often as product is used, each to a silo that has room. */
  #sendTrucks(): void {
    if (this.#nowMs < this.#nextTruckMs) return;
    const ways = waysFromPits(this.#mill);
    const pits = new Set(ways.map(({ pit }) => pit));
    this.#nextTruckMs += (TRUCK_EVERY_MS / pits.size) * (0.5 + uniform(this.#chance));
    const level = (id: string) => Number(this.running.last(`${id}.LevelPct`) ?? 100);
    const waiting = new Set(this.running.field.trucks.map(({ pit }) => pit));
    const [lowest] = ways
      .filter(
        ({ pit, silo }) => !waiting.has(pit) && this.#isIdle(pit) && level(silo) < SILO_CALLS_PCT,
      )
      .sort((a, b) => level(a.silo) - level(b.silo));
    if (lowest === undefined) return;
    this.trucks += 1;
    const { material, pit } = lowest;
    const lot = `TRUCK-${this.trucks}`;
    sendTruck(this.running.field, { material, lot, kg: truckKg(this.#chance), pit });
  }

  #isIdle(pit: string): boolean {
    return this.#kgIn(pit) < PIT_EMPTY_KG;
  }

  #kgIn(bin: string): number {
    return this.running.ledger().bins[bin]?.contentKg ?? 0;
  }

  /** The engineer sends what was tipped to the lowest silo of its material. */
  async #emptyPits(): Promise<void> {
    const states = new Map(
      this.running
        .status('route')
        .flatMap((one) => (one.kind === 'route' ? [[one.route, one]] : [])),
    );
    const tipped = new Set(this.running.field.trucks.map(({ pit, stage }) => `${pit} ${stage}`));
    for (const { route, pit, silo, material } of this.#waysByLevel()) {
      if (!tipped.has(`${pit} tipping`) || this.#materialIn(pit) !== material) continue;
      if ((states.get(route)?.state ?? 'Idle') !== 'Idle') continue;
      await this.duty.command('route.start', route, { source: pit, destination: silo });
      return;
    }
  }

  #waysByLevel() {
    const level = (id: string) => Number(this.running.last(`${id}.LevelPct`) ?? 100);
    return waysFromPits(this.#mill)
      .filter(({ silo }) => level(silo) < SILO_CALLS_PCT)
      .sort((a, b) => level(a.silo) - level(b.silo));
  }

  #materialIn(pit: string): string | null {
    const truck = this.running.field.trucks.find((one) => one.pit === pit);
    const substance =
      truck === undefined ? undefined : this.running.field.substances[truck.substance];
    return substance?.material ?? null;
  }
}
