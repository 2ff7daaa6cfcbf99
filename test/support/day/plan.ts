/** Goal: the orders of a day as the planner of the server makes them, line by line. */
import type { Mill } from '../../../plc/mill/definition.ts';
import type { Order } from '../../../plc/model/order.ts';
import { loadRecipes } from '../../../recipes/load.ts';
import { dayPlan, REFERENCE_DEMAND } from '../../../server/planning/day-plan.ts';
import { newMillStart } from '../../../server/planning/mill-stock.ts';
import { type Chance, uniform } from '../../../simulators/process/chance.ts';

/** One of a list, drawn by chance. @throws {RangeError} for an empty list. */
export function draw<T>(list: readonly T[], chance: Chance): T {
  const drawn = list[Math.floor(uniform(chance) * list.length)];
  if (drawn === undefined) throw new RangeError('there is nothing to draw from');
  return drawn;
}

/** Medicated feed comes early in this day: so its release, its flush and clean bins are seen. */
const MEDICATED_AT_H = 2;

/** What each line makes in these hours, in its order. A shorter day is the beginning of a whole. */
export async function ordersOfDay(mill: Mill, nowMs: number): Promise<Map<string, Order[]>> {
  const { ordersOf } = dayPlan({
    mill,
    recipes: await loadRecipes(),
    demand: REFERENCE_DEMAND,
    start: newMillStart(mill, nowMs),
    deliveriesKg: 'as-needed',
    hours: 24,
    medicatedAtH: MEDICATED_AT_H,
    orderIdOf: (n) => `2611-${String(n).padStart(4, '0')}`,
  });
  return new Map([...ordersOf].map(([line, orders]) => [line, [...orders]]));
}
