// Machines of the mill on the physics of the simulator, under a clock that only the test moves:
// no drivers, no store. For rules of single machines; the whole controller has a harness of its
// own.
import { isDeepStrictEqual } from 'node:util';
import type { AnyMachineSnapshot } from 'xstate';
import { createActor } from 'xstate';
import type { Inputs, MachineOutput, MachineSpec } from '../../plc/machines/contract.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import type { Actor, CommandResult } from '../../plc/model/command.ts';
import type { Reason } from '../../plc/model/reason.ts';
import type { MachineRecord } from '../../plc/model/record.ts';
import type { StatusDocument } from '../../plc/model/status.ts';
import type { TagScalar, TagValue } from '../../plc/model/tag.ts';
import { doubt, good, lastValueOf, UNKNOWN } from '../../plc/model/tag.ts';
import { NewsDesk } from '../../plc/runtime/news.ts';
import type { MillState } from '../../simulators/process/index.ts';
import { createState, Readings, step } from '../../simulators/process/index.ts';

interface Running {
  readonly spec: MachineSpec;
  readonly scope: Scope;
  /** What its last transition let out. */
  readonly emitted: MachineOutput[];
  snapshot: AnyMachineSnapshot;
  /** What it read last, and whether it must look in the next scan whatever its inputs do. */
  heard: Inputs | null;
  moved: boolean;
}

/** Rounds of one scan; machines that still answer each other then go on in the next. */
const ROUNDS_MAX = 20;

interface Mail {
  readonly to: string;
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const UTC_START_MS = Date.UTC(2026, 10, 23, 1);

export class MachineBench {
  readonly state: MillState;
  readonly outputs = new Map<string, TagScalar>();
  readonly records: MachineRecord[] = [];
  readonly documents = new Map<string, StatusDocument>();
  readonly raised = new Set<string>();
  readonly sent: Extract<MachineOutput, { type: 'send' }>[] = [];
  /** Tags whose signal is lost at present. */
  readonly lost = new Set<string>();
  /** What the test says a tag is, over what the physics says. */
  readonly forced = new Map<string, TagScalar>();
  nowMs = 0;
  #derived = new Map<string, TagScalar>();
  readonly #field = new Readings();
  readonly #measured = new Map<string, TagScalar>();
  #machines = new Map<string, Running>();
  #mail: Mail[] = [];
  readonly #news = new NewsDesk<string>();
  #answer: CommandResult | null = null;
  #beat = 0;
  readonly #mill: Mill;
  readonly #scanMs: number;

  constructor(mill: Mill, specs: readonly MachineSpec[], seed: number, scanMs = 100) {
    this.#mill = mill;
    this.#scanMs = scanMs;
    this.state = createState(mill, seed);
    for (const spec of specs) {
      this.#machines.set(spec.id, running(spec));
      this.#news.subscribe(spec.id, spec);
    }
  }

  get utcMs(): number {
    return UTC_START_MS + this.nowMs;
  }

  tag(name: string): TagValue {
    const value =
      this.forced.get(name) ?? this.#derived.get(name) ?? this.#measured.get(name) ?? null;
    if (value === null) return UNKNOWN;
    const sound = good(value, this.utcMs);
    return this.lost.has(name) ? doubt(sound, 'stale') : sound;
  }

  code(name: string): TagScalar | undefined {
    return this.#derived.get(name);
  }

  context(id: string): Readonly<Record<string, unknown>> {
    return this.#machine(id).snapshot.context;
  }

  /** Runs scans until the time is over. */
  runFor(ms: number): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) this.scan();
  }

  /** Runs scans until it is so; false when it has not come true within `limitMs`. */
  until(isSo: () => boolean, limitMs: number): boolean {
    for (const endMs = this.nowMs + limitMs; this.nowMs < endMs; ) {
      if (isSo()) return true;
      this.scan();
    }
    return isSo();
  }

  /** A command of a person, with its answer. */
  command(
    to: string,
    type: string,
    args: Readonly<Record<string, unknown>> = {},
    by: Actor = { kind: 'person', id: 'lan' },
  ): CommandResult {
    this.#answer = null;
    this.#deliver({ to, type, details: { by, args } }, true);
    this.#settle();
    if (this.#answer === null) throw new Error(`${to} did not answer ${type}`);
    return this.#answer;
  }

  /** What a machine would answer to a person's command now; nothing comes of it. */
  wouldAnswer(to: string, type: string, args: Readonly<Record<string, unknown>>): CommandResult {
    const running = this.#machine(to);
    const by: Actor = { kind: 'person', id: 'lan' };
    const at = { nowMs: this.nowMs, utcMs: this.utcMs, inputs: this.#inputsOf(running) };
    running.emitted.length = 0;
    running.spec.logic.transition(
      running.snapshot,
      { type, by, args, ...at } as never,
      running.scope,
    );
    const answers = running.emitted.filter(({ type: of }) => of === 'accepted' || of === 'refused');
    running.emitted.length = 0;
    const [answer] = answers;
    if (answer === undefined || answers.length > 1)
      throw new Error(`${to} answers ${type} wrongly`);
    return answer.type === 'refused'
      ? { accepted: false, reasons: answer.reasons }
      : { accepted: true };
  }

  /** The controller was killed and started again: snapshots of working machines, all else new. */
  restart(): void {
    this.outputs.clear();
    this.#derived.clear();
    for (const running of this.#machines.values()) {
      const { spec, snapshot } = running;
      if (spec.persistence === 'fresh') {
        running.snapshot = initial(spec);
        continue;
      }
      const kept = JSON.parse(JSON.stringify({ value: snapshot.value, context: snapshot.context }));
      running.snapshot = spec.logic.resolveState(kept);
      this.#mail.push({ to: spec.id, type: 'RESTORED', details: {} });
    }
    this.#settle();
  }

  scan(): void {
    this.nowMs += this.#scanMs;
    this.#beat += 1;
    for (const device of this.#mill.devices) {
      if (device.type === 'heartbeat') this.outputs.set(`${device.id}.Beat`, this.#beat % 65_536);
    }
    step(this.state, this.outputs, this.#scanMs);
    this.#field.update(this.state, (name, value) => this.#measured.set(name, value));
    this.#wake((one) => this.#isWoken(one));
    // What was published wakes others in the same scan, as in the controller.
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      if (!this.#wake((one) => this.#hasNewInput(one))) return;
    }
  }

  /** Those that it holds for look at their inputs; false when there are none. */
  #wake(holds: (one: Running) => boolean): boolean {
    for (const [id, one] of this.#machines) {
      if (holds(one)) this.#mail.push({ to: id, type: 'SCAN', details: {} });
    }
    const any = this.#mail.length > 0;
    this.#settle();
    return any;
  }

  #machine(id: string): Running {
    const running = this.#machines.get(id);
    if (running === undefined) throw new Error(`no machine ${id} on the bench`);
    return running;
  }

  #settle(): void {
    do {
      for (let one = this.#mail.shift(); one !== undefined; one = this.#mail.shift()) {
        this.#deliver(one, false);
      }
      for (const { to, type, details } of this.#news.take()) {
        this.#mail.push({ to, type, details: { ...details } });
      }
    } while (this.#mail.length > 0);
  }

  #inputsOf({ spec }: Running): Inputs {
    return Object.fromEntries(
      Object.entries(spec.reads).map(([role, tag]) => [role, this.tag(tag)]),
    );
  }

  /** As in the controller: an input changed, its time has come, or something else befell it. */
  #isWoken(one: Running): boolean {
    const { wakeAtMs } = one.snapshot.context as { readonly wakeAtMs: number | null };
    if (one.moved || one.heard === null) return true;
    return (wakeAtMs !== null && wakeAtMs <= this.nowMs) || this.#hasNewInput(one);
  }

  #hasNewInput(one: Running): boolean {
    if (one.heard === null) return true;
    for (const [role, tag] of Object.entries(one.spec.reads)) {
      if (one.spec.glances?.includes(role) === true) continue;
      const now = this.tag(tag);
      const before = one.heard[role] ?? UNKNOWN;
      if (now.quality !== before.quality || lastValueOf(now) !== lastValueOf(before)) return true;
    }
    return false;
  }

  #deliver({ to, type, details }: Mail, fromPerson: boolean): void {
    const running = this.#machines.get(to);
    if (running === undefined) return;
    const inputs = this.#inputsOf(running);
    const before = running.snapshot.value;
    const event = { ...details, type, nowMs: this.nowMs, utcMs: this.utcMs, inputs };
    running.emitted.length = 0;
    running.snapshot = running.spec.logic.transition(
      running.snapshot,
      event as never,
      running.scope,
    );
    running.heard = inputs;
    running.moved = type !== 'SCAN' || !isDeepStrictEqual(before, running.snapshot.value);
    for (const output of running.emitted) this.#take(to, type, details, output, fromPerson);
  }

  #take(
    from: string,
    type: string,
    details: Mail['details'],
    output: MachineOutput,
    fromPerson: boolean,
  ): void {
    if (output.type === 'write') this.outputs.set(output.tag, output.value);
    else if (output.type === 'publish') this.#publish(output.tag, output.value);
    else if (output.type === 'raise') this.raised.add(output.alarm);
    else if (output.type === 'clear') this.raised.delete(output.alarm);
    else if (output.type === 'record') this.#write(output.record);
    else if (output.type === 'status') this.#show(from, output.document);
    else if (output.type === 'send') {
      this.sent.push(output);
      const by = { kind: 'machine', id: from };
      this.#mail.push({ to: output.to, type: output.command, details: { by, args: output.args } });
    } else if (fromPerson) {
      this.#answer =
        output.type === 'accepted'
          ? { accepted: true }
          : { accepted: false, reasons: output.reasons };
    } else if (output.type === 'refused') {
      this.#tellRefusal(from, type, details, output.reasons);
    }
  }

  #write(record: MachineRecord): void {
    this.records.push(record);
    this.#news.recorded(record);
  }

  #show(from: string, document: StatusDocument): void {
    this.documents.set(from, document);
    this.#news.documented(document, from);
  }

  #publish(tag: string, value: TagScalar | null): void {
    if (value === null) this.#derived.delete(tag);
    else this.#derived.set(tag, value);
  }

  #tellRefusal(
    from: string,
    command: string,
    details: Mail['details'],
    reasons: readonly Reason[],
  ): void {
    const by = details['by'] as Actor | undefined;
    if (by?.kind !== 'machine') return;
    this.#mail.push({ to: by.id, type: 'REFUSED', details: { from, command, reasons } });
  }
}

function running(spec: MachineSpec): Running {
  const emitted: MachineOutput[] = [];
  const own = { spec, scope: scope(spec, emitted), emitted };
  return { ...own, snapshot: initial(spec), heard: null, moved: true };
}

export type Scope = Parameters<MachineSpec['logic']['getInitialSnapshot']>[0];

/** What XState needs to run a transition without an actor; outputs are put into `emitted`. */
export function scope(spec: MachineSpec, emitted: MachineOutput[]): Scope {
  const self = createActor(spec.logic, { input: spec.input as never });
  return {
    self,
    id: spec.id,
    sessionId: spec.id,
    system: self.system,
    logger: () => undefined,
    defer: () => undefined,
    emit: () => undefined,
    stopChild: () => undefined,
    actionExecutor: (action: { type: string; params: unknown }) => {
      if (action.type !== 'xstate.emit') throw new Error(`${spec.id} has effect ${action.type}`);
      emitted.push((action.params as { event: MachineOutput }).event);
    },
  } as unknown as Scope;
}

function initial(spec: MachineSpec): AnyMachineSnapshot {
  return spec.logic.getInitialSnapshot(scope(spec, []), spec.input as never);
}
