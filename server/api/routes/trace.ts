import { z } from 'zod';
import { traceSchema } from '../../contract/trace.ts';
import type { Tracer } from '../../trace/trace.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

/** The genealogy of a lot, both ways. */
export function traceRoutes(tracer: Tracer): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/trace/:lot',
      door: 'batches.read',
      tag: 'orders',
      summary: {
        vi: 'Truy xuất nguồn gốc một lô, hai chiều',
        en: 'Trace of a lot, batch, order or bag, both ways',
      },
      heavy: true,
      params: z.strictObject({ lot: z.string().min(1).max(200) }),
      response: traceSchema,
      handle: async ({ params }) => {
        const trace = await tracer.trace(params.lot);
        if (trace === null) throw new ProblemError('not-found', { detail: params.lot });
        return trace;
      },
    }),
  ];
}
