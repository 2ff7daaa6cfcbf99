import type { TagScalar, TagValue } from '../../model/tag.ts';
import { doubt, good } from '../../model/tag.ts';
import type { FieldSample } from '../driver.ts';
import type { ReportedValues } from '../reported-values.ts';
import type { Decoder } from './codec.ts';
import { decoderOf } from './codec.ts';
import type { ModbusTag, ReadBlock } from './read-plan.ts';
import { isBitArea } from './read-plan.ts';

interface Slot {
  readonly tag: ModbusTag;
  readonly decode: Decoder;
  /** Byte in the answer for registers, bit for coils and discrete inputs. */
  readonly at: number;
  value: TagScalar | null;
}

/**
 * One request, and what was told of its last answer. Most answers are the same as the last one:
 * then nothing is decoded and nothing allocated, the tags are only confirmed.
 */
export class ReadPart {
  readonly block: ReadBlock;
  readonly names: readonly string[];
  /** The device refuses it, and it cannot be split further. */
  isRefused = false;
  readonly #slots: readonly Slot[];
  /** The last answer as far as all of it was told; null when anything else was told since. */
  #told: Buffer | null = null;

  constructor(block: ReadBlock) {
    this.block = block;
    this.names = block.tags.map((tag) => tag.name);
    const size = isBitArea(block.area) ? 1 : 2;
    this.#slots = block.tags.map((tag) => ({
      tag,
      decode: decoderOf(tag.address),
      at: size * (tag.address.register - block.start),
      value: null,
    }));
  }

  /** Tells an answer; gives the tags whose registers have begun to hold no usable value. */
  tell(bytes: Buffer, nowMs: number, values: ReportedValues): readonly ModbusTag[] {
    const told = this.#told;
    if (told?.equals(bytes)) {
      values.confirm(this.names, nowMs);
      return [];
    }
    const unusable: ModbusTag[] = [];
    const changed: FieldSample[] = [];
    for (const slot of this.#slots) {
      const value = slot.decode(bytes, slot.at);
      if (told !== null && Object.is(value, slot.value)) continue;
      if (value === null) unusable.push(slot.tag);
      slot.value = value;
      changed.push({ tag: slot.tag.name, value: reportedOf(slot.tag.name, value, nowMs, values) });
    }
    this.#told = bytes;
    values.tellChanges(changed, nowMs);
    // A changed value may be confirmed as well: both mean that it was seen now.
    if (changed.length < this.names.length) values.confirm(this.names, nowMs);
    return unusable;
  }

  /** Something else was told of these tags, or may have been written to their registers. */
  forget(): void {
    this.#told = null;
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
