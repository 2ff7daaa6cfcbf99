import type { AnyStateMachine } from 'xstate';
import type { Actor } from '../model/command.ts';
import type { Reason } from '../model/reason.ts';
import type { MachineRecord } from '../model/record.ts';
import type { StatusDocument } from '../model/status.ts';
import type { TagScalar, TagValue } from '../model/tag.ts';

/** The inputs that a machine named, by its own name for each (its role), frozen for this scan. */
export type Inputs = Readonly<Record<string, TagValue>>;

/**
 * What every event brings along: the scan's inputs and two times. `nowMs` is process time and only
 * rises; deadlines and durations are made from it. `utcMs` is the time of day for records and
 * people. They differ when a simulated mill runs faster than the clock.
 */
export interface EventBase {
  readonly nowMs: number;
  readonly utcMs: number;
  readonly inputs: Inputs;
}

/**
 * An input of this machine changed, its `wakeAtMs` has passed, or it entered a state in the scan
 * before.
 */
export interface ScanEvent extends EventBase {
  readonly type: 'SCAN';
}

/** Sent once after a snapshot was restored: go to the safe form of what was going on (Held). */
export interface RestoredEvent extends EventBase {
  readonly type: 'RESTORED';
}

/**
 * A command, from a person or another machine. The machine answers each with exactly one `accepted`
 * or `refused` output. A machine whose command was refused is sent `REFUSED` with the reasons.
 */
export interface CommandEvent<T extends string = string, A = Readonly<Record<string, unknown>>>
  extends EventBase {
  readonly type: T;
  readonly by: Actor;
  readonly args: A;
}

/** A command of this machine was refused by `from`. */
export interface RefusedEvent extends EventBase {
  readonly type: 'REFUSED';
  readonly from: string;
  readonly command: string;
  readonly reasons: readonly Reason[];
}

/** Another machine wrote down something of a kind that this one `hears`, in this scan. */
export interface HeardEvent extends EventBase {
  readonly type: 'HEARD';
  readonly record: MachineRecord;
}

/** A document of a kind that this machine `follows` was shown by another one, in this scan. */
export interface ToldEvent extends EventBase {
  readonly type: 'TOLD';
  readonly document: StatusDocument;
}

/** Events of the runtime. Only machines that ask for them are sent HEARD and TOLD. */
export type RuntimeEvent = ScanEvent | RestoredEvent | RefusedEvent | HeardEvent | ToldEvent;

/** What machines let out, by `emit`. The runtime carries it out after the transition. */
export type MachineOutput =
  /** A value for an output tag; written when the scan's output image is applied. */
  | { readonly type: 'write'; readonly tag: string; readonly value: TagScalar }
  /**
   * A value for a derived tag, visible to other machines in the next round of this scan; null: what
   * it is computed from cannot be trusted now, so neither can it.
   */
  | { readonly type: 'publish'; readonly tag: string; readonly value: TagScalar | null }
  | { readonly type: 'status'; readonly document: StatusDocument }
  | {
      readonly type: 'send';
      readonly to: string;
      readonly command: string;
      readonly args: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'raise'; readonly alarm: string }
  | { readonly type: 'clear'; readonly alarm: string }
  | { readonly type: 'record'; readonly record: MachineRecord }
  | { readonly type: 'accepted' }
  | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

/**
 * Every machine's context has this: when it wants to be woken though no input changed, process ms.
 */
export interface WakeContext {
  readonly wakeAtMs: number | null;
}

/** One machine instance of the mill: its logic, what it is made with, what it reads. */
export interface MachineSpec {
  /** Target of commands: device, route or line id. */
  readonly id: string;
  readonly logic: AnyStateMachine;
  readonly input: unknown;
  /** Role -> tag name. Woken when one of these tags changes. */
  readonly reads: Readonly<Record<string, string>>;
  /**
   * Roles of `reads` that it sees as they are whenever it is woken, but that do not wake it: values
   * that move all the time and that it only shows or samples, at deadlines of its own.
   */
  readonly glances?: readonly string[];
  /** Kinds of records of other machines that it is handed as HEARD. */
  readonly hears?: readonly MachineRecord['kind'][];
  /** Kinds of documents of other machines that it is handed as TOLD. */
  readonly follows?: readonly StatusDocument['kind'][];
  /** Raised whenever the context's shape changes; a snapshot of another version is not restored. */
  readonly version: number;
  /**
   * `restored`: its snapshot is kept and restored (units with work in them).
   * `fresh`: it starts anew, safe, and only `counters` of its context are kept (control modules).
   */
  readonly persistence: 'restored' | 'fresh';
  /** Names of context members that survive for a `fresh` machine, e.g. starts and run hours. */
  readonly counters: readonly string[];
}
