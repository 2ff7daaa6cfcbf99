import type { RequestHandler } from 'express';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Sessions } from '../auth/sessions.ts';
import { assertEveryRouteHasDoor } from './door-check.ts';
import { answerProblem, problemHandler } from './errors.ts';
import { hmiFiles, hmiPage } from './hmi-files.ts';
import type { Metrics } from './metrics.ts';
import { mountRoute } from './mount.ts';
import { ProblemError } from './problem.ts';
import type { Route } from './route.ts';

export interface AppParts {
  readonly routes: readonly Route[];
  readonly sessions: Sessions;
  readonly metrics: Metrics;
  /** Folder of the built HMI; without it the pages answer 404. */
  readonly hmiFolder: string;
  readonly log: (error: unknown, message: string) => void;
}

const WINDOW_MS = 60_000;
const REQUESTS_PER_MINUTE_MAX = 1_500;
const HEAVY_PER_MINUTE_MAX = 240;

const SECURITY = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'script-src': ["'self'"],
      // Displays place their symbols by style attributes.
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    },
  },
  // The plant network speaks plain HTTP unless a proxy in front of it encrypts; that proxy sets
  // HSTS.
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
});

function limiter(limit: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request, response) =>
      answerProblem(request, response, new ProblemError('too-many', { retryAfterS: 60 })),
  });
}

/**
 * The HTTP face: every route of the table behind its door, the HMI's files, problems for
 * everything else.
 * @throws {DoorlessRouteError} when something is reachable that the policy does not name
 * (programmer).
 */
export function buildApp(parts: AppParts): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  const middleware: RequestHandler[] = [
    SECURITY,
    limiter(REQUESTS_PER_MINUTE_MAX),
    hmiFiles(parts.hmiFolder),
  ];
  for (const one of middleware) app.use(one);
  const heavy = limiter(HEAVY_PER_MINUTE_MAX);
  for (const one of parts.routes) mountRoute(app, one, parts, one.heavy === true ? [heavy] : []);
  app.get(HMI_PATH, hmiPage(parts.hmiFolder));
  const last = problemHandler(parts.log);
  app.use(notFound);
  app.use(last);
  const pages = [{ method: 'get', path: HMI_PATH, door: 'page.read' }] as const;
  assertEveryRouteHasDoor(app, [...parts.routes, ...pages], [...middleware, notFound, last]);
  return app;
}

/** Any path outside the interface is a display of the HMI, which routes by itself. */
const HMI_PATH = '/{*page}';

const notFound: RequestHandler = (request) => {
  throw new ProblemError('not-found', { detail: request.path });
};
