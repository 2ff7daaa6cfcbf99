import type { ModbusAddress, ModbusArea, TagDefinition } from '../../model/tag.ts';
import { registersOf } from '../../model/tag.ts';

/**
 * Most coils or discrete inputs in one request (Modbus Application Protocol 1.1b3, 6.1 and 6.2).
 */
const BITS_PER_READ_MAX = 2_000;
/** Most registers in one request (the same, 6.3 and 6.4). */
const REGISTERS_PER_READ_MAX = 125;

/** A tag of a Modbus connection with its address. */
export interface ModbusTag {
  readonly name: string;
  readonly address: ModbusAddress;
}

/** One read request and the tags that its answer holds. */
export interface ReadBlock {
  readonly unitId: number;
  readonly area: ModbusArea;
  readonly start: number;
  readonly count: number;
  readonly tags: readonly ModbusTag[];
}

/** What a device takes in one request. */
export interface ReadLimits {
  /** Registers (or bits) that may be read in vain to join two blocks. */
  readonly gapLimit: number;
  readonly registersPerReadMax: number;
}

/** The tags of one Modbus connection; others are left out. */
export function modbusTags(tags: readonly TagDefinition[], connection: string): ModbusTag[] {
  return tags.flatMap(({ name, address }) =>
    address?.kind === 'modbus' && address.connection === connection ? [{ name, address }] : [],
  );
}

/**
 * How many addresses of its area a tag takes: bits have one each, registers as the encoding needs.
 */
export function spanOf(address: ModbusAddress): number {
  return isBitArea(address.area) ? 1 : registersOf(address);
}

/** Coils and discrete inputs are bits, the other areas 16-bit registers. */
export function isBitArea(area: ModbusArea): boolean {
  return area === 'coil' || area === 'discrete';
}

/**
 * The fewest requests that read all tags: per unit and area, neighbours joined over gaps up to the
 * limit, never more than the device takes at once, and a value of two registers always whole in one
 * request, or its halves could come from two different moments. Ordered by unit, area and register.
 */
export function planReads(tags: readonly ModbusTag[], limits: ReadLimits): ReadBlock[] {
  const sorted = [...tags].sort((a, b) => byPlace(a.address, b.address));
  const blocks: ReadBlock[] = [];
  for (const tag of sorted) {
    const block = blocks.at(-1);
    const joined = block === undefined ? null : join(block, tag, limits);
    if (joined === null) blocks.push(blockOf(tag));
    else blocks[blocks.length - 1] = joined;
  }
  return blocks;
}

function byPlace(a: ModbusAddress, b: ModbusAddress): number {
  return a.unitId - b.unitId || a.area.localeCompare(b.area) || a.register - b.register;
}

function blockOf(tag: ModbusTag): ReadBlock {
  const { unitId, area, register } = tag.address;
  return { unitId, area, start: register, count: spanOf(tag.address), tags: [tag] };
}

/** The block with the tag in it, or null where it needs a request of its own. */
function join(block: ReadBlock, tag: ModbusTag, limits: ReadLimits): ReadBlock | null {
  const { unitId, area, register } = tag.address;
  if (block.unitId !== unitId || block.area !== area) return null;
  const blockEnd = block.start + block.count;
  if (register - blockEnd > limits.gapLimit) return null;
  const count = Math.max(blockEnd, register + spanOf(tag.address)) - block.start;
  if (count > perReadMax(area, limits)) return null;
  return { ...block, count, tags: [...block.tags, tag] };
}

function perReadMax(area: ModbusArea, limits: ReadLimits): number {
  if (isBitArea(area)) return BITS_PER_READ_MAX;
  return Math.min(REGISTERS_PER_READ_MAX, limits.registersPerReadMax);
}
