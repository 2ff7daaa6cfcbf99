import type { AlarmDefinition } from '../model/alarm.ts';
import type { ModbusAddress, TagDefinition } from '../model/tag.ts';
import { registersOf } from '../model/tag.ts';
import { collectionFaults } from './collection.ts';
import type {
  Condition,
  DeviceDefinition,
  DeviceTypeName,
  MillDefinition,
  TemperatureCableSettings,
} from './definition.ts';
import type { MillFault } from './mill-fault.ts';
import { inRange } from './mill-fault.ts';
import { wayFaults } from './validate-ways.ts';

const DEVICE_ID = /^[A-Z][A-Z0-9]{1,15}$/;

function duplicates(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.has(name) || !seen.add(name)))];
}

function duplicateFaults(mill: MillDefinition, tags: readonly TagDefinition[]): MillFault[] {
  const lists: [string, readonly string[]][] = [
    ['connections', mill.connections.map((one) => one.id)],
    ['areas', mill.areas.map((one) => one.id)],
    ['displays', mill.displays.map((one) => one.id)],
    ['materials', mill.materials.map((one) => one.code)],
    ['devices', mill.devices.map((one) => one.id)],
    ['routes and lines', [...mill.routes, ...mill.lines].map((one) => one.id)],
    ['tags', tags.map((one) => one.name)],
  ];
  return lists.flatMap(([list, names]) =>
    duplicates(names).map((name) => ({
      place: `${list}: ${name}`,
      fault: `${name} is named twice`,
      mend: 'give each its own name',
    })),
  );
}

function deviceFaults(mill: MillDefinition, device: DeviceDefinition): MillFault[] {
  const place = `devices: ${device.id}`;
  const faults: MillFault[] = [];
  const connection = mill.connections.find((one) => one.id === device.connection);
  if (!DEVICE_ID.test(device.id)) {
    faults.push({
      place,
      fault: 'not an equipment number',
      mend: 'use 2 to 16 capital letters and digits, a letter first',
    });
  }
  if (!mill.areas.some((one) => one.id === device.area)) {
    faults.push({ place, fault: `unknown area ${device.area}`, mend: 'list it under areas' });
  }
  if (connection === undefined) {
    faults.push({
      place,
      fault: `unknown connection ${device.connection}`,
      mend: 'list it under connections',
    });
  } else if (connection.kind === 'modbus' && !inRange(device.unitId, 1, 247)) {
    faults.push({ place, fault: 'a Modbus device needs a unit', mend: 'set unitId to 1..247' });
  }
  const { x, y } = device.at;
  if (!inRange(x, 0, 1600) || !inRange(y, 0, 800)) {
    faults.push({
      place,
      fault: `display place ${x},${y} is off the 1600 x 800 grid`,
      mend: 'move it onto the grid',
    });
  }
  return faults;
}

function fansOf({ aeration }: TemperatureCableSettings): [string, DeviceTypeName][] {
  return aeration === undefined ? [] : [[aeration.fan, 'fan']];
}

/** Names of other devices that a device's settings mention, with the type they must have. */
function mentionsOf(device: DeviceDefinition): [string, DeviceTypeName][] {
  switch (device.type) {
    case 'bin':
      return device.settings.knocker === undefined ? [] : [[device.settings.knocker, 'motor']];
    case 'doseMeter':
      return [
        [device.settings.pump, 'feeder'],
        [device.settings.valve, 'valve'],
      ];
    case 'scale':
      return [[device.settings.dischargeGate, 'gate']];
    case 'mixer':
      return [[device.settings.dischargeGate, 'gate']];
    case 'hammerMill':
      return [[device.settings.feeder, 'feeder']];
    case 'press':
      return [
        [device.settings.feeder, 'feeder'],
        [device.settings.conditioner, 'motor'],
      ];
    case 'cooler':
    case 'filter':
      return [[device.settings.fan, 'fan']];
    case 'coater':
      return device.settings.pump === null ? [] : [[device.settings.pump, 'feeder']];
    case 'temperatureCable':
      return [[device.settings.silo, 'bin'], ...fansOf(device.settings)];
    case 'airNet':
      return device.settings.compressors.map((one) => [one, 'compressor']);
    case 'pitLight':
      return [[device.settings.pit, 'bin']];
    case 'palletiser':
    case 'checkweigher':
    case 'metalDetector':
      return [[device.settings.bagger, 'bagger']];
    default:
      return [];
  }
}

/** A valve does where a gate is named: it opens and closes the same. */
function serves(type: DeviceTypeName | undefined, wanted: DeviceTypeName): boolean {
  return type === wanted || (type === 'valve' && wanted === 'gate');
}

/** What names a device: its place, the device, the type that it must be. */
type Mention = readonly [place: string, id: string, type: DeviceTypeName];

const named = (place: string, type: DeviceTypeName, ids: readonly string[]): Mention[] =>
  ids.map((id) => [place, id, type]);

/** Devices that are named under lines, press lines and bagging lines. */
function lineMentions({ lines, pressLines, baggingLines }: MillDefinition): Mention[] {
  return [
    ...lines.flatMap((line) => {
      const place = `lines: ${line.id}`;
      return [
        ...named(place, 'scale', line.scales),
        ...named(place, 'doseMeter', line.meters ?? []),
        ...named(place, 'mixer', [line.mixer]),
        ...named(place, 'press', line.presses),
        ...named(place, 'bagger', line.baggers),
        ...named(place, 'bin', [line.surge, ...line.finishedBins]),
      ];
    }),
    ...pressLines.flatMap(({ press, bin, fines, coater }) => {
      const place = `pressLines: ${press}`;
      return [
        ...named(place, 'press', [press]),
        ...named(place, 'bin', [bin]),
        ...named(place, 'conveyor', fines === null ? [] : [fines]),
        ...named(place, 'coater', coater === null ? [] : [coater]),
      ];
    }),
    ...baggingLines.flatMap(({ bagger, bins }) => [
      ...named(`baggingLines: ${bagger}`, 'bagger', [bagger]),
      ...named(`baggingLines: ${bagger}`, 'bin', bins),
    ]),
  ];
}

function mentionFaults(mill: MillDefinition): MillFault[] {
  const typeOf = new Map<string, DeviceTypeName>(mill.devices.map((one) => [one.id, one.type]));
  const mentions: Mention[] = [
    ...mill.devices.flatMap((device) =>
      mentionsOf(device).map(([id, type]): Mention => [`devices: ${device.id}`, id, type]),
    ),
    ...mill.routes.flatMap((route) => named(`routes: ${route.id}`, 'fan', route.aspiration)),
    ...lineMentions(mill),
    ...mill.refills.map(({ id }): Mention => [`refills: ${id}`, id, 'bin']),
  ];
  return mentions
    .filter(([, id, type]) => !serves(typeOf.get(id), type))
    .map(([place, id, type]) => ({
      place,
      fault: typeOf.has(id)
        ? `${id} is a ${typeOf.get(id)}, not a ${type}`
        : `unknown ${type} ${id}`,
      mend: `name a ${type} of this mill`,
    }));
}

/** A string says how many registers it takes, within what one request can carry; else none does. */
function stringFaults(tag: string, { encoding, length }: ModbusAddress): MillFault[] {
  const isRight = encoding === 'string' ? inRange(length, 1, 123) : length === null;
  if (isRight) return [];
  const fault = `${encoding} with a length of ${length}`;
  const mend = 'give a string 1..123 registers, and nothing else a length';
  return [{ place: `tags: ${tag}`, fault, mend }];
}

/** Registers or bits that two tags claim: the same bit, or words of which only one is a bit. */
function registerFaults(tags: readonly TagDefinition[]): MillFault[] {
  const claims = new Map<string, { tag: string; bit: number | null }[]>();
  const faults: MillFault[] = [];
  for (const tag of tags) {
    const address = tag.address;
    if (address?.kind !== 'modbus') continue;
    faults.push(...stringFaults(tag.name, address));
    for (let word = 0; word < registersOf(address); word++) {
      const register = address.register + word;
      const key = `${address.connection} unit ${address.unitId} ${address.area} ${register}`;
      const others = claims.get(key) ?? [];
      const clash = others.find(
        (one) => one.bit === null || address.bit === null || one.bit === address.bit,
      );
      if (clash !== undefined) {
        faults.push({
          place: `tags: ${tag.name}`,
          fault: `${key} is also ${clash.tag}`,
          mend: 'move one of them to another register',
        });
      }
      claims.set(key, [...others, { tag: tag.name, bit: address.bit }]);
      if (register > 65_535) {
        faults.push({
          place: `tags: ${tag.name}`,
          fault: `register ${register} does not exist`,
          mend: 'use 0..65535',
        });
      }
    }
  }
  return faults;
}

function tagFaults(tags: readonly TagDefinition[]): MillFault[] {
  const nodes = tags.flatMap(({ address }) =>
    address?.kind === 'opcua'
      ? [`${address.connection} ${address.namespaceUri} ${address.identifier}`]
      : [],
  );
  return [
    ...duplicates(nodes).map((node) => ({
      place: `tags: ${node}`,
      fault: 'two tags share this node',
      mend: 'give each its own node',
    })),
    ...tags
      .filter((tag) => tag.direction !== 'derived' && tag.address === null)
      .map((tag) => ({
        place: `tags: ${tag.name}`,
        fault: 'a field tag without an address',
        mend: 'put its device on a connection that its type has addresses for',
      })),
    ...tags
      .filter((tag) => !(tag.range.low < tag.range.high))
      .map((tag) => ({
        place: `tags: ${tag.name}`,
        fault: `range ${tag.range.low}..${tag.range.high} is empty`,
        mend: 'set the high end above the low end',
      })),
  ];
}

function conditionFaults(
  mill: MillDefinition,
  tags: readonly TagDefinition[],
  alarms: readonly AlarmDefinition[],
): MillFault[] {
  const names = new Map(tags.map((tag) => [tag.name, tag]));
  const conditions: [string, Condition][] = [
    ...mill.devices.flatMap((device) =>
      [...device.permissives, ...device.interlocks].map((one): [string, Condition] => [
        `devices: ${device.id}`,
        one,
      ]),
    ),
    ...alarms.flatMap((alarm): [string, Condition][] =>
      alarm.condition === null ? [] : [[`alarms: ${alarm.id}`, alarm.condition]],
    ),
  ];
  return conditions.flatMap(([place, condition]) => {
    const tag = names.get(condition.tag);
    if (tag === undefined) {
      return [{ place, fault: `unknown tag ${condition.tag}`, mend: 'name a tag of this mill' }];
    }
    const wantsFlag = condition.comparison === 'is' && typeof condition.limit === 'boolean';
    if (wantsFlag !== (tag.dataType === 'bool')) {
      return [
        {
          place,
          fault: `${condition.tag} is ${tag.dataType}, the limit is ${condition.limit}`,
          mend: 'compare a flag with true or false, a number with a number',
        },
      ];
    }
    return [];
  });
}

/** Each area is drawn on exactly one display. */
function displayFaults(mill: MillDefinition): MillFault[] {
  const drawn = mill.displays.flatMap((display) => display.areas);
  return [
    ...mill.areas
      .filter((area) => drawn.filter((id) => id === area.id).length !== 1)
      .map((area) => ({
        place: `areas: ${area.id}`,
        fault: drawn.includes(area.id) ? 'is on two displays' : 'is on no display',
        mend: 'list it under the areas of one display',
      })),
    ...mill.displays.flatMap((display) =>
      display.areas
        .filter((id) => !mill.areas.some((area) => area.id === id))
        .map((id) => ({
          place: `displays: ${display.id}`,
          fault: `unknown area ${id}`,
          mend: 'list it under areas',
        })),
    ),
  ];
}

function binFaults(mill: MillDefinition): MillFault[] {
  const codes = new Set(mill.materials.map((one) => one.code));
  return mill.devices.flatMap((device) => {
    if (device.type !== 'bin') return [];
    const { material, initialKg, capacityKg } = device.settings;
    const place = `devices: ${device.id}`;
    return [
      ...(material !== null && !codes.has(material)
        ? [{ place, fault: `unknown material ${material}`, mend: 'list it under materials' }]
        : []),
      ...(initialKg < 0 || initialKg > capacityKg
        ? [
            {
              place,
              fault: `holds ${initialKg} kg of ${capacityKg} kg`,
              mend: 'start within 0..capacity',
            },
          ]
        : []),
    ];
  });
}

/** Every fault of a mill file, in the order of its lists. Empty: the mill can be driven. */
export function millFaults(
  mill: MillDefinition,
  tags: readonly TagDefinition[],
  alarms: readonly AlarmDefinition[],
): MillFault[] {
  return [
    ...duplicateFaults(mill, tags),
    ...mill.devices.flatMap((device) => deviceFaults(mill, device)),
    ...displayFaults(mill),
    ...mentionFaults(mill),
    ...binFaults(mill),
    ...wayFaults(mill),
    ...tagFaults(tags),
    ...registerFaults(tags),
    ...conditionFaults(mill, tags, alarms),
    ...storedFaults(mill, tags),
  ];
}

/** What shall be kept of single tags: each is there, named once, and can be kept so. */
function storedFaults(mill: MillDefinition, tags: readonly TagDefinition[]): MillFault[] {
  const byName = new Map(tags.map((tag) => [tag.name, tag]));
  const collections = mill.collections ?? [];
  return [
    ...duplicates(collections.map(({ tag }) => tag)).map((tag) => ({
      place: `collections: ${tag}`,
      fault: `${tag} is named twice`,
      mend: 'keep one of them',
    })),
    ...collections.flatMap((one) => {
      const place = `collections: ${one.tag}`;
      const tag = byName.get(one.tag);
      if (tag === undefined) {
        return [{ place, fault: 'unknown tag', mend: 'name a tag of this mill' }];
      }
      return collectionFaults(one, tag).map(({ key, fault, mend }) => ({
        place,
        fault: `${key}: ${fault}`,
        mend,
      }));
    }),
  ];
}
