import { enqueueActions } from 'xstate';
import { sameData } from '../logic/same-data.ts';
import type { Actor } from '../model/command.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { StatusDocument } from '../model/status.ts';
import type { TagScalar, TagValue } from '../model/tag.ts';
import { UNKNOWN } from '../model/tag.ts';
import type { CommandEvent, Inputs, MachineOutput, RuntimeEvent, WakeContext } from './contract.ts';

/**
 * Every event that a machine can be sent. A command it does not know is answered, never dropped.
 */
export type MachineEvent = RuntimeEvent | CommandEvent;

/**
 * What a machine shows the world in a given context. Outputs are a function of the context and of
 * nothing else, so that a state which must be safe is safe whichever way it was entered, also by
 * a restart.
 */
export interface View {
  /** Output tags with the value that they must have now. */
  readonly writes?: Readonly<Record<string, TagScalar>>;
  /** Derived tags with their value; null where it cannot be told now. */
  readonly publishes?: Readonly<Record<string, TagScalar | null>>;
  /** Alarms of this machine: raised or not. */
  readonly alarms?: Readonly<Record<string, boolean>>;
  readonly status?: StatusDocument;
  /** When the machine wants to be woken though no input changed, process ms; null: not at all. */
  readonly wakeAtMs?: number | null;
}

/** What every machine made with `effects` keeps in its context. */
export interface KitContext extends WakeContext {
  readonly id: string;
  /** Name of the state it is in, set by `enter`; the machine's own state repeated as data. */
  readonly state: string;
  /** When it entered that state, process ms. */
  readonly sinceMs: number;
  /** What was last shown: only differences are let out. Null before anything was; not kept. */
  readonly shown: View | null;
}

/** What an action does: members of the context that change, and outputs. */
export interface Effect<C> {
  readonly set?: Partial<C>;
  readonly out?: readonly MachineOutput[];
}

/** The beginning of a context: woken at the first scan, nothing shown yet. */
export function newContext(id: string, state: string): KitContext {
  return { id, state, sinceMs: 0, wakeAtMs: 0, shown: null };
}

/** The outputs that bring the world from what was shown to what is shown now. */
function differences(shown: View, now: View): MachineOutput[] {
  const outputs: MachineOutput[] = [];
  for (const tag in now.writes) {
    const value = now.writes[tag] ?? null;
    if (value === null || shown.writes?.[tag] === value) continue;
    outputs.push({ type: 'write', tag, value });
  }
  for (const tag in now.publishes) {
    const value = now.publishes[tag] ?? null;
    if (shown.publishes?.[tag] !== value) outputs.push({ type: 'publish', tag, value });
  }
  for (const alarm in now.alarms) {
    const raised = now.alarms[alarm] === true;
    if (shown.alarms?.[alarm] === raised) continue;
    outputs.push({ type: raised ? 'raise' : 'clear', alarm });
  }
  if (now.status !== undefined && !sameData(shown.status, now.status)) {
    outputs.push({ type: 'status', document: now.status });
  }
  return outputs;
}

/** The same value, or another list of the same members: a list is often worked out anew. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((member, place) => member === b[place]);
}

/** Whether these members are other ones than the context has. */
function changes<C extends object>(context: C, set: Partial<C>): boolean {
  for (const name in set) if (!isSame(set[name], context[name])) return true;
  return false;
}

type Params = Readonly<Record<string, unknown>>;

/** The XState action that carries out a pure function of context, event and parameters. */
function action<C extends KitContext, P extends Params | undefined>(
  view: (context: C) => View,
  run: (context: C, event: MachineEvent, params: P) => Effect<C>,
) {
  return enqueueActions<
    C,
    MachineEvent,
    P,
    MachineEvent,
    never,
    never,
    never,
    never,
    MachineOutput
  >(({ context, event, enqueue }, params) => {
    if ((event.type as string) === CREATION) return;
    const { set = {}, out = [] } = run(context, event, params);
    for (const output of out) enqueue.emit(output);
    const shown = event.type === 'RESTORED' ? null : context.shown;
    // The view is a function of the context: where that stays, nothing else can be shown.
    if (shown !== null && !changes(context, set)) return;
    const now = view({ ...context, ...set });
    for (const output of differences(shown ?? {}, now)) enqueue.emit(output);
    const kept: Partial<KitContext> = { shown: now, wakeAtMs: now.wakeAtMs ?? null };
    enqueue.assign({ ...set, ...kept } as Partial<C>);
  });
}

/**
 * XState's own event at creation has no time and no inputs: nothing happens before the first
 * scan.
 */
const CREATION = 'xstate.init';

/**
 * Makes XState actions from pure functions. After each one the machine's view is compared with
 * what it last showed, and the differences are let out; after a restart all of it is. Every SCAN
 * and RESTORED of a machine must run at least one of them.
 */
export function effects<C extends KitContext>(view: (context: C) => View) {
  return {
    /** An action: `effect((context, event) => ({ set, out }))`. */
    effect: (run: (context: C, event: MachineEvent) => Effect<C>) =>
      action<C, undefined>(view, run),
    /** The entry action of each state: `{ type: 'enter', params: { state: 'Running' } }`. */
    enter: action<C, { readonly state: C['state'] }>(view, (_context, event, { state }) => ({
      set: { state, sinceMs: event.nowMs } as Partial<C>,
    })),
    /** An action with parameters that the machine's drawing gives. */
    effectWith: <P extends Params>(
      run: (context: C, event: MachineEvent, params: P) => Effect<C>,
    ) => action<C, P>(view, run),
  };
}

/** The command is taken. */
export const ACCEPTED: MachineOutput = { type: 'accepted' };

/** The command is not taken, for these reasons. */
export function refused(...reasons: readonly Reason[]): MachineOutput {
  return { type: 'refused', reasons };
}

/**
 * Refuses a command that the machine does not take in its present state; other events need no
 * answer.
 */
export function refuseUnknown(context: KitContext, event: MachineEvent): Effect<never> {
  if (!isCommand(event)) return {};
  const { id: object, state } = context;
  return { out: [refused(reason('command.not-in-state', { object, state, command: event.type }))] };
}

export function isCommand(event: MachineEvent): event is CommandEvent {
  return 'by' in event;
}

/** Who sent this command; null for an event of the runtime. */
export function senderOf(event: MachineEvent): Actor | null {
  return isCommand(event) ? event.by : null;
}

/** An argument of a command if it has the type that is wanted, else null. */
export function numberArg(event: MachineEvent, name: string): number | null {
  const value = isCommand(event) ? event.args[name] : null;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function textArg(event: MachineEvent, name: string): string | null {
  const value = isCommand(event) ? event.args[name] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}

export function flagArg(event: MachineEvent, name: string): boolean | null {
  const value = isCommand(event) ? event.args[name] : null;
  return typeof value === 'boolean' ? value : null;
}

/** The refusal of a command whose argument is missing or of the wrong kind. */
export function invalidArg(path: string): Reason {
  return reason('command.invalid', { path, fault: 'missing or of the wrong kind' });
}

/** Sends a command to another machine. */
export function send(
  to: string,
  command: string,
  args: Readonly<Record<string, unknown>> = {},
): MachineOutput {
  return { type: 'send', to, command, args };
}

/** The input of this role; one that was never read is bad. */
export function input(inputs: Inputs, role: string): TagValue {
  return inputs[role] ?? UNKNOWN;
}

/** True when a deadline has been set and has passed. */
export function passed(deadlineMs: number | null, nowMs: number): boolean {
  return deadlineMs !== null && nowMs >= deadlineMs;
}

/** The earliest of several deadlines; null when there is none. */
export function earliest(...deadlinesMs: readonly (number | null)[]): number | null {
  const set = deadlinesMs.filter((one) => one !== null);
  return set.length === 0 ? null : Math.min(...set);
}

/** The wire code of a state name in its list; an unlisted name is a fault of the programmer. */
export function codeOf(states: readonly string[], name: string): number {
  const code = states.indexOf(name);
  if (code < 0) throw new RangeError(`${name} is not one of ${states.join(', ')}`);
  return code;
}

/** The state name of a good state tag; null when it is not good or has no such code. */
export function stateOf<S extends string>(states: readonly S[], value: TagValue): S | null {
  return value.quality === 'good' && typeof value.value === 'number'
    ? (states[value.value] ?? null)
    : null;
}
