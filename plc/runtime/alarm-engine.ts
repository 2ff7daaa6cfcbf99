import {
  ALARM_NORMAL,
  type AlarmMemory,
  acknowledgeAlarm,
  alarmDeadline,
  conditionHolds,
  evaluateAlarm,
  isActive,
} from '../logic/alarm-state.ts';
import type { AlarmDefinition, AlarmOccurrence } from '../model/alarm.ts';
import type { CommandResult } from '../model/command.ts';
import { reason } from '../model/reason.ts';
import { lastValueOf, type TagValue } from '../model/tag.ts';
import type { InputImage } from './input-image.ts';
import type { TagIndex } from './tag-index.ts';

/** One alarm as it is kept over a restart. */
export interface KeptAlarm {
  readonly occurrence: AlarmOccurrence;
  /** Machines that raised it; empty for an alarm with a condition. */
  readonly raisedBy: readonly string[];
}

interface Entry {
  readonly definition: AlarmDefinition;
  readonly tag: number | null;
  memory: AlarmMemory;
  readonly raisedBy: Set<string>;
}

interface Times {
  readonly nowMs: number;
  readonly utcMs: number;
}

function scalarOf(value: TagValue): number | boolean | null {
  const scalar = lastValueOf(value);
  return typeof scalar === 'string' ? null : scalar;
}

/**
 * All alarms of the mill. Conditions are evaluated when their tag changes and when an on-delay is
 * over; the other alarms follow the machines, each staying active until every machine that raised
 * it has cleared it.
 */
export class AlarmEngine {
  readonly #image: InputImage;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #byTag = new Map<number, Entry[]>();
  readonly #delayed = new Set<Entry>();
  /** Those with an occurrence that is not over. */
  readonly #present = new Set<Entry>();
  readonly #changed: AlarmOccurrence[] = [];

  constructor(definitions: readonly AlarmDefinition[], index: TagIndex, image: InputImage) {
    this.#image = image;
    const entries = new Map<string, Entry>();
    for (const definition of definitions) {
      const tag = definition.condition === null ? null : index.find(definition.condition.tag);
      const entry: Entry = {
        definition,
        tag: tag ?? null,
        memory: ALARM_NORMAL,
        raisedBy: new Set(),
      };
      entries.set(definition.id, entry);
      if (tag !== null && tag !== undefined) {
        this.#byTag.set(tag, [...(this.#byTag.get(tag) ?? []), entry]);
      }
    }
    this.#entries = entries;
  }

  /** Whether this is an alarm that machines raise: the mill has it, and it has no condition. */
  isRaisable(alarm: string): boolean {
    return this.#entries.get(alarm)?.definition.condition === null;
  }

  /**
   * Takes up what was kept before a restart: the same occurrences, not raised again. An alarm of a
   * machine that starts anew (`stillKnows` false) has returned; if its cause is there, the machine
   * raises it again.
   */
  restore(kept: readonly KeptAlarm[], stillKnows: (machine: string) => boolean, at: Times): void {
    for (const { occurrence, raisedBy } of kept) {
      const entry = this.#entries.get(occurrence.alarmId);
      if (entry === undefined) continue;
      entry.memory = { occurrence, trueSinceMs: null };
      this.#present.add(entry);
      for (const machine of raisedBy) if (stillKnows(machine)) entry.raisedBy.add(machine);
      if (entry.tag === null) this.#evaluate(entry, at);
    }
  }

  raise(alarm: string, by: string, at: Times): void {
    const entry = this.#entries.get(alarm);
    if (entry === undefined || entry.tag !== null) return;
    entry.raisedBy.add(by);
    this.#evaluate(entry, at);
  }

  clear(alarm: string, by: string, at: Times): void {
    const entry = this.#entries.get(alarm);
    if (entry?.tag !== null || !entry.raisedBy.delete(by)) return;
    this.#evaluate(entry, at);
  }

  /** Ends a scan: conditions of changed tags and on-delays that are over. */
  evaluate(changed: Iterable<number>, at: Times): void {
    for (const tag of changed) {
      for (const entry of this.#byTag.get(tag) ?? []) this.#evaluate(entry, at);
    }
    for (const entry of this.#delayed) {
      const deadline = alarmDeadline(entry.definition, entry.memory);
      if (deadline === null) this.#delayed.delete(entry);
      else if (at.nowMs >= deadline) this.#evaluate(entry, at);
    }
  }

  acknowledge(alarm: string, user: string, comment: string, utcMs: number): CommandResult {
    const entry = this.#entries.get(alarm);
    if (entry === undefined) {
      return { accepted: false, reasons: [reason('target.unknown', { object: alarm })] };
    }
    const next = acknowledgeAlarm(entry.memory, user, comment, utcMs);
    if (next === entry.memory) {
      const state = entry.memory.occurrence?.state ?? 'Normal';
      const objects = { object: alarm, state, command: 'alarm.acknowledge' };
      return { accepted: false, reasons: [reason('command.not-in-state', objects)] };
    }
    this.#set(entry, next);
    return { accepted: true };
  }

  /** Occurrences that are not over, the newest first. */
  list(): AlarmOccurrence[] {
    return [...this.#present]
      .flatMap(({ memory }) => (memory.occurrence === null ? [] : [memory.occurrence]))
      .sort((a, b) => b.raisedTimeMs - a.raisedTimeMs);
  }

  /** Occurrences whose state changed since the last call, in order. */
  takeChanged(): AlarmOccurrence[] {
    return this.#changed.splice(0);
  }

  /** What has to be kept for a restart. */
  keep(): KeptAlarm[] {
    return [...this.#present].flatMap(({ memory, raisedBy }) =>
      memory.occurrence === null
        ? []
        : [{ occurrence: memory.occurrence, raisedBy: [...raisedBy] }],
    );
  }

  #evaluate(entry: Entry, at: Times): void {
    const { definition, tag, memory } = entry;
    const value = tag === null ? null : this.#image.value(tag);
    const active =
      value === null || definition.condition === null
        ? entry.raisedBy.size > 0
        : conditionHolds(definition.condition, value, isActive(memory.occurrence));
    const input = { ...at, active, value: value === null ? null : scalarOf(value) };
    this.#set(entry, evaluateAlarm(definition, memory, input));
    if (entry.memory.trueSinceMs === null) this.#delayed.delete(entry);
    else this.#delayed.add(entry);
  }

  #set(entry: Entry, next: AlarmMemory): void {
    const before = entry.memory.occurrence;
    entry.memory = next;
    if (next.occurrence === before || next.occurrence === null) return;
    this.#changed.push(next.occurrence);
    this.#present.add(entry);
    if (next.occurrence.state !== 'Normal') return;
    entry.memory = { ...next, occurrence: null };
    this.#present.delete(entry);
  }
}
