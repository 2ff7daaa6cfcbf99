import type { LinkHealth } from '../drivers/driver.ts';
import type { LinkCommand } from '../link/contract.ts';
import { recordSchema } from '../link/contract.ts';
import type { ServerHealth } from '../link/server-health.ts';
import type { MachineSpec } from '../machines/contract.ts';
import type { Mill } from '../mill/definition.ts';
import { MACHINE_ALARM_ID, OUTPUT_ALARM_ID } from '../mill/expand.ts';
import type { AlarmOccurrence } from '../model/alarm.ts';
import type { Actor, CommandResult } from '../model/command.ts';
import type { MachineRecord } from '../model/record.ts';
import { documentKey, type StatusDocument } from '../model/status.ts';
import type { TagValue } from '../model/tag.ts';
import type { SpoolFill, Store, StoredSnapshot } from '../store/store.ts';
import type { WhyFacts } from '../why/facts.ts';
import { AlarmEngine } from './alarm-engine.ts';
import type { Clock } from './clock.ts';
import { CommandDesk } from './command-desk.ts';
import type { ScanEffects } from './effects.ts';
import { type DriverFactory, Field } from './field.ts';
import { Heartbeat } from './heartbeat.ts';
import { gapSamples, History } from './history.ts';
import { InputImage } from './input-image.ts';
import { LinkDoctor } from './link-doctor.ts';
import type { Log } from './log.ts';
import { MachineHost } from './machine-host.ts';
import { OutputImage } from './output-image.ts';
import { OwnTags } from './own-tags.ts';
import { Persistence, type PersistenceState } from './persistence.ts';
import { keepController, keptController, restoreAlarms, startMachines } from './restore.ts';
import { Scan, type ScanReport, type ScanTimes } from './scan.ts';
import { PERIOD_MS, PERIOD_REAL_MIN_MS } from './scan-loop.ts';
import { StopCauses } from './stop-causes.ts';
import { TagIndex } from './tag-index.ts';

/** Samples are gathered for this long into one record; slow duties run as often, real ms. */
const SAMPLES_MS = 1_000;
/** Periods that a late scan counts as at most. */
const LATE_PERIODS_MAX = 3;
/** How long a stop waits for the outputs to read back as zero, real ms. */
const STOP_WAIT_MS = 2_000;

/** Who hears what the controller does; the link is one. Calls come at the end of a scan. */
export interface ControllerListener {
  changed(tags: ReadonlySet<number>): void;
  alarms(list: readonly AlarmOccurrence[]): void;
  status(document: StatusDocument): void;
  rows(fill: SpoolFill): void;
}

export interface ControllerParts {
  readonly mill: Mill;
  readonly machines: readonly MachineSpec[];
  readonly clock: Clock;
  readonly store: Store;
  readonly createDriver: DriverFactory;
  readonly log: Log;
}

/**
 * The controller of one mill: image, machines, alarms, history and store, driven by `tick` once a
 * scan. `start` restores what was kept and starts the drivers; `stop` leaves outputs at zero and
 * all on the disk.
 */
export class Controller {
  readonly #parts: ControllerParts;
  readonly #index: TagIndex;
  readonly #inputs: InputImage;
  readonly #outputs: OutputImage;
  readonly #hosts: readonly MachineHost[];
  readonly #scan: Scan;
  readonly #alarms: AlarmEngine;
  readonly #history: History;
  readonly #persistence: Persistence;
  readonly #own: OwnTags;
  readonly #field: Field;
  readonly #doctor: LinkDoctor;
  readonly #heartbeat: Heartbeat;
  readonly #desk: CommandDesk;
  readonly #listeners = new Set<ControllerListener>();
  readonly #documents = new Map<string, StatusDocument>();
  readonly #differing = new Set<string>();
  readonly #causes = new StopCauses(() => this.#whyFacts());
  #times: ScanTimes = { nowMs: 0, utcMs: 0, realMs: 0 };
  /** Process time goes on where the last run ended, so that kept deadlines keep their meaning. */
  #processMs = 0;
  #clockMs = 0;
  #spoolId = '';
  #slowMs = 0;
  #running = false;

  constructor(parts: ControllerParts) {
    const { mill, clock, log, store } = parts;
    this.#parts = parts;
    this.#index = new TagIndex(mill);
    this.#inputs = new InputImage(this.#index);
    this.#outputs = new OutputImage(this.#index, this.#inputs);
    this.#hosts = parts.machines.map((spec) => new MachineHost(spec, this.#index, this.#inputs));
    const [index, inputs, outputs] = [this.#index, this.#inputs, this.#outputs];
    this.#alarms = new AlarmEngine(mill.alarms, index, inputs);
    this.#history = new History(index, inputs);
    this.#own = new OwnTags(index, inputs);
    const effects = this.#effects();
    this.#scan = new Scan({ index, inputs, outputs, hosts: this.#hosts, effects, log });
    const backfill = this.#history.backfill.bind(this.#history);
    this.#field = new Field({ ...parts, inputs, outputs, backfill });
    this.#doctor = new LinkDoctor(mill, index, inputs);
    this.#heartbeat = new Heartbeat(mill, index, outputs);
    this.#persistence = new Persistence({
      store,
      log,
      realMs: () => clock.realMs(),
      snapshots: () => this.#snapshots(),
      stored: (fill) => this.#tell((one) => one.rows(fill)),
    });
    this.#desk = new CommandDesk({
      utcMs: () => clock.utcMs(),
      has: (machine) => this.#scan.has(machine),
      toMachine: ({ target, event, args }, user) => this.#toMachine(target, event, args, user),
      acknowledge: (alarm, user, comment) => this.#acknowledge(alarm, user, comment),
    });
  }

  get mill(): Mill {
    return this.#parts.mill;
  }

  get spoolId(): string {
    return this.#spoolId;
  }

  get persistence(): PersistenceState {
    return this.#persistence.state;
  }

  get health(): readonly LinkHealth[] {
    return this.#field.health;
  }

  /** Opens the store, restores, starts the drivers. @throws {StoreInUseError} */
  async start(): Promise<void> {
    if (this.#running) return;
    const { store, log, clock, mill } = this.#parts;
    const content = await store.open();
    if (content.damagedFile !== null) {
      const file = content.damagedFile;
      log.error('the store was damaged and begins anew; keep the old file for recovery', { file });
    }
    this.#spoolId = content.spoolId;
    this.#persistence.filled(content.fill);
    const kept = keptController(content.snapshots, log);
    this.#processMs = kept.nowMs;
    this.#clockMs = clock.nowMs();
    this.#times = this.#read();
    // Samples wait for up to a second in memory, longer than records: what was measured since they
    // were last kept is unknown, also where a record was kept later.
    const knownToMs = content.historyUtcMs ?? content.lastCommitUtcMs;
    if (knownToMs !== null) {
      this.#persistence.samples(gapSamples(mill.tags.length, knownToMs + 1), knownToMs);
    }
    restoreAlarms(this.#alarms, kept.alarms, this.#hosts, this.#times);
    startMachines(this.#hosts, this.#scan, content.snapshots, this.#times, log);
    this.#field.start();
    this.#running = true;
  }

  /** One scan. `lateMs`: how much later than due it begins, real ms. */
  tick(lateMs = 0): ScanReport {
    this.#times = this.#read();
    const { utcMs, realMs } = this.#times;
    this.#own.late(lateMs);
    this.#heartbeat.run(realMs);
    const slow = realMs - this.#slowMs >= SAMPLES_MS;
    const extra = slow
      ? [...this.#own.publish(this.#persistence.state, this.#times), ...this.#lookAtLinks()]
      : [];
    const report = this.#scan.run(this.#times);
    const changed = extra.length === 0 ? report.changed : new Set([...report.changed, ...extra]);
    this.#applyOutputs(realMs);
    this.#alarms.evaluate(changed, this.#times);
    this.#tellAlarms();
    this.#history.observe(changed, utcMs);
    if (slow) {
      this.#slowMs = realMs;
      for (const stop of this.#causes.settled(utcMs)) this.#persistence.record(stop);
      this.#history.repeat(utcMs);
      this.#persistence.samples(this.#history.take(), utcMs);
    }
    if (changed.size > 0) this.#tell((one) => one.changed(changed));
    this.#persistence.afterScan(utcMs);
    return { ...report, changed };
  }

  /**
   * Outputs to zero and read back (for at most 2 s), drivers stopped, everything kept. The caller
   * has ended the scans; `pause` passes real time between two looks at the field.
   */
  async stop(pause: () => Promise<void>): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    const { clock, mill, store } = this.#parts;
    const endMs = clock.realMs() + STOP_WAIT_MS;
    do {
      this.#outputs.zero();
      this.#outputs.readBackChanged(this.#inputs.freeze(clock.realMs()));
      this.#applyOutputs(clock.realMs());
      if (this.#outputs.settled) break;
      await pause();
    } while (clock.realMs() < endMs);
    await this.#field.stop();
    this.#times = this.#read();
    this.#history.finish();
    const { utcMs } = this.#times;
    this.#persistence.samples(this.#history.take(), utcMs);
    this.#persistence.samples(gapSamples(mill.tags.length, utcMs), utcMs);
    await this.#persistence.flush(utcMs);
    await store.close();
  }

  /** A person's command, answered when what follows from it is on the disk. Never rejects. */
  command(command: LinkCommand): Promise<CommandResult> {
    return this.#desk.take(command);
  }

  /** What a server tells of the database it stores into. */
  hearServer(health: ServerHealth): void {
    this.#own.heard(health, this.#parts.clock.realMs());
  }

  /** Adds a listener. @returns the function that removes it. */
  listen(listener: ControllerListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The tag's value now. @throws {RangeError} for a name that the mill does not have. */
  value(name: string): TagValue {
    const index = this.#index.find(name);
    if (index === undefined) throw new RangeError(`the mill has no tag ${name}`);
    return this.#inputs.value(index);
  }

  valueAt(index: number): TagValue {
    return this.#inputs.value(index);
  }

  get alarms(): readonly AlarmOccurrence[] {
    return this.#alarms.list();
  }

  /** The last document of each kind and owner. */
  get documents(): readonly StatusDocument[] {
    return [...this.#documents.values()];
  }

  /** The server has the rows up to this one. */
  async acknowledgeRows(sequence: number): Promise<void> {
    this.#persistence.filled(await this.#parts.store.acknowledge(sequence));
  }

  readRows(after: number, rowsMax: number, bytesMax: number): ReturnType<Store['read']> {
    return this.#parts.store.read(after, rowsMax, bytesMax);
  }

  /**
   * The times of a scan. A scan that comes late counts as a few periods at most: a host that stood
   * still must look at the field before it calls anything overdue.
   */
  #read(): ScanTimes {
    const { clock } = this.#parts;
    const clockMs = clock.nowMs();
    const stepMaxMs = LATE_PERIODS_MAX * Math.max(PERIOD_MS, PERIOD_REAL_MIN_MS * clock.speed);
    this.#processMs += Math.min(stepMaxMs, clockMs - this.#clockMs);
    this.#clockMs = clockMs;
    return { nowMs: this.#processMs, utcMs: clock.utcMs(), realMs: clock.realMs() };
  }

  /** @returns the tags of links that changed. */
  #lookAtLinks(): readonly number[] {
    const { changed, documents } = this.#doctor.look(this.#field.health, this.#times);
    for (const document of documents) this.#keepDocument({ kind: 'link', ...document });
    return changed;
  }

  #keepDocument(document: StatusDocument): void {
    this.#documents.set(documentKey(document), document);
    this.#tell((one) => one.status(document));
  }

  #applyOutputs(realMs: number): void {
    const { writes, differences } = this.#outputs.collect(realMs);
    if (writes.size > 0) this.#field.send(writes);
    for (const { tag, differs, error } of differences) {
      if (differs) this.#differing.add(tag);
      else this.#differing.delete(tag);
      const text = differs ? 'does not follow its command' : 'follows its command again';
      this.#parts.log.warn(`output ${tag} ${text}`, { tag, error });
    }
    if (differences.length === 0) return;
    if (this.#differing.size > 0) this.#alarms.raise(OUTPUT_ALARM_ID, 'PLC', this.#times);
    else this.#alarms.clear(OUTPUT_ALARM_ID, 'PLC', this.#times);
  }

  #tellAlarms(): void {
    const changed = this.#alarms.takeChanged();
    if (changed.length === 0) return;
    for (const occurrence of changed) this.#persistence.record({ kind: 'alarm', occurrence });
    const list = this.#alarms.list();
    this.#tell((one) => one.alarms(list));
  }

  #effects(): ScanEffects {
    const known = (alarm: string, by: string): boolean => {
      if (this.#alarms.isRaisable(alarm)) return true;
      this.#parts.log.error(`machine ${by} names alarm ${alarm}, which no machine may raise`);
      return false;
    };
    return {
      raise: (alarm, by) => {
        if (known(alarm, by)) this.#alarms.raise(alarm, by, this.#times);
      },
      clear: (alarm, by) => {
        if (known(alarm, by)) this.#alarms.clear(alarm, by, this.#times);
      },
      record: (record, by) => this.#keepRecord(record, by),
      status: (document) => this.#keepDocument(document),
      answer: (reply, result) => this.#persistence.answer(reply, result),
    };
  }

  /**
   * A record that breaks the contract would stand before all others for ever: it goes to the log.
   */
  #keepRecord(made: MachineRecord, by: string): void {
    const record = this.#causes.complete(made);
    const parsed = recordSchema.safeParse(record);
    if (parsed.success) {
      this.#persistence.record(record);
      return;
    }
    const faults = parsed.error.issues;
    this.#parts.log.error(`machine ${by} made a record that is none; call the programmer`, {
      record,
      faults,
    });
    this.#alarms.raise(MACHINE_ALARM_ID, by, this.#times);
  }

  #whyFacts(): WhyFacts {
    const { mill } = this.#parts;
    const value = (tag: string) => {
      const index = this.#index.find(tag);
      return index === undefined ? undefined : this.#inputs.value(index);
    };
    return { mill, value, documents: this.documents, alarms: this.alarms };
  }

  #snapshots(): StoredSnapshot[] {
    const machines: StoredSnapshot[] = [];
    for (const host of this.#scan.takeTouched()) {
      const changed = host.changedSnapshot();
      if (changed !== null) machines.push(changed);
    }
    return [...machines, keepController(this.#times.nowMs, this.#alarms.keep())];
  }

  #toMachine(
    target: string,
    event: string,
    args: Readonly<Record<string, unknown>>,
    user: string,
  ): Promise<CommandResult> {
    const by: Actor = { kind: 'person', id: user };
    return new Promise((resolve) => this.#scan.command(target, event, by, args, resolve));
  }

  #acknowledge(alarm: string, user: string, comment: string): Promise<CommandResult> {
    const result = this.#alarms.acknowledge(alarm, user, comment, this.#parts.clock.utcMs());
    this.#tellAlarms();
    return new Promise((resolve) => this.#persistence.answer(resolve, result));
  }

  #tell(what: (listener: ControllerListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }
}
