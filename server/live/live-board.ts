import type { AlarmOccurrence } from '../../plc/model/alarm.ts';
import { documentKey, type StatusDocument } from '../../plc/model/status.ts';
import type { LinkState } from '../contract/live.ts';

/** What changed on the board. */
export interface BoardEvents {
  alarms(list: readonly AlarmOccurrence[]): void;
  status(document: StatusDocument): void;
  link(state: LinkState): void;
}

/**
 * A mill has some hundred routes, lines and devices; beyond this something is wrong in the
 * controller.
 */
const DOCUMENTS_MAX = 5_000;

/** The last alarms list, status documents and link state: what a screen gets when it connects. */
export class LiveBoard {
  readonly #documents = new Map<string, StatusDocument>();
  readonly #listeners = new Set<BoardEvents>();
  #alarms: readonly AlarmOccurrence[] = [];
  #link: LinkState = { connected: false, sinceMs: Date.now(), speed: 1, databaseUp: false };

  get alarms(): readonly AlarmOccurrence[] {
    return this.#alarms;
  }

  get link(): LinkState {
    return this.#link;
  }

  documents(): readonly StatusDocument[] {
    return [...this.#documents.values()];
  }

  setAlarms(list: readonly AlarmOccurrence[]): void {
    this.#alarms = list;
    for (const listener of this.#listeners) listener.alarms(list);
  }

  setStatus(document: StatusDocument): void {
    const key = documentKey(document);
    if (!this.#documents.has(key) && this.#documents.size >= DOCUMENTS_MAX) return;
    this.#documents.set(key, document);
    for (const listener of this.#listeners) listener.status(document);
  }

  /** Changes part of the link state; `sinceMs` follows `connected` by itself. */
  setLink(change: Partial<Omit<LinkState, 'sinceMs'>>): void {
    const next = { ...this.#link, ...change };
    if (next.connected !== this.#link.connected) next.sinceMs = Date.now();
    const same =
      next.connected === this.#link.connected &&
      next.speed === this.#link.speed &&
      next.databaseUp === this.#link.databaseUp;
    this.#link = next;
    if (same) return;
    for (const listener of this.#listeners) listener.link(next);
  }

  listen(events: BoardEvents): () => void {
    this.#listeners.add(events);
    return () => this.#listeners.delete(events);
  }
}
