import * as z from 'zod';
import { FAULT_KINDS } from './faults/catalogue.ts';
import { PARAMETERS } from './faults/parameters.ts';
import {
  bulkRequest,
  faultPlace,
  faultRequest,
  handRequest,
  speedRequest,
  truckRequest,
} from './faults/request.ts';
import { readScenario, scenarioNames } from './faults/scenario-files.ts';
import type { SimulatedField } from './field.ts';
import { addByHand, ledger, sendBulkTruck, sendTruck } from './process/index.ts';
import { ModbusServer } from './servers/modbus-server.ts';

/** A request that cannot be done; `detail` says what the asker must mend. */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.name = 'RequestError';
    this.status = status;
  }
}

const serverBody = z.strictObject({ up: z.boolean() });
const unitBody = z.strictObject({
  up: z.boolean(),
  /** How a unit that is down fails: a gateway's exception 0B, or no answer at all. */
  failure: z.enum(['answers', 'silent']).default('answers'),
});
const truckBody = z.strictObject(truckRequest);
const handBody = z.strictObject(handRequest);
const bulkBody = z.strictObject(bulkRequest);
const speedBody = z.strictObject(speedRequest);
const faultBody = z.strictObject({ active: z.literal(true).optional(), ...faultRequest });
const clearBody = z.strictObject({
  /** Takes faults off: all that have what is given here; with nothing, every one. */
  active: z.literal(false),
  ...z.object(faultRequest).partial().shape,
  ...faultPlace,
});
const scenarioBody = z.union([
  z.strictObject({ name: z.string().min(1), seed: z.number().int().optional() }),
  z.strictObject({ scenario: z.unknown(), seed: z.number().int().optional() }),
  z.strictObject({ stop: z.literal(true) }),
]);

function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new RequestError(400, z.prettifyError(result.error));
}

function scenarioOf({ state }: SimulatedField): object | null {
  if (state.scenario === null) return null;
  const { name, startedMs, steps, refusals } = state.scenario;
  const nextS = steps[0] === undefined ? null : (steps[0].dueMs - state.timeMs) / 1000;
  return { name, startedMs, stepsLeft: steps.length, nextS, refusals };
}

function stateOf(field: SimulatedField): object {
  const { state, image } = field;
  const inputs = state.mill.tags.filter((tag) => tag.direction === 'input' && tag.address !== null);
  return {
    mill: state.mill.id,
    timeMs: state.timeMs,
    speed: state.speed,
    scenario: scenarioOf(field),
    servers: [...field.servers.values()].map((server) => ({
      connection: server.connection,
      up: server.up,
      ...(server instanceof ModbusServer
        ? { units: server.unitIds.map((id) => ({ id, failure: server.failureOf(id) })) }
        : {}),
    })),
    trucks: state.trucks.map(({ pit, substance, mg, stage }) => ({
      pit,
      stage,
      ...state.substances[substance],
      kg: mg / 1e6,
    })),
    faults: state.faults.all,
    inputs: Object.fromEntries(inputs.map((tag) => [tag.name, image.read(tag.name)])),
    outputs: Object.fromEntries(image.outputs),
  };
}

/** Takes a server, or one Modbus unit behind it, down or brings it back. */
async function setServer(field: SimulatedField, path: string[], body: unknown): Promise<object> {
  const [, connection = '', , unitText] = path;
  const server = field.servers.get(connection);
  if (server === undefined) throw new RequestError(404, `no connection ${connection}`);
  const { core } = field;
  if (unitText === undefined) {
    const { up } = checked(serverBody, body);
    if (up) core.clearFault({ fault: 'server-down', connection });
    else core.setFault({ fault: 'server-down', connection });
    await field.settled();
    return { connection, up: server.up };
  }
  const unit = Number(unitText);
  if (!(server instanceof ModbusServer) || !server.unitIds.includes(unit)) {
    throw new RequestError(404, `no Modbus unit ${unitText} on ${connection}`);
  }
  const { up, failure } = checked(unitBody, body);
  for (const fault of ['unit-silent', 'unit-exception']) {
    core.clearFault({ fault, connection, unit });
  }
  const fault = failure === 'silent' ? 'unit-silent' : 'unit-exception';
  if (!up) core.setFault({ fault, connection, unit });
  await field.settled();
  return { connection, unit, up };
}

async function changeFaults(field: SimulatedField, body: unknown): Promise<object> {
  const clears = (body as { active?: unknown } | null)?.active === false;
  if (clears) field.core.clearFault(checked(clearBody, body));
  else field.core.setFault(checked(faultBody, body));
  await field.settled();
  return { present: field.state.faults.all };
}

/**
 * Process time runs faster or slower from now on; heartbeats and time-outs stay in real time. The
 * controller has its own SIM_SPEED and takes no other while it runs (ADR 0007): where the two
 * differ its timers no longer fit the field, and whoever asked must know.
 */
function changeSpeed(field: SimulatedField, startSpeed: number, body: unknown): object {
  const { speed } = checked(speedBody, body);
  field.state.speed = speed;
  const warning = {
    vi:
      `Bộ điều khiển vẫn chạy với SIM_SPEED lúc khởi động (${startSpeed}): thời gian của nó không ` +
      `khớp với hiện trường. Khởi động lại bộ điều khiển với SIM_SPEED=${speed}.`,
    en:
      `The controller keeps the SIM_SPEED it was started with (${startSpeed}): its times do not ` +
      `fit this field. Restart it with SIM_SPEED=${speed}.`,
  };
  return speed === startSpeed ? { speed } : { speed, warning };
}

function changeScenario(field: SimulatedField, body: unknown): object {
  const asked = checked(scenarioBody, body);
  const { core } = field;
  if ('stop' in asked) core.stopScenario();
  else if ('scenario' in asked) core.startScenario('sent', asked.scenario, asked.seed);
  else {
    // Only those that come with the simulator: the port reads no files for whoever asks.
    if (!scenarioNames().includes(asked.name)) {
      throw new RequestError(404, `no scenario ${asked.name}; ask for /scenarios`);
    }
    core.startScenario(asked.name, readScenario(asked.name), asked.seed);
  }
  return { running: scenarioOf(field) };
}

interface ControlRequest {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

function look(field: SimulatedField, place: string): object {
  if (place === 'ledger') return ledger(field.state);
  if (place === 'state') return stateOf(field);
  if (place === 'scenarios') return { names: scenarioNames(), running: scenarioOf(field) };
  if (place === 'faults') {
    return { kinds: FAULT_KINDS, parameters: PARAMETERS, present: field.state.faults.all };
  }
  throw new RequestError(404, 'ask for /ledger, /state, /faults or /scenarios');
}

/**
 * Answers a request at the control port.
 * GET /ledger, /state, /faults, /scenarios;
 * POST /servers/<connection>[/units/<id>], /trucks, /bulk-trucks, /hand-adds, /faults, /speed,
 * /scenarios.
 * @throws {RequestError} and the errors of faults, trucks and scenarios, each with what to mend
 */
export async function answerControl(
  field: SimulatedField,
  startSpeed: number,
  { method, url, body }: ControlRequest,
): Promise<object> {
  const path = new URL(url, 'http://simulator').pathname.split('/').filter((part) => part !== '');
  const place = path[0] ?? '';
  if (method !== 'POST') return look(field, path.length === 1 ? place : '');
  const isServer = path.length === 2 || (path.length === 4 && path[2] === 'units');
  if (place === 'servers' && isServer) return setServer(field, path, body);
  if (path.length === 1) {
    if (place === 'faults') return changeFaults(field, body);
    if (place === 'speed') return changeSpeed(field, startSpeed, body);
    if (place === 'scenarios') return changeScenario(field, body);
    if (place === 'hand-adds') {
      addByHand(field.state, checked(handBody, body));
      return { accepted: true };
    }
    if (place === 'bulk-trucks') {
      sendBulkTruck(field.state, checked(bulkBody, body));
      return { accepted: true };
    }
    if (place === 'trucks') {
      sendTruck(field.state, checked(truckBody, body));
      return { trucks: field.state.trucks.length };
    }
  }
  throw new RequestError(
    404,
    'post to /servers/<connection>[/units/<id>], /trucks, /bulk-trucks, /hand-adds, /faults, ' +
      '/speed or /scenarios',
  );
}
