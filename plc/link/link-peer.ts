import type { Socket } from 'socket.io';
import { qualityCode } from '../model/quality.ts';
import { documentKey, type StatusDocument } from '../model/status.ts';
import type { TagValue } from '../model/tag.ts';
import type { Controller } from '../runtime/controller.ts';
import type { LinkFrame, TagChange } from './contract.ts';

/** Packets that may wait in a peer's socket before frames are held back. */
const WAITING_PACKETS_MAX = 32;

function change(index: number, of: TagValue): TagChange {
  const raw = of.quality === 'good' ? of.value : of.lastValue;
  const usable = typeof raw !== 'number' || Number.isFinite(raw);
  return [
    index,
    usable ? qualityCode(of.quality) : qualityCode('bad'),
    usable ? raw : null,
    Math.max(0, Math.round(of.sourceTimeMs)),
    Math.max(0, Math.round(of.receivedTimeMs)),
  ];
}

/**
 * One connected server: what it has not been told yet. Bounded by the tag table; while its socket
 * does not take what was sent, changes are dropped and it gets a full frame afterwards.
 */
export class LinkPeer {
  readonly socket: Socket;
  readonly #controller: Controller;
  #sequence = 0;
  #full = true;
  #changed = new Set<number>();
  #documents = new Map<string, StatusDocument>();
  #alarms = true;

  constructor(socket: Socket, controller: Controller) {
    this.socket = socket;
    this.#controller = controller;
    for (const document of controller.documents) this.status(document);
  }

  changed(tags: ReadonlySet<number>): void {
    if (this.#full) return;
    for (const tag of tags) this.#changed.add(tag);
  }

  status(document: StatusDocument): void {
    this.#documents.set(documentKey(document), document);
  }

  alarmsChanged(): void {
    this.#alarms = true;
  }

  /** Sends what has gathered, if the socket takes it. */
  flush(utcMs: number): void {
    if (this.#isSlow()) {
      this.#full = true;
      this.#changed.clear();
      return;
    }
    this.#sendFrame(utcMs);
    if (this.#alarms) this.socket.emit('alarms', this.#controller.alarms.slice(0, 2_000));
    this.#alarms = false;
    for (const document of this.#documents.values()) this.socket.emit('status', document);
    this.#documents.clear();
  }

  #sendFrame(utcMs: number): void {
    if (!this.#full && this.#changed.size === 0) return;
    const { mill } = this.#controller;
    const tags = this.#full ? mill.tags.keys() : this.#changed;
    const changes = [...tags].map((tag) => change(tag, this.#controller.valueAt(tag)));
    this.#sequence += 1;
    const frame: LinkFrame = { sequence: this.#sequence, full: this.#full, timeMs: utcMs, changes };
    this.socket.emit('frame', frame);
    this.#full = false;
    this.#changed.clear();
  }

  #isSlow(): boolean {
    const { writeBuffer } = this.socket.conn as unknown as { writeBuffer: readonly unknown[] };
    return writeBuffer.length > WAITING_PACKETS_MAX;
  }
}
