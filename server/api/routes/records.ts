import { z } from 'zod';
import type { AuditTrail } from '../../auth/audit.ts';
import {
  productionReportSchema,
  reportCsvQuerySchema,
  reportQuerySchema,
} from '../../contract/production-report.ts';
import {
  alarmViewSchema,
  auditQuerySchema,
  auditViewSchema,
  listQuerySchema,
} from '../../contract/rest.ts';
import type { RecordReader, ReportReader } from '../ports.ts';
import type { Route } from '../route.ts';
import { iso, route } from '../route.ts';

export interface RecordParts {
  readonly records: RecordReader;
  readonly reports: ReportReader;
  readonly audit: AuditTrail;
}

/** What was written down: alarms, production reports, the audit trail. */
export function recordRoutes(parts: RecordParts): Route[] {
  return [alarmsRoute(parts), reportRoute(parts), csvRoute(parts), auditRoute(parts)];
}

function alarmsRoute({ records }: RecordParts): Route {
  return route({
    method: 'get',
    path: '/api/alarms',
    door: 'alarms.read',
    tag: 'alarms',
    summary: { vi: 'Lịch sử báo động', en: 'Alarm history' },
    query: listQuerySchema,
    response: z.array(alarmViewSchema),
    handle: ({ query }) => records.alarms(query),
  });
}

function reportRoute({ reports }: RecordParts): Route {
  return route({
    method: 'get',
    path: '/api/reports/production',
    door: 'reports.read',
    tag: 'reports',
    summary: { vi: 'Báo cáo sản xuất', en: 'Production report' },
    heavy: true,
    query: reportQuerySchema,
    response: productionReportSchema,
    handle: ({ query }) => reports.production(query.day, query.shift ?? null),
  });
}

function csvRoute({ reports }: RecordParts): Route {
  return route({
    method: 'get',
    path: '/api/reports/production.csv',
    door: 'reports.read',
    tag: 'reports',
    summary: { vi: 'Báo cáo sản xuất (CSV)', en: 'Production report (CSV)' },
    heavy: true,
    query: reportCsvQuerySchema,
    response: { contentType: 'text/csv; charset=utf-8', description: 'UTF-8 with BOM' },
    handle: async ({ query, saveAs }) => {
      const { day, shift, language } = query;
      const report = await reports.production(day, shift ?? null);
      saveAs(`production-${day}${shift === undefined ? '' : `-${shift}`}.csv`);
      return reports.productionCsv(report, language);
    },
  });
}

function auditRoute({ audit }: RecordParts): Route {
  return route({
    method: 'get',
    path: '/api/audit',
    door: 'audit.read',
    tag: 'audit',
    summary: { vi: 'Nhật ký thao tác', en: 'Audit trail' },
    query: auditQuerySchema,
    response: z.array(auditViewSchema),
    handle: async ({ query }) => {
      const rows = await audit.read({
        beforeMs: query.before === undefined ? Date.now() + 1 : Date.parse(query.before),
        limit: query.limit,
        user: query.user ?? null,
        door: query.door ?? null,
      });
      return rows.map(({ timeMs, reasons, ...row }) => ({
        ...row,
        time: iso(timeMs),
        reasons: [...reasons],
      }));
    },
  });
}
