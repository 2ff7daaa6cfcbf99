import type { ModbusConnection } from '../../model/connection.ts';
import { backOffMs, isDue } from '../back-off.ts';
import type { DriverContext, DriverTimer, FieldWrite } from '../driver.ts';
import { LinkMonitor } from '../link-monitor.ts';
import type { ReportedValues } from '../reported-values.ts';
import { ModbusSocket } from './modbus-socket.ts';
import { ModbusUnit } from './modbus-unit.ts';
import { PendingWrites } from './pending-writes.ts';
import type { ModbusTag } from './read-plan.ts';
import { modbusTags, planReads } from './read-plan.ts';

/** However fast the field runs, its registers are not read more often than this, ms. */
const INTERVAL_MIN_MS = 10;

/** The driver's work from one start to its stop. */
export class ModbusSession {
  readonly #context: DriverContext<ModbusConnection>;
  readonly #values: ReportedValues;
  readonly #random: () => number;
  readonly #socket: ModbusSocket;
  readonly #monitor: LinkMonitor;
  readonly #units: ReadonlyMap<number, ModbusUnit>;
  readonly #outputs: ReadonlyMap<string, ModbusTag>;
  readonly #pending = new PendingWrites();
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
    const { transport } = connection;
    if (transport.kind !== 'tcp') throw new TypeError(`${transport.kind} is not supported yet`);
    this.#socket = new ModbusSocket(transport.host, transport.port, clock);
    this.#monitor = new LinkMonitor(sink, clock, connection.id, null);
    this.#units = this.#unitsOf(modbusTags(tags, connection.id));
    const outputs = tags.filter((tag) => tag.direction === 'output');
    this.#outputs = new Map(modbusTags(outputs, connection.id).map((tag) => [tag.name, tag]));
  }

  start(): void {
    this.#work ??= this.#run();
  }

  /** Ends with the socket closed, all values bad and what was not sent reported as failed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake?.();
    this.#socket.close('the driver is stopped');
    await this.#work;
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
      socket: this.#socket,
      connection: this.#monitor,
      random: this.#random,
    };
    const ids = [...new Set(blocks.map((block) => block.unitId))];
    return new Map(
      ids.map((id) => {
        const own = blocks.filter((block) => block.unitId === id);
        return [id, new ModbusUnit(id, own, around)];
      }),
    );
  }

  #faultOf(tag: ModbusTag | undefined): string | null {
    if (tag === undefined) return 'not an output of this connection';
    const { area, unitId } = tag.address;
    if (area !== 'coil' && area !== 'holding') return `the ${area} area cannot be written`;
    return this.#units.get(unitId)?.silent === false ? null : `unit ${unitId} does not answer`;
  }

  async #run(): Promise<void> {
    const { clock, tags, speed } = this.#context;
    const fastestMs = Math.min(...tags.map((tag) => tag.scanMs));
    const intervalMs = Math.max(INTERVAL_MIN_MS, fastestMs / speed);
    let dueMs = clock.nowMs();
    while (!this.#isStopping) {
      await this.#readAll();
      dueMs = nextDue(dueMs, clock.nowMs(), intervalMs);
      while (!this.#isStopping && clock.nowMs() < dueMs) {
        // Never longer than a cycle: after the clock was set back, `dueMs` may be hours away.
        await this.#sleep(Math.min(intervalMs, dueMs - clock.nowMs()));
        await this.#sendPending();
        if (dueMs - clock.nowMs() > intervalMs) dueMs = clock.nowMs();
      }
    }
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

  /** Reads every block of every unit that is worth asking; writes that come meanwhile go first. */
  async #readAll(): Promise<void> {
    for (const unit of this.#units.values()) {
      if (!unit.isDue(this.#context.clock.nowMs())) continue;
      for (const block of unit.blocks) {
        await this.#sendPending();
        if (!(await this.#connected())) return;
        if (!(await unit.read(block))) break;
      }
    }
    const units = [...this.#units.values()];
    if (units.length > 0 && units.every((unit) => unit.silent)) {
      this.#monitor.lost('no unit answers');
    }
  }

  async #sendPending(): Promise<void> {
    for (;;) {
      const next = this.#pending.takeNext();
      if (next === null) return;
      const unit = this.#units.get(next.unitId);
      const values = next.writes.map(({ write }) => write);
      if (unit === undefined || unit.silent) {
        this.#fail(values, `unit ${next.unitId} does not answer`);
      } else if (await this.#connected()) {
        await unit.send(next);
      } else {
        this.#fail(values, 'not connected');
      }
    }
  }

  /** Whether there is a socket; makes one when it is time to try. */
  async #connected(): Promise<boolean> {
    const { clock, connection, log } = this.#context;
    if (this.#isStopping) return false;
    if (this.#socket.isOpen) return true;
    if (!isDue(this.#nextOpenMs, clock.nowMs())) return false;
    try {
      await this.#socket.open(connection.timeoutMs);
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

/** The next moment of the cycle after `nowMs`; moments missed are skipped, not made up for. */
function nextDue(dueMs: number, nowMs: number, intervalMs: number): number {
  const lateMs = Math.max(0, nowMs - dueMs);
  return dueMs + intervalMs * (Math.floor(lateMs / intervalMs) + 1);
}
