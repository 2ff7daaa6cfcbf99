// Goal: the simulated Modbus units answer as the MODBUS Application Protocol Specification V1.1b3
// says, with one table of requests and answers; and registers carry the mill's tags in every
// encoding and word order.
import { beforeEach, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { ModbusAddress, TagDefinition, TagScalar } from '../../plc/model/tag.ts';
import { FieldImage } from '../../simulators/servers/image.ts';
import { answerPdu } from '../../simulators/servers/modbus-pdu.ts';
import { ModbusUnit } from '../../simulators/servers/modbus-unit.ts';
import { decodeWords, encodeWords } from '../../simulators/servers/modbus-words.ts';

function coil(name: string, area: 'coil' | 'discrete', register: number): TagDefinition {
  const like = pilot.tagByName.get('DF401.Cmd');
  if (like?.address?.kind !== 'modbus') throw new Error('DF401.Cmd is on Modbus');
  const address: ModbusAddress = { ...like.address, area, register, bit: null, unitId: 1 };
  return { ...like, name, address };
}

const drives = pilot.tags.filter((tag) => tag.address?.connection === 'drives');
const coils = [coil('T.C3', 'coil', 3), coil('T.C4', 'coil', 4), coil('T.D2', 'discrete', 2)];

let image: FieldImage;
let unit: ModbusUnit;
beforeEach(() => {
  image = new FieldImage(pilot);
  unit = new ModbusUnit(1, [...drives, ...coils], image);
});

function ask(hex: string): string {
  const answer = answerPdu(unit, Buffer.from(hex.replaceAll(' ', ''), 'hex')).toString('hex');
  return answer.replace(/(..)(?=.)/g, '$1 ');
}

/**
 * What, request, answer. Holding 0 is DF401's control word (bit 0 run), 1 its set point in 0.01 Hz.
 */
const TABLE: readonly (readonly [string, string, string])[] = [
  ['01 read coils', '01 0003 0002', '01 01 00'],
  ['01 quantity 0', '01 0000 0000', '81 03'],
  ['01 quantity 2001', '01 0000 07d1', '81 03'],
  ['01 most it may, beyond what is mapped', '01 0000 07d0', '81 02'],
  ['02 read discrete inputs', '02 0002 0001', '02 01 00'],
  ['03 read holding', '03 0000 0002', '03 04 00 00 00 00'],
  ['03 a gap reads 0', '03 0002 0003', '03 06 00 00 00 00 00 00'],
  ['03 the last readable register', '03 00c7 0001', '03 02 00 00'],
  ['03 beyond it', '03 00c8 0001', '83 02'],
  ['03 quantity 0', '03 0000 0000', '83 03'],
  ['03 quantity 126', '03 0000 007e', '83 03'],
  ['03 quantity 125', '03 0000 007d', `03 fa${' 00'.repeat(250)}`],
  ['03 over the end of the address space', '03 ffff 0002', '83 02'],
  ['03 quantity is judged before address', '03 ffff 007e', '83 03'],
  ['03 too short', '03 0000 00', '83 03'],
  ['04 read input', '04 0000 0003', '04 06 00 00 00 00 00 00'],
  ['05 on', '05 0003 ff00', '05 00 03 ff 00'],
  ['05 off', '05 0003 0000', '05 00 03 00 00'],
  ['05 with 0x1234', '05 0003 1234', '85 03'],
  ['05 unmapped', '05 0000 ff00', '85 02'],
  ['06 run', '06 0000 0001', '06 00 00 00 01'],
  ['06 unmapped', '06 0002 0001', '86 02'],
  ['06 beyond the range of the tag: 100 Hz', '06 0001 2710', '86 03'],
  ['07 is not offered', '07', '87 01'],
  ['15 two coils', '0f 0003 0002 01 03', '0f 00 03 00 02'],
  ['15 quantity 0', '0f 0003 0000 01 00', '8f 03'],
  ['15 wrong byte count', '0f 0003 0002 02 03 00', '8f 03'],
  ['15 one of them unmapped', '0f 0004 0002 01 03', '8f 02'],
  ['16 run at 42.50 Hz', '10 0000 0002 04 0001 109a', '10 00 00 00 02'],
  ['16 quantity 0', '10 0000 0000 00', '90 03'],
  ['16 quantity 124', `10 0000 007c f8${'00'.repeat(248)}`, '90 03'],
  ['16 wrong byte count', '10 0000 0002 03 0001 10', '90 03'],
  ['16 one of them unmapped', '10 0001 0002 04 0001 0001', '90 02'],
  ['22 mask write', '16 0000 fffe 0001', '16 00 00 ff fe 00 01'],
  ['22 too short', '16 0000 fffe', '96 03'],
  ['22 unmapped', '16 0002 fffe 0001', '96 02'],
  ['23 writes, then reads', '17 0000 0002 0000 0001 02 0001', '17 04 00 01 00 00'],
  ['23 read quantity 126', '17 0000 007e 0000 0001 02 0001', '97 03'],
  ['23 write quantity 122', `17 0000 0001 0000 007a f4${'00'.repeat(244)}`, '97 03'],
  ['23 wrong byte count', '17 0000 0001 0000 0001 03 0001', '97 03'],
  ['43 is not offered', '2b 0e 01 00', 'ab 01'],
];

describe('a Modbus unit', () => {
  test.each(TABLE)('%s', (_what, request, answer) => {
    expect(ask(request)).toBe(answer);
  });

  test('writes what it was told, all or nothing', () => {
    ask('10 0000 0002 04 0001 109a');
    expect([image.read('DF401.Cmd'), image.read('DF401.HzRef')]).toEqual([true, 42.5]);
    ask('16 0000 fffe 0000');
    expect(image.read('DF401.Cmd')).toBe(false);
    expect(ask('10 0000 0002 04 0001 2710')).toBe('90 03');
    expect([image.read('DF401.Cmd'), image.read('DF401.HzRef')]).toEqual([false, 42.5]);
    expect(ask('17 00c8 0001 0000 0001 02 0001')).toBe('97 02');
    expect(image.read('DF401.Cmd')).toBe(false);
    ask('0f 0003 0002 01 02');
    expect([image.read('T.C3'), image.read('T.C4')]).toEqual([false, true]);
  });

  test('bits of one register are put together from their tags', () => {
    const measured: [string, TagScalar][] = [
      ['DF401.RunFb', true],
      ['DF401.Local', true],
      ['DF401.Hz', 50],
    ];
    image.setInputs(new Map(measured));
    expect(ask('04 0000 0002')).toBe('04 04 00 05 13 88');
  });

  test('one word of two may be written: the other keeps what it was', () => {
    const bagging = pilot.tags.filter((tag) => tag.address?.connection === 'bagging');
    unit = new ModbusUnit(1, bagging, image);
    image.write('BG1001.TargetKg', 25);
    expect(ask('06 0001 41d0')).toBe('06 00 01 41 d0');
    expect(image.read('BG1001.TargetKg')).toBe(26);
    expect(ask('10 0001 0002 04 7fc0 0000')).toBe('90 03');
  });
});

describe('words', () => {
  const like: ModbusAddress = {
    kind: 'modbus',
    connection: 'x',
    unitId: 1,
    area: 'input',
    register: 0,
    bit: null,
    encoding: 'uint32',
    length: null,
    wordOrder: 'ABCD',
    scale: 1,
    offset: 0,
  };

  test.each([
    ['ABCD', [0x0102, 0x0304]],
    ['CDAB', [0x0304, 0x0102]],
    ['BADC', [0x0201, 0x0403]],
    ['DCBA', [0x0403, 0x0201]],
  ] as const)('order %s', (wordOrder, words) => {
    const address = { ...like, wordOrder };
    expect(encodeWords(address, 0x01020304)).toEqual(words);
    expect(decodeWords(address, words)).toBe(0x01020304);
  });

  test('scale and offset are decimal, and a value beyond the encoding stays at its end', () => {
    const address = { ...like, encoding: 'int16', scale: 0.1, offset: -40 } as const;
    expect(encodeWords(address, 28.3)).toEqual([683]);
    expect(decodeWords(address, [683])).toBe(28.3);
    expect(encodeWords(address, 1e9)).toEqual([32_767]);
    expect(decodeWords(address, encodeWords(address, -100))).toBe(-100);
  });

  test('float32 goes to and fro', () => {
    const address = { ...like, encoding: 'float32' } as const;
    expect(decodeWords(address, encodeWords(address, 266.5))).toBe(266.5);
    expect(encodeWords(address, 25)).toEqual([0x41c8, 0x0000]);
  });
});
