// What the plant around a single machine answers, for walks that know nothing of the machine but
// its specification: devices follow their commands, and other machines reach the state that they
// are told to.
import type { MachineOutput, MachineSpec } from '../../plc/machines/contract.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import type { Condition } from '../../plc/model/condition.ts';
import type { TagScalar } from '../../plc/model/tag.ts';

/** Values of a role that a walk may set; the first is what a sound plant at rest shows. */
export type Choices = readonly TagScalar[];

/** Flags that are on while all is well. */
const WELL_WHEN_ON =
  /^(CloseLS|InPos|Stable|Zero|Low|TruckInPlace|SpoutDown|Released|PalletReady)$/;

function conditionsOf(spec: MachineSpec): Condition[] {
  const {
    permissives = [],
    interlocks = [],
    protections = [],
  } = spec.input as {
    readonly permissives?: readonly Condition[];
    readonly interlocks?: readonly Condition[];
    readonly protections?: readonly Condition[];
  };
  return [...permissives, ...interlocks, ...protections];
}

/** A value that fulfils the condition, and one that breaks it. */
export function sidesOf({ comparison, limit }: Condition): readonly [TagScalar, TagScalar] {
  if (comparison === 'is') return [limit, typeof limit === 'boolean' ? !limit : Number(limit) + 1];
  const step = Number(limit) + 1;
  const below = Number(limit) - 1;
  return comparison === 'above' ? [step, below] : [below, step];
}

/** What the tag behind a role of a machine may be. */
export function choicesOf(mill: Mill, spec: MachineSpec, tagName: string): Choices {
  const condition = conditionsOf(spec).find((one) => one.tag === tagName);
  if (condition !== undefined) {
    const [well, broken] = sidesOf(condition);
    return [...Array<TagScalar>(30).fill(well), broken];
  }
  const tag = mill.tagByName.get(tagName);
  if (tag === undefined) throw new Error(`${spec.id} reads ${tagName}, which ${mill.id} has not`);
  if (tag.states !== null) return Object.keys(tag.states).map(Number);
  if (tag.dataType === 'bool') {
    const isWell = WELL_WHEN_ON.test(tag.role);
    return [...Array<boolean>(6).fill(isWell), !isWell];
  }
  if (tag.dataType === 'string') return ['', 'X'];
  const { low, high } = tag.range;
  const shares = [0, 0.01, 0.05, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  const numbers = shares.map((share) => low + share * (high - low));
  return tag.dataType === 'float' || tag.dataType === 'double'
    ? numbers
    : numbers.map((one) => Math.round(one));
}

/** How an input of a device follows what is written to its outputs. */
const FOLLOWS: Readonly<Record<string, (written: (role: string) => TagScalar) => TagScalar>> = {
  RunFb: (written) => written('Cmd') === true,
  SpeedPct: (written) => (written('Cmd') === true ? 100 : 0),
  Hz: (written) => (written('Cmd') === true ? Number(written('HzRef')) : 0),
  DeltaFb: (written) => written('DeltaCmd') === true,
  OpenLS: (written) => written('OpenCmd') === true,
  CloseLS: (written) => written('OpenCmd') !== true,
  Pos: (written) => Math.max(1, Number(written('Req'))),
  InPos: () => true,
};

/** States that a machine reaches after a command, by the name of the state. */
const REACHED: Readonly<Record<string, readonly string[]>> = {
  START: ['Running', 'Execute', 'Pressing'],
  STOP: ['Stopped', 'Idle'],
  OPEN: ['Open'],
  CLOSE: ['Closed'],
  POSITION: ['InPosition'],
};

/** What is put on a scale while it is filled, as a share of its range per second. */
const FILL_PER_S = 0.004;

/** The other machines and the devices around the machine that is walked. */
export class RoamPlant {
  readonly #mill: Mill;
  readonly #spec: MachineSpec;
  readonly #written: Map<string, TagScalar>;
  /** What other machines show, by their tag. */
  readonly #shown: Map<string, number>;
  #isFilled = false;
  #isEmptied = false;
  #net = 0;
  #pulses = 0;

  constructor(mill: Mill, spec: MachineSpec, before?: RoamPlant) {
    this.#mill = mill;
    this.#spec = spec;
    this.#written = new Map(before === undefined ? [] : before.#written);
    this.#shown = new Map(before === undefined ? [] : before.#shown);
    if (before === undefined) return;
    this.#isFilled = before.#isFilled;
    this.#isEmptied = before.#isEmptied;
    this.#net = before.#net;
    this.#pulses = before.#pulses;
  }

  /** The same plant, to go on with from here. */
  copy(): RoamPlant {
    return new RoamPlant(this.#mill, this.#spec, this);
  }

  /** An output of the machine was let out. */
  take(output: MachineOutput): void {
    if (output.type === 'write') this.#written.set(output.tag, output.value);
    if (output.type !== 'send') return;
    if (output.command === 'START' || output.command === 'STOP') {
      this.#isFilled = output.command === 'START';
    }
    if (output.command === 'OPEN' || output.command === 'CLOSE') {
      this.#isEmptied = output.command === 'OPEN';
    }
    for (const tagName of this.#movedBy(output)) {
      const tag = this.#mill.tagByName.get(tagName);
      const wanted = REACHED[output.command] ?? [];
      const code = Object.entries(tag?.states ?? {}).find(([, text]) => wanted.includes(text.en));
      if (code !== undefined) this.#shown.set(tagName, Number(code[0]));
    }
  }

  /** State tags that a command moves: of the machine it goes to; a route moves its devices too. */
  #movedBy({ to }: { readonly to: string }): string[] {
    const own = [`${to}.State`, `${to}.Phase`];
    const isRoute = this.#mill.routes.some((one) => one.id === to);
    return isRoute ? [...own, ...Object.values(this.#spec.reads)] : own;
  }

  /** What a sound plant shows after so much time of the roles that it governs. */
  answers(afterMs: number): Record<string, TagScalar> {
    const found: Record<string, TagScalar> = {};
    for (const [role, tagName] of Object.entries(this.#spec.reads)) {
      const shown = this.#shown.get(tagName);
      const [device = '', own = ''] = tagName.split('.');
      const follow = FOLLOWS[own];
      if (shown !== undefined) found[role] = shown;
      else if (follow !== undefined && this.#mill.deviceById.has(device)) {
        found[role] = follow((output) => this.#written.get(`${device}.${output}`) ?? false);
      } else if (role === 'Net') this.#weigh(found, tagName, afterMs);
      else if (role === 'Pulses') found[role] = this.#pulse(afterMs);
    }
    return found;
  }

  /** What a meter counts while its pump runs. */
  #pulse(afterMs: number): number {
    const { kgPerHMax = 0, kgPerPulse = 1 } = this.#spec.input as {
      readonly kgPerHMax?: number;
      readonly kgPerPulse?: number;
    };
    const perMs = (0.5 * kgPerHMax) / kgPerPulse / 3_600_000;
    if (this.#isFilled) this.#pulses = Math.round(this.#pulses + perMs * afterMs);
    return this.#pulses;
  }

  #weigh(found: Record<string, TagScalar>, tagName: string, afterMs: number): void {
    const high = this.#mill.tagByName.get(tagName)?.range.high ?? 0;
    if (this.#isFilled)
      this.#net = Math.min(high, this.#net + (FILL_PER_S * high * afterMs) / 1000);
    if (this.#isEmptied) this.#net = 0;
    Object.assign(found, { Net: this.#net, Zero: this.#net === 0, Stable: true, Overload: false });
  }
}
