import type { AlarmDefinition } from '../model/alarm.ts';
import { PROCEDURE_STATE_TEXTS, PROCEDURE_STATES, ROUTE_STATES } from '../model/isa88.ts';
import type { TagAddress, TagDefinition } from '../model/tag.ts';
import type { Text } from '../model/text.ts';
import { collectedAs, withCollections } from './collection.ts';
import type { DeviceDefinition, MillDefinition } from './definition.ts';
import { derivedTag } from './derived-tag.ts';
import { DEVICE_TYPES } from './device-types.ts';
import { finishedBinTags } from './finished-bin-tags.ts';
import { linkAlarms } from './link-alarms.ts';
import { linkPoints, linkTagName, linkTags, type ModbusUnit } from './link-tags.ts';
import { maxAgeMsOf } from './max-age.ts';
import { storeAlarms, storeTags } from './store-tags.ts';
import { text } from './tag-shorthand.ts';
import type { AlarmTemplate, DeviceType, TagTemplate } from './tag-template.ts';
import { settle } from './tag-template.ts';
import { ROUTE_STATE_TEXTS } from './types/state-texts.ts';
import { waitingAlarms } from './waiting-alarms.ts';

/** The type's templates, applied to any device; each device's settings belong to its own type. */
function typeOf(device: DeviceDefinition): DeviceType<DeviceDefinition['settings']> {
  return DEVICE_TYPES[device.type] as unknown as DeviceType<DeviceDefinition['settings']>;
}

function addressOf<S>(
  mill: MillDefinition,
  device: DeviceDefinition,
  template: TagTemplate<S>,
): TagAddress | null {
  if (template.direction === 'derived') return null;
  const connection = mill.connections.find((one) => one.id === device.connection);
  if (connection === undefined) return null;
  if (connection.kind === 'opcua') {
    return {
      kind: 'opcua',
      connection: connection.id,
      namespaceUri: connection.namespaceUri,
      identifier: `s=${device.id}.${template.role}`,
    };
  }
  const register = template.register;
  if (register === undefined || device.unitId === null) return null;
  return {
    kind: 'modbus',
    connection: connection.id,
    unitId: device.unitId,
    area: register.area,
    register: device.registerBase + register.offset,
    bit: register.bit ?? null,
    encoding: register.encoding,
    length: register.length ?? null,
    wordOrder: 'ABCD',
    scale: register.scale ?? 1,
    offset: 0,
  };
}

function deviceTags(mill: MillDefinition, device: DeviceDefinition): TagDefinition[] {
  const own = typeOf(device).tags.filter(({ onlyIf }) => onlyIf?.(device.settings) ?? true);
  return own.map((template) => {
    const low = settle(template.low, device.settings);
    const high = settle(template.high, device.settings);
    const scanMs = template.scanMs ?? 100;
    return {
      name: `${device.id}.${template.role}`,
      device: device.id,
      role: template.role,
      dataType: template.dataType,
      unit: template.unit,
      range: { low, high },
      text: template.text,
      direction: template.direction,
      address: addressOf(mill, device, template),
      maxAgeMs: template.maxAgeMs ?? maxAgeMsOf(scanMs),
      scanMs,
      fieldDeadband: ((template.fieldDeadbandPct ?? 0) / 100) * (high - low),
      everyValue: template.everyValue ?? false,
      ...collectedAs(template.collection ?? {}, { low, high }),
      states: template.states ?? null,
    };
  });
}

function statesOf<N extends string>(
  names: readonly N[],
  words: Readonly<Record<N, Text>>,
): Record<number, Text> {
  return Object.fromEntries(names.map((name, code) => [code, words[name]]));
}

/** Every Modbus unit that devices and plain tags of the mill use, in order. */
export function modbusUnits(mill: MillDefinition): ModbusUnit[] {
  const units = new Map<string, ModbusUnit>();
  const add = (connection: string, unitId: number) =>
    units.set(`${connection}/${unitId}`, { connection, unitId });
  for (const { connection, unitId } of mill.devices) {
    if (unitId !== null) add(connection, unitId);
  }
  for (const { address } of mill.plainTags) {
    if (address?.kind === 'modbus') add(address.connection, address.unitId);
  }
  return [...units.values()];
}

/** The tag that says whether a connection, or one unit behind it, answers (a good `true`). */
export function onlineTagName(connection: string, unitId: number | null = null): string {
  return linkTagName(connection, unitId, 'Online');
}

function systemTags(mill: MillDefinition): TagDefinition[] {
  return [
    ...linkPoints(mill, modbusUnits(mill)).flatMap(linkTags),
    ...mill.routes.map((route) =>
      derivedTag(route.id, 'State', route.text, {
        states: statesOf(ROUTE_STATES, ROUTE_STATE_TEXTS),
        range: { low: 0, high: ROUTE_STATES.length - 1 },
      }),
    ),
    ...mill.lines.map((line) =>
      derivedTag(line.id, 'State', line.text, {
        states: statesOf(PROCEDURE_STATES, PROCEDURE_STATE_TEXTS),
        range: { low: 0, high: 11 },
      }),
    ),
    derivedTag('PLC', 'ScanLateMs', text('Trễ chu kỳ quét', 'Scan lateness'), {
      dataType: 'float',
      unit: 'ms',
      range: { low: 0, high: 1_000 },
      deadband: 1,
    }),
    ...storeTags(),
  ];
}

/** Expands devices, routes, lines and connections into the tag table. */
export function expandTags(mill: MillDefinition): TagDefinition[] {
  const tags = [
    ...mill.devices.flatMap((device) => [...deviceTags(mill, device), ...finishedBinTags(device)]),
    ...systemTags(mill),
    ...mill.plainTags,
  ];
  return withCollections(tags, mill.collections ?? []);
}

function deviceAlarm<S>(
  device: DeviceDefinition,
  settings: S,
  template: AlarmTemplate<S>,
): AlarmDefinition {
  const { name, when, ...words } = template;
  const limit = when?.limit;
  return {
    ...words,
    id: `${device.id}.${name}`,
    device: device.id,
    condition:
      when === undefined || limit === undefined
        ? null
        : {
            tag: `${device.id}.${when.role}`,
            comparison: when.comparison,
            limit: typeof limit === 'boolean' ? limit : settle(limit, settings),
            deadband: when.deadband ?? 0,
            onDelayMs: (when.onDelayS ?? 0) * 1000,
          },
  };
}

/**
 * Raised by the runtime while an output's read-back differs from what is commanded, the link being
 * good.
 */
export const OUTPUT_ALARM_ID = 'PLC.OutputDiffers';
/**
 * Raised by the runtime when a machine's program failed; acknowledged and returned by a restart.
 */
export const MACHINE_ALARM_ID = 'PLC.MachineFault';

const RUNTIME_ALARMS: readonly AlarmDefinition[] = [
  {
    id: OUTPUT_ALARM_ID,
    device: null,
    priority: 'medium',
    timeToRespondS: 300,
    text: text('Lệnh ra không được thực hiện', 'An output is not carried out'),
    cause: text(
      'Tủ điều khiển từ chối lệnh hoặc có hệ thống khác ghi vào',
      'The field controller refuses it, or another system writes it',
    ),
    consequence: text('Thiết bị không theo lệnh', 'The device does not follow its command'),
    action: text(
      'Xem nhật ký để biết tín hiệu nào, kiểm tra tủ điều khiển',
      'Find the signal in the log, check its field controller',
    ),
    condition: null,
  },
  {
    id: MACHINE_ALARM_ID,
    device: null,
    priority: 'high',
    timeToRespondS: 60,
    text: text('Chương trình điều khiển lỗi', 'A control program failed'),
    cause: text('Lỗi phần mềm, xem nhật ký', 'A software fault, see the log'),
    consequence: text(
      'Thiết bị của chương trình đó dừng an toàn',
      'Its devices are stopped in their safe state',
    ),
    action: text(
      'Báo kỹ sư phần mềm, khởi động lại bộ điều khiển',
      'Call the programmer, restart the controller',
    ),
    condition: null,
  },
];

/** Expands device types and connections into the alarm table. */
export function expandAlarms(mill: MillDefinition): AlarmDefinition[] {
  return [
    ...mill.devices.flatMap((device) =>
      typeOf(device).alarms.map((template) => deviceAlarm(device, device.settings, template)),
    ),
    ...waitingAlarms(mill),
    ...linkPoints(mill, modbusUnits(mill)).flatMap(linkAlarms),
    ...storeAlarms(),
    ...RUNTIME_ALARMS,
  ];
}
