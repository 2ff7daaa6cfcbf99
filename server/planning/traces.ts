import { natureLeft } from '../../plc/logic/carry-over.ts';
import type { CarryOverRule } from '../../plc/model/carry-over.ts';
import type { Order } from '../../plc/model/order.ts';
import type { Trace } from './plan-types.ts';
import type { MillWays } from './ways.ts';

/** An order that its line has, as it was recorded last. */
export interface MadeOrder {
  readonly order: Order;
  readonly isOver: boolean;
  readonly hasStarted: boolean;
  readonly dosedKg: number;
}

/** Units behind the mixer that an order is packed through: its bagger, and what leads to that. */
function packingOf({ bagger, destination }: Order, baggers: MillWays['baggers']): string[] {
  if (bagger === null) return [];
  const chute = baggers.get(bagger)?.chutes.get(destination);
  return chute === undefined ? [bagger] : [bagger, chute];
}

/** What each unit remembers: of every order that went over it or still will, oldest first. */
export function tracesOf(
  carryOver: readonly CarryOverRule[],
  made: readonly MadeOrder[],
  baggers: MillWays['baggers'],
): Map<string, Trace> {
  const traces = new Map<string, Trace>();
  for (const { order, isOver, hasStarted } of made) {
    if (isOver && !hasStarted) continue;
    const press = order.presses.length === 1 ? order.presses : [];
    const units = [order.line, ...press, ...packingOf(order, baggers)];
    for (const unit of units) {
      const before = traces.get(unit);
      const left = natureLeft(carryOver, before?.nature ?? null, order);
      if (left === null) traces.delete(unit);
      else if (order.kind === 'feed') {
        traces.set(unit, { formulaCode: order.formulaCode, nature: left });
      }
    }
    if (order.kind === 'feed' && order.nature.drugClass !== 'none') {
      const { formulaCode, nature } = order;
      traces.set(order.destination, { formulaCode, nature });
    }
  }
  return traces;
}
