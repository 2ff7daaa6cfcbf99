import { z } from 'zod';
import { POLICY } from '../auth/policy.ts';
import { problemSchema } from '../contract/rest.ts';
import type { Route } from './route.ts';
import { isTextResponse } from './route.ts';

const NOTES = [
  'Times are ISO 8601 UTC, masses kg unless named otherwise. Errors follow RFC 9457.',
  'Sign in with POST /api/session; what changes something must come from the same origin.',
].join(' ');

type Json = Record<string, unknown>;

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return json;
}

/** `/api/users/:user` as OpenAPI writes it. */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties, required } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties ?? {}).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: one,
  }));
}

function responseOf(one: Route): Json {
  const { response } = one;
  if (response === null) return { description: 'Done' };
  if (isTextResponse(response)) {
    const type = response.contentType.split(';')[0] ?? 'text/plain';
    return {
      description: response.description,
      content: { [type]: { schema: { type: 'string' } } },
    };
  }
  const content = { 'application/json': { schema: schemaOf(response, 'output') } };
  return { description: 'Done', content };
}

function operationOf(one: Route): Json {
  const policy = POLICY[one.door];
  const who = typeof policy === 'string' ? policy : policy.join(', ');
  const name = one.path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase());
  const problem = { $ref: '#/components/responses/Problem' };
  return {
    operationId: `${one.method}${name}`,
    tags: [one.tag],
    summary: one.summary.en,
    description: `${one.summary.vi}. Door \`${one.door}\`: ${who}.`,
    security: policy === 'anyone' ? [] : [{ session: [] }],
    parameters: [...parametersOf(one.params, 'path'), ...parametersOf(one.query, 'query')],
    ...(one.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(one.body, 'input') } },
          },
        }),
    responses: { [String(one.status ?? 200)]: responseOf(one), default: problem },
  };
}

/** The OpenAPI 3.1 document of these routes, from the same schemas that check them. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const one of routes) {
    const path = openApiPath(one.path);
    paths[path] = { ...paths[path], [one.method]: operationOf(one) };
  }
  const problem = { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Feed mill',
      version,
      description: NOTES,
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'mill_session' } },
      responses: { Problem: { description: 'A problem (RFC 9457)', content: problem } },
    },
  };
}
