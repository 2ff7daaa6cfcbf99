/**
 * Goal: registers are read in few requests that every device can answer, and no value is ever torn
 * apart.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModbusTag, ReadBlock } from '../../plc/drivers/modbus/read-plan.ts';
import { isBitArea, modbusTags, planReads, spanOf } from '../../plc/drivers/modbus/read-plan.ts';
import { loadMill, MILL_NAMES } from '../../plc/mill/mills/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { ModbusAddress, ScanClassMs } from '../../plc/model/tag.ts';
import { SCAN_CLASSES_MS } from '../../plc/model/tag.ts';
import { modbusAddress } from '../support/driver-tags.ts';
import { fewestRequestsPerS, plannedRequestsPerS } from '../support/modbus-requests.ts';

const LIMITS = { gapLimit: 16, registersPerReadMax: 125 };

function tag(more: Partial<ModbusAddress>, scanMs: ScanClassMs = 100): ModbusTag {
  const address = modbusAddress(more);
  const name = `${address.unitId}/${address.area}/${address.register}`;
  return { name, address, scanMs };
}

const anyTag = fc
  .record({
    unitId: fc.integer({ min: 1, max: 3 }),
    area: fc.constantFrom(
      'coil' as const,
      'discrete' as const,
      'input' as const,
      'holding' as const,
    ),
    register: fc.integer({ min: 0, max: 3_000 }),
    encoding: fc.constantFrom('uint16' as const, 'float32' as const),
    scanMs: fc.constantFrom(...SCAN_CLASSES_MS),
  })
  .map(({ scanMs, ...address }) => tag(address, scanMs));
const anyLimits = fc.record({
  gapLimit: fc.integer({ min: 0, max: 40 }),
  registersPerReadMax: fc.integer({ min: 2, max: 200 }),
});

function covers(block: ReadBlock, { address }: ModbusTag): boolean {
  return (
    block.unitId === address.unitId &&
    block.area === address.area &&
    block.start <= address.register &&
    address.register + spanOf(address) <= block.start + block.count
  );
}

/** The fewest requests, by trying every way to share the tags out among them. */
function fewestByTrial(tags: readonly ModbusTag[], limits: typeof LIMITS): number {
  const isOne = (group: readonly ModbusTag[]): boolean => {
    const sorted = group.toSorted((a, b) => a.address.register - b.address.register);
    const start = sorted[0]?.address.register ?? 0;
    let end = start;
    for (const { address } of sorted) {
      if (address.register - end > limits.gapLimit) return false;
      end = Math.max(end, address.register + spanOf(address));
    }
    return end - start <= limits.registersPerReadMax;
  };
  let fewest = tags.length;
  const share = (at: number, groups: readonly (readonly ModbusTag[])[]): void => {
    const one = tags[at];
    if (one === undefined) {
      if (groups.every(isOne)) fewest = Math.min(fewest, groups.length);
      return;
    }
    for (const [index, group] of groups.entries()) {
      share(at + 1, groups.with(index, [...group, one]));
    }
    if (groups.length + 1 < fewest) share(at + 1, [...groups, [one]]);
  };
  share(0, []);
  return fewest;
}

describe('the read plan', () => {
  it('reads every tag exactly once, whole, and within what a device answers', () => {
    fc.assert(
      fc.property(fc.array(anyTag, { maxLength: 120 }), anyLimits, (tags, limits) => {
        const blocks = planReads(tags, limits);
        expect(blocks.flatMap((block) => block.tags)).toHaveLength(tags.length);
        for (const block of blocks) {
          const most = isBitArea(block.area) ? 2_000 : Math.min(125, limits.registersPerReadMax);
          expect(block.count).toBeLessThanOrEqual(most);
          expect(block.tags.every((one) => covers(block, one))).toBe(true);
        }
      }),
    );
  });

  it('never reads more in vain between two values than the gap limit', () => {
    fc.assert(
      fc.property(fc.array(anyTag, { maxLength: 120 }), anyLimits, (tags, limits) => {
        for (const block of planReads(tags, limits)) {
          const like = tags.filter(
            ({ address }) => address.unitId === block.unitId && address.area === block.area,
          );
          const isHeld = (register: number) =>
            like.some(
              ({ address }) =>
                address.register <= register && register < address.register + spanOf(address),
            );
          let inVain = 0;
          for (let at = block.start; at < block.start + block.count; at++) {
            inVain = isHeld(at) ? 0 : inVain + 1;
            expect(inVain).toBeLessThanOrEqual(limits.gapLimit);
          }
          expect(inVain).toBe(0);
        }
      }),
    );
  });

  it('reads every tag at least as often as its class says', () => {
    fc.assert(
      fc.property(fc.array(anyTag, { maxLength: 120 }), anyLimits, (tags, limits) => {
        for (const block of planReads(tags, limits)) {
          expect(block.tags.every((one) => one.scanMs >= block.scanMs)).toBe(true);
          expect(block.tags.some((one) => one.scanMs === block.scanMs)).toBe(true);
        }
      }),
    );
  });

  it('makes the fewest requests that any plan could', () => {
    const someTags = fc.uniqueArray(fc.integer({ min: 0, max: 24 }), { maxLength: 9 });
    const spans = fc.infiniteStream(fc.constantFrom('uint16' as const, 'float32' as const));
    const limits = fc.record({
      gapLimit: fc.integer({ min: 0, max: 6 }),
      registersPerReadMax: fc.integer({ min: 2, max: 9 }),
    });
    fc.assert(
      fc.property(someTags, spans, limits, (registers, encodings, within) => {
        const tags = registers.map((register) =>
          tag({ register, encoding: encodings.next().value ?? 'uint16' }),
        );
        expect(planReads(tags, within)).toHaveLength(fewestByTrial(tags, within));
      }),
    );
  });

  it('reads a slow value with a fast block that holds it, and for nothing', () => {
    const tags = [
      tag({ register: 0 }),
      tag({ register: 5 }, 60_000),
      tag({ register: 9 }),
      tag({ register: 12 }, 60_000),
    ];
    const plan = planReads(tags, LIMITS);
    expect(plan.map(({ start, count, scanMs }) => [start, count, scanMs])).toEqual([
      [0, 10, 100],
      [12, 1, 60_000],
    ]);
    expect(plan[0]?.tags.map(({ address }) => address.register)).toEqual([0, 5, 9]);
  });

  it('spans slow values on the way from one fast value to the next', () => {
    const slow = [3, 6, 9, 12, 15, 18, 21].map((register) => tag({ register }, 5_000));
    const tags = [tag({ register: 0 }), ...slow, tag({ register: 24 })];
    const limits = { ...LIMITS, gapLimit: 14 };
    expect(planReads(tags, limits)).toHaveLength(3);
    expect(planReads(tags, LIMITS)).toHaveLength(1);
  });

  it('keeps to the limits of a unit that differs', () => {
    const tags = [1, 2].flatMap((unitId) => [0, 4, 8].map((register) => tag({ unitId, register })));
    const units = { 2: { registersPerReadMax: 5 } };
    expect(
      planReads(tags, { ...LIMITS, units }).map(({ unitId, start, count }) => [
        unitId,
        start,
        count,
      ]),
    ).toEqual([
      [1, 0, 9],
      [2, 0, 5],
      [2, 8, 1],
    ]);
  });

  it('joins neighbours and leaves a wide gap', () => {
    const tags = [0, 1, 18, 36].map((register) => tag({ register }));
    expect(planReads(tags, LIMITS).map(({ start, count }) => [start, count])).toEqual([
      [0, 19],
      [36, 1],
    ]);
  });

  it('moves a value of two registers whole into the next request', () => {
    const tags = [tag({ register: 0 }), tag({ register: 124, encoding: 'float32' })];
    const limits = { gapLimit: 200, registersPerReadMax: 125 };
    expect(planReads(tags, limits).map(({ start, count }) => [start, count])).toEqual([
      [0, 1],
      [124, 2],
    ]);
  });

  it('takes flags of one register in one request', () => {
    const flags = [0, 1, 2].map((bit) => tag({ encoding: 'bool', bit }));
    expect(planReads(flags, LIMITS)).toHaveLength(1);
  });

  it.each(MILL_NAMES)(
    'of the mill %s is within a tenth of the fewest there can be',
    async (name) => {
      const mill = await loadMill(name);
      expect(plannedRequestsPerS(mill)).toBeGreaterThan(0);
      expect(plannedRequestsPerS(mill)).toBeLessThanOrEqual(1.1 * fewestRequestsPerS(mill));
    },
  );

  it('reads each unit of the pilot mill in at most four requests of a scan class', () => {
    for (const connection of pilot.connections) {
      if (connection.kind !== 'modbus') continue;
      const blocks = planReads(modbusTags(pilot.tags, connection.id), connection);
      const ofClass = Map.groupBy(blocks, ({ unitId, scanMs }) => `${unitId} each ${scanMs} ms`);
      for (const [unit, requests] of ofClass) {
        expect(requests.length, `${connection.id}/${unit}`).toBeLessThanOrEqual(4);
      }
    }
  });
});
