/**
 * Goal: what goes over an unprotected OPC UA connection, read from its bytes (OPC UA Part 6,
 * 6.7.2): how many requests of each kind, and a server that falls silent at a chosen moment.
 */
import type { Tap } from './driver-proxy.ts';

/** Binary encoding ids of services (OPC UA Part 6, annex A). */
const SERVICES: Readonly<Record<number, string>> = {
  631: 'Read',
  673: 'Write',
  751: 'CreateMonitoredItems',
  754: 'CreateMonitoredItemsResponse',
  826: 'Publish',
  829: 'PublishResponse',
};
const SIZE_AT = 4;
/** Type and size 8, channel 4, token 4, sequence 4, request 4. */
const BODY_AT = 24;
const REQUEST_AT = 20;
/** A node id of four bytes: encoding 1, namespace 0, number. */
const FOUR_BYTE_NS0 = 0x0001;

export class OpcUaWire {
  /** Messages so far, by service. */
  readonly counts = new Map<string, number>();
  /** Says after which message of the server nothing more of it is let through. */
  silentFrom: ((service: string, seen: ReadonlyMap<string, number>) => boolean) | null = null;

  count(service: string): number {
    return this.counts.get(service) ?? 0;
  }

  /** For `FreezingProxy.tapOf`: the tap of one connection. */
  readonly tapOf = (): Tap => {
    const readers = { client: new FrameReader(), server: new FrameReader() };
    const seen = new Map<string, number>();
    let isSilent = false;
    return (chunk, from) => {
      const passed: Buffer[] = [];
      for (const frame of readers[from].frames(chunk)) {
        const service = readers[from].serviceOf(frame);
        if (service !== null) {
          seen.set(service, (seen.get(service) ?? 0) + 1);
          this.counts.set(service, this.count(service) + 1);
          if (from === 'server' && this.silentFrom?.(service, seen) === true) isSilent = true;
        }
        if (from === 'client' || !isSilent) passed.push(frame);
      }
      return Buffer.concat(passed);
    };
  };
}

/** Cuts one direction of a connection into its frames. */
class FrameReader {
  #rest = Buffer.alloc(0);
  #lastRequest = -1;

  frames(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    while (this.#rest.length >= SIZE_AT + 4) {
      const size = this.#rest.readUInt32LE(SIZE_AT);
      if (this.#rest.length < size) break;
      frames.push(this.#rest.subarray(0, size));
      this.#rest = this.#rest.subarray(size);
    }
    return frames;
  }

  /** The service of a message by its first chunk; null for all else. */
  serviceOf(frame: Buffer): string | null {
    if (frame.toString('latin1', 0, 3) !== 'MSG' || frame.length < BODY_AT + 4) return null;
    const request = frame.readUInt32LE(REQUEST_AT);
    const isFurther = request === this.#lastRequest;
    this.#lastRequest = request;
    if (isFurther || frame.readUInt16LE(BODY_AT) !== FOUR_BYTE_NS0) return null;
    return SERVICES[frame.readUInt16LE(BODY_AT + 2)] ?? 'other';
  }
}
