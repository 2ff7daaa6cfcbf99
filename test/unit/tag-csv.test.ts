/**
 * Goal: a list of tags comes out of a spreadsheet as it was meant: whatever a spreadsheet writes is
 * read, what was written is read again the same, and a wrong list is refused with every fault.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from '../../plc/mill/csv-text.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import {
  csvFromTags,
  readTagCsv,
  TagCsvFaultsError,
  tagCsvFaultText,
  tagsFromCsv,
} from '../../plc/mill/tag-csv.ts';
import type {
  ModbusAddress,
  ModbusEncoding,
  TagDataType,
  TagDefinition,
} from '../../plc/model/tag.ts';
import { MODBUS_ENCODINGS, SCAN_CLASSES_MS, WORD_ORDERS } from '../../plc/model/tag.ts';
import { UNITS } from '../../plc/model/unit.ts';

const HEAD = 'name,connection,address,type,unit,low,high,text_vi,text_en';
const WIDE_HEAD = 'name,connection,address,type,length,word_order,scale,unit';
const NODE = '"nsu=urn:boiler;s=Steam.P"';
const STEAM = `BO1.SteamP,field,${NODE},double,bar,0,16,Áp suất hơi,Steam pressure`;

function faultsOf(...lines: string[]): string[] {
  return readTagCsv(lines.join('\r\n'), pilot.connections).faults.map(tagCsvFaultText);
}

describe('CSV as spreadsheets write it', () => {
  const cell = fc.string({ unit: fc.constantFrom(...'aÁ",;\t\r\n \'x') });
  const table = fc
    .array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 })
    .map((rows) => [['first', 'second', 'third'], ...rows]);

  it('is read as it was written, whatever the cells hold', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t'), (rows, separator) => {
        const read = readCsv(writeCsv(rows, separator));
        expect(read.faults).toEqual([]);
        expect(read.separator).toBe(separator);
        const kept = rows.filter((row) => row.some((one) => one.trim() !== ''));
        expect(read.rows.map(({ cells }) => cells)).toEqual(kept);
      }),
    );
  });

  it('any text at all is read without an error', () => {
    fc.assert(fc.property(fc.string(), (text) => void readTagCsv(text)));
  });

  it('tells the line of each row, empty lines and lines within quotes counted', () => {
    const { rows } = readCsv('a,b\n\n"x\ny",1\r\nz,2');
    expect(rows).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['x\ny', '1'] },
      { line: 5, cells: ['z', '2'] },
    ]);
  });

  it('names quotes that do not close or are followed by text', () => {
    expect(readCsv('a,b\n"x"y,"z').faults).toEqual([
      { line: 2, fault: 'text after a closing quote' },
      { line: 2, fault: 'a quote that does not close' },
    ]);
  });
});

describe('a list of tags', () => {
  it('gives a tag of an OPC UA server', () => {
    expect(tagsFromCsv(`${HEAD}\r\n${STEAM}\r\n`, pilot.connections)).toEqual([
      {
        name: 'BO1.SteamP',
        device: null,
        role: 'SteamP',
        dataType: 'double',
        unit: 'bar',
        range: { low: 0, high: 16 },
        text: { vi: 'Áp suất hơi', en: 'Steam pressure' },
        direction: 'input',
        address: {
          kind: 'opcua',
          connection: 'field',
          namespaceUri: 'urn:boiler',
          identifier: 's=Steam.P',
        },
        maxAgeMs: 4_000,
        scanMs: 1_000,
        fieldDeadband: 0,
        everyValue: false,
        deadband: 0,
        states: null,
      },
    ]);
  });

  it('gives a scaled register from Vietnamese Excel: semicolons, decimal commas, a mark at the start', () => {
    const text = [
      '\uFEFFname;connection;address;type;word_order;scale;unit;low;high;scan_ms;text_vi;text_en',
      'EM1.Energy;scales;7/holding/100;uint32;CDAB;0,1;kWh;0;1e9;5000;Điện năng;Energy',
      'EM1.Alarm;scales;7/holding/110.3;bool;;;;;;;Báo lỗi;Fault',
    ].join('\r\n');
    const [energy, alarm] = tagsFromCsv(text, pilot.connections);
    expect(energy).toMatchObject({
      dataType: 'double',
      scanMs: 5_000,
      maxAgeMs: 12_500,
      address: { unitId: 7, register: 100, encoding: 'uint32', wordOrder: 'CDAB', scale: 0.1 },
    });
    expect(alarm).toMatchObject({
      dataType: 'bool',
      range: { low: 0, high: 1 },
      address: { register: 110, bit: 3 },
    });
  });

  it('takes columns in any order, leaves out what is empty, and skips remarks', () => {
    const text = [
      '# made by browse',
      'text_en,text_vi,type,address,connection,name,high,low',
      `Steam pressure,Áp suất hơi,double,${NODE},field,BO1.SteamP,16,0`,
      '',
      '# Array,,,,,,,',
    ].join('\n');
    expect(tagsFromCsv(text, pilot.connections)).toHaveLength(1);
  });
});

const name = fc
  .array(fc.stringMatching(/^[A-Z]\w{0,9}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('.'))
  .filter((one) => !/^(LINK|PLC)\./.test(one));
const words = fc
  .string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...'aÁ=+-@\'",; x') })
  .filter((one) => one.trim() === one && one !== '');
/** Limits; a zero has no sign on paper. */
const finite = fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((value) => value + 0);

const modbusAddress = fc.record({
  kind: fc.constant('modbus' as const),
  connection: fc.constantFrom('scales', 'drives'),
  unitId: fc.integer({ min: 0, max: 255 }),
  register: fc.integer({ min: 0, max: 65_000 }),
  encoding: fc.constantFrom(...MODBUS_ENCODINGS),
  wordOrder: fc.constantFrom(...WORD_ORDERS),
  scale: fc.constantFrom(1, 0.1, -2.5, 1e-7),
  offset: fc.constantFrom(0, -40.25),
});

/** What the controller holds a register's value in: as it is, or scaled. */
const DATA_TYPES: Readonly<Record<ModbusEncoding, readonly [TagDataType, TagDataType]>> = {
  bool: ['bool', 'bool'],
  string: ['string', 'string'],
  int16: ['int16', 'float'],
  uint16: ['uint16', 'float'],
  int32: ['int32', 'double'],
  uint32: ['uint32', 'double'],
  int64: ['double', 'double'],
  uint64: ['double', 'double'],
  float32: ['float', 'float'],
  float64: ['double', 'double'],
};

/** A tag of a register as an import would make it: what does not go together is put right. */
function modbusTag(of: TagDefinition, one: RawAddress, bit: number): TagDefinition {
  const { encoding } = one;
  const isNumber = encoding !== 'bool' && encoding !== 'string';
  const address: ModbusAddress = {
    ...one,
    area: 'holding',
    bit: encoding === 'bool' ? bit : null,
    length: encoding === 'string' ? 5 : null,
    ...(isNumber ? {} : { wordOrder: 'ABCD', scale: 1, offset: 0 }),
  };
  const isScaled = address.scale !== 1 || address.offset !== 0;
  const range = isNumber ? of.range : { low: 0, high: 1 };
  const dataType = DATA_TYPES[encoding][isScaled ? 1 : 0];
  const { lineBound, isExact, ...rest } = of;
  const isMeasured = dataType === 'float' || dataType === 'double';
  const collection = {
    deadband: isNumber ? of.deadband : 0,
    ...(isMeasured && lineBound !== undefined ? { lineBound } : {}),
    ...(isExact === undefined ? {} : { isExact }),
  };
  return { ...rest, address, dataType, range, ...collection };
}
type RawAddress = Omit<ModbusAddress, 'area' | 'bit' | 'length'>;

const base = fc
  .record({
    name,
    unit: fc.constantFrom(...UNITS),
    low: finite,
    vi: words,
    en: words,
    direction: fc.constantFrom('input' as const, 'output' as const),
    scanMs: fc.constantFrom(...SCAN_CLASSES_MS),
    fieldDeadband: fc.double({ noNaN: true, min: 0, max: 100 }),
    everyValue: fc.boolean(),
    collection: fc.oneof(
      fc.record({ lineBound: fc.double({ noNaN: true, min: 1e-9, max: 100 }) }),
      fc.record({ deadband: fc.double({ noNaN: true, min: 0, max: 100 }) }),
      fc.constant({ deadband: 1, isExact: true }),
    ),
    silence: fc.option(fc.integer({ min: 1, max: 900 })),
  })
  .map(
    ({ low, vi, en, collection, silence, ...rest }): TagDefinition => ({
      ...rest,
      deadband: 0,
      ...collection,
      ...(silence === null ? {} : { silenceMs: silence * 1_000 }),
      device: null,
      role: rest.name.split('.').at(-1) ?? '',
      dataType: 'double',
      range: { low, high: low + 1e10 },
      text: { vi, en },
      address: {
        kind: 'opcua',
        connection: 'field',
        namespaceUri: 'urn:boiler',
        identifier: `s=${rest.name};x`,
      },
      maxAgeMs: Math.max(4_000, 2.5 * rest.scanMs),
      states: null,
    }),
  );

const tag = fc
  .tuple(base, fc.option(modbusAddress), fc.integer({ min: 0, max: 15 }))
  .map(([one, address, bit]) => (address === null ? one : modbusTag(one, address, bit)));

describe('a list that is written', () => {
  it('is read as the same tags again, with either decimal mark', () => {
    fc.assert(
      fc.property(tag, fc.constantFrom(',', ';', '\t'), (one, separator) => {
        expect(tagsFromCsv(csvFromTags([one], separator), pilot.connections)).toEqual([one]);
      }),
    );
  });

  it('makes no formula in the spreadsheet that opens it', () => {
    const text = { vi: '=cmd|calc', en: '+1' };
    const [steam] = tagsFromCsv(`${HEAD}\n${STEAM}`, pilot.connections);
    if (steam === undefined) throw new Error('the list has one tag');
    expect(csvFromTags([{ ...steam, text }])).toContain("'=cmd|calc,'+1");
  });
});

describe('a list with faults', () => {
  it('is refused with every one, its line, its column and what mends it', () => {
    const faults = faultsOf(
      `${WIDE_HEAD},low,high,direction,scan_ms,text_vi,text_en`,
      '1st,field,ns=2;s=X,double,,,,furlong,0,0,input,1000,A,',
      'LINK.x,nowhere,300/holdin/70000.16,int24,,,,,,,,50,A,B',
      'A.B,scales,"nsu=urn:x;s=Y",float,2,CDAB,0.1,,0,1,,,A,B',
      'A.C,scales,1/coil/5.2,uint16,,,0,,0,1,,,A,B',
      'A.D,scales,1/input/5,bool,,,,,0,1,output,,A,B',
      'A.E,scales,1/holding/9,string,200,,,,,,,,A,B',
      'A.F,scales,1/holding/20,float32,,XYZ,1,"","1,000",,,,A,B',
      'A.F,scales,1/holding/20,int16,,,,,,,,,A,B',
    );
    for (const part of [
      'line 2, column name: 1st is no tag name',
      'line 2, column address: a node without its namespace URI',
      'line 2, column unit: furlong is no unit of ours; use %, A',
      'line 2, column text_en: is empty',
      'line 3, column name: LINK.x is a name of the controller',
      'line 3, column connection: the mill has no connection nowhere',
      'line 3, column address: unit 300',
      'line 3, column address: register 70000',
      'line 3, column address: bit 16',
      'line 3, column address: area holdin',
      'line 3, column scan_ms: 50 is not one of the classes; use 100, 200',
      'line 4, column connection: scales is modbus, the address is opcua',
      'line 4, column length: is for Modbus only',
      'line 4, column word_order: is for Modbus only',
      'line 4, column scale: is for Modbus only',
      'line 5, column scale: is 0',
      'line 5, column type: area coil holds flags only',
      'line 5, column address: area coil has no bits',
      'line 6, column address: a flag in a register without its bit',
      'line 6, column low: a bool has no limits',
      'line 6, column direction: nobody can write to area input',
      'line 7, column length: 200 registers',
      'line 8, column word_order: unknown XYZ',
      'line 8, column low: 1,000 may be meant in two ways',
      'line 8, column high: is empty',
      'line 9, column name: is also in line 8',
      'line 9, column address: is also in line 8',
    ]) {
      expect.soft(faults.join('\n')).toContain(part);
    }
  });

  it('says what cannot be kept of a tag', () => {
    const faults = faultsOf(
      `${HEAD},deadband,deadband_pct,line_bound,line_bound_pct,silence_s,exact`,
      `${STEAM},-1,,,,0,maybe`,
      `${STEAM},1,2,,,901,`,
      `${STEAM},,,16,100,,`,
      `${STEAM},,5,0.1,,,yes`,
      `BO1.On,field,${NODE},bool,,,,A,B,1,,,1,,`,
      `BO1.Starts,field,${NODE},uint32,,,,A,B,,,5,,,`,
    ).filter((fault) => !fault.includes('is also in line'));
    const places = faults.map((fault) => fault.replace(/;.*/, '').replace('column ', ''));
    expect(places).toEqual([
      'line 2, exact: maybe is no answer',
      'line 2, deadband: -1 is below 0',
      'line 2, silence_s: 0 s',
      'line 3, deadband_pct: is there beside deadband',
      'line 3, silence_s: 901 s',
      'line 4, line_bound: 16 is all of the range',
      'line 4, line_bound_pct: 100 is all of the range',
      'line 4, line_bound_pct: is there beside lineBound',
      'line 5, line_bound: is there beside a deadband',
      'line 5, exact: lines are between what was read, not what was read',
      'line 6, deadband: 1 is all of the range',
      'line 6, line_bound_pct: is there beside a deadband',
      'line 6, deadband: flags, states and texts are stored as they are',
      'line 6, line_bound_pct: flags, states and texts are stored as they are',
      'line 7, line_bound: whole numbers are no lines',
    ]);
  });

  it('without its columns says which are missing, unknown or there twice', () => {
    expect(faultsOf('name,name,tag,type,connection,text_vi,text_en', 'x')).toEqual([
      expect.stringContaining('unknown column tag'),
      expect.stringContaining('column name is there twice'),
      expect.stringContaining('column address is missing'),
    ]);
    expect(faultsOf('')).toHaveLength(6);
  });

  it('is one error for a mill file, which cannot be driven half', () => {
    const broken = `${HEAD}\n${STEAM}\n${STEAM}`;
    expect(() => tagsFromCsv(broken, pilot.connections)).toThrow(TagCsvFaultsError);
  });
});
