import { z } from 'zod';
import { listQuerySchema } from '../../contract/rest.ts';
import {
  stockMoveSchema,
  stockMovesQuerySchema,
  stockViewSchema,
  truckViewSchema,
} from '../../contract/stock.ts';
import type { LiveBoard } from '../../live/live-board.ts';
import type { StockReader } from '../ports.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

export interface StockParts {
  readonly board: LiveBoard;
  readonly stock: StockReader;
}

/** What lies in the bins, how it came there and went, and the trucks that brought it. */
export function stockRoutes({ board, stock }: StockParts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/stock',
      door: 'stock.read',
      tag: 'stock',
      summary: { vi: 'Tồn kho từng bồn theo lớp lô', en: 'Stock of each bin as layers of lots' },
      response: z.array(stockViewSchema),
      handle: () =>
        board
          .documents()
          .filter((one) => one.kind === 'stock')
          .map(({ layers, ...one }) => ({
            ...one,
            layers: layers.map((layer) => layer.map((portion) => ({ ...portion }))),
          })),
    }),
    route({
      method: 'get',
      path: '/api/stock/moves',
      door: 'stock.read',
      tag: 'stock',
      summary: {
        vi: 'Xuất nhập theo lô, bồn hoặc nguyên nhân',
        en: 'Movements of a lot, a bin or a cause',
      },
      query: stockMovesQuerySchema,
      response: z.array(stockMoveSchema),
      handle: ({ query }) => stock.moves(query),
    }),
    route({
      method: 'get',
      path: '/api/trucks',
      door: 'trucks.read',
      tag: 'stock',
      summary: { vi: 'Xe nguyên liệu', en: 'Trucks of raw material' },
      query: listQuerySchema,
      response: z.array(truckViewSchema),
      handle: ({ query }) => stock.trucks(query),
    }),
  ];
}
