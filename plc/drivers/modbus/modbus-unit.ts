import type { ModbusConnection } from '../../model/connection.ts';
import type { TagValue } from '../../model/tag.ts';
import { doubt, good } from '../../model/tag.ts';
import type { DriverContext, FieldSample } from '../driver.ts';
import { LinkMonitor } from '../link-monitor.ts';
import type { ReportedValues } from '../reported-values.ts';
import { decode, encode, maskInOrder } from './codec.ts';
import type { ModbusSocket } from './modbus-socket.ts';
import { ModbusRefusal } from './modbus-socket.ts';
import type { RegisterWrite, TagWrite } from './pending-writes.ts';
import type { ModbusTag, ReadBlock } from './read-plan.ts';
import { spanOf } from './read-plan.ts';
import { UnitLink } from './unit-link.ts';

type Outcome<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'refused' | 'silent'; readonly error: string };

/** What all units of one connection share. */
export interface UnitSurroundings {
  readonly context: DriverContext<ModbusConnection>;
  readonly values: ReportedValues;
  readonly socket: ModbusSocket;
  /** Health of the connection: each answer of a unit is one of it. */
  readonly connection: LinkMonitor;
  readonly random: () => number;
}

/** One Modbus unit: reads its blocks, writes its registers, and knows whether it answers. */
export class ModbusUnit {
  readonly unitId: number;
  readonly blocks: readonly ReadBlock[];
  readonly #around: UnitSurroundings;
  readonly #link: UnitLink;
  readonly #monitor: LinkMonitor;
  readonly #refused = new Set<ReadBlock>();
  /** Holding registers as last read or written, to change single bits of them. */
  readonly #known = new Map<number, number>();

  constructor(unitId: number, blocks: readonly ReadBlock[], around: UnitSurroundings) {
    const { connection, sink, clock } = around.context;
    this.unitId = unitId;
    this.blocks = blocks;
    this.#around = around;
    this.#link = new UnitLink(unitId, connection.timeoutMs, around.random);
    this.#monitor = new LinkMonitor(sink, clock, connection.id, unitId);
  }

  /** It is known not to answer. */
  get silent(): boolean {
    return this.#link.silent;
  }

  isDue(nowMs: number): boolean {
    return this.#link.isDue(nowMs);
  }

  /** Reads a block and tells its values; false when the unit did not answer. */
  async read(block: ReadBlock): Promise<boolean> {
    const { start, count, area } = block;
    const outcome = await this.#ask((timeoutMs) =>
      this.#around.socket.read(this.unitId, area, start, count, timeoutMs),
    );
    if (outcome.kind === 'answered') {
      this.#refused.delete(block);
      this.#tell(block.tags, start, outcome.value);
      if (area === 'holding') this.#remember(start, outcome.value);
    } else if (outcome.kind === 'refused') {
      this.#refuse(block, outcome.error);
    }
    return outcome.kind !== 'silent';
  }

  /** Writes one register and reads it back; tells what became of each tag's write. */
  async send({ register, writes }: RegisterWrite): Promise<void> {
    const area = writes[0]?.tag.address.area === 'coil' ? 'coil' : 'holding';
    const count = Math.max(...writes.map(({ tag }) => spanOf(tag.address)));
    const known = await this.#knownWord(writes, register);
    if (typeof known === 'string') return this.#tellWritten(writes, known);
    const { words, taken } = this.#fold(writes, known);
    if (taken.length === 0) return;
    this.#known.delete(register);
    const { socket } = this.#around;
    const sent = await this.#ask((timeoutMs) =>
      socket.write(this.unitId, area, register, words, timeoutMs),
    );
    if (sent.kind !== 'answered') return this.#tellWritten(taken, sent.error);
    const back = await this.#ask((timeoutMs) =>
      socket.read(this.unitId, area, register, count, timeoutMs),
    );
    if (back.kind !== 'answered') {
      return this.#tellWritten(taken, `not read back: ${back.error}`);
    }
    if (area === 'holding') this.#remember(register, back.value);
    this.#tell(
      taken.map(({ tag }) => tag),
      register,
      back.value,
    );
    for (const one of taken) {
      const wanted = decode(one.tag.address, words);
      const found = decode(one.tag.address, back.value);
      this.#tellWritten([one], Object.is(wanted, found) ? null : `read back ${found}`);
    }
  }

  /** The way to the unit is lost. */
  cutOff(error: string): void {
    this.#link.cutOff();
    this.#monitor.lost(error);
    this.#forget();
  }

  async #ask<T>(request: (timeoutMs: number) => Promise<T>): Promise<Outcome<T>> {
    const { clock } = this.#around.context;
    const sentMs = clock.nowMs();
    try {
      const value = await request(this.#link.patienceMs);
      this.#answered(clock.nowMs() - sentMs);
      return { kind: 'answered', value };
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      if (cause instanceof ModbusRefusal && !cause.unitIsSilent) {
        this.#answered(clock.nowMs() - sentMs);
        return { kind: 'refused', error };
      }
      this.#missed(error);
      return { kind: 'silent', error };
    }
  }

  #answered(elapsedMs: number): void {
    const { context, connection } = this.#around;
    const roundTripMs = Math.max(0, elapsedMs);
    if (!this.#monitor.online) {
      context.log.info('Modbus unit answers', {
        connection: context.connection.id,
        unitId: this.unitId,
      });
    }
    this.#link.answered(roundTripMs);
    this.#monitor.answered(roundTripMs);
    connection.answered(roundTripMs);
  }

  #missed(error: string): void {
    const { context } = this.#around;
    this.#link.missed(context.clock.nowMs());
    if (!this.silent) return;
    if (this.#monitor.online) {
      const about = { connection: context.connection.id, unitId: this.unitId, error };
      context.log.warn('Modbus unit is silent; check its power and cable', about);
    }
    this.#monitor.lost(error);
    this.#forget();
  }

  #forget(): void {
    this.#known.clear();
    this.#around.values.tellBad(this.blocks.flatMap((block) => block.tags.map((tag) => tag.name)));
  }

  #refuse(block: ReadBlock, error: string): void {
    if (!this.#refused.has(block)) {
      this.#refused.add(block);
      this.#around.context.log.warn('Modbus unit refuses a read; check the register addresses', {
        connection: this.#around.context.connection.id,
        unitId: this.unitId,
        area: block.area,
        start: block.start,
        count: block.count,
        error,
      });
    }
    this.#around.values.tellBad(block.tags.map((tag) => tag.name));
  }

  #tell(tags: readonly ModbusTag[], start: number, words: readonly number[]): void {
    const nowMs = this.#around.context.clock.nowMs();
    const samples = tags.map(({ name, address }): FieldSample => {
      const offset = address.register - start;
      const value = decode(address, words.slice(offset, offset + spanOf(address)));
      return { tag: name, value: this.#valueOf(name, value, nowMs) };
    });
    this.#around.values.tellChanges(samples, nowMs);
  }

  #valueOf(tag: string, value: ReturnType<typeof decode>, nowMs: number): TagValue {
    if (value !== null) return good(value, nowMs);
    return doubt(this.#around.values.last(tag), 'bad');
  }

  #remember(start: number, words: readonly number[]): void {
    words.forEach((word, index) => {
      this.#known.set(start + index, word);
    });
  }

  /** What the register holds, read only if a bit of it is to be written and it is not known. */
  async #knownWord(writes: readonly TagWrite[], register: number): Promise<number | string> {
    const needsIt = writes.some(
      ({ tag }) => tag.address.area === 'holding' && maskInOrder(tag.address) !== 0xffff,
    );
    const known = this.#known.get(register);
    if (!needsIt || known !== undefined) return known ?? 0;
    const outcome = await this.#ask((timeoutMs) =>
      this.#around.socket.read(this.unitId, 'holding', register, 1, timeoutMs),
    );
    return outcome.kind === 'answered' ? (outcome.value[0] ?? 0) : outcome.error;
  }

  /**
   * All writes of one register in one image of it; a value that cannot be encoded is told as
   * failed.
   */
  #fold(
    writes: readonly TagWrite[],
    known: number,
  ): { words: readonly number[]; taken: readonly TagWrite[] } {
    let words: readonly number[] = [known];
    const taken: TagWrite[] = [];
    for (const one of writes) {
      const encoded = encode(one.tag.address, one.write.value, words[0]);
      if ('fault' in encoded) {
        this.#tellWritten([one], encoded.fault);
      } else {
        words = encoded.words;
        taken.push(one);
      }
    }
    return { words, taken };
  }

  #tellWritten(writes: readonly TagWrite[], error: string | null): void {
    for (const { write } of writes) {
      this.#around.context.sink.written({ ...write, ok: error === null, error });
    }
  }
}
