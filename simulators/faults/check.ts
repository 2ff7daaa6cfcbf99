import type { Mill } from '../../plc/mill/definition.ts';
import { modbusUnits } from '../../plc/mill/expand.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import type { Fault, FaultKind, FaultName } from './catalogue.ts';
import { FAULT_KINDS, FAULT_NAMES, faultFits } from './catalogue.ts';
import type { Parameter, ParameterName } from './parameters.ts';
import { PARAMETER_NAMES, PARAMETERS } from './parameters.ts';

/** A fault that cannot be put on; the person who asked for it must mend the request. */
export class FaultError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.name = 'FaultError';
  }
}

/** A fault as a person asks for it: what, where, how much, and for how long. */
export interface FaultRequest extends Partial<Readonly<Record<ParameterName, unknown>>> {
  readonly fault: string;
  readonly device?: string | undefined;
  readonly role?: string | undefined;
  readonly connection?: string | undefined;
  readonly unit?: number | undefined;
  /** Goes away by itself after this: process seconds, of a connection or unit real seconds. */
  readonly forS?: number | undefined;
}

/** Reads what a sensor shows now, or undefined where there is no such sensor. */
export type Reading = (tag: string) => TagScalar | undefined;

const FOR_S_MAX = 86_400;
const PLACES = ['device', 'role', 'connection', 'unit'] as const;
const PLACES_OF = {
  device: ['device'],
  sensor: ['device', 'role'],
  connection: ['connection'],
  unit: ['connection', 'unit'],
} as const satisfies Readonly<Record<FaultKind['target'], readonly (typeof PLACES)[number][]>>;

function placeProblems(kind: FaultKind, name: FaultName, request: FaultRequest): string[] {
  const needed: readonly string[] = PLACES_OF[kind.target];
  return PLACES.flatMap((place) => {
    const given = request[place] !== undefined;
    if (given === needed.includes(place)) return [];
    return given ? [`${name} takes no ${place}`] : [`${name} needs a ${place}`];
  });
}

function deviceProblems(mill: Mill, name: FaultName, request: FaultRequest): string[] {
  const { device: id } = request;
  if (id === undefined) return [];
  const device = mill.deviceById.get(id);
  if (device === undefined) return [`unknown device ${id}`];
  if (!faultFits(name, device.type)) return [`a ${device.type} cannot have the fault ${name}`];
  const isPit = device.type === 'bin' && device.settings.kind === 'pit';
  return name === 'wrong-lot' && !isPit ? [`trucks do not tip at ${id}`] : [];
}

function connectionProblems(mill: Mill, kind: FaultKind, request: FaultRequest): string[] {
  const { connection: id, unit } = request;
  if (id === undefined) return [];
  const connection = mill.connections.find((one) => one.id === id);
  if (connection === undefined) return [`unknown connection ${id}`];
  if (kind.fits !== 'all' && kind.fits !== connection.kind) return [`${id} is ${connection.kind}`];
  if (unit === undefined) return [];
  const units = modbusUnits(mill).filter((one) => one.connection === id);
  return units.some((one) => one.unitId === unit) ? [] : [`no unit ${unit} on ${id}`];
}

/** A number in range or a word as it should be; else the words that say what it should be. */
function parsed(name: ParameterName, parameter: Parameter, given: unknown): number | string | null {
  if (parameter.kind === 'word') {
    const options = parameter.options ?? null;
    if (typeof given !== 'string' || given.length > 64) return null;
    if (options === null) return given === '' && name === 'lot' ? null : given;
    return options.includes(given) ? given : null;
  }
  const value = typeof given === 'number' ? given : Number.NaN;
  return value >= parameter.low && value <= parameter.high ? value : null;
}

function expected(parameter: Parameter): string {
  if (parameter.kind === 'number') {
    return `a number from ${parameter.low} to ${parameter.high} ${parameter.unit}`.trim();
  }
  return parameter.options === undefined ? 'a word' : `one of ${parameter.options.join(', ')}`;
}

type Parameters = Partial<Record<ParameterName, number | string>>;

function readParameters(
  kind: FaultKind,
  name: FaultName,
  request: FaultRequest,
): { parameters: Parameters; problems: string[] } {
  const parameters: Parameters = {};
  const problems: string[] = [];
  for (const key of PARAMETER_NAMES) {
    const parameter: Parameter = PARAMETERS[key];
    const taken = kind.parameters.includes(key);
    const given = request[key] ?? (taken ? parameter.standard : undefined);
    if (given === undefined && !taken) continue;
    const value = given === undefined ? null : parsed(key, parameter, given);
    if (!taken) problems.push(`${name} takes no ${key}`);
    else if (value === null) problems.push(`${name} needs ${key}: ${expected(parameter)}`);
    else parameters[key] = value;
  }
  return { parameters, problems };
}

/** What the sensor shows, for the faults that need it; a bias needs a number. */
function sensorProblems(kind: FaultKind, request: FaultRequest, shown: TagScalar | undefined) {
  const { device, role } = request;
  if (kind.target !== 'sensor' || device === undefined || role === undefined) return [];
  if (shown === undefined) return [`${device} has no sensor ${role}`];
  const needsNumber = kind.parameters.length > 0;
  return needsNumber && typeof shown !== 'number' ? [`${device}.${role} shows no number`] : [];
}

function forProblems({ forS }: FaultRequest): string[] {
  const good = forS === undefined || (forS > 0 && forS <= FOR_S_MAX);
  return good ? [] : [`forS must be more than 0 and at most ${FOR_S_MAX} s`];
}

/**
 * The fault that was asked for.
 * @throws {FaultError} naming all that does not go together.
 */
export function checkedFault(mill: Mill, request: FaultRequest, reading: Reading): Fault {
  const name = FAULT_NAMES.find((one) => one === request.fault);
  if (name === undefined) {
    throw new FaultError([`unknown fault ${request.fault}; there are ${FAULT_NAMES.join(', ')}`]);
  }
  const kind = FAULT_KINDS[name];
  const { device, role, connection, unit, forS } = request;
  const shown = device === undefined ? undefined : reading(`${device}.${role}`);
  const { parameters, problems: bad } = readParameters(kind, name, request);
  const problems = [
    ...placeProblems(kind, name, request),
    ...deviceProblems(mill, name, request),
    ...connectionProblems(mill, kind, request),
    ...sensorProblems(kind, request, shown),
    ...bad,
    ...forProblems(request),
  ];
  const material = parameters.material ?? '';
  if (material !== '' && !mill.materials.some((one) => one.code === material)) {
    problems.push(`unknown material ${material}; use a code of the mill's materials`);
  }
  if (problems.length > 0) throw new FaultError(problems);
  // A restart is over when the PLC is back; nothing is left to be cleared.
  const lastsS = name === 'plc-restart' ? Number(parameters.downS) : (forS ?? null);
  return {
    fault: name,
    device: device ?? null,
    role: role ?? null,
    connection: connection ?? null,
    unit: unit ?? null,
    parameters,
    frozen: name === 'frozen' ? (shown ?? null) : null,
    leftMs: lastsS === null ? null : lastsS * 1000,
  };
}
