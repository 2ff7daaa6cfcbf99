import type { Mill } from '../../plc/mill/definition.ts';
import type { Order } from '../../plc/model/order.ts';
import type { Reason } from '../../plc/model/reason.ts';
import type { Recipes } from '../../recipes/parse.ts';
import { PlanBoard } from './plan-board.ts';
import type { Plan, PlannedOrder, PlanRequest, PlanStart } from './plan-types.ts';
import { DIE_CHANGE_MIN, planNext, summed } from './planner.ts';
import { requestOf, wanted } from './request-of.ts';
import type { MillWays, PlanLine } from './ways.ts';
import { millWays } from './ways.ts';

/** How much of a product is wanted in the day. */
export interface Demand {
  readonly formula: string;
  readonly tonnes: number;
  readonly packaging: Order['packaging'];
}

/**
 * A day of the reference mill in eight products, about 70 % in bags (DOMAIN 2): more than it
 * makes, so that the day ends with work left over and never with none.
 */
export const REFERENCE_DEMAND: readonly Demand[] = [
  { formula: 'BROILER-FIN', tonnes: 840, packaging: 'bags' },
  { formula: 'PIG-FIN', tonnes: 630, packaging: 'bags' },
  { formula: 'DUCK-MEAT', tonnes: 420, packaging: 'bags' },
  { formula: 'PIG-WEANER', tonnes: 360, packaging: 'bags' },
  { formula: 'BROILER-STA', tonnes: 60, packaging: 'bags' },
  { formula: 'BROILER-GRO', tonnes: 60, packaging: 'bags' },
  { formula: 'PIG-GROWER', tonnes: 560, packaging: 'bulk' },
  { formula: 'LAYER-MASH', tonnes: 560, packaging: 'bulk' },
];

export interface DayInput {
  readonly mill: Mill;
  readonly recipes: Recipes;
  readonly demand: readonly Demand[];
  readonly start: PlanStart;
  /**
   * What trucks and people bring during the day, kg by material; `as-needed`: whatever the plan
   * turns out to need (`toBringKg`).
   */
  readonly deliveriesKg: ReadonlyMap<string, number> | 'as-needed';
  /** Length of the day, h. */
  readonly hours: number;
  /**
   * When the medicated campaign begins, h; without it as late as the day allows, so that nothing
   * has to be flushed after it.
   */
  readonly medicatedAtH?: number;
  /** Number of the n-th order, n from 1. */
  readonly orderIdOf: (n: number) => string;
}

/** The day's orders by line in the order in which they are made, with their forecast. */
export interface DayPlan {
  readonly plan: Plan;
  readonly ordersOf: ReadonlyMap<string, readonly Order[]>;
  /** By formula, t. */
  readonly tonnes: ReadonlyMap<string, number>;
  readonly totalT: number;
  /** What could not be planned and why, by formula. */
  readonly missing: ReadonlyMap<string, readonly Reason[]>;
  /** What the orders use of each material, and what of it is not in stock now, kg. */
  readonly usedKg: ReadonlyMap<string, number>;
  readonly toBringKg: ReadonlyMap<string, number>;
}

/** What is still wanted of a product. */
interface Need {
  readonly request: PlanRequest;
  readonly isPelleted: boolean;
  readonly isMedicated: boolean;
  readonly wantedKg: number;
  leftKg: number;
}

function needsOf({ recipes, demand }: DayInput): Need[] {
  return demand.map(({ formula: code, tonnes, packaging }) => {
    const formula = recipes.formulas.get(code);
    const procedure = formula && recipes.procedures.get(formula.procedure);
    if (formula === undefined || procedure === undefined) {
      throw new RangeError(`there is no formula ${code}`);
    }
    const wish = wanted(0, { packaging });
    return {
      request: requestOf('', { formula, procedure }, recipes.materials, wish),
      isPelleted: procedure.pelleted,
      isMedicated: formula.nature.drugClass !== 'none',
      wantedKg: tonnes * 1_000,
      leftKg: tonnes * 1_000,
    };
  });
}

/** The longest that an order may keep a press, s. */
const ORDER_S_MAX = 5_400;

/** An order of this press is as large as its bin takes while it works, in whole batches. */
function orderKgOf(line: PlanLine, binKg: number, kgPerS: number): number {
  // A press that takes much more than an hour for its bin gets smaller orders, so that the other
  // line, or another product, can have it within the hour.
  const kg = Math.min(binKg, kgPerS * ORDER_S_MAX);
  return Math.max(1, Math.floor(kg / line.batchKg + 1e-9)) * line.batchKg;
}

/** One thing that a line may do next: feed one of its presses, or make mash. */
interface Option {
  readonly press: string | null;
  readonly need: Need;
  readonly orderKg: number;
  /** When the press can begin with it. */
  readonly readyMs: number;
  readonly key: readonly number[];
}

function lessThan(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** How much of a product a single order may take: whole batches, no remainder below one. */
function sizeFor(line: PlanLine, need: Need, largestKg: number): number {
  const batches = Math.max(1, Math.floor(Math.min(need.leftKg, largestKg) / line.batchKg + 1e-9));
  return batches * line.batchKg;
}

/** Presses of a line that no other line uses. */
function ownPresses({ lines }: MillWays, line: PlanLine): readonly string[] {
  const others = lines.filter(({ id }) => id !== line.id).flatMap(({ presses }) => presses);
  return line.presses.filter((press) => !others.includes(press));
}

/**
 * Products of a press: the one whose die is in it first, then what is most behind. A press that two
 * lines share makes no medicated feed, or the other line would have to flush it.
 */
function pressOptions(board: PlanBoard, line: PlanLine, needs: readonly Need[]): Option[] {
  const own = ownPresses(board.input.ways, line);
  return line.presses.flatMap((id) => {
    const press = board.input.ways.presses.get(id);
    if (press === undefined) return [];
    const largestKg = orderKgOf(line, press.binKg, press.kgPerS);
    return needs
      .filter(({ isPelleted, isMedicated }) => isPelleted && (!isMedicated || own.includes(id)))
      .map((need): Option => {
        const { dieMm } = need.request;
        const die = board.die(id);
        const isOther = die !== null && dieMm !== null && die !== dieMm;
        const readyMs = board.freeMs(id) + (isOther ? DIE_CHANGE_MIN * 60_000 : 0);
        const orderKg = sizeFor(line, need, largestKg);
        return { press: id, need, orderKg, readyMs, key: [readyMs, -need.leftKg / need.wantedKg] };
      });
  });
}

const MASH_BATCHES = 2;

function mashOptions(board: PlanBoard, line: PlanLine, needs: readonly Need[]): Option[] {
  return needs
    .filter(({ isPelleted }) => !isPelleted)
    .map((need) => ({
      press: null,
      need,
      orderKg: sizeFor(line, need, MASH_BATCHES * line.batchKg),
      readyMs: board.freeMs(line.id),
      key: [-need.leftKg / need.wantedKg],
    }));
}

/**
 * Work of a press is prepared this long before it is empty: dosing and mixing of the first batch,
 * and the way up.
 */
const LEAD_MS = 720_000;

/** What the line should do next: a press that runs empty soon goes first, else mash is made. */
function options(board: PlanBoard, line: PlanLine, needs: readonly Need[]): Option[] {
  const open = needs.filter(({ leftKg }) => leftKg >= line.batchKg - 1e-6);
  const freeMs = board.freeMs(line.id);
  const byKey = (list: readonly Option[]) =>
    [...list].sort((a, b) => (lessThan(a.key, b.key) ? -1 : lessThan(b.key, a.key) ? 1 : 0));
  const pressed = byKey(pressOptions(board, line, open));
  const urgent = pressed.filter(({ readyMs }) => readyMs <= freeMs + LEAD_MS);
  const mash = byKey(mashOptions(board, line, open));
  return [...urgent, ...mash, ...pressed.filter((one) => !urgent.includes(one))];
}

/**
 * Medicated feed is one campaign on one line. It is planned for the end of the day, where nothing
 * follows that would ask for a flush: it begins when the rest of the day is just long enough.
 */
function lastStartMs(board: PlanBoard, line: PlanLine, needs: readonly Need[], endMs: number) {
  const kg = needs.filter((one) => one.isMedicated).reduce((sum, one) => sum + one.wantedKg, 0);
  const kgPerS = ownPresses(board.input.ways, line).reduce(
    (sum, id) => sum + (board.input.ways.presses.get(id)?.kgPerS ?? 0),
    0,
  );
  return kg === 0 || kgPerS === 0 ? endMs : endMs - (kg / kgPerS) * 1_000;
}

/** What a line may make at a time: anything without drugs, mash without drugs, or its campaign. */
type Turn = 'plain' | 'mash' | 'medicated';

function isAllowed({ isMedicated, isPelleted }: Need, turn: Turn): boolean {
  if (turn === 'medicated') return isMedicated;
  return !isMedicated && (turn === 'plain' || !isPelleted);
}

/** Stock at the start and all that comes during the day. */
function withDeliveries({ start, deliveriesKg, recipes }: DayInput): PlanStart {
  const stock = new Map(start.stockKg);
  for (const material of recipes.materials.keys()) {
    const comes =
      deliveriesKg === 'as-needed' ? Number.POSITIVE_INFINITY : (deliveriesKg.get(material) ?? 0);
    stock.set(material, (stock.get(material) ?? 0) + comes);
  }
  return { ...start, stockKg: stock };
}

function usedKg(orders: readonly PlannedOrder[]): Map<string, number> {
  const used = new Map<string, number>();
  for (const { doses, batches } of orders) {
    for (const { material, targetKg } of doses) {
      used.set(material, (used.get(material) ?? 0) + targetKg * batches.count);
    }
  }
  return used;
}

function beyondStock(used: ReadonlyMap<string, number>, stock: ReadonlyMap<string, number>) {
  const missing = [...used].map(([material, kg]): [string, number] => [
    material,
    Math.max(0, kg - (stock.get(material) ?? 0)),
  ]);
  return new Map(missing.filter(([, kg]) => kg > 0));
}

class Day {
  readonly #input: DayInput;
  readonly #board: PlanBoard;
  readonly #needs: readonly Need[];
  readonly #endMs: number;
  readonly #done = new Set<string>();
  readonly orders: PlannedOrder[] = [];
  readonly missing = new Map<string, readonly Reason[]>();

  constructor(input: DayInput) {
    this.#input = input;
    const { mill, start } = input;
    const ways = millWays(mill);
    this.#board = new PlanBoard({
      ways,
      carryOver: mill.carryOver,
      start: withDeliveries(input),
    });
    this.#needs = needsOf(input);
    this.#endMs = start.nowMs + input.hours * 3_600_000;
  }

  run(): void {
    for (let line = this.#nextLine(); line !== null; line = this.#nextLine()) {
      if (!this.#give(line)) this.#done.add(line.id);
    }
  }

  /** The line that is free first, of those that still have something to do today. */
  #nextLine(): PlanLine | null {
    const open = this.#board.input.ways.lines.filter(
      ({ id }) => !this.#done.has(id) && this.#board.freeMs(id) < this.#endMs,
    );
    const free = (line: PlanLine) => this.#board.freeMs(line.id);
    return open.reduce<PlanLine | null>(
      (first, line) => (first === null || free(line) < free(first) ? line : first),
      null,
    );
  }

  /** Gives the line its next order; false when there is none that it can make. */
  #give(line: PlanLine): boolean {
    return this.#turnsOf(line).some((turn) =>
      this.#giveOf(
        line,
        this.#needs.filter((need) => isAllowed(need, turn)),
      ),
    );
  }

  /** What the line may do now, the first that it can. */
  #turnsOf(line: PlanLine): Turn[] {
    if (this.#board.input.ways.lines.at(-1)?.id !== line.id) return ['plain'];
    // Nothing else being left, the campaign begins earlier.
    if (this.#board.freeMs(line.id) < this.#campaignMs(line)) return ['plain', 'medicated'];
    const medicated = this.#needs.filter((need) => need.isMedicated && need.leftKg > 0);
    if (medicated.length === 0) return ['plain'];
    // Once it has begun nothing comes between; before that a press must be ready, and has no more.
    if (medicated.some(({ leftKg, wantedKg }) => leftKg < wantedKg)) return ['medicated'];
    const soonMs = this.#board.freeMs(line.id) + LEAD_MS;
    const options = pressOptions(this.#board, line, medicated);
    const isReady = options.some(({ readyMs }) => readyMs <= soonMs);
    return isReady ? ['medicated'] : ['mash', 'medicated'];
  }

  #campaignMs(line: PlanLine): number {
    const { medicatedAtH, start } = this.#input;
    if (medicatedAtH !== undefined) return start.nowMs + medicatedAtH * 3_600_000;
    return lastStartMs(this.#board, line, this.#needs, this.#endMs);
  }

  #giveOf(line: PlanLine, needs: readonly Need[]): boolean {
    for (const { need, press, orderKg } of options(this.#board, line, needs)) {
      const request: PlanRequest = {
        ...need.request,
        planId: this.#input.orderIdOf(this.orders.length + 1),
        line: line.id,
        press,
        orderKg,
        batchKg: line.batchKg,
      };
      const planned = planNext(this.#board, request);
      const faults = planned.flatMap(({ reasons }) => reasons);
      if (faults.length === 0) {
        this.orders.push(...planned);
        need.leftKg -= orderKg;
        return true;
      }
      this.missing.set(need.request.recipe.formulaCode, faults);
    }
    return false;
  }
}

/**
 * Makes the day's orders of all lines, presses and baggers for a demand: orders about as large as a
 * press bin, the presses of a line in turn so that it never waits, mash where the presses have
 * enough, medicated feed last. Pure and deterministic.
 * @throws {RangeError} for a formula that the recipes do not have (programmer).
 */
export function dayPlan(input: DayInput): DayPlan {
  const day = new Day(input);
  day.run();
  const ordersOf = new Map<string, Order[]>();
  const tonnes = new Map<string, number>();
  for (const { order } of day.orders) {
    ordersOf.set(order.line, [...(ordersOf.get(order.line) ?? []), order]);
    if (order.kind === 'flush') continue;
    const before = tonnes.get(order.formulaCode) ?? 0;
    tonnes.set(order.formulaCode, before + order.orderKg / 1_000);
  }
  const used = usedKg(day.orders);
  return {
    plan: summed(day.orders, input.start.nowMs),
    usedKg: used,
    toBringKg: beyondStock(used, input.start.stockKg),
    ordersOf,
    tonnes,
    totalT: [...tonnes.values()].reduce((sum, one) => sum + one, 0),
    missing: day.missing,
  };
}
