import { z } from 'zod';
import {
  bagRejectViewSchema,
  palletsQuerySchema,
  palletViewSchema,
} from '../../contract/packing.ts';
import type { PackingReader } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

/** Pallets with the bags that are on them, and bags that were thrown out. */
export function packingRoutes(packing: PackingReader): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/pallets',
      door: 'batches.read',
      tag: 'orders',
      summary: {
        vi: 'Pallet theo lô, lệnh hoặc bao',
        en: 'Pallets of a lot or an order, or the one that a bag is on',
      },
      query: palletsQuerySchema,
      response: z.array(palletViewSchema),
      handle: ({ query }) => packing.pallets(query),
    }),
    route({
      method: 'get',
      path: '/api/pallets/:id',
      door: 'batches.read',
      tag: 'orders',
      summary: { vi: 'Một pallet và các bao trên đó', en: 'A pallet and the bags on it' },
      params: z.strictObject({ id: z.string().min(1).max(200) }),
      response: palletViewSchema,
      handle: async ({ params }) => {
        const pallet = await packing.pallet(params.id);
        if (pallet === null) throw new ProblemError('not-found', { detail: params.id });
        return pallet;
      },
    }),
    route({
      method: 'get',
      path: '/api/bag-rejects',
      door: 'batches.read',
      tag: 'orders',
      summary: {
        vi: 'Bao bị loại vì khối lượng hoặc kim loại',
        en: 'Bags rejected by weight or for metal',
      },
      query: palletsQuerySchema,
      response: z.array(bagRejectViewSchema),
      handle: ({ query }) => packing.rejects(query),
    }),
  ];
}
