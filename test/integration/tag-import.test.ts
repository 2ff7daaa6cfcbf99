/**
 * Goal: an engineer takes over the tags of devices that nobody describes: lists a server's
 * variables, finds out what registers mean, completes the list in a spreadsheet, and the controller
 * delivers their values; what a device does not have is named.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataType } from 'node-opcua';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import { createOpcUaDriver } from '../../plc/drivers/opcua/opcua-driver.ts';
import { overrideConnections } from '../../plc/mill/connection-overrides.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { Mill, MillDefinition } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { readTagCsv, tagsFromCsv } from '../../plc/mill/tag-csv.ts';
import type { ConnectionDefinition } from '../../plc/model/connection.ts';
import { realClock } from '../../plc/runtime/clock.ts';
import { Controller } from '../../plc/runtime/controller.ts';
import { ScanLoop } from '../../plc/runtime/scan-loop.ts';
import { directStore } from '../../plc/store/direct-store.ts';
import { SimulatedField } from '../../simulators/field.ts';
import { createState } from '../../simulators/process/index.ts';
import { ModbusTestServer } from '../support/driver-modbus-server.ts';
import { OpcUaTestServer } from '../support/driver-opcua-server.ts';
import { freePorts } from '../support/ports.ts';
import { root } from '../support/sources.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'tag-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Runs `npm run tags -- ...` as a person would, with certificates of its own. */
function tags(...args: string[]): Promise<{ code: number | null; out: string; said: string }> {
  const child = spawn(process.execPath, ['plc/tags/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, DATA_DIR: folder },
  });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((done) => child.once('close', (code) => done({ code, out, said })));
}

describe('the simulated field', () => {
  let field: SimulatedField;
  let opcUrl = '';
  let scales = '';

  beforeAll(async () => {
    const [opc, ...modbus] = await freePorts(4);
    opcUrl = `opc.tcp://127.0.0.1:${opc}`;
    scales = `127.0.0.1:${modbus[0]}`;
    const mill = overrideConnections(pilot, {
      CONNECTION_FIELD: opcUrl,
      CONNECTION_SCALES: scales,
      CONNECTION_DRIVES: `127.0.0.1:${modbus[1]}`,
      CONNECTION_BAGGING: `127.0.0.1:${modbus[2]}`,
    });
    field = new SimulatedField(mill, createState(mill, 1), {
      pkiFolder: folder,
      utcMs: () => Date.now(),
      problem: (message) => {
        throw new Error(message);
      },
    });
    await field.start();
    field.advance(20);
    field.publish();
  });
  afterAll(() => field.stop());

  test('browse lists every variable of a server by its own name, unit and limits', async () => {
    const file = join(folder, 'field.csv');
    const { code, said } = await tags('browse', opcUrl, '--out', file);
    expect(said).toMatch(/\d+ tags; complete it, then: npm run tags -- check/);
    expect(code).toBe(0);
    const { tags: listed, faults } = readTagCsv(readFileSync(file, 'utf8'), pilot.connections);
    expect(faults).toEqual([]);
    const wanted = pilot.tags.filter((tag) => tag.address?.connection === 'field');
    expect(listed.map((tag) => tag.name).sort()).toEqual(wanted.map((tag) => tag.name).sort());
    const amps = pilot.tagByName.get('EL101.Amps');
    expect(listed.find((tag) => tag.name === 'EL101.Amps')).toMatchObject({
      address: amps?.address,
      dataType: 'float',
      unit: 'A',
      range: amps?.range,
      direction: 'input',
    });
  });

  test('check names what the mill has already, and says by its exit code that all is well', async () => {
    const file = join(folder, 'field.csv');
    expect(await tags('check', file)).toMatchObject({ code: 0 });
    const { code, out } = await tags('check', file, '--mill', 'pilot');
    expect(code).toBe(1);
    expect(out).toContain('EL101.Amps: the mill has this tag already');
  });

  test('probe shows registers in all types and word orders', async () => {
    const args = ['--unit', '1', '--area', 'input', '--start', '0', '--count', '4'];
    const { code, out, said } = await tags('probe', scales, ...args);
    expect(said).toMatch(/^4 registers read, 0 refused/);
    expect(code).toBe(0);
    expect(out).toMatch(/^register 0 {2}0x[\dA-F]{4} {2}bits 15\.\.0: [01]{4} /m);
    expect(out).toMatch(/^ {2}type {4}ABCD +CDAB +BADC +DCBA$/m);
    for (const type of ['int16', 'uint32', 'float32', 'float64', 'string']) {
      expect(out).toMatch(new RegExp(`^  ${type}`, 'm'));
    }
  });
});

describe('a command line that does not work', () => {
  test('says what is wrong, and tells it apart from a device that does not answer', async () => {
    const [port] = await freePorts(1);
    const wrong = [
      ['brows'],
      ['browse', 'http://plc'],
      ['browse', 'opc.tcp://plc', '--security', 'some'],
      ['probe', '10.0.0.6'],
      ['probe', '10.0.0.6:502'],
      ['probe', '10.0.0.6:502', '--start', '0', '--count', '9999'],
      ['check', 'a.csv', 'b.csv'],
      ['check', 'a.csv', '--colour', 'red'],
    ];
    const answers = await Promise.all(wrong.map((args) => tags(...args)));
    expect(answers.map(({ code }) => code)).toEqual(wrong.map(() => 2));
    const lost = await tags('probe', `127.0.0.1:${port}`, '--start', '0');
    expect(lost.code).toBe(1);
    expect(lost.said).toContain('ECONNREFUSED');
    expect(lost.said).toContain('For maintenance: Check that its communication program runs');
    expect(lost.said).toContain('từ chối kết nối');
  });

  test('names every fault of a list with its line and column', async () => {
    const file = join(folder, 'faulty.csv');
    writeFileSync(
      file,
      'name,connection,address,type,text_vi,text_en\r\n1a,x,1/coil/0,bool,A,\r\n',
    );
    const { code, out } = await tags('check', file);
    expect(code).toBe(1);
    expect(out.trim().split('\n')).toEqual([
      expect.stringMatching(/faulty\.csv: line 2, column name: 1a is no tag name/),
      expect.stringMatching(/faulty\.csv: line 2, column text_en: is empty/),
    ]);
  });
});

describe('a mill with imported tags only', () => {
  const boiler = new OpcUaTestServer([
    { name: 'Hoi.ApSuat', dataType: DataType.Double, isWritable: false },
    { name: 'Hoi.Chay', dataType: DataType.Boolean, isWritable: false },
  ]);
  const meter = new ModbusTestServer();
  const connections = (): ConnectionDefinition[] => [
    {
      kind: 'opcua',
      id: 'boiler',
      text: { vi: 'Lò hơi', en: 'Boiler' },
      endpointUrl: boiler.url,
      namespaceUri: 'urn:unused',
      publishingIntervalMs: 100,
      security: 'none',
      identity: { kind: 'anonymous' },
    },
    {
      kind: 'modbus',
      id: 'meter',
      text: { vi: 'Điện kế', en: 'Energy meter' },
      transport: { kind: 'tcp', host: '127.0.0.1', port: meter.port },
      timeoutMs: 1_000,
      gapLimit: 16,
      registersPerReadMax: 125,
      units: {},
    },
  ];
  let controller: Controller;
  let loop: ScanLoop;

  /** What an engineer makes of the browsed list: limits and a unit where the server has none. */
  async function completedList(): Promise<string> {
    const file = join(folder, 'boiler.csv');
    await tags('browse', boiler.url, '--connection', 'boiler', '--security', 'none', '--out', file);
    const listed = readFileSync(file, 'utf8');
    const { faults } = readTagCsv(listed);
    expect(faults.map(({ column, fault }) => `${column} ${fault}`)).toEqual([
      'low is empty',
      'high is empty',
    ]);
    return listed.replace(/(Hoi\.ApSuat",double,,,,),,,/, '$1,bar,0,16');
  }

  function millOf(plainTags: Mill['plainTags']): Mill {
    const lists = Object.entries(pilot).filter(([, value]) => Array.isArray(value));
    const none: Partial<MillDefinition> = Object.fromEntries(lists.map(([name]) => [name, []]));
    return defineMill({
      ...pilot,
      ...none,
      id: 'utilities',
      connections: connections(),
      plainTags,
    });
  }

  beforeAll(async () => {
    await boiler.start();
    await meter.start();
    boiler.set('Hoi.ApSuat', 7.25);
    boiler.set('Hoi.Chay', true);
    const { holding } = meter.unit(7);
    const energy = Buffer.alloc(8);
    energy.writeFloatBE(231.5, 0);
    energy.writeUInt32BE(123_456, 4);
    // Low word first, as many meters have it.
    [1, 0, 3, 2].forEach((word, at) => {
      holding.set(100 + at, energy.readUInt16BE(2 * word));
    });
    holding.set(104, 0b1000);
    [0x4d45, 0x2d31].forEach((word, at) => {
      holding.set(110 + at, word);
    });
    const registers = [
      'name;connection;address;type;length;word_order;scale;unit;low;high;scan_ms;text_vi;text_en',
      'EM1.Volt;meter;7/holding/100;float32;;CDAB;;;0;500;200;Điện áp;Voltage',
      'EM1.Energy;meter;7/holding/102;uint32;;CDAB;0,01;kWh;0;1e7;200;Điện năng;Energy',
      'EM1.Fault;meter;7/holding/104.3;bool;;;;;;;200;Báo lỗi;Fault',
      'EM1.Serial;meter;7/holding/110;string;2;;;;;;1000;Số máy;Serial number',
      'EM1.Missing;meter;7/holding/4000;uint16;;;;;;;200;Không có;Not there',
    ].join('\r\n');
    const plainTags = [
      ...tagsFromCsv(await completedList(), connections()),
      ...tagsFromCsv(registers, connections()),
    ];
    const clock = realClock();
    controller = new Controller({
      mill: millOf(plainTags),
      machines: [],
      clock,
      store: directStore(':memory:'),
      createDriver: (context) => {
        const { connection } = context;
        const random = () => 0.5;
        const pkiFolder = join(folder, 'plc', 'pki');
        return connection.kind === 'modbus'
          ? createModbusDriver({ ...context, connection }, { random })
          : createOpcUaDriver({ ...context, connection }, { random, pkiFolder });
      },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    loop = new ScanLoop(clock, (lateMs) => void controller.tick(lateMs));
    await controller.start();
    loop.start();
  });
  afterAll(async () => {
    loop.stop();
    await controller.stop(() => Promise.resolve());
    await boiler.stop();
    await meter.stop();
  });

  test.each([
    ['Hoi.ApSuat', 7.25],
    ['Hoi.Chay', true],
    ['EM1.Volt', 231.5],
    ['EM1.Energy', 1_234.56],
    ['EM1.Fault', true],
    ['EM1.Serial', 'ME-1'],
  ])('delivers %s through the controller', async (tag, value) => {
    const good = await until(`good ${tag}`, () => {
      const now = controller.value(tag);
      return now.quality === 'good' ? now : null;
    });
    if (typeof value === 'number') expect(good.value).toBeCloseTo(value, 6);
    else expect(good.value).toBe(value);
  });

  test('follows what changes', async () => {
    boiler.set('Hoi.ApSuat', 8.5);
    meter.unit(7).holding.set(104, 0);
    await until('the changes', () => {
      const [pressure, fault] = [controller.value('Hoi.ApSuat'), controller.value('EM1.Fault')];
      return pressure.quality === 'good' && pressure.value === 8.5
        ? fault.quality === 'good' && fault.value === false
        : false;
    });
  });

  test('a register that the device does not have is named by the link doctor and raises an alarm', async () => {
    expect(controller.value('EM1.Missing').quality).toBe('bad');
    await until('the missing tag in the document of its unit', () =>
      controller.documents.some(
        (one) =>
          one.kind === 'link' &&
          one.unitId === 7 &&
          one.unmonitored.tags.includes('EM1.Missing') &&
          one.unmonitored.count === 1,
      ),
    );
    await until('the alarm', () =>
      controller.alarms.some(({ alarmId }) => alarmId === 'LINK.meter.U7.TagsMissing'),
    );
  });

  test('a device that is switched off is told in words, and good again by itself', async () => {
    const unit = () => controller.documents.find((one) => one.kind === 'link' && one.unitId === 7);
    await meter.stop();
    const lost = await until('the lost unit', () => {
      const now = unit();
      return now?.kind === 'link' && !now.online ? now : null;
    });
    expect(['refused', 'closed', 'silent']).toContain(lost.trouble);
    await until('bad values', () => controller.value('EM1.Volt').quality !== 'good');
    await meter.start();
    await until('the unit back', () => {
      const now = unit();
      return now?.kind === 'link' && now.online && controller.value('EM1.Volt').quality === 'good';
    });
  });
});
