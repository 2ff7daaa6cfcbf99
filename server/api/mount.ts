import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Express, Request, RequestHandler, Response } from 'express';
import express from 'express';
import type { z } from 'zod';
import { tokenOfCookies } from '../auth/cookie.ts';
import { admission, POLICY } from '../auth/policy.ts';
import { isSameOrigin } from '../auth/same-origin.ts';
import type { Sessions, SignedIn } from '../auth/sessions.ts';
import { FixedAnswer } from './fixed-answer.ts';
import type { Metrics } from './metrics.ts';
import { ProblemError } from './problem.ts';
import type { Call, Route } from './route.ts';
import { isTextResponse } from './route.ts';

export interface MountParts {
  readonly sessions: Sessions;
  readonly metrics: Metrics;
}

const BODY_MAX_BYTES = 100_000;
const FAULTS_MAX = 50;
const readJson = express.json({ limit: BODY_MAX_BYTES, strict: true });

/** Puts a route of the table into the router: door first, then body, schemas, handler, answer. */
export function mountRoute(
  app: Express,
  route: Route,
  parts: MountParts,
  before: readonly RequestHandler[],
): void {
  const admitted = new WeakMap<Request, SignedIn | null>();
  const admit: RequestHandler = async (request, response, next) => {
    observe(request, response, route, parts.metrics);
    admitted.set(request, await admittedAt(route, request, parts.sessions));
    next();
  };
  const run: RequestHandler = async (request, response) => {
    const call = callOf(route, request, response, admitted.get(request) ?? null);
    if (route.fixed === true) await (await fixed(call)).send(request, response);
    else await send(route, response, await route.handle(call));
  };
  const fixed = fixedAnswerOf(route);
  const handlers = [...before, admit, ...(route.body === undefined ? [] : [readJson]), run];
  app[route.method](route.path, ...handlers);
}

/** The answer of a fixed route, made when it is first asked for. */
function fixedAnswerOf(
  route: Route,
): (call: Call<unknown, unknown, unknown>) => Promise<FixedAnswer> {
  let made: Promise<FixedAnswer> | null = null;
  const make = async (call: Call<unknown, unknown, unknown>) => {
    const answer = await route.handle(call);
    const schema = route.response;
    return new FixedAnswer(schema === null || isTextResponse(schema) ? null : schema.parse(answer));
  };
  return (call) => {
    made ??= make(call);
    return made;
  };
}

function observe(request: Request, response: Response, route: Route, metrics: Metrics): void {
  const startedNs = process.hrtime.bigint();
  response.once('finish', () => {
    const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
    metrics.observeHttp(request.method, route.path, response.statusCode, seconds);
  });
}

async function admittedAt(
  route: Route,
  request: Request,
  sessions: Sessions,
): Promise<SignedIn | null> {
  if (route.method !== 'get' && !isSameOrigin(request.headers)) {
    throw new ProblemError('cross-site');
  }
  if (POLICY[route.door] === 'anyone') return null;
  const token = tokenOfCookies(request.headers.cookie);
  const signedIn = token === null ? null : await sessions.find(token);
  const admitted = admission(route.door, signedIn);
  if (admitted !== 'open') throw new ProblemError(admitted);
  return signedIn;
}

function callOf(
  route: Route,
  request: Request,
  response: Response,
  signedIn: SignedIn | null,
): Call<unknown, unknown, unknown> {
  const faults: { path: string; message: string }[] = [];
  const parse = (place: string, schema: z.ZodType | undefined, input: unknown): unknown => {
    const result = schema?.safeParse(input ?? {});
    for (const issue of result?.error?.issues.slice(0, FAULTS_MAX) ?? []) {
      faults.push({ path: [place, ...issue.path].join('.'), message: issue.message });
    }
    return result?.data;
  };
  const address = request.ip ?? 'unknown';
  const call = {
    params: parse('path', route.params, { ...request.params }),
    query: parse('query', route.query, { ...request.query }),
    body: parse('body', route.body, request.body),
    caller: signedIn === null ? null : { signedIn, address },
    address,
    secure: request.secure,
    setCookie: (cookie: string) => response.append('set-cookie', cookie),
    saveAs: (fileName: string) => response.attachment(fileName),
  };
  if (faults.length > 0) throw new ProblemError('malformed', { faults });
  return call;
}

function isInPieces(answer: unknown): answer is AsyncIterable<Uint8Array> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

async function send(route: Route, response: Response, answer: unknown): Promise<void> {
  response.status(route.status ?? 200);
  if (response.getHeader('cache-control') === undefined) {
    response.setHeader('cache-control', 'no-store');
  }
  if (route.response === null) {
    response.end();
  } else if (isTextResponse(route.response)) {
    response.setHeader('content-type', route.response.contentType);
    if (isInPieces(answer)) await pipeline(Readable.from(answer), response);
    else response.end(answer instanceof Uint8Array ? answer : String(answer));
  } else {
    response.json(route.response.parse(answer));
  }
}
