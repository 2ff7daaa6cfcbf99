import { z } from 'zod';
import { docsPage } from '../docs-page.ts';
import type { Metrics } from '../metrics.ts';
import { openApiDocument } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

/** What a mill needs to be operated from here. */
export interface Readiness {
  readonly controller: boolean;
  readonly database: boolean;
  /** In words, for whoever reads the log. */
  readonly detail: string;
}

export interface SystemParts {
  readonly metrics: Metrics;
  readonly version: string;
  readonly readiness: () => Readiness;
}

const HTML = { contentType: 'text/html; charset=utf-8', description: 'A page to read' };

/**
 * Health, readiness, metrics; and the document of this interface, made from all `others` and
 * these.
 */
export function systemRoutes(parts: SystemParts, others: readonly Route[]): Route[] {
  const routes: Route[] = [healthRoute(), readyRoute(parts), metricsRoute(parts)];
  let document: Record<string, unknown> = {};
  let page = '';
  routes.push(
    route({
      method: 'get',
      path: '/api/openapi.json',
      door: 'api.read',
      tag: 'system',
      summary: { vi: 'Tài liệu OpenAPI', en: 'OpenAPI document' },
      response: z.record(z.string(), z.unknown()),
      handle: () => document,
    }),
    route({
      method: 'get',
      path: '/api/docs',
      door: 'api.read',
      tag: 'system',
      summary: { vi: 'Trang tài liệu API', en: 'API documentation page' },
      response: HTML,
      handle: () => page,
    }),
  );
  const all = [...others, ...routes];
  document = openApiDocument(all, parts.version);
  page = docsPage(all, parts.version);
  return routes;
}

function healthRoute(): Route {
  return route({
    method: 'get',
    path: '/healthz',
    door: 'health.read',
    tag: 'system',
    summary: { vi: 'Tiến trình còn chạy', en: 'The process lives' },
    response: z.object({ ok: z.literal(true) }),
    handle: () => ({ ok: true as const }),
  });
}

function readyRoute({ readiness }: SystemParts): Route {
  return route({
    method: 'get',
    path: '/readyz',
    door: 'ready.read',
    tag: 'system',
    summary: {
      vi: 'Có bộ điều khiển và cơ sở dữ liệu',
      en: 'Controller and database are reached',
    },
    response: z.object({ controller: z.literal(true), database: z.literal(true) }),
    handle: () => {
      const { controller, database, detail } = readiness();
      if (!controller || !database) throw new ProblemError('not-ready', { detail });
      return { controller: true as const, database: true as const };
    },
  });
}

function metricsRoute({ metrics }: SystemParts): Route {
  return route({
    method: 'get',
    path: '/metrics',
    door: 'metrics.read',
    tag: 'system',
    summary: { vi: 'Số đo cho Prometheus', en: 'Metrics for Prometheus' },
    response: { contentType: metrics.contentType, description: 'Prometheus text format' },
    handle: () => metrics.text(),
  });
}
