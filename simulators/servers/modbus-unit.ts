import type { ModbusAddress, TagDefinition, TagScalar } from '../../plc/model/tag.ts';
import { registersOf } from '../../plc/model/tag.ts';
import type { FieldImage } from './image.ts';
import type { BitArea, UnitData, WordArea } from './modbus-pdu.ts';
import { EXCEPTION, ModbusException } from './modbus-pdu.ts';
import { decodeWords, encodeWords } from './modbus-words.ts';

/**
 * Registers 0 to this of an area in which the unit has any tag can be read; where no tag lies they
 * read 0, so that a client may join blocks across gaps. Beyond it, and in areas without tags:
 * exception 02.
 */
export const READABLE_REGISTER_MIN = 199;

type Area = BitArea | WordArea;

interface MappedTag {
  readonly tag: TagDefinition;
  readonly address: ModbusAddress;
  readonly length: number;
}

/** One Modbus unit, its registers generated from the mill's tags. */
export class ModbusUnit implements UnitData {
  readonly unitId: number;
  private readonly image: FieldImage;
  private readonly areas: ReadonlyMap<Area, readonly MappedTag[]>;

  constructor(unitId: number, tags: readonly TagDefinition[], image: FieldImage) {
    this.unitId = unitId;
    this.image = image;
    const areas = new Map<Area, MappedTag[]>();
    for (const tag of tags) {
      const address = tag.address;
      if (address?.kind !== 'modbus' || address.unitId !== unitId) continue;
      const mapped = { tag, address, length: registersOf(address) };
      areas.set(address.area, [...(areas.get(address.area) ?? []), mapped]);
    }
    this.areas = areas;
  }

  readWords(area: WordArea, address: number, quantity: number): number[] {
    const words = Array.from({ length: quantity }, () => 0);
    for (const { tag, address: at, length } of this.readable(area, address, quantity)) {
      if (at.register + length <= address || at.register >= address + quantity) continue;
      encodeWords(at, this.image.read(tag.name)).forEach((word, index) => {
        const place = at.register + index - address;
        if (place >= 0 && place < quantity) words[place] = (words[place] ?? 0) | word;
      });
    }
    return words;
  }

  readBits(area: BitArea, address: number, quantity: number): boolean[] {
    const bits = Array.from({ length: quantity }, () => false);
    for (const { tag, address: at } of this.readable(area, address, quantity)) {
      const place = at.register - address;
      if (place >= 0 && place < quantity) bits[place] = this.image.read(tag.name) === true;
    }
    return bits;
  }

  writeBits(address: number, bits: readonly boolean[]): void {
    const writes = bits.map((bit, index): [string, TagScalar] => {
      const mapped = this.areas
        .get('coil')
        ?.find((one) => one.address.register === address + index);
      if (mapped === undefined) throw new ModbusException(EXCEPTION.illegalAddress);
      return [mapped.tag.name, bit];
    });
    for (const [name, value] of writes) this.image.write(name, value);
  }

  /**
   * Writes holding registers; all or nothing. Every register must belong to an output (else
   * exception 02). Of a value of two words one may be written alone. A number that is none, or
   * beyond the tag's range, is exception 03.
   */
  writeWords(address: number, words: readonly number[]): void {
    const end = address + words.length;
    const touched = (this.areas.get('holding') ?? []).filter(
      ({ address: at, length }) => at.register < end && at.register + length > address,
    );
    words.forEach((_, index) => {
      const register = address + index;
      const known = touched.some(
        ({ address: at, length, tag }) =>
          tag.direction === 'output' && register >= at.register && register < at.register + length,
      );
      if (!known) throw new ModbusException(EXCEPTION.illegalAddress);
    });
    const writes = touched.map(({ tag, address: at, length }): [TagDefinition, TagScalar] => {
      const present = this.readWords('holding', at.register, length);
      const next = present.map((word, index) => words[at.register + index - address] ?? word);
      return [tag, decodeWords(at, next)];
    });
    for (const [tag, value] of writes) checkRange(tag, value);
    for (const [tag, value] of writes) this.image.write(tag.name, value);
  }

  private readable(area: Area, address: number, quantity: number): readonly MappedTag[] {
    const mapped = this.areas.get(area);
    if (mapped === undefined) throw new ModbusException(EXCEPTION.illegalAddress);
    const highest = mapped.reduce(
      (most, { address: at, length }) => Math.max(most, at.register + length - 1),
      READABLE_REGISTER_MIN,
    );
    if (address + quantity - 1 > highest) throw new ModbusException(EXCEPTION.illegalAddress);
    return mapped;
  }
}

function checkRange(tag: TagDefinition, value: TagScalar): void {
  if (typeof value !== 'number') return;
  // The range is given in engineering units; allow for the rounding of the raw value.
  const slack = 1e-6 * Math.max(1, Math.abs(tag.range.high));
  const inside = value >= tag.range.low - slack && value <= tag.range.high + slack;
  if (!inside) throw new ModbusException(EXCEPTION.illegalValue);
}
