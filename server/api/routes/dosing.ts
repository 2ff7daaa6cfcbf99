import { dosingPointsSchema } from '../../contract/dosing.ts';
import type { LiveBoard } from '../../live/live-board.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

/** Coarse and fine points that the scales propose from their doses. */
export function dosingRoutes({ board }: { readonly board: LiveBoard }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/dosing-points',
      door: 'dosing.read',
      tag: 'orders',
      summary: {
        vi: 'Điểm cắt thô/tinh học được của từng bồn',
        en: 'Learnt coarse and fine points of each bin',
      },
      response: dosingPointsSchema,
      handle: () =>
        board
          .documents()
          .flatMap((one) =>
            one.kind === 'dosing'
              ? one.points.map((point) => ({ scale: one.scale, ...point }))
              : [],
          ),
    }),
  ];
}
