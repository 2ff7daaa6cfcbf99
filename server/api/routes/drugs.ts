import { z } from 'zod';
import type { AuditTrail } from '../../auth/audit.ts';
import {
  drugEntrySchema,
  ledgerCsvQuerySchema,
  ledgerQuerySchema,
  ledgerSchema,
  reconcileSchema,
} from '../../contract/drugs.ts';
import type { DrugDesk, DrugResult } from '../../drugs/drug-desk.ts';
import type { DrugLedger } from '../../drugs/drug-ledger.ts';
import { ledgerCsv, ledgerPdf } from '../../drugs/ledger-files.ts';
import { audited } from '../audited.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { callerOf, route } from '../route.ts';

export interface DrugParts {
  readonly ledger: DrugLedger;
  readonly desk: DrugDesk;
  readonly audit: AuditTrail;
}

const orderParams = z.strictObject({ order: z.string().min(1).max(64) });

function done(result: DrugResult): void {
  if (!result.ok) throw new ProblemError('refused', { reasons: [result.reason] });
}

/** The ledger of drugs, and what quality writes into it. */
export function drugRoutes(parts: DrugParts): Route[] {
  return [...ledgerRoutes(parts), enterRoute(parts), ...reconcileRoutes(parts)];
}

function ledgerRoutes({ ledger }: DrugParts): Route[] {
  const common = { method: 'get', door: 'drugs.read', tag: 'reports', heavy: true } as const;
  return [
    route({
      ...common,
      path: '/api/drugs/ledger',
      summary: { vi: 'Sổ thuốc trong ngày', en: 'Drug ledger of a day' },
      query: ledgerQuerySchema,
      response: ledgerSchema,
      handle: ({ query }) => ledger.day(query.day),
    }),
    route({
      ...common,
      path: '/api/drugs/ledger.csv',
      summary: { vi: 'Sổ thuốc (CSV)', en: 'Drug ledger (CSV)' },
      query: ledgerCsvQuerySchema,
      response: { contentType: 'text/csv; charset=utf-8', description: 'UTF-8 with BOM' },
      handle: async ({ query, saveAs }) => {
        const text = ledgerCsv(await ledger.day(query.day), query.language);
        saveAs(`drug-ledger-${query.day}.csv`);
        return text;
      },
    }),
    route({
      ...common,
      path: '/api/drugs/ledger.pdf',
      summary: { vi: 'Sổ thuốc (PDF)', en: 'Drug ledger (PDF)' },
      query: ledgerQuerySchema,
      response: { contentType: 'application/pdf', description: 'A4' },
      handle: async ({ query, saveAs }) => {
        const bytes = await ledgerPdf(await ledger.day(query.day));
        saveAs(`drug-ledger-${query.day}.pdf`);
        return bytes;
      },
    }),
  ];
}

function enterRoute({ desk, audit }: DrugParts): Route {
  return route({
    method: 'post',
    path: '/api/drugs/entries',
    door: 'drugs.enter',
    tag: 'reports',
    summary: { vi: 'Ghi nhận hoặc kiểm kê lô thuốc', en: 'Receipt or count of a drug lot' },
    status: 204,
    body: drugEntrySchema,
    response: null,
    handle: async (call) => {
      const caller = callerOf(call);
      await audited(audit, caller, 'drugs.enter', call.body.lot, call.body, async () =>
        done(await desk.enter(call.body, caller.signedIn.user)),
      );
    },
  });
}

function reconcileRoutes({ desk, audit }: DrugParts): Route[] {
  const common = {
    method: 'post',
    tag: 'reports',
    status: 204,
    params: orderParams,
    body: reconcileSchema,
    response: null,
  } as const;
  return [
    route({
      ...common,
      path: '/api/drugs/reconciliations/:order',
      door: 'drugs.reconcile',
      summary: { vi: 'Đối chiếu thuốc của một lệnh', en: 'Reconcile the drugs of an order' },
      handle: async (call) => {
        const caller = callerOf(call);
        const { order } = call.params;
        const args = { ...call.body, orderId: order };
        await audited(audit, caller, 'drugs.reconcile', order, args, async () =>
          done(await desk.propose(order, caller.signedIn.user, call.body.note)),
        );
      },
    }),
    route({
      ...common,
      path: '/api/drugs/reconciliations/:order/confirm',
      door: 'drugs.confirm',
      summary: { vi: 'Người thứ hai xác nhận đối chiếu', en: 'A second person confirms' },
      handle: async (call) => {
        const caller = callerOf(call);
        const { order } = call.params;
        const args = { ...call.body, orderId: order };
        await audited(audit, caller, 'drugs.confirm', order, args, async () =>
          done(await desk.confirm(order, caller.signedIn.user, call.body.note)),
        );
      },
    }),
  ];
}
