import type { Mill } from '../../../plc/mill/definition.ts';
import type { LinkStatus } from '../../../plc/model/link-status.ts';
import { LINK_TROUBLES } from '../../../plc/model/link-trouble.ts';
import { type LinkView, linksSchema } from '../../contract/links.ts';
import type { LiveBoard } from '../../live/live-board.ts';
import type { Route } from '../route.ts';
import { iso, route } from '../route.ts';

export interface LinkParts {
  readonly mill: Pick<Mill, 'connections'>;
  readonly board: LiveBoard;
}

/** How the controller's connections to the field are. */
export function linkRoutes({ mill, board }: LinkParts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/links',
      door: 'links.read',
      tag: 'links',
      summary: {
        vi: 'Tình trạng các kết nối tới thiết bị',
        en: 'How the connections to the field are',
      },
      response: linksSchema,
      handle: () => ({
        controllerConnected: board.link.connected,
        links: board
          .documents()
          .filter((one) => one.kind === 'link')
          .map((one) => viewOf(mill, one)),
      }),
    }),
  ];
}

function viewOf(mill: LinkParts['mill'], of: LinkStatus): LinkView {
  const { connection, unitId, sinceMs, certificateEndsMs, trouble, lastError } = of;
  const id = { vi: connection, en: connection };
  return {
    connection,
    unit: unitId,
    text: mill.connections.find((one) => one.id === connection)?.text ?? id,
    protocol: of.protocol,
    address: of.address,
    online: of.online,
    since: sinceMs === null ? null : iso(sinceMs),
    lastError:
      trouble === null
        ? null
        : { code: trouble, ...LINK_TROUBLES[trouble], message: lastError ?? '' },
    requestsPerS: of.requestsPerS,
    roundTripP50Ms: of.roundTripP50Ms,
    roundTripP99Ms: of.roundTripP99Ms,
    lateReplies: of.lateReplies,
    latePerMin: of.latePerMin,
    overruns: of.overruns,
    overflows: of.overflows,
    reconnects: of.reconnects,
    serverRestarts: of.serverRestarts,
    skewMs: of.skewMs,
    unmonitored: { count: of.unmonitored.count, tags: [...of.unmonitored.tags] },
    unprotected: of.unprotected,
    certificateEnds: certificateEndsMs === null ? null : iso(certificateEndsMs),
  };
}
