import type { TagScalar, TagValue } from '../../model/tag.ts';
import { doubt, good } from '../../model/tag.ts';
import type { FieldSample } from '../driver.ts';
import type { ReportedValues } from '../reported-values.ts';
import type { Decoder } from './codec.ts';
import { decoderOf } from './codec.ts';
import type { ModbusTag, ReadBlock } from './read-plan.ts';
import { isBitArea, spanOf } from './read-plan.ts';

interface Slot {
  readonly tag: ModbusTag;
  readonly decode: Decoder;
  /** Byte in the answer for registers, bit for coils and discrete inputs. */
  readonly at: number;
  value: TagScalar | null;
}

/**
 * One request, and what was told of its last answer. Most registers hold what they held
 * before: only those that differ are decoded, and only for what changed is anything allocated.
 */
export class ReadPart {
  readonly block: ReadBlock;
  readonly names: readonly string[];
  /** The device refuses it, and it cannot be split further. */
  isRefused = false;
  readonly #slots: readonly Slot[];
  /** The bytes that each slot is in, from the first to behind the last, side by side in memory. */
  readonly #bounds: Uint16Array;
  /** The last answer as far as all of it was told; null when anything else was told since. */
  #told: Buffer | null = null;

  constructor(block: ReadBlock) {
    this.block = block;
    this.names = block.tags.map((tag) => tag.name);
    const isBit = isBitArea(block.area);
    this.#bounds = new Uint16Array(2 * block.tags.length);
    this.#slots = block.tags.map((tag, index) => {
      const offset = tag.address.register - block.start;
      this.#bounds[2 * index] = isBit ? offset >> 3 : 2 * offset;
      this.#bounds[2 * index + 1] = isBit ? (offset >> 3) + 1 : 2 * (offset + spanOf(tag.address));
      return { tag, decode: decoderOf(tag.address), at: isBit ? offset : 2 * offset, value: null };
    });
  }

  /** Tells an answer; gives the tags whose registers have begun to hold no usable value. */
  tell(bytes: Buffer, nowMs: number, values: ReportedValues): readonly ModbusTag[] {
    const told = this.#told;
    this.#told = bytes;
    const unusable: ModbusTag[] = [];
    const changed: FieldSample[] = [];
    const count = told?.equals(bytes) === true ? 0 : this.#slots.length;
    for (let index = 0; index < count; index++) {
      if (told !== null && this.#isSame(index, told, bytes)) continue;
      const slot = this.#slots[index];
      if (slot === undefined) break;
      const value = slot.decode(bytes, slot.at);
      if (told !== null && Object.is(value, slot.value)) continue;
      if (value === null) unusable.push(slot.tag);
      slot.value = value;
      changed.push({ tag: slot.tag.name, value: reportedOf(slot.tag.name, value, nowMs, values) });
    }
    if (told === null) {
      values.tellChanges(changed, nowMs);
    } else {
      values.tell(changed);
      // A changed value may be confirmed as well: both mean that it was seen now.
      values.confirm(this.names, nowMs);
    }
    return unusable;
  }

  /** Something else was told of these tags, or may have been written to their registers. */
  forget(): void {
    this.#told = null;
  }

  #isSame(index: number, told: Buffer, bytes: Buffer): boolean {
    const end = this.#bounds[2 * index + 1] ?? 0;
    for (let at = this.#bounds[2 * index] ?? 0; at < end; at++) {
      if (told[at] !== bytes[at]) return false;
    }
    return true;
  }
}

function reportedOf(
  tag: string,
  value: TagScalar | null,
  nowMs: number,
  values: ReportedValues,
): TagValue {
  return value === null ? doubt(values.last(tag), 'bad') : good(value, nowMs);
}
