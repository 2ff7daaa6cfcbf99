import type { Mill } from '../mill/definition.ts';
import type { OutputImage } from './output-image.ts';
import type { TagIndex } from './tag-index.ts';

/**
 * How often each field controller hears from us, real ms; it goes to its safe state when it does
 * not.
 */
const BEAT_MS = 500;
const BEAT_MODULO = 65_536;

/**
 * Counts up the beat of every field controller. Driven by the scan, so that a stuck scan stops it.
 */
export class Heartbeat {
  readonly #outputs: OutputImage;
  readonly #tags: readonly number[];
  #beat = 0;
  #beatenMs = Number.NEGATIVE_INFINITY;

  constructor(mill: Mill, index: TagIndex, outputs: OutputImage) {
    this.#outputs = outputs;
    this.#tags = mill.devices
      .filter((device) => device.type === 'heartbeat')
      .map((device) => index.find(`${device.id}.Beat`))
      .filter((tag) => tag !== undefined);
  }

  /** Once a scan. */
  run(realMs: number): void {
    if (realMs - this.#beatenMs < BEAT_MS) return;
    this.#beatenMs = realMs;
    this.#beat = (this.#beat + 1) % BEAT_MODULO;
    for (const tag of this.#tags) this.#outputs.want(tag, this.#beat);
  }
}
