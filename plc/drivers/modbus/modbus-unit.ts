import { BlockReading } from './block-reading.ts';
import { unusableReason } from './codec.ts';
import type { RegisterWrite } from './pending-writes.ts';
import type { ReadPart } from './read-part.ts';
import type { ModbusTag, ReadBlock } from './read-plan.ts';
import type { Outcome, UnitSurroundings } from './unit-requests.ts';
import { UnitRequests } from './unit-requests.ts';
import { UnitWriter } from './unit-writer.ts';

/** A block that is being halved takes at most so many requests in one scan. */
const SPLIT_REQUESTS_MAX = 16;

/** One Modbus unit: reads its blocks, writes its registers, and knows whether it answers. */
export class ModbusUnit {
  readonly unitId: number;
  readonly readings: readonly BlockReading[];
  readonly #around: UnitSurroundings;
  readonly #requests: UnitRequests;
  readonly #writer: UnitWriter;
  readonly #toldUnusable = new Set<string>();
  #unmonitored: readonly string[] = [];

  constructor(unitId: number, blocks: readonly ReadBlock[], around: UnitSurroundings) {
    this.unitId = unitId;
    this.readings = blocks.map((block) => new BlockReading(block));
    this.#around = around;
    this.#requests = new UnitRequests(unitId, around);
    this.#writer = new UnitWriter(this.#requests, this.readings, around);
  }

  /** It is known not to answer. */
  get silent(): boolean {
    return this.#requests.silent;
  }

  isDue(nowMs: number): boolean {
    return this.#requests.isDue(nowMs);
  }

  /**
   * Reads a block and tells its values; false when the unit did not answer.
   * @param goesOn asked before each request but the first; false ends the reading.
   */
  async read(reading: BlockReading, goesOn: () => Promise<boolean>): Promise<boolean> {
    const { clock } = this.#around.context;
    let queue = reading.due(clock.nowMs());
    const most = queue.length + SPLIT_REQUESTS_MAX;
    for (let asked = 0, at = 0; asked < most && at < queue.length; asked++) {
      const part = queue[at++];
      if (part === undefined || (asked > 0 && !(await goesOn()))) break;
      const { area, start, count } = part.block;
      const outcome = await this.#requests.ask((timeoutMs) =>
        this.#around.client.read(this.unitId, area, start, count, timeoutMs),
      );
      if (outcome.kind === 'silent') {
        if (this.silent) this.#forget();
        return false;
      }
      if (outcome.kind === 'answered') this.#take(reading, part, outcome.value);
      else {
        queue = [...this.#refuse(reading, part, outcome), ...queue.slice(at)];
        at = 0;
      }
    }
    return true;
  }

  /** Sends a write and tells what became of each tag's. */
  async send(write: RegisterWrite): Promise<void> {
    await this.#writer.send(write);
    if (this.silent) this.#forget();
  }

  /** The way to the unit is lost. */
  cutOff(error: string): void {
    this.#requests.cutOff(error);
    this.#forget();
  }

  #take(reading: BlockReading, part: ReadPart, bytes: Buffer): void {
    const { context, values } = this.#around;
    if (reading.answered(part)) this.#noteUnmonitored();
    const unusable = part.tell(bytes, context.clock.nowMs(), values);
    for (const tag of unusable) this.#warnUnusable(tag);
  }

  #refuse(
    reading: BlockReading,
    part: ReadPart,
    { error, meaning }: Extract<Outcome<unknown>, { kind: 'refused' }>,
  ): readonly ReadPart[] {
    const { context, values } = this.#around;
    const wasRefused = part.isRefused;
    const instead = reading.refused(part, meaning, context.clock.nowMs());
    if (instead.length > 0) return instead;
    if (meaning.tags === 'bad') values.tellBad(part.names);
    if (part.isRefused && !wasRefused) {
      const { area, start, count } = part.block;
      context.log.warn('Modbus unit refuses a read; check the register addresses', {
        connection: context.connection.id,
        unitId: this.unitId,
        area,
        start,
        count,
        error,
      });
    }
    this.#noteUnmonitored();
    return instead;
  }

  #noteUnmonitored(): void {
    const refused = this.readings.flatMap((reading) => reading.refusedTags);
    if (refused.join() === this.#unmonitored.join()) return;
    this.#unmonitored = refused;
    this.#requests.note(refused);
  }

  #warnUnusable({ name, address }: ModbusTag): void {
    if (this.#toldUnusable.has(name)) return;
    this.#toldUnusable.add(name);
    this.#around.context.log.warn('a Modbus register holds no usable value; check its type', {
      tag: name,
      register: address.register,
      encoding: address.encoding,
      wordOrder: address.wordOrder,
      fault: unusableReason(address.encoding),
    });
  }

  #forget(): void {
    for (const reading of this.readings) {
      reading.forget();
      this.#around.values.tellBad(reading.whole.names);
    }
  }
}
