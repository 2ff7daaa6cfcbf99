import type { MachineOutput } from '../machines/contract.ts';
import { MACHINE_ALARM_ID } from '../mill/expand.ts';
import type { Actor, CommandResult } from '../model/command.ts';
import { type Reason, reason } from '../model/reason.ts';
import type { TagScalar } from '../model/tag.ts';
import { Deadlines } from './deadlines.ts';
import type { ScanEffects } from './effects.ts';
import type { InputImage } from './input-image.ts';
import type { Log } from './log.ts';
import type { MachineHost } from './machine-host.ts';
import { NewsDesk } from './news.ts';
import type { OutputImage } from './output-image.ts';
import type { TagIndex } from './tag-index.ts';

/**
 * Publishes and sends are seen one round later; what is not settled after these goes on next scan.
 */
const ROUNDS_MAX = 16;
/** Commands that may wait at once; beyond, a person is refused and a machine is told so. */
const COMMANDS_MAX = 1_000;

/** A command on its way to a machine. */
interface Letter {
  readonly to: string;
  readonly type: string;
  readonly by: Actor;
  readonly args: Readonly<Record<string, unknown>>;
  readonly reply: ((result: CommandResult) => void) | null;
}

/** A refusal on its way back to the machine whose command it was. */
interface Refusal {
  readonly to: string;
  readonly from: string;
  readonly command: string;
  readonly reasons: readonly Reason[];
}

interface Member {
  readonly host: MachineHost;
  /** Its place among the machines: those woken in one round take their turns in this order. */
  readonly place: number;
  /** Tags it has written or published: made safe when it fails. */
  readonly writes: Set<number>;
  readonly publishes: Set<number>;
  failed: boolean;
  /** The deadline for which it stands in the heap; Infinity: in none. */
  awaitedMs: number;
}

/** A machine that reads a tag. */
interface Reader {
  readonly member: Member;
  readonly wakes: boolean;
}

export interface ScanTimes {
  readonly nowMs: number;
  readonly utcMs: number;
  readonly realMs: number;
}

/** What a scan did. */
export interface ScanReport {
  /** Numbers of all tags that changed, from the field or by a machine. */
  readonly changed: ReadonlySet<number>;
  /** Events sent to machines. */
  readonly events: number;
  readonly rounds: number;
}

export interface ScanParts {
  readonly index: TagIndex;
  readonly inputs: InputImage;
  readonly outputs: OutputImage;
  readonly hosts: readonly MachineHost[];
  readonly effects: ScanEffects;
  readonly log: Log;
}

/**
 * One pass over the machines: who is woken, what they let out, until nothing moves (DESIGN 3.3).
 */
export class Scan {
  readonly #parts: ScanParts;
  readonly #members: readonly Member[];
  readonly #byId: ReadonlyMap<string, Member>;
  readonly #readers = new Map<number, Reader[]>();
  readonly #writers = new Map<number, string>();
  readonly #news = new NewsDesk<Member>();
  #letters: Letter[] = [];
  #refusals: Refusal[] = [];
  #woken = new Set<Member>();
  /** Machines that were sent something in this scan. */
  readonly #met = new Set<Member>();
  /** Machines that may be another than when this was last asked; at first all. */
  #touched: Set<MachineHost>;
  readonly #deadlines = new Deadlines<Member>();
  #published: (readonly [tag: number, value: TagScalar | null])[] = [];
  #times: ScanTimes = { nowMs: 0, utcMs: 0, realMs: 0 };

  constructor(parts: ScanParts) {
    this.#parts = parts;
    this.#members = parts.hosts.map((host, place) => ({
      host,
      place,
      writes: new Set<number>(),
      publishes: new Set<number>(),
      failed: false,
      awaitedMs: Number.POSITIVE_INFINITY,
    }));
    this.#touched = new Set(parts.hosts);
    this.#byId = new Map(this.#members.map((member) => [member.host.spec.id, member]));
    for (const member of this.#members) {
      this.#woken.add(member);
      for (const [tag, wakes] of member.host.reads) {
        const readers = this.#readers.get(tag) ?? [];
        readers.push({ member, wakes });
        this.#readers.set(tag, readers);
      }
      this.#news.subscribe(member, member.host.spec);
    }
  }

  has(target: string): boolean {
    return this.#byId.has(target);
  }

  /** A person's command; delivered in the next scan and answered once. */
  command(to: string, type: string, by: Actor, args: Letter['args'], reply: Letter['reply']): void {
    if (!this.#byId.has(to)) {
      reply?.(refusal(reason('target.unknown', { object: to })));
    } else if (this.#letters.length >= COMMANDS_MAX) {
      reply?.(refusal(reason('command.queue-full', { limit: COMMANDS_MAX })));
    } else this.#letters.push({ to, type, by, args, reply });
  }

  /** The machines that were sent something since this was last called; at first all. */
  takeTouched(): ReadonlySet<MachineHost> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  /** Carries out what a machine let out outside a scan: when it was made or restored. */
  begin(id: string, outputs: readonly MachineOutput[], restored: boolean, times: ScanTimes): void {
    this.#times = times;
    const member = this.#byId.get(id);
    if (member === undefined) return;
    this.#guarded(member, () => {
      this.#carryOut(member, outputs);
      if (restored) this.#send(member, 'RESTORED');
    });
  }

  /** Takes a machine that could not even be started out of service. */
  failed(id: string, error: unknown): void {
    const member = this.#byId.get(id);
    if (member !== undefined) this.#fail(member, error);
  }

  /**
   * Runs one scan. Never throws for a machine's fault: that machine stops, its outputs go to zero.
   */
  run(times: ScanTimes): ScanReport {
    this.#times = times;
    const { inputs, outputs, log } = this.#parts;
    const changed = inputs.freeze(times.realMs);
    outputs.readBackChanged(changed);
    this.#applyPublished(changed);
    this.#wake(changed);
    this.#wakeDue(times.nowMs);
    let events = 0;
    let rounds = 0;
    while (this.#letters.length + this.#refusals.length + this.#woken.size + this.#news.size > 0) {
      if (rounds === ROUNDS_MAX) {
        log.warn('machines did not settle within one scan; the rest follows in the next', {
          woken: [...this.#woken].map((member) => member.host.spec.id),
          commands: this.#letters.map(({ to, type, by }) => `${by.id} ${type} ${to}`),
        });
        break;
      }
      rounds += 1;
      events += this.#round();
      const now = new Set<number>();
      this.#applyPublished(now);
      this.#wake(now);
      for (const tag of now) changed.add(tag);
    }
    // What was written down in this scan is known to those who hear it before it is kept.
    events += this.#spreadNews();
    this.#wakeMoved();
    return { changed, events, rounds };
  }

  /**
   * What a state waits for may be there when it is entered: it looks at its inputs in the next
   * scan.
   */
  #wakeMoved(): void {
    for (const member of this.#met) {
      if (member.host.takeMoved()) this.#woken.add(member);
      this.#await(member);
    }
    this.#met.clear();
  }

  /** Keeps a machine's deadline for {@link #wakeDue}; an earlier one stays and is looked at. */
  #await(member: Member): void {
    const { wakeAtMs } = member.host;
    if (wakeAtMs >= member.awaitedMs) return;
    member.awaitedMs = wakeAtMs;
    this.#deadlines.push(wakeAtMs, member);
  }

  /** Wakes the machines whose deadline has passed; costs nothing for all others. */
  #wakeDue(nowMs: number): void {
    for (let due = this.#deadlines.take(nowMs); due !== null; due = this.#deadlines.take(nowMs)) {
      if (due.what.awaitedMs !== due.atMs) continue;
      due.what.awaitedMs = Number.POSITIVE_INFINITY;
      if (due.what.host.wakeAtMs <= nowMs) this.#woken.add(due.what);
      else this.#await(due.what);
    }
  }

  #wake(changed: ReadonlySet<number>): void {
    for (const tag of changed) {
      for (const { member, wakes } of this.#readers.get(tag) ?? []) {
        member.host.touch(tag);
        if (wakes) this.#woken.add(member);
      }
    }
  }

  #applyPublished(changed: Set<number>): void {
    const { inputs } = this.#parts;
    for (const [tag, value] of this.#published) {
      const isNew =
        value === null ? inputs.abandon(tag) : inputs.publish(tag, value, this.#times.utcMs);
      if (isNew) changed.add(tag);
    }
    this.#published = [];
  }

  #round(): number {
    const heard = this.#spreadNews();
    const letters = this.#letters;
    const refusals = this.#refusals;
    const woken = this.#woken;
    this.#letters = [];
    this.#refusals = [];
    this.#woken = new Set();
    for (const one of refusals) {
      const member = this.#byId.get(one.to);
      if (member !== undefined) this.#deliver(member, 'REFUSED', { ...one });
    }
    for (const letter of letters) this.#post(letter);
    const inTurn = [...woken].sort((a, b) => a.place - b.place);
    for (const member of inTurn) this.#deliver(member, 'SCAN');
    return heard + letters.length + refusals.length + woken.size;
  }

  #spreadNews(): number {
    const news = this.#news.take();
    for (const { to, type, details } of news) this.#deliver(to, type, details);
    return news.length;
  }

  #post(letter: Letter): void {
    const member = this.#byId.get(letter.to);
    let result = refusal(reason('target.unknown', { object: letter.to }));
    if (member?.failed === true) {
      result = refusal(reason('machine.failed', { object: letter.to }));
    } else if (member !== undefined) {
      const { type, by, args } = letter;
      const verdict = this.#deliver(member, type, { by, args });
      result = verdict ?? refusal(reason('command.unknown', { command: type }));
      if (member.failed) result = refusal(reason('machine.failed', { object: letter.to }));
    }
    if (letter.reply !== null) this.#parts.effects.answer(letter.reply, result);
    else if (!result.accepted) {
      const { reasons } = result;
      this.#refusals.push({ to: letter.by.id, from: letter.to, command: letter.type, reasons });
    }
  }

  #deliver(member: Member, type: string, details?: object): CommandResult | null {
    if (member.failed) return null;
    let verdict: CommandResult | null = null;
    this.#guarded(member, () => {
      verdict = this.#send(member, type, details);
    });
    return verdict;
  }

  #send(member: Member, type: string, details?: object): CommandResult | null {
    this.#met.add(member);
    this.#touched.add(member.host);
    const { nowMs, utcMs } = this.#times;
    const out = member.host.handle(type, nowMs, utcMs, details as Record<string, unknown>);
    return this.#carryOut(member, out);
  }

  #guarded(member: Member, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(member, error);
    }
  }

  #carryOut(member: Member, outputs: readonly MachineOutput[]): CommandResult | null {
    const { effects } = this.#parts;
    const { id } = member.host.spec;
    let verdict: CommandResult | null = null;
    for (const output of outputs) {
      if (output.type === 'write') this.#write(member, output.tag, output.value);
      else if (output.type === 'publish') this.#publish(member, output.tag, output.value);
      else if (output.type === 'send') this.#mail(id, output);
      else if (output.type === 'raise') effects.raise(output.alarm, id);
      else if (output.type === 'clear') effects.clear(output.alarm, id);
      else if (output.type === 'record') {
        effects.record(output.record, id);
        this.#news.recorded(output.record);
      } else if (output.type === 'status') {
        effects.status(output.document);
        this.#news.documented(output.document, member);
      } else if (output.type === 'accepted') verdict ??= { accepted: true };
      else verdict ??= { accepted: false, reasons: output.reasons };
    }
    return verdict;
  }

  #write(member: Member, tag: string, value: TagScalar): void {
    const { index, outputs, log } = this.#parts;
    const { id } = member.host.spec;
    const number = index.find(tag);
    if (number === undefined || !outputs.has(number)) {
      throw new Error(`machine ${id} writes ${tag}, which is no output of the mill`);
    }
    const writer = this.#writers.get(number);
    if (writer !== id) {
      if (writer !== undefined) log.warn('two machines write one output', { tag, writer, id });
      this.#writers.set(number, id);
    }
    member.writes.add(number);
    outputs.want(number, value);
  }

  #publish(member: Member, tag: string, value: TagScalar | null): void {
    const { index } = this.#parts;
    const number = index.find(tag);
    if (number === undefined || index.tag(number).direction !== 'derived') {
      throw new Error(`machine ${member.host.spec.id} publishes ${tag}, which is no derived tag`);
    }
    member.publishes.add(number);
    this.#published.push([number, value]);
  }

  #mail(from: string, { to, command, args }: Extract<MachineOutput, { type: 'send' }>): void {
    if (this.#letters.length >= COMMANDS_MAX) {
      const reasons = [reason('command.queue-full', { limit: COMMANDS_MAX })];
      this.#parts.log.error('a machine floods the others with commands', { from, to, command });
      if (this.#refusals.length < COMMANDS_MAX) {
        this.#refusals.push({ to: from, from: to, command, reasons });
      }
      return;
    }
    const by: Actor = { kind: 'machine', id: from };
    this.#letters.push({ to, type: command, by, args, reply: null });
  }

  #fail(member: Member, error: unknown): void {
    const { outputs, inputs, effects, log } = this.#parts;
    const { id } = member.host.spec;
    member.failed = true;
    outputs.zero(member.writes);
    for (const tag of member.publishes) {
      if (inputs.abandon(tag)) this.#wake(new Set([tag]));
    }
    this.#published = this.#published.filter(([tag]) => !member.publishes.has(tag));
    effects.raise(MACHINE_ALARM_ID, id);
    log.error(`machine ${id} failed and is stopped with its outputs at zero; call the programmer`, {
      machine: id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

function refusal(...reasons: readonly Reason[]): CommandResult {
  return { accepted: false, reasons };
}
