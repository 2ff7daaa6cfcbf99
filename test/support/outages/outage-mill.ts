/**
 * Goal: a mill of nothing but lines to the field, each line one device server with the same few
 * signals, so that the outages of all lines can be compared.
 */
import { defineMill } from '../../../plc/mill/define-mill.ts';
import type { Mill } from '../../../plc/mill/definition.ts';
import type { ConnectionDefinition } from '../../../plc/model/connection.ts';
import type {
  ModbusAddress,
  TagAddress,
  TagDataType,
  TagDefinition,
  TagDirection,
} from '../../../plc/model/tag.ts';
import { fieldTag, modbusAddress } from '../driver-tags.ts';

/** One connection of the field; who listens on `port` depends on who makes the mill. */
export interface LinePlan {
  readonly id: string;
  readonly kind: 'opcua' | 'modbus';
  readonly port: number;
}

/** Units behind each Modbus line. */
export const UNITS = [1, 2] as const;
const NAMESPACE = 'urn:feed-mill:outages';

/**
 * What stands or falls together: an OPC UA server, or one Modbus unit. Its tags are
 * `<group>.<role>`.
 */
export interface TagGroup {
  readonly id: string;
  readonly line: string;
  readonly unitId: number | null;
}

export function groupsOf(line: Pick<LinePlan, 'id' | 'kind'>): TagGroup[] {
  if (line.kind === 'opcua') return [{ id: line.id, line: line.id, unitId: null }];
  return UNITS.map((unitId) => ({ id: `${line.id}u${unitId}`, line: line.id, unitId }));
}

/**
 * The signals of each group:
 * - `Clock`: the device's own time, tenths of a second; a good one that is old is a lie;
 * - `Amps`: a measured value, set by the test; `Still`: one that never changes;
 * - `Cmd`, `Target`: outputs.
 */
const SIGNALS: readonly (readonly [string, TagDataType, TagDirection, Partial<ModbusAddress>])[] = [
  ['Clock', 'uint32', 'input', { register: 0, encoding: 'uint32' }],
  ['Amps', 'float', 'input', { register: 2, encoding: 'float32' }],
  ['Still', 'uint16', 'input', { register: 4 }],
  ['Cmd', 'bool', 'output', { area: 'holding', register: 0, encoding: 'bool', bit: 0 }],
  ['Target', 'float', 'output', { area: 'holding', register: 2, encoding: 'float32' }],
];

/** A mill with these lines at these ports of 127.0.0.1. */
export function outageMill(lines: readonly LinePlan[]): Mill {
  return defineMill({
    id: 'outages',
    text: { vi: 'Thử mất kết nối', en: 'Outages' },
    timeZone: 'Asia/Ho_Chi_Minh',
    connections: lines.map(connectionOf),
    areas: [],
    displays: [],
    materials: [],
    devices: [],
    flows: [],
    routes: [],
    lines: [],
    pressLines: [],
    baggingLines: [],
    refills: [],
    carryOver: [],
    plainTags: lines.flatMap((line) => groupsOf(line).flatMap((group) => tagsOf(line, group))),
  });
}

function connectionOf({ id, kind, port }: LinePlan): ConnectionDefinition {
  const text = { vi: id, en: id };
  if (kind === 'opcua') {
    return {
      kind,
      id,
      text,
      endpointUrl: `opc.tcp://127.0.0.1:${port}`,
      namespaceUri: NAMESPACE,
      publishingIntervalMs: 100,
      security: 'strongest',
      identity: { kind: 'anonymous' },
    };
  }
  return {
    kind,
    id,
    text,
    transport: { kind: 'tcp', host: '127.0.0.1', port },
    timeoutMs: 1_000,
    gapLimit: 16,
    registersPerReadMax: 125,
    units: {},
  };
}

function tagsOf(line: LinePlan, { id, unitId }: TagGroup): TagDefinition[] {
  return SIGNALS.map(([role, dataType, direction, register]) => {
    const name = `${id}.${role}`;
    const address: TagAddress =
      unitId === null
        ? { kind: 'opcua', connection: line.id, namespaceUri: NAMESPACE, identifier: `s=${name}` }
        : modbusAddress({ ...register, connection: line.id, unitId });
    const range = { low: 0, high: 4_294_967_295 };
    return { ...fieldTag(name, dataType, direction, address), range };
  });
}
