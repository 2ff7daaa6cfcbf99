import type { ModbusLimits, ModbusUnitDefinition } from '../../model/connection.ts';
import type { ModbusAddress, ModbusArea, ScanClassMs, TagDefinition } from '../../model/tag.ts';
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
  /** How often it is read at least. */
  readonly scanMs: ScanClassMs;
}

/** One read request and the tags that its answer holds. */
export interface ReadBlock {
  readonly unitId: number;
  readonly area: ModbusArea;
  readonly scanMs: ScanClassMs;
  readonly start: number;
  readonly count: number;
  /** In the order of their registers. */
  readonly tags: readonly ModbusTag[];
}

/** What the devices of a connection take in one request, and the units that differ. */
export interface PlanLimits extends Pick<ModbusLimits, 'gapLimit' | 'registersPerReadMax'> {
  readonly units?: Readonly<Record<number, ModbusUnitDefinition>>;
}

/** The tags of one Modbus connection; others are left out. */
export function modbusTags(tags: readonly TagDefinition[], connection: string): ModbusTag[] {
  return tags.flatMap(({ name, address, scanMs }) =>
    address?.kind === 'modbus' && address.connection === connection
      ? [{ name, address, scanMs }]
      : [],
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
 * The fewest requests that read all tags often enough. A block is of one unit, area and scan class;
 * it spans gaps up to the limit, is never more than the device takes at once, and holds each value
 * whole, or its halves could come from two different moments. A slower tag that lies inside a
 * faster block is read with it and needs no request. Ordered by unit, area, class and register.
 */
export function planReads(tags: readonly ModbusTag[], limits: PlanLimits): ReadBlock[] {
  const sorted = [...tags].sort((a, b) => byPlace(a.address, b.address));
  const places = Map.groupBy(sorted, ({ address }) => `${address.unitId}/${address.area}`);
  return [...places.values()].flatMap((place) => planPlace(place, limits));
}

/** One request for these tags of one unit and area. */
export function blockOf(
  tags: readonly [ModbusTag, ...ModbusTag[]],
  scanMs: ScanClassMs,
): ReadBlock {
  const { unitId, area } = tags[0].address;
  const start = Math.min(...tags.map(({ address }) => address.register));
  const end = Math.max(...tags.map(({ address }) => address.register + spanOf(address)));
  return { unitId, area, scanMs, start, count: end - start, tags };
}

function byPlace(a: ModbusAddress, b: ModbusAddress): number {
  return a.unitId - b.unitId || a.area.localeCompare(b.area) || a.register - b.register;
}

/** Tags of one unit and area, by register, the fastest class first. */
function planPlace(tags: readonly ModbusTag[], limits: PlanLimits): ReadBlock[] {
  const planned: ReadBlock[] = [];
  const occupied = new Set(tags.flatMap(({ address }) => registersIn(address)));
  const classes = [...new Set(tags.map((tag) => tag.scanMs))].sort((a, b) => a - b);
  for (const scanMs of classes) {
    const own: ModbusTag[] = [];
    for (const tag of tags) {
      if (tag.scanMs !== scanMs) continue;
      const index = planned.findIndex((block) => holds(block, tag));
      const faster = planned[index];
      if (faster === undefined) own.push(tag);
      else planned[index] = { ...faster, tags: [...faster.tags, tag] };
    }
    planned.push(...cover(own, scanMs, limits, occupied));
  }
  return planned.map((block) => ({
    ...block,
    tags: block.tags.toSorted((a, b) => byPlace(a.address, b.address)),
  }));
}

function holds(block: ReadBlock, { address }: ModbusTag): boolean {
  const end = address.register + spanOf(address);
  return block.start <= address.register && end <= block.start + block.count;
}

/**
 * The fewest blocks that hold these tags, taken from left to right, each as far as it may go. No
 * plan can do with fewer: whatever the others are, some block has to hold the first tag; it cannot
 * begin later than that tag, so it cannot reach further than the one that begins there; and a gap
 * or a length that ends ours would end it too. So after k blocks ours have come at least as far as
 * any k blocks. (A value longer than the device gives at once gets a block of its own, and the
 * device's refusal shows as the tag's.)
 */
function cover(
  tags: readonly ModbusTag[],
  scanMs: ScanClassMs,
  limits: PlanLimits,
  occupied: ReadonlySet<number>,
): ReadBlock[] {
  const blocks: ReadBlock[] = [];
  for (const tag of tags) {
    const block = blocks.at(-1);
    const joined = block === undefined ? null : join(block, tag, limits, occupied);
    if (joined === null) blocks.push(blockOf([tag], scanMs));
    else blocks[blocks.length - 1] = joined;
  }
  return blocks;
}

/** The block with the tag in it, or null where it needs a request of its own. */
function join(
  block: ReadBlock,
  tag: ModbusTag,
  limits: PlanLimits,
  occupied: ReadonlySet<number>,
): ReadBlock | null {
  const { area, register } = tag.address;
  const { gapLimit, registersPerReadMax } = { ...limits, ...limits.units?.[block.unitId] };
  const blockEnd = block.start + block.count;
  const count = Math.max(blockEnd, register + spanOf(tag.address)) - block.start;
  const most = isBitArea(area)
    ? BITS_PER_READ_MAX
    : Math.min(REGISTERS_PER_READ_MAX, registersPerReadMax);
  if (count > most) return null;
  // Registers of tags of other classes between the two are not read in vain.
  let inVain = 0;
  for (let at = blockEnd; at < register; at++) inVain += occupied.has(at) ? 0 : 1;
  return inVain > gapLimit ? null : { ...block, count, tags: [...block.tags, tag] };
}

function registersIn(address: ModbusAddress): number[] {
  return Array.from({ length: spanOf(address) }, (_, index) => address.register + index);
}
