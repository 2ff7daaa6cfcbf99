import type { AnyMachineSnapshot, ExecutableActionObject } from 'xstate';
import { createActor } from 'xstate';
import type { EventBase, Inputs, MachineOutput, MachineSpec } from '../machines/contract.ts';
import type { TagValue } from '../model/tag.ts';
import type { StoredSnapshot } from '../store/store.ts';
import type { InputImage } from './input-image.ts';
import type { TagIndex } from './tag-index.ts';

/**
 * An event as the runtime sends it: its type, what every event brings, and the arguments of a
 * command.
 */
export type HostEvent = EventBase & { readonly type: string };

/** What is kept of a machine, as it lies in the store. */
interface KeptSnapshot {
  readonly value: unknown;
  readonly context: Readonly<Record<string, unknown>>;
}

function sameState(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/**
 * Whether a member of a context is kept. What was shown is not, for all is shown after a restart;
 * nor is what the machine was made with: that comes from the mill as it then is.
 */
function isKept(name: string, member: unknown, input: unknown): boolean {
  return name !== 'shown' && member !== input;
}

function ofContext(
  context: KeptSnapshot['context'],
  take: (name: string, member: unknown) => boolean,
): KeptSnapshot['context'] {
  return Object.fromEntries(Object.entries(context).filter(([name, one]) => take(name, one)));
}

type Scope = Parameters<MachineSpec['logic']['getInitialSnapshot']>[0];

/**
 * Runs one machine by XState's pure transition functions, with one scope made once: an actor would
 * be stopped for ever by a throwing action and takes its parent along, and `transition()` builds an
 * actor per call. Outputs are what the machine emits; any other effect of a machine is a fault of
 * its programmer.
 */
export class MachineHost {
  readonly spec: MachineSpec;
  readonly #image: InputImage;
  readonly #roles: readonly (readonly [role: string, tag: number])[];
  readonly #rolesByTag: ReadonlyMap<number, readonly string[]>;
  readonly #scope: Scope;
  #emitted: MachineOutput[] = [];
  #snapshot: AnyMachineSnapshot | null = null;
  /** What it reads, as of the last event; brought up to date before the next. */
  #inputs: Record<string, TagValue> | null = null;
  readonly #touched = new Set<number>();
  #kept = '';
  /** The snapshot that was looked at last for what has to be kept. */
  #seen: AnyMachineSnapshot | null = null;
  #moved = false;

  /** @throws {Error} naming every tag that the machine reads and the mill does not have. */
  constructor(spec: MachineSpec, index: TagIndex, image: InputImage) {
    this.spec = spec;
    this.#image = image;
    const reads = Object.entries(spec.reads);
    const unknown = reads.filter(([, tag]) => index.find(tag) === undefined);
    if (unknown.length > 0) {
      const list = unknown.map(([role, tag]) => `${role}: ${tag}`).join(', ');
      throw new Error(`machine ${spec.id} reads tags that the mill does not have (${list})`);
    }
    this.#roles = reads.map(([role, tag]) => [role, index.find(tag) ?? -1] as const);
    const byTag = Map.groupBy(this.#roles, ([, tag]) => tag);
    this.#rolesByTag = new Map(
      [...byTag].map(([tag, roles]) => [tag, roles.map(([role]) => role)]),
    );
    this.#scope = this.#makeScope();
  }

  /** Numbers of the tags that it reads, and whether a change of the tag wakes it. */
  get reads(): ReadonlyMap<number, boolean> {
    const glances = new Set(this.spec.glances);
    return new Map(
      [...this.#rolesByTag].map(([tag, roles]) => [tag, !roles.every((one) => glances.has(one))]),
    );
  }

  /** When it wants to be woken though no input changed, process ms; Infinity: not at all. */
  get wakeAtMs(): number {
    const wakeAtMs: unknown = this.#snapshot?.context.wakeAtMs;
    return typeof wakeAtMs === 'number' ? wakeAtMs : Number.POSITIVE_INFINITY;
  }

  /** Whether it entered another state since this was last asked. */
  takeMoved(): boolean {
    const moved = this.#moved;
    this.#moved = false;
    return moved;
  }

  /** One of its inputs changed: this tag. */
  touch(tag: number): void {
    this.#touched.add(tag);
  }

  /**
   * Puts it into its initial state, or, given a snapshot of its version, where it was (`restored`)
   * or anew with its counters (`fresh`).
   * @returns what it let out, and whether work was restored: then send it `RESTORED`.
   * @throws whatever its logic throws for this snapshot.
   */
  start(stored: StoredSnapshot | undefined): { outputs: MachineOutput[]; restored: boolean } {
    const { logic, input, version, persistence, counters } = this.spec;
    this.#emitted = [];
    const initial: AnyMachineSnapshot = logic.getInitialSnapshot(this.#scope, input as never);
    this.#snapshot = initial;
    if (stored === undefined || stored.version !== version) {
      return { outputs: this.#emitted, restored: false };
    }
    const kept = JSON.parse(stored.body) as KeptSnapshot;
    if (persistence === 'restored') {
      const anew = ofContext(initial.context, (_name, member) => member === input);
      const context = { ...initial.context, ...kept.context, ...anew };
      this.#snapshot = logic.resolveState({ value: kept.value as never, context });
      return { outputs: [], restored: true };
    }
    const context = { ...initial.context };
    for (const name of counters) if (name in kept.context) context[name] = kept.context[name];
    this.#snapshot = logic.resolveState({ value: initial.value as never, context });
    return { outputs: this.#emitted, restored: false };
  }

  /** Sends it an event. @throws whatever its actions throw; its state is then the one before. */
  handle(
    type: string,
    nowMs: number,
    utcMs: number,
    details: Readonly<Record<string, unknown>> = {},
  ): readonly MachineOutput[] {
    if (this.#snapshot === null) throw new Error(`machine ${this.spec.id} was not started`);
    this.#emitted = [];
    const event: HostEvent = { ...details, type, nowMs, utcMs, inputs: this.#readInputs() };
    const before = this.#snapshot.value;
    this.#snapshot = this.spec.logic.transition(this.#snapshot, event, this.#scope);
    this.#moved ||= !sameState(before, this.#snapshot.value);
    return this.#emitted;
  }

  /** What has to be kept now, if it differs from what was kept last. */
  changedSnapshot(): StoredSnapshot | null {
    if (this.#snapshot === null || this.#snapshot === this.#seen) return null;
    const { id, version, input, persistence, counters } = this.spec;
    const { value, context } = this.#snapshot;
    const seen = this.#seen;
    this.#seen = this.#snapshot;
    if (seen !== null && sameState(value, seen.value) && this.#keepsAll(seen.context, context)) {
      return null;
    }
    const kept: KeptSnapshot =
      persistence === 'restored'
        ? { value, context: ofContext(context, (name, member) => isKept(name, member, input)) }
        : { value: null, context: ofContext(context, (name) => counters.includes(name)) };
    const body = JSON.stringify(kept);
    if (body === this.#kept) return null;
    this.#kept = body;
    return { id, version, body };
  }

  /** Whether no member of the context that is kept is another one than before. */
  #keepsAll(before: KeptSnapshot['context'], now: KeptSnapshot['context']): boolean {
    if (before === now) return true;
    const { persistence, counters } = this.spec;
    if (persistence !== 'restored') return counters.every((name) => before[name] === now[name]);
    for (const name in now) if (name !== 'shown' && before[name] !== now[name]) return false;
    return true;
  }

  #readInputs(): Inputs {
    if (this.#inputs === null) {
      const all = this.#roles.map(([role, tag]) => [role, this.#image.value(tag)] as const);
      this.#inputs = Object.fromEntries(all);
    }
    for (const tag of this.#touched) {
      const value = this.#image.value(tag);
      for (const role of this.#rolesByTag.get(tag) ?? []) this.#inputs[role] = value;
    }
    this.#touched.clear();
    return this.#inputs;
  }

  #makeScope(): Scope {
    const self = createActor(this.spec.logic, { input: this.spec.input as never });
    const impure = (what: string): never => {
      throw new Error(`machine ${this.spec.id} is not pure: ${what}; its programmer must mend it`);
    };
    return {
      self,
      id: this.spec.id,
      sessionId: this.spec.id,
      system: self.system,
      logger: () => impure('it logs'),
      defer: () => impure('it defers an effect'),
      emit: () => impure('it emits outside a transition'),
      stopChild: () => impure('it has children'),
      actionExecutor: (action: ExecutableActionObject) => {
        if (action.type !== 'xstate.emit') return impure(`action ${action.type} has an effect`);
        const { event } = action.params as unknown as { event: MachineOutput };
        this.#emitted.push(event);
      },
    } as Scope;
  }
}
