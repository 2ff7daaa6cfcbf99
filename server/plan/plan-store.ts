import type { Order } from '../../plc/model/order.ts';
import type { Reason } from '../../plc/model/reason.ts';
import type { Database } from '../auth/database.ts';
import type { PlanState } from '../contract/plan.ts';
import type { Role } from '../contract/rest.ts';
import type { PlanRequest } from '../planning/plan-types.ts';

/** A row of `planned_order`. */
export interface PlanRow {
  readonly planId: string;
  readonly position: number;
  readonly state: PlanState;
  readonly request: PlanRequest;
  readonly document: Order | null;
  readonly reasons: readonly Reason[];
  readonly createdBy: string;
  readonly releasedBy: string | null;
  readonly releasedRole: Role | null;
  readonly flushFor: string | null;
}

const COLUMNS = `plan_id as "planId", position, state, request, document, reasons,
  created_by as "createdBy", released_by as "releasedBy", released_role as "releasedRole",
  flush_for as "flushFor"`;

/** Planned orders that may wait: what a sequence is proposed for. */
export const PLAN_MAX = 60;

/**
 * The queue of planned orders in the database. A change of the queue names the revision that it was
 * made upon; another one since then refuses it. Throws what `pg` throws while it is away.
 */
export class PlanStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async revision(): Promise<number> {
    const { rows } = await this.#database.query<{ revision: string }>(
      'select revision from plan_queue',
    );
    return Number(rows[0]?.revision ?? 0);
  }

  /** What is not with the controller yet, in the order in which it is to be made. */
  async waiting(): Promise<PlanRow[]> {
    const { rows } = await this.#database.query<PlanRow>(
      `select ${COLUMNS} from planned_order where state <> 'sent' order by position, plan_id`,
    );
    return rows;
  }

  /** The die that each press got with the last order that was sent to it, mm. */
  async dies(): Promise<Map<string, number>> {
    const { rows } = await this.#database.query<{ press: string; die: number }>(
      `select distinct on (1) document -> 'presses' ->> 0 as press,
         (request ->> 'dieMm')::double precision as die
       from planned_order
       where state = 'sent' and request ->> 'dieMm' is not null
         and document -> 'presses' ->> 0 is not null
       order by 1, sent desc`,
    );
    return new Map(rows.map(({ press, die }) => [press, die]));
  }

  /** Adds an order at the end; false when the queue is full. */
  async add(request: PlanRequest, user: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `with room as (select count(*) as waiting from planned_order where state <> 'sent'),
         added as (
           insert into planned_order (plan_id, position, state, request, created_by)
           select $1, coalesce((select max(position) from planned_order), 0) + 1, 'planned', $2, $3
           from room where waiting < $4 returning plan_id),
         counted as (update plan_queue set revision = revision + 1
           where exists (select 1 from added))
       select plan_id from added`,
      [request.planId, JSON.stringify(request), user, PLAN_MAX],
    );
    return rowCount === 1;
  }

  /** Puts the planned orders into this sequence; false when the queue has changed since. */
  async reorder(revision: number, sequence: readonly string[]): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `with mine as (update plan_queue set revision = revision + 1 where revision = $1
           returning revision),
         placed as (
           update planned_order set position = place.position
           from unnest($2::text[]) with ordinality as place (plan_id, position)
           where planned_order.plan_id = place.plan_id and exists (select 1 from mine)
             and planned_order.state <> 'sent')
       select revision from mine`,
      [revision, sequence],
    );
    return rowCount === 1;
  }

  /** Takes an order out of the queue that was not sent, with the flush before it. */
  async remove(planId: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `with gone as (delete from planned_order
           where (plan_id = $1 or flush_for = $1) and state <> 'sent' returning plan_id),
         counted as (update plan_queue set revision = revision + 1
           where exists (select 1 from gone))
       select plan_id from gone where plan_id = $1`,
      [planId],
    );
    return rowCount === 1;
  }

  /** Takes a release or refusal back; the flush before it goes. */
  async recall(planId: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `with back as (update planned_order set state = 'planned', document = null, reasons = '[]',
           released_by = null, released_role = null, released = null
           where plan_id = $1 and state in ('released', 'refused') and flush_for is null
           returning plan_id),
         flushes as (delete from planned_order where flush_for = $1 and state <> 'sent'
           and exists (select 1 from back)),
         counted as (update plan_queue set revision = revision + 1
           where exists (select 1 from back))
       select plan_id from back`,
      [planId],
    );
    return rowCount === 1;
  }

  /**
   * Releases orders as they are now: each with the order that will be sent. Flushes that the
   * planner put between become rows of their own. False when the queue has changed since.
   */
  async release(
    revision: number,
    by: { readonly user: string; readonly role: Role },
    orders: readonly ReleasedOrder[],
  ): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `with mine as (update plan_queue set revision = revision + 1 where revision = $1
           returning revision),
         freed as (
           insert into planned_order as old (plan_id, position, state, request, document,
             created_by, released_by, released_role, released, flush_for)
           select one ->> 'planId', (one ->> 'position')::double precision, 'released',
             one -> 'request', one -> 'document', $3, $3, $4, now(), one ->> 'flushFor'
           from jsonb_array_elements($2::jsonb) as one where exists (select 1 from mine)
           on conflict (plan_id) do update set state = 'released', document = excluded.document,
             position = excluded.position, released_by = $3, released_role = $4, released = now()
           where old.state = 'planned')
       select revision from mine`,
      [revision, JSON.stringify(orders), by.user, by.role],
    );
    return rowCount === 1;
  }

  async markSent(planId: string): Promise<void> {
    await this.#database.query(
      `update planned_order set state = 'sent', sent = now(), reasons = '[]'
       where plan_id = $1 and state = 'released'`,
      [planId],
    );
  }

  /** The line would not take it: a person must look at it. */
  async markRefused(planId: string, reasons: readonly Reason[]): Promise<void> {
    await this.#database.query(
      `update planned_order set state = 'refused', reasons = $2
       where plan_id = $1 and state = 'released'`,
      [planId, JSON.stringify(reasons)],
    );
  }
}

/** An order that is released, at its place in the queue. */
export interface ReleasedOrder {
  readonly planId: string;
  readonly position: number;
  readonly request: PlanRequest;
  readonly document: Order;
  readonly flushFor: string | null;
}
