import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import * as z from 'zod';
import type { SimulatedField } from './field.ts';
import {
  clearFault,
  FAULT_KINDS,
  FAULT_NAMES,
  FaultError,
  ledger,
  sendTruck,
  setFault,
  TruckError,
} from './process/index.ts';
import { ModbusServer } from './servers/modbus-server.ts';

const BODY_BYTES_MAX = 65_536;

const serverBody = z.strictObject({ up: z.boolean() });
const unitBody = z.strictObject({
  up: z.boolean(),
  /** How a unit that is down fails: a gateway's exception 0B, or no answer at all. */
  failure: z.enum(['answers', 'silent']).default('answers'),
});
const truckBody = z.strictObject({
  material: z.string().min(1),
  lot: z.string().min(1).max(64),
  kg: z.number().positive().max(100_000),
  pit: z.string().optional(),
});
const faultBody = z.strictObject({
  device: z.string().min(1),
  fault: z.enum(FAULT_NAMES),
  role: z.string().min(1).optional(),
  value: z.number().optional(),
  /** false takes the fault off again. */
  active: z.boolean().default(true),
});

/** A request that cannot be done; `detail` says what the asker must mend. */
class RequestError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.name = 'RequestError';
    this.status = status;
  }
}

function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new RequestError(400, z.prettifyError(result.error));
}

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

function stateOf(field: SimulatedField): object {
  const { state, image } = field;
  const inputs = state.mill.tags.filter((tag) => tag.direction === 'input' && tag.address !== null);
  return {
    mill: state.mill.id,
    timeMs: state.timeMs,
    speed: state.speed,
    servers: [...field.servers.values()].map((server) => ({
      connection: server.connection,
      up: server.up,
      ...(server instanceof ModbusServer
        ? { units: server.unitIds.map((id) => ({ id, failure: server.failureOf(id) })) }
        : {}),
    })),
    trucks: state.trucks.map(({ pit, substance, mg }) => ({
      pit,
      ...state.substances[substance],
      kg: mg / 1e6,
    })),
    faults: state.faults,
    inputs: Object.fromEntries(inputs.map((tag) => [tag.name, image.read(tag.name)])),
    outputs: Object.fromEntries(image.outputs),
  };
}

/** Takes a server, or one Modbus unit behind it, down or brings it back. */
async function setServer(field: SimulatedField, path: string[], body: unknown): Promise<object> {
  const [, connection = '', , unit] = path;
  const server = field.servers.get(connection);
  if (server === undefined) throw new RequestError(404, `no connection ${connection}`);
  if (unit === undefined) {
    const { up } = checked(serverBody, body);
    await (up ? server.start() : server.stop());
    return { connection, up };
  }
  const unitId = Number(unit);
  if (!(server instanceof ModbusServer) || !server.unitIds.includes(unitId)) {
    throw new RequestError(404, `no Modbus unit ${unit} on ${connection}`);
  }
  const { up, failure } = checked(unitBody, body);
  server.failUnit(unitId, up ? null : failure);
  return { connection, unit: unitId, up };
}

async function answer(
  field: SimulatedField,
  method: string,
  url: string,
  request: IncomingMessage,
) {
  const path = new URL(url, 'http://simulator').pathname.split('/').filter((part) => part !== '');
  const place = path[0] ?? '';
  if (method === 'GET' && path.length === 1) {
    if (place === 'ledger') return ledger(field.state);
    if (place === 'state') return stateOf(field);
    if (place === 'faults') return { kinds: FAULT_KINDS, present: field.state.faults };
  }
  if (method !== 'POST') throw new RequestError(404, 'ask for /ledger, /state or /faults');
  const body = await bodyOf(request);
  const isServer = path.length === 2 || (path.length === 4 && path[2] === 'units');
  if (place === 'servers' && isServer) return setServer(field, path, body);
  if (place === 'trucks' && path.length === 1) {
    sendTruck(field.state, checked(truckBody, body));
    return { trucks: field.state.trucks.length };
  }
  if (place === 'faults' && path.length === 1) {
    const { active, ...fault } = checked(faultBody, body);
    if (active) setFault(field.state, fault);
    else clearFault(field.state, fault);
    return { present: field.state.faults };
  }
  throw new RequestError(404, 'post to /servers/<connection>[/units/<id>], /trucks or /faults');
}

function statusOf(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  return error instanceof FaultError || error instanceof TruckError ? 409 : 500;
}

async function handle(field: SimulatedField, request: IncomingMessage, response: ServerResponse) {
  let status = 200;
  let body: object;
  try {
    body = await answer(field, request.method ?? 'GET', request.url ?? '/', request);
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
 * The control port of the simulator: what a person on site would see and do. Only this machine
 * reaches it.
 * GET /ledger, /state, /faults; POST /servers/<connection>, /servers/<connection>/units/<id>,
 * /trucks, /faults.
 */
export function createControl(field: SimulatedField): Server {
  return createServer((request, response) => {
    // `handle` answers every error itself; a client that left meanwhile needs no answer.
    void handle(field, request, response);
  });
}
