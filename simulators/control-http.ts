import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { answerControl, RequestError } from './control-requests.ts';
import { FaultError } from './faults/check.ts';
import { ScenarioError } from './faults/scenario.ts';
import type { SimulatedField } from './field.ts';
import { TruckError } from './process/index.ts';

const BODY_BYTES_MAX = 262_144;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  // A web page cannot send this type to another origin without being asked first, and is refused
  // then.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new RequestError(415, 'send the body as application/json');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new RequestError(413, `at most ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new RequestError(400, `the body is not JSON: ${(cause as Error).message}`);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  const refused = [FaultError, TruckError, ScenarioError].some((one) => error instanceof one);
  return refused ? 409 : 500;
}

async function handle(
  field: SimulatedField,
  startSpeed: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let status = 200;
  let body: object;
  try {
    const method = request.method ?? 'GET';
    const sent = method === 'POST' ? await bodyOf(request) : null;
    body = await answerControl(field, startSpeed, { method, url: request.url ?? '/', body: sent });
  } catch (error) {
    status = statusOf(error);
    // RFC 9457: what went wrong, for whoever asked.
    body = { type: 'about:blank', title: 'refused', status, detail: (error as Error).message };
  }
  const type = status === 200 ? 'application/json' : 'application/problem+json';
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/**
 * The control port of the simulator: what a person on site would see and do (ADR 0008). Only this
 * machine reaches it. What it answers is in `control-requests.ts`.
 * @param startSpeed the speed at which the simulator, and the controller beside it, were started
 */
export function createControl(field: SimulatedField, startSpeed: number): Server {
  return createServer((request, response) => {
    // `handle` answers every error itself; a client that left meanwhile needs no answer.
    void handle(field, startSpeed, request, response);
  });
}
