import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { LineDefinition, Mill } from '../../plc/mill/definition.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import type { Order } from '../../plc/model/order.ts';
import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';
import type { ControlRecipe } from '../../recipes/control-recipe.ts';
import { controlRecipe } from '../../recipes/control-recipe.ts';
import type { Recipes } from '../../recipes/parse.ts';
import type { Formula, Procedure } from '../../recipes/schema.ts';
import type { Database } from '../auth/database.ts';
import type { NewOrderAnswer, newOrderSchema } from '../contract/rest.ts';
import type { Caller, CommandGate } from './command-gate.ts';

type Request = z.output<typeof newOrderSchema>;

/** The order was made and is in the line's queue, or the reasons why not. */
export type OrderResult =
  | { readonly ok: true; readonly answer: NewOrderAnswer }
  | { readonly ok: false; readonly reasons: readonly Reason[] };

interface Chosen {
  readonly formula: Formula;
  readonly procedure: Procedure;
  readonly line: LineDefinition;
}

function reasonsOf(result: CommandResult): Reason[] {
  return result.accepted ? [] : [...result.reasons];
}

/** The mill's year and month, `yymm`. */
function monthIn(timeZone: string, nowMs: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: '2-digit', month: '2-digit' });
  return parts.format(nowMs).replace(/\D/g, '');
}

/**
 * Makes orders: a formula and a procedure become the order's own control recipe (ISA-88), with a
 * number and a lot that no other order of the mill has, and the controller takes it into its
 * queue.
 */
export class OrderDesk {
  readonly #mill: Mill;
  readonly #recipes: () => Promise<Recipes>;
  readonly #database: Database;
  readonly #gate: CommandGate;

  /** `recipes`: those that orders may be made with now. */
  constructor(mill: Mill, recipes: () => Promise<Recipes>, database: Database, gate: CommandGate) {
    this.#mill = mill;
    this.#recipes = recipes;
    this.#database = database;
    this.#gate = gate;
  }

  /** @throws what `pg` throws while no number can be drawn: no order without the database. */
  async create(caller: Caller, request: Request): Promise<OrderResult> {
    const recipes = await this.#recipes();
    const chosen = this.#choose(request, recipes);
    if ('faults' in chosen) return { ok: false, reasons: chosen.faults };
    const orderId = await nextOrderId(this.#mill, this.#database);
    const order = orderOf(
      orderId,
      request,
      controlRecipe(chosen.formula, chosen.procedure, recipes.materials),
    );
    const asked = { ...request, orderId, formulaVersion: order.formulaVersion, lot: order.lot };
    const submitted = await this.#gate.submitOrder(
      caller,
      randomUUID(),
      request.line,
      { ...order },
      asked,
    );
    if (!submitted.accepted) return { ok: false, reasons: submitted.reasons };
    const started = request.start ? await this.#start(caller, request.line, orderId) : null;
    const answer = {
      orderId,
      lot: order.lot,
      started: started?.accepted ?? false,
      reasons: started === null ? [] : reasonsOf(started),
    };
    return { ok: true, answer };
  }

  #start(caller: Caller, line: string, orderId: string): Promise<CommandResult> {
    return this.#gate.send(caller, {
      commandId: randomUUID(),
      name: 'order.start',
      target: line,
      args: { orderId },
    });
  }

  #choose(request: Request, recipes: Recipes): Chosen | { readonly faults: readonly Reason[] } {
    const formula = recipes.formulas.get(request.formula);
    const procedure = formula && recipes.procedures.get(formula.procedure);
    const line = this.#mill.lines.find(({ id }) => id === request.line);
    const faults: Reason[] = [];
    if (formula === undefined || procedure === undefined) {
      faults.push(reason('formula.unknown', { formula: request.formula }));
    }
    if (line === undefined) {
      faults.push(reason('target.unknown', { object: request.line }));
    } else if (!line.finishedBins.includes(request.destination)) {
      faults.push(reason('order.destination', { bin: request.destination, line: line.id }));
    }
    return formula && procedure && line && faults.length === 0
      ? { formula, procedure, line }
      : { faults };
  }
}

/** A number that no other order of the mill has: year, month, count. */
export async function nextOrderId(mill: Mill, database: Database): Promise<string> {
  const month = monthIn(mill.timeZone, Date.now());
  const drawn = await database.query<{ last: number }>(
    `insert into order_number as n (month, last) values ($1, 1)
     on conflict (month) do update set last = n.last + 1 returning last`,
    [month],
  );
  return `${month}-${String(drawn.rows[0]?.last ?? 0).padStart(4, '0')}`;
}

function orderOf(orderId: string, request: Request, recipe: ControlRecipe): Order {
  return {
    orderId,
    ...recipe,
    orderKg: request.orderKg,
    batchKg: request.batchKg,
    line: request.line,
    destination: request.destination,
    packaging: request.packaging,
    bagKg: request.bagKg,
    lot: `TP-${orderId}`,
    kind: 'feed',
    presses: [],
    bagger: null,
    dueTimeMs: null,
    customer: null,
  };
}
