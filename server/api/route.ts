import type { z } from 'zod';
import type { Text } from '../../plc/model/text.ts';
import type { Door } from '../auth/policy.ts';
import type { Caller } from '../commands/command-gate.ts';
import { ProblemError } from './problem.ts';

/** A request as its route's schemas let it through. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Who calls; null at a door that is open to anyone. */
  readonly caller: Caller | null;
  readonly address: string;
  /** Whether the connection is encrypted, which the cookie must know. */
  readonly secure: boolean;
  setCookie(cookie: string): void;
  /** Makes a browser save the answer under this name (letters, digits, `.` and `-`). */
  saveAs(fileName: string): void;
}

/** An answer that is not JSON: a text, bytes, or pieces of bytes as they are made. */
export interface TextResponse {
  readonly contentType: string;
  readonly description: string;
}

/**
 * One REST route as data: from it come the router, validation, the policy check and the OpenAPI
 * document. Params, query and body are parsed by their schemas; the answer is cut to its schema,
 * so that nothing leaves by mistake. A handler throws `ProblemError` to refuse.
 */
export interface Route<Params = unknown, Query = unknown, Body = unknown, Answer = unknown> {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Express path, e.g. `/api/users/:user`. */
  readonly path: string;
  readonly door: Door;
  readonly tag: string;
  readonly summary: Text;
  /** 200 unless said otherwise; 204 has no answer. */
  readonly status?: 200 | 201 | 204;
  /** Costs the database much: fewer of these a minute. */
  readonly heavy?: boolean;
  /** Answers everyone the same while the server runs: made and compressed once. JSON only. */
  readonly fixed?: boolean;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  readonly response: z.ZodType<Answer> | TextResponse | null;
  handle(call: Call<Params, Query, Body>): Promise<Answer> | Answer;
}

/** Declares a route; the types of its schemas reach its handler. */
export function route<Params, Query, Body, Answer>(one: Route<Params, Query, Body, Answer>): Route {
  return one as Route;
}

/** Whether an answer is text rather than JSON by a schema. */
export function isTextResponse(response: Route['response']): response is TextResponse {
  return response !== null && 'contentType' in response;
}

/** The caller of a route whose door asks for a session. */
export function callerOf(call: Pick<Call<unknown, unknown, unknown>, 'caller'>): Caller {
  if (call.caller === null) throw new ProblemError('not-signed-in');
  return call.caller;
}

/** ISO 8601 UTC of a time in ms; the times of REST. */
export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
