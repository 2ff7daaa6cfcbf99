/**
 * Goal: registers are read in few requests that every device can answer, and no value is ever torn
 * apart.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModbusTag, ReadBlock } from '../../plc/drivers/modbus/read-plan.ts';
import { isBitArea, modbusTags, planReads, spanOf } from '../../plc/drivers/modbus/read-plan.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { ModbusAddress } from '../../plc/model/tag.ts';
import { modbusAddress } from '../support/driver-tags.ts';

const LIMITS = { gapLimit: 16, registersPerReadMax: 125 };

function tag(more: Partial<ModbusAddress>): ModbusTag {
  const address = modbusAddress(more);
  return { name: `${address.unitId}/${address.area}/${address.register}`, address, scanMs: 100 };
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
  })
  .map(tag);
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
          let end = block.start;
          for (const { address } of block.tags) {
            expect(address.register - end).toBeLessThanOrEqual(limits.gapLimit);
            end = Math.max(end, address.register + spanOf(address));
          }
          expect(end).toBe(block.start + block.count);
        }
      }),
    );
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

  it('reads each unit of the pilot mill in at most four requests', () => {
    for (const connection of pilot.connections) {
      if (connection.kind !== 'modbus') continue;
      const blocks = planReads(modbusTags(pilot.tags, connection.id), connection);
      const units = new Set(blocks.map((block) => block.unitId));
      for (const unit of units) {
        const requests = blocks.filter((block) => block.unitId === unit).length;
        expect(requests, `${connection.id}/${unit}`).toBeLessThanOrEqual(4);
      }
    }
  });
});
