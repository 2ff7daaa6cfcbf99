import type { ModbusAddress, TagDefinition, TagScalar, WordOrder } from '../../plc/model/tag.ts';
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

/** One area's registers (or bits) as they are read, kept up to date by each change of a tag. */
interface Block {
  readonly tags: MappedTag[];
  readonly byRegister: Map<number, MappedTag[]>;
  words: Uint16Array;
}

function blocksOf(unitId: number, tags: readonly TagDefinition[]): Map<Area, Block> {
  const blocks = new Map<Area, Block>();
  for (const tag of tags) {
    const { address } = tag;
    if (address?.kind !== 'modbus' || address.unitId !== unitId) continue;
    const mapped = { tag, address, length: registersOf(address) };
    const block = blocks.get(address.area) ?? {
      tags: [],
      byRegister: new Map<number, MappedTag[]>(),
      words: new Uint16Array(READABLE_REGISTER_MIN + 1),
    };
    blocks.set(address.area, block);
    block.tags.push(mapped);
    for (let word = 0; word < mapped.length; word++) {
      const register = address.register + word;
      block.byRegister.set(register, [...(block.byRegister.get(register) ?? []), mapped]);
    }
    const size = address.register + mapped.length;
    if (size > block.words.length) block.words = new Uint16Array(size);
  }
  return blocks;
}

/** One Modbus unit, its registers generated from the mill's tags. */
export class ModbusUnit implements UnitData {
  readonly unitId: number;
  private readonly image: FieldImage;
  private readonly blocks: ReadonlyMap<Area, Block>;
  private wordOrder: WordOrder | null = null;

  constructor(unitId: number, tags: readonly TagDefinition[], image: FieldImage) {
    this.unitId = unitId;
    this.image = image;
    this.blocks = blocksOf(unitId, tags);
    for (const block of this.blocks.values()) {
      for (const mapped of block.tags) {
        this.show(block, mapped, image.read(mapped.tag.name));
        image.watch(mapped.tag.name, (value) => this.show(block, mapped, value));
      }
    }
  }

  /** Serves values of several words in another order of bytes; null: as the mill file says. */
  setWordOrder(order: WordOrder | null): void {
    if (order === this.wordOrder) return;
    this.wordOrder = order;
    for (const block of this.blocks.values()) {
      for (const mapped of block.tags) this.show(block, mapped, this.image.read(mapped.tag.name));
    }
  }

  readWords(area: WordArea, address: number, quantity: number): number[] {
    const { words } = this.readable(area, address, quantity);
    return Array.from(words.subarray(address, address + quantity));
  }

  readBits(area: BitArea, address: number, quantity: number): boolean[] {
    const { words } = this.readable(area, address, quantity);
    return Array.from(words.subarray(address, address + quantity), (word) => word !== 0);
  }

  writeBits(address: number, bits: readonly boolean[]): void {
    const writes = bits.map((bit, index): [string, TagScalar] => {
      const mapped = this.blocks.get('coil')?.byRegister.get(address + index)?.[0];
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
    const block = this.blocks.get('holding');
    const touched = new Set<MappedTag>();
    words.forEach((_, index) => {
      const there = block?.byRegister.get(address + index) ?? [];
      if (!there.some(({ tag }) => tag.direction === 'output')) {
        throw new ModbusException(EXCEPTION.illegalAddress);
      }
      for (const mapped of there) touched.add(mapped);
    });
    const writes = [...touched].map((mapped): [TagDefinition, TagScalar] => {
      const { register } = mapped.address;
      const present = this.readWords('holding', register, mapped.length);
      const next = present.map((word, index) => words[register + index - address] ?? word);
      return [mapped.tag, decodeWords(this.served(mapped.address), next)];
    });
    for (const [tag, value] of writes) checkRange(tag, value);
    for (const [tag, value] of writes) this.image.write(tag.name, value);
  }

  private served(address: ModbusAddress): ModbusAddress {
    return this.wordOrder === null ? address : { ...address, wordOrder: this.wordOrder };
  }

  /** Puts a value into its registers; the other bits of a register of bits stay. */
  private show({ words }: Block, { address, length }: MappedTag, value: TagScalar): void {
    const { area, register } = address;
    if (area === 'coil' || area === 'discrete') {
      words[register] = value === true ? 1 : 0;
      return;
    }
    const encoded = encodeWords(this.served(address), value);
    if (address.encoding === 'bool') {
      const mask = 1 << (address.bit ?? 0);
      words[register] = ((words[register] ?? 0) & ~mask) | (encoded[0] ?? 0);
      return;
    }
    for (let word = 0; word < length; word++) words[register + word] = encoded[word] ?? 0;
  }

  private readable(area: Area, address: number, quantity: number): Block {
    const block = this.blocks.get(area);
    if (block === undefined || address + quantity > block.words.length) {
      throw new ModbusException(EXCEPTION.illegalAddress);
    }
    return block;
  }
}

function checkRange(tag: TagDefinition, value: TagScalar): void {
  if (typeof value !== 'number') return;
  // The range is given in engineering units; allow for the rounding of the raw value.
  const slack = 1e-6 * Math.max(1, Math.abs(tag.range.high));
  const inside = value >= tag.range.low - slack && value <= tag.range.high + slack;
  if (!inside) throw new ModbusException(EXCEPTION.illegalValue);
}
