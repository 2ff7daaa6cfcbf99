// Roams one machine of a mill, whichever it is: events, arguments and values come from its
// specification and from the mill, so that a machine that is new tomorrow is roamed too.
import type { AnyMachineSnapshot, AnyStateNode } from 'xstate';
import type { Inputs, MachineOutput, MachineSpec } from '../../plc/machines/contract.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { reason } from '../../plc/model/reason.ts';
import type { TagScalar, TagValue } from '../../plc/model/tag.ts';
import { doubt, good } from '../../plc/model/tag.ts';
import type { Scope } from './machine-bench.ts';
import { scope } from './machine-bench.ts';
import { dice } from './machine-walk.ts';
import { argumentsFor, contentOf } from './roam-arguments.ts';
import { type Choices, choicesOf, RoamPlant } from './roam-plant.ts';

/** One event that was sent, and what came of it. */
export interface Roamed {
  readonly event: string;
  readonly isCommand: boolean;
  readonly state: string;
  readonly outputs: readonly MachineOutput[];
}

type Sent = Extract<MachineOutput, { type: 'send' }>;

/** A moment of a walk that can be gone back to. */
export interface Moment {
  readonly snapshot: AnyMachineSnapshot;
  readonly inputs: Inputs;
  readonly written: ReadonlyMap<string, TagScalar>;
  readonly nowMs: number;
  readonly plant: RoamPlant;
  readonly echo: Readonly<Record<string, unknown>>;
  readonly asked: readonly Sent[];
}

const TIMES_MS = [100, 100, 500, 2_000, 9_000, 40_000, 100_000, 700_000];
/** Commands that bring a machine to rest, the gravest first. */
export const CALMING: readonly string[] = ['ABORT', 'STOP', 'CLOSE', 'HOLD'];
const RUNTIME = new Set(['SCAN', 'RESTORED', 'REFUSED', 'HEARD', 'TOLD', '*']);

/** The commands that a machine knows, from its own drawing. */
export function commandsOf(spec: MachineSpec): string[] {
  return (spec.logic.events as string[]).filter((one) => !RUNTIME.has(one));
}

/**
 * A position, a sense of rotation, a target weight or a set point moves nothing by itself, nor does
 * a horn or a light; the flap before a die is open when all is let go, and a damper that is shut
 * lets nothing flow.
 */
const FIGURE = /^(Req|Reverse|HornCmd|BypassOpen|DamperShut|Permit\w*|Target\w*|Set\w*)$/;

/** Output tags that move something or let something flow. */
export function isHot(tag: string, value: TagScalar): boolean {
  const role = tag.slice(tag.indexOf('.') + 1);
  if (FIGURE.test(role)) return false;
  return value === true || (typeof value === 'number' && value !== 0);
}

/** Roles that it reads. */
export function rolesOf(spec: MachineSpec): string[] {
  return Object.keys(spec.reads);
}

/** Every leaf of a machine's drawing in which it may stay, as `Starting.Horn`. */
export function leavesOf(spec: MachineSpec): string[] {
  const visit = (node: AnyStateNode): string[] => {
    const inner = Object.values(node.states);
    if (inner.length > 0) return inner.flatMap(visit);
    return node.always === undefined ? [node.path.join('.')] : [];
  };
  return visit(spec.logic.root);
}

function leafOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, inner] = ['', '']] = Object.entries(value as Record<string, unknown>);
  return `${name}.${leafOf(inner)}`;
}

export class Roam {
  nowMs = 1_000;
  readonly spec: MachineSpec;
  readonly commands: readonly string[];
  readonly #mill: Mill;
  readonly #roll: (sides: number) => number;
  readonly #scope: Scope;
  readonly #choices: Readonly<Record<string, Choices>>;
  readonly #senders: readonly { readonly kind: string; readonly id: string }[];
  #plant: RoamPlant;
  #emitted: MachineOutput[] = [];
  #snapshot: AnyMachineSnapshot;
  #inputs: Record<string, TagValue> = {};
  #written = new Map<string, TagScalar>();
  /** Arguments of what it sent last: others answer with the same. */
  #echo: Readonly<Record<string, unknown>> = {};
  #sent: Sent | null = null;
  /** What it asked of others that they have not done yet. */
  #asked: readonly Sent[] = [];

  constructor(mill: Mill, spec: MachineSpec, seed: number) {
    this.#mill = mill;
    this.spec = spec;
    this.commands = commandsOf(spec);
    this.#roll = dice(seed);
    this.#plant = new RoamPlant(mill, spec);
    this.#scope = scope(spec, this.#emitted);
    this.#snapshot = spec.logic.getInitialSnapshot(this.#scope, spec.input as never);
    const reads = Object.entries(spec.reads);
    this.#choices = Object.fromEntries(
      reads.map(([role, tag]) => [role, choicesOf(mill, spec, tag)]),
    );
    for (const [role, choices] of Object.entries(this.#choices))
      this.set(role, choices[0] ?? false);
    const unit = (spec.input as { readonly unit?: string | null }).unit;
    this.#senders = [
      { kind: 'person', id: 'lan' },
      { kind: 'machine', id: 'OWNER' },
      { kind: 'machine', id: 'OWNER' },
      { kind: 'machine', id: 'OTHER' },
      ...(unit == null ? [] : [{ kind: 'machine', id: unit }]),
    ];
  }

  get leaf(): string {
    return leafOf(this.#snapshot.value);
  }

  get state(): string {
    return String(this.#snapshot.context.state ?? this.leaf);
  }

  get context(): Readonly<Record<string, unknown>> {
    return this.#snapshot.context;
  }

  /** Outputs that are energized now. */
  hot(): string[] {
    return [...this.#written].filter(([tag, value]) => isHot(tag, value)).map(([tag]) => tag);
  }

  set(role: string, value: TagScalar): void {
    this.#inputs[role] = good(value, this.nowMs);
  }

  lose(role: string): void {
    const value = this.#inputs[role];
    if (value !== undefined) this.#inputs[role] = doubt(value, 'stale');
  }

  moment(): Moment {
    const inputs = { ...this.#inputs };
    const written = new Map(this.#written);
    const plant = this.#plant.copy();
    const { nowMs } = this;
    const [echo, asked] = [this.#echo, this.#asked];
    return { snapshot: this.#snapshot, inputs, written, nowMs, plant, echo, asked };
  }

  goTo({ snapshot, inputs, written, nowMs, plant, echo, asked }: Moment): void {
    this.#snapshot = snapshot;
    this.#inputs = { ...inputs };
    this.#written = new Map(written);
    this.nowMs = nowMs;
    this.#plant = plant.copy();
    this.#echo = echo;
    this.#asked = asked;
  }

  send(type: string, details: Readonly<Record<string, unknown>> = {}): Roamed {
    this.#emitted.length = 0;
    const times = { nowMs: this.nowMs, utcMs: 1.7e12 + this.nowMs };
    const event = { ...details, type, ...times, inputs: { ...this.#inputs } };
    this.#snapshot = this.spec.logic.transition(this.#snapshot, event as never, this.#scope);
    const outputs = [...this.#emitted];
    for (const one of outputs) {
      this.#plant.take(one);
      if (one.type === 'write') this.#written.set(one.tag, one.value);
      if (one.type !== 'send') continue;
      this.#echo = { ...this.#echo, ...one.args };
      this.#sent = one;
      if (DONE[one.command] !== undefined) this.#asked = [...this.#asked, one].slice(-ASKED_MAX);
    }
    return { event: type, isCommand: 'by' in details, state: this.state, outputs };
  }

  command(type: string, by = this.#pick(this.#senders)): Roamed {
    const args = { ...argumentsFor(this.#mill, this.spec, this.#roll), ...this.#echoed() };
    return this.send(type, { args, by });
  }

  /** A scan after so much time, in a plant that is sound. */
  scan(afterMs: number): Roamed {
    this.nowMs += afterMs;
    for (const [role, value] of Object.entries(this.#plant.answers(afterMs))) this.set(role, value);
    return this.send('SCAN');
  }

  /** One step that chance picks: a command, a refusal, a restart, or a scan. */
  step(): Roamed {
    if (this.spec.persistence === 'restored' && this.#roll(60) === 0) return this.restart();
    if (this.#roll(3) === 0) return this.command(this.#nextCommand());
    if (this.#sent !== null && this.#roll(40) === 0) return this.refuse(this.#sent);
    const asked = this.#asked[0];
    if (asked !== undefined && this.#roll(6) === 0) return this.#tellDone(asked);
    if (this.spec.follows?.includes('bin') && this.#roll(6) === 0) return this.#tellBin();
    const roles = Object.keys(this.#choices);
    const isSound = this.#roll(12) !== 0;
    for (let changes = this.#roll(3); changes > 0 && roles.length > 0; changes -= 1) {
      const role = this.#pick(roles);
      this.set(role, this.#pick(this.#choices[role] ?? [false]));
      if (this.#roll(25) === 0) this.lose(role);
    }
    const afterMs = this.#pick(TIMES_MS);
    if (isSound) return this.scan(afterMs);
    this.nowMs += afterMs;
    return this.send('SCAN');
  }

  /** Another machine refuses what it was last sent. */
  refuse({ to: from, command }: { readonly to: string; readonly command: string }): Roamed {
    const held = reason('route.reserved', { owner: 'OTHER', device: from });
    const isTurn = command === 'POSITION' && this.#roll(2) === 0;
    const own = isTurn ? 'device.product-flows' : 'device.faulted';
    const reasons = [this.#roll(2) === 0 ? held : reason(own, { device: from })];
    return this.send('REFUSED', { from, command, reasons });
  }

  /** Another machine has done what was asked first. */
  #tellDone({ to, command, args }: Sent): Roamed {
    this.#asked = this.#asked.slice(1);
    const { targetKg = 0 } = args;
    const done = { ...args, scale: to, actualKg: targetKg, kg: targetKg };
    return this.send(DONE[command] ?? '', { args: done, by: { kind: 'machine', id: to } });
  }

  /** A finished bin tells what it holds. */
  #tellBin(): Roamed {
    const { bin } = argumentsFor(this.#mill, this.spec, this.#roll);
    const content = this.#roll(4) === 0 ? null : contentOf(this.#roll);
    const document = { kind: 'bin', bin, state: 'Released', content, released: true, reasons: [] };
    return this.send('TOLD', { document });
  }

  /** Calming commands, and those for a part, are rarer, or nothing would ever get under way. */
  #nextCommand(): string {
    if (this.#roll(40) === 0 || this.commands.length === 0) return 'DANCE';
    const one = this.#pick(this.commands);
    const isRare = CALMING.includes(one) || /^(BATCH|PHASE)_/.test(one);
    return isRare && this.#roll(4) !== 0 ? this.#pick(this.commands) : one;
  }

  /** The sender that may command it now: its owner, else a person. */
  commander(): { readonly kind: string; readonly id: string } {
    const { owner } = this.context;
    return typeof owner === 'string'
      ? { kind: 'machine', id: owner }
      : { kind: 'person', id: 'lan' };
  }

  /** All inputs as a sound plant at rest has them. */
  mend(): void {
    for (const [role, choices] of Object.entries(this.#choices))
      this.set(role, choices[0] ?? false);
  }

  /** Killed and started again: from its snapshot, or anew with its counters. */
  restart(): Roamed {
    const { logic, persistence, counters, input } = this.spec;
    const { value, context } = JSON.parse(
      JSON.stringify({ value: this.#snapshot.value, context: this.#snapshot.context }),
    );
    this.#written.clear();
    this.#plant = new RoamPlant(this.#mill, this.spec);
    if (persistence === 'restored') {
      this.#snapshot = logic.resolveState({ value, context });
      return this.send('RESTORED');
    }
    const fresh = logic.getInitialSnapshot(this.#scope, input as never);
    const kept = Object.fromEntries(counters.map((name) => [name, context[name]]));
    this.#snapshot = logic.resolveState({
      value: fresh.value as never,
      context: { ...fresh.context, ...kept },
    });
    return this.send('SCAN');
  }

  #echoed(): Record<string, unknown> {
    return this.#roll(2) === 0 ? this.#echo : {};
  }

  #pick<T>(list: readonly T[]): T {
    const one = list[this.#roll(list.length)];
    if (one === undefined) throw new Error(`${this.spec.id}: nothing to pick from`);
    return one;
  }
}

/** Moments that a walk came upon, by the leaf of the machine's drawing: a few of each. */
export type Found = ReadonlyMap<string, readonly Moment[]>;

/** What another machine tells when it has done what it was told. */
const DONE: Readonly<Record<string, string>> = {
  DOSE: 'DOSED',
  MIX: 'MIXED',
  DISCHARGE: 'DISCHARGED',
};
const ASKED_MAX = 40;
const EPISODE = 40;
/** Moments that are kept of a leaf: of each set of outputs that are energized there, so many. */
const MOMENTS_MAX = 3;

function hotOf({ written }: Moment): string {
  return [...written].flatMap(([tag, value]) => (isHot(tag, value) ? [tag] : [])).join();
}

/** True while few moments with the same outputs energized are known. */
export function isNews(known: readonly Moment[], moment: Moment): boolean {
  const hot = hotOf(moment);
  return known.filter((one) => hotOf(one) === hot).length < MOMENTS_MAX;
}

/**
 * Walks in episodes, each from where the walk has begun least often: so it comes ever deeper into
 * the drawing. `look` is told every step.
 */
export function explore(
  roam: Roam,
  steps: number,
  look: (step: Roamed, roam: Roam) => void = () => undefined,
): Found {
  const found = new Map<string, Moment[]>([[roam.leaf, [roam.moment()]]]);
  const begun = new Map<string, number>();
  for (let done = 0; done < steps; ) {
    const [leaf] = [...found.keys()].sort((a, b) => (begun.get(a) ?? 0) - (begun.get(b) ?? 0));
    const times = (begun.get(leaf ?? '') ?? 0) + 1;
    begun.set(leaf ?? '', times);
    const moments = found.get(leaf ?? '') ?? [];
    const from = moments[times % moments.length];
    if (from !== undefined) roam.goTo(from);
    for (let at = 0; at < EPISODE && done < steps; at += 1, done += 1) {
      look(roam.step(), roam);
      const known = found.get(roam.leaf) ?? [];
      const moment = roam.moment();
      if (isNews(known, moment)) found.set(roam.leaf, [...known, moment]);
    }
  }
  return found;
}
