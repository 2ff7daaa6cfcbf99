import { z } from 'zod';
import type { AuditTrail } from '../../auth/audit.ts';
import type { Door } from '../../auth/policy.ts';
import type { Caller } from '../../commands/command-gate.ts';
import {
  planProposalSchema,
  planReleaseSchema,
  planSequenceSchema,
  planViewSchema,
  planWishSchema,
} from '../../contract/plan.ts';
import type { PlanDesk, PlanResult } from '../../plan/plan-desk.ts';
import { audited } from '../audited.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { callerOf, route } from '../route.ts';

export interface PlanParts {
  readonly plans: PlanDesk;
  readonly audit: AuditTrail;
}

const idParams = z.strictObject({ id: z.string().min(1).max(64) });

/** The queue of planned orders. */
export function planRoutes(parts: PlanParts): Route[] {
  return [
    viewRoute(parts),
    whatIfRoute(parts),
    addRoute(parts),
    sequenceRoute(parts),
    proposalRoute(parts),
    releaseRoute(parts),
    recallRoute(parts),
    removeRoute(parts),
  ];
}

function answered<T>(result: PlanResult<T>): T {
  if (!result.ok) throw new ProblemError('refused', { reasons: result.reasons });
  return result.answer;
}

/** A change of the queue, written down before and after. */
function changed<T>(
  audit: AuditTrail,
  caller: Caller,
  door: Door,
  target: string | null,
  args: unknown,
  act: () => Promise<PlanResult<T>>,
): Promise<T> {
  return audited(audit, caller, door, target, args, async () => answered(await act()));
}

function viewRoute({ plans }: PlanParts): Route {
  return route({
    method: 'get',
    path: '/api/plan',
    door: 'plan.read',
    tag: 'plan',
    summary: { vi: 'Hàng đợi kế hoạch với dự báo', en: 'The planned orders with their forecast' },
    response: planViewSchema,
    handle: () => plans.view(),
  });
}

function whatIfRoute({ plans }: PlanParts): Route {
  return route({
    method: 'post',
    path: '/api/plan/what-if',
    door: 'plan.read',
    tag: 'plan',
    summary: {
      vi: 'Nếu thêm lệnh này: thời gian và những gì còn thiếu',
      en: 'What an order would take, and what is missing for it; nothing is kept',
    },
    body: planWishSchema,
    response: planViewSchema,
    handle: async ({ body }) => answered(await plans.whatIf(body)),
  });
}

function addRoute({ plans, audit }: PlanParts): Route {
  return route({
    method: 'post',
    path: '/api/plan',
    door: 'plan.write',
    tag: 'plan',
    summary: { vi: 'Thêm lệnh vào kế hoạch', en: 'Add an order to the plan' },
    status: 201,
    body: planWishSchema,
    response: z.object({ planId: z.string() }),
    handle: (call) => {
      const caller = callerOf(call);
      return changed(audit, caller, 'plan.write', null, call.body, () =>
        plans.add(caller.signedIn.user, call.body),
      );
    },
  });
}

function sequenceRoute({ plans, audit }: PlanParts): Route {
  return route({
    method: 'post',
    path: '/api/plan/sequence',
    door: 'plan.write',
    tag: 'plan',
    summary: { vi: 'Sắp lại thứ tự', en: 'Put the planned orders into another sequence' },
    body: planSequenceSchema,
    response: planViewSchema,
    handle: (call) => {
      const { revision, sequence } = call.body;
      return changed(audit, callerOf(call), 'plan.write', null, call.body, () =>
        plans.reorder(revision, sequence),
      );
    },
  });
}

function proposalRoute({ plans }: PlanParts): Route {
  return route({
    method: 'get',
    path: '/api/plan/proposal',
    door: 'plan.read',
    tag: 'plan',
    summary: {
      vi: 'Đề xuất thứ tự ít đẩy sạch và thay khuôn nhất',
      en: 'A sequence with fewer flushes and changes, with the reason of each rule',
    },
    heavy: true,
    response: planProposalSchema,
    handle: () => plans.proposal(),
  });
}

function releaseRoute({ plans, audit }: PlanParts): Route {
  return route({
    method: 'post',
    path: '/api/plan/release',
    door: 'plan.release',
    tag: 'plan',
    summary: {
      vi: 'Phát lệnh từ đầu hàng đợi tới lệnh này',
      en: 'Release the queue from its top down to an order',
    },
    body: planReleaseSchema,
    response: planViewSchema,
    handle: (call) => {
      const caller = callerOf(call);
      const { revision, upTo } = call.body;
      return changed(audit, caller, 'plan.release', upTo, call.body, () =>
        plans.release(caller.signedIn, revision, upTo),
      );
    },
  });
}

function recallRoute({ plans, audit }: PlanParts): Route {
  return route({
    method: 'post',
    path: '/api/plan/:id/recall',
    door: 'plan.release',
    tag: 'plan',
    summary: { vi: 'Rút lại lệnh đã phát', en: 'Take a release back that was not sent yet' },
    params: idParams,
    response: planViewSchema,
    handle: (call) => {
      const { id } = call.params;
      return changed(audit, callerOf(call), 'plan.release', id, { recall: true }, () =>
        plans.recall(id),
      );
    },
  });
}

function removeRoute({ plans, audit }: PlanParts): Route {
  return route({
    method: 'delete',
    path: '/api/plan/:id',
    door: 'plan.write',
    tag: 'plan',
    summary: { vi: 'Bỏ lệnh khỏi kế hoạch', en: 'Take an order out of the plan' },
    params: idParams,
    response: planViewSchema,
    handle: (call) => {
      const { id } = call.params;
      return changed(audit, callerOf(call), 'plan.write', id, { remove: true }, () =>
        plans.remove(id),
      );
    },
  });
}
