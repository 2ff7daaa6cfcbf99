/**
 * Goal: the whole mill in one process under virtual time: simulated physics, memory drivers, the
 * real machines and the real controller with a store in memory. A day passes in minutes, the same
 * for each seed.
 */
import { randomUUID } from 'node:crypto';
import { createMemoryDriver, type MemoryDriver } from '../../plc/drivers/memory/memory-driver.ts';
import type { CommandName } from '../../plc/link/contract.ts';
import type { ServerHealth } from '../../plc/link/server-health.ts';
import type { MachineSpec } from '../../plc/machines/contract.ts';
import { buildMachines } from '../../plc/machines/index.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import type { SpoolRecord } from '../../plc/model/record.ts';
import type { StatusDocument } from '../../plc/model/status.ts';
import { lastValueOf, type TagScalar, type TagValue } from '../../plc/model/tag.ts';
import { VirtualClock } from '../../plc/runtime/clock.ts';
import { Controller } from '../../plc/runtime/controller.ts';
import type { Log } from '../../plc/runtime/log.ts';
import { directStore } from '../../plc/store/direct-store.ts';
import type { Store } from '../../plc/store/store.ts';
import { FieldCore } from '../../simulators/field-core.ts';
import {
  createState,
  type Ledger,
  ledger,
  type MillState,
} from '../../simulators/process/index.ts';

const SCAN_MS = 100;
const START_UTC_MS = Date.UTC(2026, 10, 23, 0, 0, 0);

export interface VirtualMillOptions {
  readonly mill?: Mill;
  readonly machines?: readonly MachineSpec[];
  readonly seed?: number;
  /** File of the store; in memory without it. */
  readonly file?: string;
  /** Takes over the physics of a mill whose controller ended. */
  readonly field?: MillState;
  readonly startMs?: number;
  /** A server stores what it is sent, and its database is well; without it nobody listens. */
  readonly served?: boolean;
}

/** How often a server takes what is there and tells how it is, ms. */
const SERVER_EVERY_MS = 10_000;
const WELL: ServerHealth = {
  databaseUp: true,
  jobsFailed: 0,
  diskUsedPct: 20,
  diskDaysLeft: null,
  backupAgeH: 1,
  samplesSetAside: 0,
};

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly details: object | undefined;
}

export class VirtualMill {
  readonly controller: Controller;
  readonly core: FieldCore;
  readonly log: LogLine[] = [];
  readonly clock: VirtualClock;
  readonly #mill: Mill;
  readonly #store: Store;
  readonly #drivers: MemoryDriver[] = [];
  readonly #severed = new Set<string>();
  /** Told when any tag of the field may read otherwise. */
  readonly #linksMoved: (() => void)[] = [];
  /** Which connections and units are cut, as long as nothing moves. */
  readonly #cut = new Map<string, boolean>();
  #faultsSeen = 0;
  readonly #records: SpoolRecord[] = [];
  #read = 0;
  readonly #served: boolean;
  #servedMs = Number.NEGATIVE_INFINITY;

  constructor(options: VirtualMillOptions = {}) {
    const mill = options.mill ?? pilot;
    this.#mill = mill;
    this.#served = options.served ?? false;
    this.clock = new VirtualClock(options.startMs ?? START_UTC_MS);
    this.core = new FieldCore(mill, options.field ?? createState(mill, options.seed ?? 1));
    this.#store = directStore(options.file ?? ':memory:');
    this.controller = new Controller({
      mill,
      machines: options.machines ?? buildMachines(mill),
      clock: this.clock,
      store: this.#store,
      log: this.#logger(),
      createDriver: (context) => {
        const { id } = context.connection;
        const driver = createMemoryDriver(context, {
          read: (tag) => (this.#isCut(id, tag) ? null : this.core.read(tag)),
          watch: (changed) => {
            for (const { name } of context.tags) this.core.image.watch(name, () => changed(name));
            this.#linksMoved.push(() => changed(null));
          },
          write: (tag, value) => {
            if (this.#isCut(id, tag)) throw new Error('the link is cut');
            this.core.write(tag, value);
          },
        });
        this.#drivers.push(driver);
        return driver;
      },
    });
  }

  static async start(options: VirtualMillOptions = {}): Promise<VirtualMill> {
    const mill = new VirtualMill(options);
    await mill.controller.start();
    await mill.runFor(1_000);
    return mill;
  }

  /** The state of the simulated field. */
  get field(): MillState {
    return this.core.state;
  }

  get utcMs(): number {
    return this.clock.utcMs();
  }

  /** Passes time in scans; between two of them what is on the disk is told. */
  async runFor(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= SCAN_MS) await this.#scan();
  }

  /**
   * Passes time until the condition holds. @throws when it does not within `withinMs`, saying what
   * was.
   */
  async until(what: string, condition: () => boolean, withinMs = 600_000): Promise<void> {
    const endMs = this.clock.nowMs() + withinMs;
    while (!condition()) {
      if (this.clock.nowMs() >= endMs) throw new Error(`no ${what} after ${withinMs} ms`);
      await this.#scan();
    }
  }

  /** A person's command; passes time until it is answered. */
  async command(name: CommandName, target: string, args: object = {}): Promise<CommandResult> {
    const message = {
      commandId: randomUUID(),
      name,
      target,
      args: { ...args },
      user: 'ky-su',
      sentTimeMs: this.utcMs,
    };
    let result: CommandResult | null = null;
    void this.controller.command(message).then((answer) => {
      result = answer;
    });
    await this.until(`answer to ${name}`, () => result !== null, 10_000);
    return result ?? { accepted: false, reasons: [] };
  }

  value(tag: string): TagValue {
    return this.controller.value(tag);
  }

  /** The number or flag of a tag whatever its quality, for messages and expectations. */
  last(tag: string): TagScalar | null {
    return lastValueOf(this.value(tag));
  }

  /** The commanded outputs as the field has them. */
  output(tag: string): TagScalar | undefined {
    return this.core.image.outputs.get(tag);
  }

  status(kind: StatusDocument['kind']): readonly StatusDocument[] {
    return this.controller.documents.filter((document) => document.kind === kind);
  }

  /** Every record that went to the spool, in order. */
  async records(): Promise<readonly SpoolRecord[]> {
    for (;;) {
      const rows = await this.controller.readRows(this.#read, 500, 10_000_000);
      for (const { sequence, body } of rows) {
        this.#records.push(JSON.parse(body) as SpoolRecord);
        this.#read = sequence;
      }
      if (rows.length === 0) return this.#records;
    }
  }

  ledger(): Ledger {
    return ledger(this.field);
  }

  /** Cuts a connection, or mends it. */
  sever(connection: string, cut = true): void {
    if (cut) this.#severed.add(connection);
    else this.#severed.delete(connection);
    this.#linksMove();
  }

  /** Passes time in the field alone: the controller is dead. */
  fieldAlone(ms: number): void {
    this.core.step(ms);
    this.clock.advance(ms);
  }

  /**
   * The controller ends without a word, as by kill -9: nothing more is written, to field or disk.
   */
  async die(): Promise<void> {
    await this.#store.close();
  }

  async stop(): Promise<void> {
    await this.controller.stop(async () => {
      this.clock.advance(SCAN_MS);
      for (const driver of this.#drivers) driver.poll();
    });
  }

  async #scan(): Promise<void> {
    this.core.step(SCAN_MS);
    this.field.faults.pass(SCAN_MS, true);
    if (this.field.faults.revision !== this.#faultsSeen) this.#linksMove();
    this.clock.advance(SCAN_MS);
    for (const driver of this.#drivers) driver.poll();
    this.controller.tick();
    await new Promise((done) => setImmediate(done));
    if (this.#served && this.clock.nowMs() - this.#servedMs >= SERVER_EVERY_MS) await this.#serve();
  }

  async #serve(): Promise<void> {
    this.#servedMs = this.clock.nowMs();
    this.controller.hearServer(WELL);
    await this.records();
    await this.controller.acknowledgeRows(this.#read);
  }

  /** Cut by hand, or by a fault of the connection or of the unit that the tag is on. */
  #isCut(connection: string, tag: string): boolean {
    if (this.#severed.size === 0 && this.field.faults.all.length === 0) return false;
    const address = this.#mill.tagByName.get(tag)?.address;
    const unit = address?.kind === 'modbus' ? address.unitId : null;
    const key = `${connection}/${unit}`;
    const known = this.#cut.get(key);
    if (known !== undefined) return known;
    const cut = this.#severed.has(connection) || !this.core.answers(connection, unit);
    this.#cut.set(key, cut);
    return cut;
  }

  #linksMove(): void {
    this.#faultsSeen = this.field.faults.revision;
    this.#cut.clear();
    for (const moved of this.#linksMoved) moved();
  }

  #logger(): Log {
    const line = (level: LogLine['level']) => (message: string, details?: object) => {
      if (this.log.length < 10_000) this.log.push({ level, message, details });
    };
    return { info: line('info'), warn: line('warn'), error: line('error') };
  }
}
