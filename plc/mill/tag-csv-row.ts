import type { ConnectionDefinition } from '../model/connection.ts';
import type { ModbusEncoding, TagAddress, TagDataType, TagDefinition } from '../model/tag.ts';
import { MODBUS_ENCODINGS, registersOf, SCAN_CLASSES_MS, WORD_ORDERS } from '../model/tag.ts';
import { UNITS, type Unit } from '../model/unit.ts';
import { type Collection, collectedAs, collectionFaults } from './collection.ts';
import { maxAgeMsOf } from './max-age.ts';
import { type Place, placeOf } from './tag-csv-address.ts';
import type { RowReader, TagColumn } from './tag-csv-cells.ts';

/** The live connection takes names of this length (server/contract). */
const NAME_LENGTH_MAX = 64;
const TEXT_LENGTH_MAX = 200;
const NAME = /^[A-Za-z]\w*(\.\w+)*$/;
/** Names that the controller gives itself. */
const RESERVED = /^(LINK|PLC)\./;
/** A string takes at most so many registers: what one write carries. */
const STRING_REGISTERS_MAX = 123;
const SCAN_DEFAULT_MS = 1_000;
const TAG_DATA_TYPES: readonly TagDataType[] = [
  'bool',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'float',
  'double',
  'string',
];

/** What integers can hold; a measurement's range is the engineer's to say. */
const WHOLE_RANGES: Readonly<Partial<Record<TagDataType, TagDefinition['range']>>> = {
  bool: { low: 0, high: 1 },
  string: { low: 0, high: 1 },
  int16: { low: -32_768, high: 32_767 },
  uint16: { low: 0, high: 65_535 },
  int32: { low: -2_147_483_648, high: 2_147_483_647 },
  uint32: { low: 0, high: 4_294_967_295 },
};

/** Units as other systems spell them. */
const UNIT_SPELLINGS: Readonly<Record<string, Unit>> = {
  '°C': 'degC',
  C: 'degC',
  'm³': 'm3',
  'kg/hr': 'kg/h',
  '/h': '1/h',
  'r/min': 'rpm',
};

/** Our name of a unit, or null where we have none. */
export function unitOf(spelling: string): Unit | null {
  return UNITS.find((one) => one === spelling) ?? UNIT_SPELLINGS[spelling] ?? null;
}

/** The tag of a row, or null; every fault is told to the row. */
export function tagOfRow(
  row: RowReader,
  connections: readonly ConnectionDefinition[] | null,
): TagDefinition | null {
  const name = nameOf(row);
  const place = placeIn(row);
  const connection = connectionOf(row, place, connections);
  const typed = place === null ? null : typedAddress(row, place, connection);
  const dataType = typed?.dataType ?? 'double';
  const range = rangeOf(row, dataType, typed !== null);
  const direction = row.choice('direction', ['input', 'output'], 'input') ?? 'input';
  if (direction === 'output' && place?.kind === 'modbus' && !isWritable(place)) {
    row.fault('direction', `nobody can write to area ${place.area}`, 'use input');
  }
  const scanMs = row.oneOf('scan_ms', SCAN_CLASSES_MS, SCAN_DEFAULT_MS);
  const unit = unitOf(row.text('unit'));
  if (unit === null) {
    const mend = `use ${UNITS.filter((one) => one !== '').join(', ')} or nothing`;
    row.fault('unit', `${row.text('unit')} is no unit of ours`, mend);
  }
  const tag = {
    name,
    device: null,
    role: name.split('.').at(-1) ?? name,
    dataType,
    unit: unit ?? '',
    range,
    text: { vi: wordsOf(row, 'text_vi'), en: wordsOf(row, 'text_en') },
    direction,
    address: typed?.address ?? null,
    maxAgeMs: maxAgeMsOf(scanMs),
    scanMs,
    fieldDeadband: positive(row, 'field_deadband'),
    everyValue: row.yes('every_value'),
    ...collectionOf(row, { dataType, range, states: null }, typed !== null),
    states: null,
  };
  return typed === null ? null : tag;
}

const COLLECTION_COLUMNS = {
  deadband: 'deadband',
  deadbandPct: 'deadband_pct',
  lineBound: 'line_bound',
  lineBoundPct: 'line_bound_pct',
  silenceS: 'silence_s',
  isExact: 'exact',
} as const satisfies Record<keyof Collection, TagColumn>;

/** What of the tag is kept in history. */
function collectionOf(
  row: RowReader,
  tag: Pick<TagDefinition, 'dataType' | 'range' | 'states'>,
  isTyped: boolean,
) {
  const number = (key: Exclude<keyof Collection, 'isExact'>) =>
    row.isEmpty(COLLECTION_COLUMNS[key]) ? null : row.number(COLLECTION_COLUMNS[key], null);
  const keys = ['deadband', 'deadbandPct', 'lineBound', 'lineBoundPct', 'silenceS'] as const;
  const of: Collection = {
    ...Object.fromEntries(keys.map((key) => [key, number(key)]).filter(([, one]) => one !== null)),
    isExact: row.yes('exact'),
  };
  // Without a type and a range it is not known what is too much.
  const isRanged = isTyped && tag.range.low < tag.range.high;
  const faults = isRanged ? collectionFaults(of, tag) : [];
  for (const { key, fault, mend } of faults) row.fault(COLLECTION_COLUMNS[key], fault, mend);
  return collectedAs(of, tag.range);
}

function nameOf(row: RowReader): string {
  const name = row.text('name');
  if (!NAME.test(name)) {
    const mend = 'use letters, digits and _, parts separated by dots, a letter first';
    row.fault('name', name === '' ? 'is empty' : `${name} is no tag name`, mend);
  }
  if (name.length > NAME_LENGTH_MAX) {
    row.fault('name', `has ${name.length} characters`, `use at most ${NAME_LENGTH_MAX}`);
  }
  if (RESERVED.test(name)) {
    row.fault('name', `${name} is a name of the controller`, 'begin with something else');
  }
  return name;
}

function wordsOf(row: RowReader, column: 'text_vi' | 'text_en'): string {
  const words = row.text(column);
  if (words === '') row.fault(column, 'is empty', 'say what it is, for people');
  if (words.length > TEXT_LENGTH_MAX) {
    row.fault(column, `has ${words.length} characters`, `use at most ${TEXT_LENGTH_MAX}`);
  }
  return words;
}

function placeIn(row: RowReader): Place | null {
  const place = placeOf(row.text('address'));
  if ('kind' in place) return place;
  for (const { fault, mend } of place) row.fault('address', fault, mend);
  return null;
}

function connectionOf(
  row: RowReader,
  place: Place | null,
  connections: readonly ConnectionDefinition[] | null,
): string {
  const id = row.text('connection');
  if (id === '') row.fault('connection', 'is empty', 'name a connection of the mill');
  else if (connections !== null) {
    const found = connections.find((one) => one.id === id);
    if (found === undefined) {
      const mend = `use ${connections.map((one) => one.id).join(', ')}`;
      row.fault('connection', `the mill has no connection ${id}`, mend);
    } else if (place !== null && found.kind !== place.kind) {
      const mend = `name a connection of kind ${place.kind}`;
      row.fault('connection', `${id} is ${found.kind}, the address is ${place.kind}`, mend);
    }
  }
  return id;
}

interface Typed {
  readonly address: TagAddress;
  readonly dataType: TagDataType;
}

function typedAddress(row: RowReader, place: Place, connection: string): Typed | null {
  if (place.kind === 'opcua') {
    for (const column of ['length', 'word_order', 'scale', 'offset'] as const) {
      if (!row.isEmpty(column)) row.fault(column, 'is for Modbus only', 'leave it empty');
    }
    const dataType = row.choice('type', TAG_DATA_TYPES, null);
    return dataType === null ? null : { address: { ...place, connection }, dataType };
  }
  const encoding = row.choice('type', MODBUS_ENCODINGS, null);
  if (encoding === null) return null;
  const isNumber = encoding !== 'bool' && encoding !== 'string';
  const length = lengthOf(row, encoding);
  const scale = row.number('scale', 1) ?? 1;
  const offset = row.number('offset', 0) ?? 0;
  if (scale === 0) row.fault('scale', 'is 0', 'use what raw values are multiplied with');
  const isAsItIs = scale === 1 && offset === 0;
  if (!isNumber && !isAsItIs) row.fault('scale', `a ${encoding} has none`, 'leave it empty');
  checkBit(row, place, encoding);
  const wordOrder = row.choice('word_order', WORD_ORDERS, 'ABCD') ?? 'ABCD';
  if (place.register + registersOf({ encoding, length }) > 65_536) {
    row.fault('address', `${encoding} does not end within 0..65535`, 'use a lower register');
  }
  const address = { ...place, connection, encoding, length, wordOrder, scale, offset };
  return { address, dataType: dataTypeOf(encoding, isAsItIs) };
}

function lengthOf(row: RowReader, encoding: ModbusEncoding): number | null {
  if (encoding !== 'string') {
    if (!row.isEmpty('length')) row.fault('length', 'is for strings only', 'leave it empty');
    return null;
  }
  const length = row.number('length', null);
  const isRight =
    length !== null && Number.isInteger(length) && length >= 1 && length <= STRING_REGISTERS_MAX;
  if (length !== null && !isRight) {
    const mend = `use 1..${STRING_REGISTERS_MAX} registers of two characters`;
    row.fault('length', `${length} registers`, mend);
  }
  return length;
}

/** A flag is a bit of a register, or a coil or discrete input by itself. */
function checkBit(row: RowReader, place: Place, encoding: ModbusEncoding): void {
  if (place.kind !== 'modbus') return;
  const isBits = place.area === 'coil' || place.area === 'discrete';
  if (isBits && encoding !== 'bool') {
    row.fault('type', `area ${place.area} holds flags only`, 'use bool');
  }
  if (isBits && place.bit !== null) {
    row.fault('address', `area ${place.area} has no bits`, 'leave the bit out');
  }
  if (!isBits && encoding === 'bool' && place.bit === null) {
    row.fault('address', 'a flag in a register without its bit', 'write e.g. 1/holding/10.3');
  }
  if (encoding !== 'bool' && place.bit !== null) {
    row.fault('address', `a bit of ${encoding}`, 'use bool, or leave the bit out');
  }
}

function dataTypeOf(encoding: ModbusEncoding, isAsItIs: boolean): TagDataType {
  switch (encoding) {
    case 'bool':
    case 'string':
      return encoding;
    case 'float32':
      return 'float';
    case 'int16':
    case 'uint16':
      return isAsItIs ? encoding : 'float';
    case 'int32':
    case 'uint32':
      return isAsItIs ? encoding : 'double';
    case 'int64':
    case 'uint64':
    case 'float64':
      return 'double';
  }
}

function isWritable(place: Place): boolean {
  return place.kind === 'opcua' || place.area === 'coil' || place.area === 'holding';
}

function rangeOf(row: RowReader, dataType: TagDataType, isTyped: boolean): TagDefinition['range'] {
  const whole = WHOLE_RANGES[dataType] ?? null;
  if (whole !== null && (dataType === 'bool' || dataType === 'string')) {
    for (const column of ['low', 'high'] as const) {
      if (!row.isEmpty(column)) row.fault(column, `a ${dataType} has no limits`, 'leave it empty');
    }
    return whole;
  }
  // Without a type it is not known whether limits may be left out.
  const otherwise = isTyped ? null : 0;
  const low = row.number('low', whole?.low ?? otherwise);
  const high = row.number('high', whole?.high ?? otherwise);
  if (isTyped && low !== null && high !== null && low >= high) {
    row.fault('high', `${high} is not above ${low}`, 'set the high limit above the low one');
  }
  return { low: low ?? 0, high: high ?? 1 };
}

function positive(row: RowReader, column: 'field_deadband'): number {
  const value = row.number(column, 0) ?? 0;
  if (value < 0) row.fault(column, `${value} is below 0`, 'use 0 for every change');
  return value;
}
