import type { z } from 'zod';
import type { Mill } from '../../plc/mill/definition.ts';
import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';
import type { Recipes } from '../../recipes/parse.ts';
import { substituted } from '../../recipes/substitute.ts';
import type { Database } from '../auth/database.ts';
import { nextOrderId } from '../commands/order-desk.ts';
import type { PlanProposal, PlanView, planWishSchema } from '../contract/plan.ts';
import type { Role } from '../contract/rest.ts';
import type { StockDocuments } from '../planning/mill-stock.ts';
import type { Plan, PlannedOrder, PlanRequest } from '../planning/plan-types.ts';
import { planOrders } from '../planning/planner.ts';
import { requestOf } from '../planning/request-of.ts';
import { proposeSequence } from '../planning/sequence.ts';
import type { MillWays } from '../planning/ways.ts';
import { millWays } from '../planning/ways.ts';
import type { TagStore } from '../tags/tag-store.ts';
import { millStart } from './mill-start.ts';
import type { PlanRow, ReleasedOrder } from './plan-store.ts';
import { PLAN_MAX, type PlanStore } from './plan-store.ts';
import { planView } from './plan-view.ts';

type Wish = z.output<typeof planWishSchema>;

/** What became of a change of the queue. */
export type PlanResult<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly reasons: readonly Reason[] };

export interface PlanDeskParts {
  readonly mill: Mill;
  readonly tags: TagStore;
  /** Stock and lots, as the controller shows them. */
  readonly documents: () => StockDocuments;
  readonly database: Database;
  readonly store: PlanStore;
  readonly recipes: () => Promise<Recipes>;
}

function refused<T>(...reasons: Reason[]): PlanResult<T> {
  return { ok: false, reasons };
}

/** A released order is made as it was released: nothing of it is chosen again. */
function fixedRequest({ request, document }: PlanRow): PlanRequest {
  if (document === null) return request;
  const { line, destination, bagger, batchKg, presses } = document;
  return { ...request, line, destination, bagger, batchKg, press: presses[0] ?? null };
}

/** The queue of planned orders, as people change it and as the planner sees it. */
export class PlanDesk {
  readonly #parts: PlanDeskParts;
  readonly #ways: MillWays;

  constructor(parts: PlanDeskParts) {
    this.#parts = parts;
    this.#ways = millWays(parts.mill);
  }

  /** The queue with its forecast. */
  async view(): Promise<PlanView> {
    const revision = await this.#parts.store.revision();
    const rows = await this.#parts.store.waiting();
    return planView(revision, rows, await this.#plan(rows.map(fixedRequest)));
  }

  /** What would become of an order at the end of the queue; nothing is kept. */
  async whatIf(wish: Wish): Promise<PlanResult<PlanView>> {
    const request = await this.#requestOf('?', wish);
    if ('reasons' in request) return refused(...request.reasons);
    const rows = await this.#parts.store.waiting();
    const plan = await this.#plan([...rows.map(fixedRequest), request]);
    const orders = plan.orders.slice(-2).filter(({ planId }) => planId.startsWith('?'));
    return { ok: true, answer: planView(0, [], { ...plan, orders }) };
  }

  /** Puts an order at the end of the queue; what is missing for it keeps it from being released. */
  async add(user: string, wish: Wish): Promise<PlanResult<{ planId: string }>> {
    const checked = await this.#requestOf('?', wish);
    if ('reasons' in checked) return refused(...checked.reasons);
    const planId = await nextOrderId(this.#parts.mill, this.#parts.database);
    const added = await this.#parts.store.add({ ...checked, planId }, user);
    if (!added) return refused(reason('order.queue-full', { limit: PLAN_MAX }));
    return { ok: true, answer: { planId } };
  }

  async reorder(revision: number, sequence: readonly string[]): Promise<PlanResult<PlanView>> {
    const rows = await this.#parts.store.waiting();
    const there = rows.map(({ planId }) => planId).sort();
    const same = there.join() === [...sequence].sort().join();
    const done = same && (await this.#parts.store.reorder(revision, sequence));
    if (!done) return refused(reason('plan.changed'));
    return { ok: true, answer: await this.view() };
  }

  async remove(planId: string): Promise<PlanResult<PlanView>> {
    if (await this.#parts.store.remove(planId)) return { ok: true, answer: await this.view() };
    return refused(reason('plan.unknown', { plan: planId }));
  }

  async recall(planId: string): Promise<PlanResult<PlanView>> {
    if (await this.#parts.store.recall(planId)) return { ok: true, answer: await this.view() };
    const row = (await this.#parts.store.waiting()).find((one) => one.planId === planId);
    if (row === undefined) return refused(reason('plan.unknown', { plan: planId }));
    return refused(reason('plan.not-in-state', { plan: planId, state: row.state }));
  }

  /**
   * Releases the queue from its top down to an order, with the flushes between. The first one that
   * cannot be made refuses it all, with every reason.
   */
  async release(
    by: { readonly user: string; readonly role: Role },
    revision: number,
    upTo: string,
  ): Promise<PlanResult<PlanView>> {
    const rows = await this.#parts.store.waiting();
    const last = rows.findIndex(({ planId }) => planId === upTo);
    if (last < 0) return refused(reason('plan.unknown', { plan: upTo }));
    const wanted = rows.slice(0, last + 1);
    const { orders } = await this.#plan(wanted.map(fixedRequest));
    const faults = orders.flatMap(({ reasons }) => reasons);
    if (faults.length > 0) return refused(...faults);
    const released = await this.#releasedOrders(wanted, orders);
    if (!(await this.#parts.store.release(revision, by, released))) {
      return refused(reason('plan.changed'));
    }
    return { ok: true, answer: await this.view() };
  }

  /** A sequence of the planned orders that needs fewer changes, line by line. */
  async proposal(): Promise<PlanProposal> {
    const revision = await this.#parts.store.revision();
    const rows = await this.#parts.store.waiting();
    const plan = await this.#plan(rows.map(fixedRequest));
    const planned = rows.filter(({ state }) => state === 'planned');
    const lineOf = (planId: string) =>
      plan.orders.find((one) => one.planId === planId)?.order.line ?? '';
    const lines = [...new Set(planned.map(({ planId }) => lineOf(planId)))];
    const proposals = lines.map((line) => {
      const items = planned
        .filter(({ planId }) => lineOf(planId) === line)
        .map(({ request }) => ({ request, durationMin: dosingMin(plan, request.planId) }));
      const { carryOver } = this.#parts.mill;
      const { sequence, ...rest } = proposeSequence(carryOver, items, Date.now());
      return { line, sequence: [...sequence], ...rest, changes: [...rest.changes] };
    });
    const queues = new Map(proposals.map(({ line, sequence }) => [line, sequence]));
    // Each line keeps the places that it has in the queue, and takes its own orders anew.
    const sequence = rows.map(({ planId, state }) =>
      state === 'planned' ? (queues.get(lineOf(planId))?.shift() ?? planId) : planId,
    );
    return { revision, sequence, lines: proposals };
  }

  async #plan(requests: readonly PlanRequest[]): Promise<Plan> {
    const { mill, store } = this.#parts;
    const parts = { ...this.#parts, ways: this.#ways };
    const start = await millStart(parts, await store.dies(), Date.now());
    return planOrders({ ways: this.#ways, carryOver: mill.carryOver, start }, requests);
  }

  /** The rows that become released, each flush with a number of its own before its order. */
  async #releasedOrders(
    rows: readonly PlanRow[],
    orders: readonly PlannedOrder[],
  ): Promise<ReleasedOrder[]> {
    const released: ReleasedOrder[] = [];
    let before = 0;
    for (const { planId, order, flushFor } of orders) {
      const row = rows.find((one) => one.planId === planId);
      if (row !== undefined) {
        const { request, position } = row;
        const document = row.document ?? order;
        released.push({ planId, position, request, document, flushFor: row.flushFor });
        before = position;
        continue;
      }
      const id = await nextOrderId(this.#parts.mill, this.#parts.database);
      const next = rows.find((one) => one.planId === flushFor)?.position ?? before + 1;
      released.push({
        planId: id,
        position: (before + next) / 2,
        request: flushRequest(id, order),
        document: { ...order, orderId: id, lot: `TP-${id}` },
        flushFor,
      });
    }
    return released;
  }

  async #requestOf(planId: string, wish: Wish): Promise<PlanRequest | { reasons: Reason[] }> {
    const recipes = await this.#parts.recipes();
    const formula = recipes.formulas.get(wish.formula);
    const procedure = recipes.procedures.get(formula?.procedure ?? '');
    if (formula === undefined || procedure === undefined) {
      return { reasons: [reason('formula.unknown', { formula: wish.formula })] };
    }
    const changed = substituted(formula, wish.substitutions);
    const reasons = changed.notAllowed.map(({ material, by: substitute }) =>
      reason('plan.substitute-not-listed', { material, substitute }),
    );
    const units = [wish.line, wish.press, wish.destination, wish.bagger];
    for (const unit of units) {
      if (unit !== undefined && !this.#isThere(unit)) {
        reasons.push(reason('target.unknown', { object: unit }));
      }
    }
    if (reasons.length > 0) return { reasons };
    return requestOf(planId, { formula: changed.formula, procedure }, recipes.materials, {
      orderKg: wish.orderKg,
      batchKg: wish.batchKg ?? null,
      line: wish.line ?? null,
      press: wish.press ?? null,
      destination: wish.destination ?? null,
      bagger: wish.bagger ?? null,
      packaging: wish.packaging,
      bagKg: wish.bagKg,
      dueTimeMs: wish.due === undefined ? null : Date.parse(wish.due),
      customer: wish.customer ?? null,
    });
  }

  #isThere(unit: string): boolean {
    const { mill } = this.#parts;
    return mill.deviceById.has(unit) || mill.lines.some(({ id }) => id === unit);
  }
}

function dosingMin(plan: Plan, planId: string): number {
  const [dosing] = plan.orders.find((one) => one.planId === planId)?.stages ?? [];
  return dosing === undefined ? 0 : (dosing.endMs - dosing.startMs) / 60_000;
}

/** The request of a flush that the planner made, kept so that the queue can be planned again. */
function flushRequest(planId: string, order: PlannedOrder['order']): PlanRequest {
  const { formulaCode, formulaVersion, product, items, procedure, nature } = order;
  return {
    planId,
    kind: 'flush',
    recipe: { formulaCode, formulaVersion, product, items, procedure, nature },
    substitutes: {},
    dieMm: null,
    screenMm: null,
    orderKg: order.orderKg,
    batchKg: order.batchKg,
    line: order.line,
    press: order.presses[0] ?? null,
    destination: order.destination,
    bagger: order.bagger,
    packaging: order.packaging,
    bagKg: order.bagKg,
    dueTimeMs: null,
    customer: null,
  };
}
