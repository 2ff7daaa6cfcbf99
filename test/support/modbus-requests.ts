/** Goal: how many Modbus requests a mill's plan makes, and how many no plan could do without. */
import {
  isBitArea,
  type ModbusTag,
  modbusTags,
  planReads,
  spanOf,
} from '../../plc/drivers/modbus/read-plan.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import type { ModbusConnection } from '../../plc/model/connection.ts';
import { SCAN_CLASSES_MS } from '../../plc/model/tag.ts';

interface Line {
  readonly connection: ModbusConnection;
  readonly tags: readonly ModbusTag[];
}

function linesOf(mill: Mill): Line[] {
  return mill.connections.flatMap((connection) =>
    connection.kind === 'modbus'
      ? [{ connection, tags: modbusTags(mill.tags, connection.id) }]
      : [],
  );
}

/** Requests per second of the driver's plan for all Modbus connections of a mill, at speed 1. */
export function plannedRequestsPerS(mill: Mill): number {
  return linesOf(mill)
    .flatMap(({ connection, tags }) => planReads(tags, connection))
    .reduce((sum, block) => sum + 1_000 / block.scanMs, 0);
}

/**
 * Requests per second that no plan can do without under the same limits: the tags of each class and
 * all faster ones need at least so many blocks, even if every block may hold tags of any class; the
 * blocks that the faster ones did not need are asked for at least once in the class's time.
 */
export function fewestRequestsPerS(mill: Mill): number {
  let sum = 0;
  for (const { connection, tags } of linesOf(mill)) {
    const places = Map.groupBy(tags, ({ address }) => `${address.unitId}/${address.area}`);
    for (const place of places.values()) {
      let before = 0;
      for (const scanMs of SCAN_CLASSES_MS) {
        const wanted = place.filter((tag) => tag.scanMs <= scanMs);
        const blocks = fewestBlocks(wanted, place, connection);
        sum += (Math.max(0, blocks - before) * 1_000) / scanMs;
        before = Math.max(before, blocks);
      }
    }
  }
  return sum;
}

/** By dynamic programming over every way to cut the tags of one place into blocks. */
function fewestBlocks(
  wanted: readonly ModbusTag[],
  place: readonly ModbusTag[],
  connection: ModbusConnection,
): number {
  const spans = wanted
    .map(({ address }) => ({ from: address.register, to: address.register + spanOf(address) }))
    .sort((a, b) => a.from - b.from);
  const held = new Set(
    place.flatMap(({ address }) =>
      Array.from({ length: spanOf(address) }, (_, at) => address.register + at),
    ),
  );
  const [first] = place;
  if (first === undefined) return 0;
  const { unitId, area } = first.address;
  const limits = { ...connection, ...connection.units[unitId] };
  const most = isBitArea(area) ? 2_000 : Math.min(125, limits.registersPerReadMax);
  const fewest = [0];
  for (const [last, { from }] of spans.entries()) {
    let best = (fewest[last] ?? 0) + 1;
    let end = spans[last]?.to ?? 0;
    let next = from;
    for (let at = last - 1; at >= 0; at--) {
      const span = spans[at];
      if (span === undefined) break;
      let inVain = 0;
      for (let register = span.to; register < next; register++)
        inVain += held.has(register) ? 0 : 1;
      end = Math.max(end, span.to);
      if (inVain > limits.gapLimit || end - span.from > most) break;
      next = span.from;
      best = Math.min(best, (fewest[at] ?? 0) + 1);
    }
    fewest.push(best);
  }
  return fewest.at(-1) ?? 0;
}
