import type { ModbusConnection } from '../../model/connection.ts';
import { backOffMs, isDue } from '../back-off.ts';
import type { DriverContext, DriverTimer, FieldWrite } from '../driver.ts';
import { LinkMonitor } from '../link-monitor.ts';
import type { ReportedValues } from '../reported-values.ts';
import type { BlockReading } from './block-reading.ts';
import { maskInOrder } from './codec.ts';
import { ModbusClient } from './modbus-client.ts';
import { ModbusUnit } from './modbus-unit.ts';
import { PendingWrites } from './pending-writes.ts';
import type { ModbusTag } from './read-plan.ts';
import { modbusTags, planReads } from './read-plan.ts';
import { ScanSchedule } from './scan-schedule.ts';

/** However fast the field runs, its registers are not read more often than this, ms. */
const INTERVAL_MIN_MS = 10;
/** While a unit or the line is lost, it is looked after at least this often, ms. */
const LOST_CHECK_MS = 50;
/** However seldom its registers are read, the driver looks up this often, ms: clocks jump. */
const REST_MAX_MS = 1_000;

/** One block and the unit it is read from. */
interface Reading {
  readonly unit: ModbusUnit;
  readonly block: BlockReading;
}

/** The driver's work from one start to its stop. */
export class ModbusSession {
  readonly #context: DriverContext<ModbusConnection>;
  readonly #values: ReportedValues;
  readonly #random: () => number;
  readonly #client: ModbusClient;
  readonly #monitor: LinkMonitor;
  readonly #units: ReadonlyMap<number, ModbusUnit>;
  readonly #outputs: ReadonlyMap<string, ModbusTag>;
  readonly #pending: PendingWrites;
  readonly #schedule: ScanSchedule<Reading>;
  #work: Promise<void> | null = null;
  #isStopping = false;
  #wake: (() => void) | null = null;
  #wasOpen = false;
  #openFailures = 0;
  #nextOpenMs = 0;

  constructor(
    context: DriverContext<ModbusConnection>,
    values: ReportedValues,
    random: () => number,
  ) {
    const { connection, clock, sink, tags } = context;
    this.#context = context;
    this.#values = values;
    this.#random = random;
    this.#client = new ModbusClient(connection.transport, clock);
    this.#monitor = new LinkMonitor(sink, clock, connection.id, null);
    this.#units = this.#unitsOf(modbusTags(tags, connection.id));
    const outputs = tags.filter((tag) => tag.direction === 'output');
    this.#outputs = new Map(modbusTags(outputs, connection.id).map((tag) => [tag.name, tag]));
    this.#pending = new PendingWrites((address) => {
      const isBit = address.area === 'holding' && maskInOrder(address) !== 0xffff;
      return isBit && connection.units[address.unitId]?.maskWrite === true;
    });
    this.#schedule = this.#scheduleOf(clock.nowMs());
  }

  start(): void {
    this.#work ??= this.#run();
  }

  /** Ends with the line closed, all values bad and what was not sent reported as failed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake?.();
    const closed = this.#client.close('the driver is stopped');
    await this.#work;
    await closed;
    this.#cutOff('the driver is stopped');
  }

  /**
   * Takes writes for sending at once; what cannot be sent is reported as failed before this
   * returns.
   */
  write(writes: readonly FieldWrite[]): void {
    for (const write of writes) {
      const tag = this.#outputs.get(write.tag);
      const fault = this.#isStopping ? 'the driver is stopped' : this.#faultOf(tag);
      if (tag === undefined || fault !== null) this.#fail([write], fault ?? 'unknown');
      else this.#pending.put(tag, write);
    }
    if (!this.#pending.isEmpty) this.#wake?.();
  }

  #unitsOf(tags: readonly ModbusTag[]): Map<number, ModbusUnit> {
    const blocks = planReads(tags, this.#context.connection);
    const around = {
      context: this.#context,
      values: this.#values,
      client: this.#client,
      connection: this.#monitor,
      random: this.#random,
    };
    const byUnit = Map.groupBy(blocks, (block) => block.unitId);
    return new Map([...byUnit].map(([id, own]) => [id, new ModbusUnit(id, own, around)]));
  }

  #scheduleOf(nowMs: number): ScanSchedule<Reading> {
    const readings = [...this.#units.values()].flatMap(readingsOf);
    const byClass = Map.groupBy(readings, ({ block }) => block.whole.block.scanMs);
    const classes = [...byClass].map(([scanMs, items]) => ({
      intervalMs: Math.max(INTERVAL_MIN_MS, scanMs / this.#context.speed),
      items,
    }));
    return new ScanSchedule(classes, nowMs);
  }

  #faultOf(tag: ModbusTag | undefined): string | null {
    if (tag === undefined) return 'not an output of this connection';
    const { area, unitId } = tag.address;
    if (area !== 'coil' && area !== 'holding') return `the ${area} area cannot be written`;
    return this.#units.get(unitId)?.silent === false ? null : `unit ${unitId} does not answer`;
  }

  async #run(): Promise<void> {
    const { clock } = this.#context;
    while (!this.#isStopping) {
      if (!this.#pending.isEmpty) await this.#sendPending();
      if (!this.#client.isOpen && !(await this.#connected())) {
        this.#schedule.restart(clock.nowMs());
        await this.#sleep(LOST_CHECK_MS);
        continue;
      }
      const reading = this.#next(clock.nowMs());
      if (reading !== null) await this.#read(reading);
      else await this.#sleep(this.#restMs(clock.nowMs()));
    }
  }

  /** A silent unit that is worth asking again, else what the schedule says. */
  #next(nowMs: number): Reading | null {
    for (const unit of this.#units.values()) {
      const [first] = unit.readings;
      if (unit.silent && first !== undefined && unit.isDue(nowMs)) return { unit, block: first };
    }
    for (;;) {
      const reading = this.#schedule.next(nowMs);
      if (reading?.unit.silent !== true) return reading;
    }
  }

  #restMs(nowMs: number): number {
    const restMs = Math.max(1, this.#schedule.nextDueMs - nowMs);
    const isLost = [...this.#units.values()].some((unit) => unit.silent);
    return Math.min(restMs, isLost ? LOST_CHECK_MS : REST_MAX_MS);
  }

  async #read({ unit, block }: Reading): Promise<void> {
    const wasSilent = unit.silent;
    const answered = await unit.read(block, () => this.#goesOn());
    const overruns = this.#schedule.takeOverruns();
    if (overruns > 0) this.#monitor.count('overruns', overruns);
    if (answered) {
      if (wasSilent) this.#schedule.hasten(readingsOf(unit).filter((one) => one.block !== block));
      return;
    }
    // Its other blocks would cost a time-out each; whether it lives, one of them tells.
    this.#schedule.drop((one) => one.unit === unit);
    if (!unit.silent) this.#schedule.hasten([{ unit, block }]);
    const units = [...this.#units.values()];
    if (units.every((one) => one.silent)) this.#monitor.lost('no unit answers');
  }

  /** Between two requests of one reading: writes go first. */
  async #goesOn(): Promise<boolean> {
    await this.#sendPending();
    return !this.#isStopping && this.#client.isOpen;
  }

  /** Waits until the time is up, a write has come, or the driver is stopped. */
  #sleep(delayMs: number): Promise<void> {
    if (this.#isStopping || !this.#pending.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: DriverTimer | null = null;
      this.#wake = () => {
        this.#wake = null;
        timer?.cancel();
        resolve();
      };
      timer = this.#context.clock.setTimer(this.#wake, delayMs);
    });
  }

  async #sendPending(): Promise<void> {
    for (;;) {
      const next = this.#pending.takeNext();
      if (next === null) return;
      const unit = this.#units.get(next.unitId);
      const values = next.places.flatMap(({ writes }) => writes.map(({ write }) => write));
      if (unit === undefined || unit.silent) {
        this.#fail(values, `unit ${next.unitId} does not answer`);
      } else if (await this.#connected()) {
        await unit.send(next);
      } else {
        this.#fail(values, 'not connected');
      }
    }
  }

  /** Whether there is a line; makes one when it is time to try. */
  async #connected(): Promise<boolean> {
    const { clock, connection, log } = this.#context;
    if (this.#isStopping) return false;
    if (this.#client.isOpen) return true;
    if (!isDue(this.#nextOpenMs, clock.nowMs())) return false;
    try {
      await this.#client.open(connection.timeoutMs);
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      this.#openFailures++;
      this.#nextOpenMs = clock.nowMs() + backOffMs(this.#openFailures, this.#random);
      if (this.#openFailures === 1 && !this.#isStopping) {
        log.warn('no Modbus connection; check power and network of the server', {
          connection: connection.id,
          error,
        });
      }
      this.#cutOff(error);
      return false;
    }
    if (this.#openFailures > 0) log.info('Modbus connected', { connection: connection.id });
    if (this.#wasOpen) this.#monitor.reconnected();
    this.#wasOpen = true;
    this.#openFailures = 0;
    return true;
  }

  #cutOff(error: string): void {
    for (const unit of this.#units.values()) unit.cutOff(error);
    this.#monitor.lost(error);
    this.#fail(this.#pending.takeAll(), error);
  }

  #fail(writes: readonly FieldWrite[], error: string): void {
    for (const write of writes) this.#context.sink.written({ ...write, ok: false, error });
  }
}

function readingsOf(unit: ModbusUnit): Reading[] {
  return unit.readings.map((block) => ({ unit, block }));
}
