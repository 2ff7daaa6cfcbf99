// Walks one machine through events that chance picks, for properties that must hold on every way
// through it.
import type { AnyMachineSnapshot } from 'xstate';
import { initialTransition, transition } from 'xstate';
import type { Inputs, MachineOutput, MachineSpec } from '../../plc/machines/contract.ts';
import type { TagScalar, TagValue } from '../../plc/model/tag.ts';
import { doubt, good } from '../../plc/model/tag.ts';

/** A command that the walk may send. */
export interface WalkCommand {
  readonly type: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly by?: 'lan' | 'ROUTE' | 'OTHER' | 'UNIT';
}

/** What a walk is made of: the values that each role may take, and the commands. */
export interface Walk {
  readonly spec: MachineSpec;
  readonly values: Readonly<Record<string, readonly TagScalar[]>>;
  readonly commands: readonly WalkCommand[];
  /** What a sound plant answers to the outputs; it does so in most scans. */
  readonly plant?: (written: ReadonlyMap<string, TagScalar>) => Readonly<Record<string, TagScalar>>;
}

/** One step that was walked, with what holds after it. */
export interface Walked {
  readonly event: string;
  readonly isCommand: boolean;
  readonly state: string;
  readonly outputs: readonly MachineOutput[];
  /** Output tags as last written. */
  readonly written: ReadonlyMap<string, TagScalar>;
  readonly inputs: Inputs;
  readonly context: Readonly<Record<string, unknown>>;
}

/** A seeded source of whole numbers (xorshift32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed | 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.abs(state) % sides;
  };
}

export class MachineWalk {
  nowMs = 0;
  readonly inputs: Record<string, TagValue> = {};
  readonly written = new Map<string, TagScalar>();
  readonly #walk: Walk;
  readonly #roll: (sides: number) => number;
  #snapshot: AnyMachineSnapshot;

  constructor(walk: Walk, seed: number) {
    this.#walk = walk;
    this.#roll = dice(seed);
    const { logic, input } = walk.spec;
    this.#snapshot = initialTransition(logic, input as never)[0];
    for (const [role, values] of Object.entries(walk.values)) {
      this.inputs[role] = good(values[0] ?? false, 0);
    }
  }

  get state(): string {
    return String(this.#snapshot.context.state);
  }

  /** One event, of the walk's or of the test's own choosing. */
  send(type: string, details: Readonly<Record<string, unknown>> = {}): Walked {
    const event = { ...details, type, nowMs: this.nowMs, utcMs: 1e12 + this.nowMs };
    const whole = { ...event, inputs: { ...this.inputs } };
    const [next, actions] = transition(this.#walk.spec.logic, this.#snapshot, whole as never);
    this.#snapshot = next;
    const effects = actions as readonly { readonly type: string; readonly params?: unknown }[];
    const outputs = effects.map((one) => {
      if (one.type !== 'xstate.emit') throw new Error(`an effect that is no output: ${one.type}`);
      return (one.params as { event: MachineOutput }).event;
    });
    for (const one of outputs) if (one.type === 'write') this.written.set(one.tag, one.value);
    return {
      event: type,
      isCommand: 'by' in details,
      state: this.state,
      outputs,
      written: this.written,
      inputs: whole.inputs,
      context: next.context,
    };
  }

  command({ type, args = {}, by = 'lan' }: WalkCommand): Walked {
    const kind = by === 'lan' ? 'person' : 'machine';
    const id = by === 'UNIT' ? 'PM701:unit' : by;
    return this.send(type, { args, by: { kind, id } });
  }

  /** A scan with these inputs set as good, after so much time. */
  scan(values: Readonly<Record<string, TagScalar>> = {}, afterMs = 100): Walked {
    this.nowMs += afterMs;
    for (const [role, value] of Object.entries(values)) this.inputs[role] = good(value, this.nowMs);
    return this.send('SCAN');
  }

  lose(role: string): void {
    const value = this.inputs[role];
    if (value !== undefined) this.inputs[role] = doubt(value, 'stale');
  }

  /** Kept as JSON and restored, as after a kill of the controller. */
  restore(): Walked {
    const { value, context } = JSON.parse(
      JSON.stringify({ value: this.#snapshot.value, context: this.#snapshot.context }),
    );
    this.#snapshot = this.#walk.spec.logic.resolveState({ value, context });
    this.written.clear();
    return this.send('RESTORED');
  }

  /** One step that chance picks: a scan with some input changed or lost, or a command. */
  step(): Walked {
    const roles = Object.keys(this.#walk.values);
    if (this.#roll(3) === 0) return this.command(this.#pick(this.#walk.commands, 'no commands'));
    const times = [100, 500, 2_000, 9_000, 40_000, 100_000];
    for (let changes = this.#roll(3); changes > 0; changes -= 1) {
      const role = this.#pick(roles, 'no roles');
      const value = this.#pick(this.#walk.values[role] ?? [], `no values for ${role}`);
      this.inputs[role] = good(value, this.nowMs);
      if (this.#roll(25) === 0) this.lose(role);
    }
    const answer = this.#roll(12) === 0 ? {} : (this.#walk.plant?.(this.written) ?? {});
    return this.scan(answer, this.#pick(times, 'no times'));
  }

  #pick<T>(list: readonly T[], otherwise: string): T {
    const one = list[this.#roll(list.length)];
    if (one === undefined) throw new Error(otherwise);
    return one;
  }
}

/** The answers that a command got. */
export function answers(walked: Walked): MachineOutput[] {
  return walked.outputs.filter((one) => one.type === 'accepted' || one.type === 'refused');
}
