/**
 * Goal: whatever a server or the line to it does, no wrong value is ever shown good, nothing
 * crashes, and the field is good again within 5 s of its return (DOMAIN 9).
 */
import { setTimeout as fieldPace } from 'node:timers/promises';
import { DataType, OPCUAClient, ServerState } from 'node-opcua';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpcUaBenchOptions } from '../support/driver-opcua-bench.ts';
import { OpcUaBench } from '../support/driver-opcua-bench.ts';
import { OPCUA_NODES, OPCUA_TAGS, opcUaTag } from '../support/driver-opcua-field.ts';
import type { Manner } from '../support/driver-rude-server.ts';
import { RudeServer } from '../support/driver-rude-server.ts';
import { until } from '../support/until.ts';

const COUNTED = 15;
/** The field changes this often; the test server joins what comes within 50 ms. */
const FIELD_PACE_MS = 100;
const COUNT = opcUaTag('Amps', 'float', 'input');

/** Mulberry32: repeatable chance. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('an OPC UA server that fails', () => {
  let bench: OpcUaBench;
  let rude: RudeServer | null = null;

  const begin = async (options: OpcUaBenchOptions = {}): Promise<OpcUaBench> => {
    bench = await new OpcUaBench(options).start();
    await bench.soon('first values', () => bench.allGood());
    return bench;
  };
  /** A short answer to every shared socket fault: nothing good meanwhile, all good afterwards. */
  const recovers = async (value: number): Promise<void> => {
    bench.server.set('Amps', value);
    await bench.soon('good values', () => bench.allGood() && bench.told.isGood('Amps', value));
  };

  afterEach(async () => {
    await bench.stop();
    expect(bench.clock.pendingTimers).toBe(0);
    await rude?.stop();
    rude = null;
  });

  it('reconnects and then says nothing: seen within 5 s, and left for a fresh client', async () => {
    await begin({ letsTakeOver: true });
    bench.line.cut();
    const sessions = () => bench.told.lines.filter((line) => line.includes('OPC UA connected'));
    await bench.soon('another session', () => sessions().length === 2 && bench.allGood());
    bench.line.isFrozen = true;
    await bench.soon('no good value', () => bench.noneGood());
    expect(bench.told.lastHealth()?.online).toBe(false);
    bench.line.isFrozen = false;
    await recovers(11);
  });

  it('holds a dead TCP connection open: seen within 5 s, good within 5 s of the return', async () => {
    await begin();
    for (const value of [1, 2]) {
      bench.line.isFrozen = true;
      await bench.soon('no good value', () => bench.noneGood());
      bench.line.isFrozen = false;
      await recovers(value);
    }
    await bench.soon('no socket left over', () => bench.line.openSockets <= 2);
  });

  it('loses no value that counts while the line is broken for a moment', async () => {
    const tags = [{ ...COUNT, everyValue: true, scanMs: 100 as const }];
    await begin({ tags, letsTakeOver: true });
    await bench.soon('a session that has lasted', () => bench.told.confirmedMs.size > 0);
    bench.line.isFrozen = true;
    for (let value = 1; value <= COUNTED; value += 1) {
      bench.server.set('Amps', value);
      await fieldPace(FIELD_PACE_MS);
    }
    const brokenMs = bench.clock.nowMs();
    bench.line.cut();
    bench.line.isFrozen = false;
    await bench.soon('the last value', () => bench.told.isGood('Amps', COUNTED));
    // Those that were on their way when it broke are history, the rest came live.
    const past = bench.told.past.get('Amps') ?? [];
    const live = bench.told.history.map(({ value }) => value);
    const values = [...past, ...live].flatMap((value) =>
      value.quality === 'good' ? [Number(value.value)] : [],
    );
    values.sort((a, b) => a - b);
    expect(past.length).toBeGreaterThan(0);
    expect(past.filter(({ receivedTimeMs }) => receivedTimeMs > brokenMs)).toEqual([]);
    const first = values.indexOf(1);
    const counted = Array.from({ length: COUNTED }, (_, at) => at + 1);
    expect(values.slice(first, first + COUNTED)).toEqual(counted);
    expect(bench.says('subscription taken over')).toBe(true);
  });

  it('breaks off again and again: one subscription lives through it all', async () => {
    await begin({ letsTakeOver: true });
    for (const value of [1, 2, 3]) {
      const { connections } = bench.line;
      bench.line.cut();
      await bench.soon('another connection', () => bench.line.connections > connections);
      await recovers(value);
    }
    const taken = bench.told.lines.filter((line) => line.includes('subscription taken over'));
    expect(taken).toHaveLength(3);
    expect(bench.told.lastHealth()?.reconnects).toBe(3);
  });

  it('makes a new subscription where the server does not give the old one up', async () => {
    await begin({ letsTakeOver: false });
    bench.line.cut();
    await recovers(3);
    expect(bench.says('subscription taken over')).toBe(false);
  });

  it('comes back as another server, with other namespace indexes', async () => {
    await begin({ letsTakeOver: true });
    await bench.server.stop();
    await bench.soon('no good value', () => bench.noneGood());
    bench.server.namespacesBefore.push('urn:test:one', 'urn:test:two');
    await bench.server.start();
    await recovers(5);
    expect(bench.told.lastHealth()?.serverRestarts).toBe(1);
  });

  it('is loaded with a program while it runs: its namespaces are looked at again', async () => {
    await begin();
    bench.server.addNamespace('urn:test:downloaded');
    await bench.soon('a look at the namespaces', () => bench.says('namespaces of the server'));
    await recovers(6);
  });

  it('stops its program: nothing is good until it runs again', async () => {
    await begin();
    bench.server.setState(ServerState.Suspended);
    await bench.soon('no good value', () => bench.noneGood());
    expect(bench.told.lastHealth()?.lastError).toContain('Suspended');
    bench.driver.write([{ tag: 'Cmd', value: true }]);
    await bench.soon('a failed write', () => bench.told.resultOf('Cmd')?.ok === false);
    bench.server.setState(ServerState.Running);
    await recovers(7);
    expect(bench.server.values.get('Cmd')).toBe(false);
  });

  it('has no room for another session, then has', async () => {
    const full = new OpcUaBench({ sessionsMax: 1 });
    bench = full;
    await full.server.start();
    const other = OPCUAClient.create({ endpointMustExist: false });
    await other.connect(full.server.url);
    const session = await other.createSession();
    full.startDriver(full.server.port);
    const refused = () => /BadTooManySessions/.test(full.told.lastHealth()?.lastError ?? '');
    await full.soon('a refusal', refused);
    expect(full.noneGood()).toBe(true);
    await session.close();
    await other.disconnect();
    await recovers(8);
  });

  it('throws values away: they are counted, and the newest is good', async () => {
    await begin();
    bench.server.set('Amps', 3);
    bench.server.setStatus('Amps', 'GoodWithOverflowBit');
    await bench.soon('the newest', () => bench.told.isGood('Amps', 3));
    await bench.soon('a count', () => bench.told.lastHealth()?.overflows === 1);
    expect(bench.says('threw values away')).toBe(true);
  });

  it('has its clock an hour off: the skew is known, and values are received in our time', async () => {
    await begin({ skewMs: 3_600_000 });
    const skewMs = () => bench.told.lastHealth()?.skewMs ?? 0;
    await bench.soon('the skew', () => Math.abs(skewMs() - 3_600_000) < 1_000);
    bench.server.setAt('Amps', 9, Date.now() + 3_600_000);
    await bench.soon('a value', () => bench.told.isGood('Amps', 9));
    const { sourceTimeMs = 0, receivedTimeMs = 0 } = bench.told.values.get('Amps') ?? {};
    expect(Math.abs(receivedTimeMs - Date.now())).toBeLessThan(5_000);
    expect(sourceTimeMs - receivedTimeMs).toBeGreaterThan(3_500_000);
  });

  it('does not know a node: told, tried again, and used when it is there', {
    timeout: 60_000,
  }, async () => {
    const tags = [...OPCUA_TAGS, opcUaTag('Later', 'float', 'input')];
    bench = await new OpcUaBench({ tags }).start();
    await bench.soon('the others', () => bench.told.isGood('Amps', 0));
    await bench.soon('what is missing', () => bench.told.lastHealth()?.unmonitored.length === 1);
    expect(bench.told.lastHealth()?.unmonitored).toEqual(['Later']);
    const { reconnects } = bench.told.lastHealth() ?? {};
    bench.server.add({ name: 'Later', dataType: DataType.Float, isWritable: false });
    await bench.soon('all values', () => bench.allGood(), 35_000);
    expect(bench.told.lastHealth()).toMatchObject({ unmonitored: [], reconnects });
  });

  it('takes a deadband where it can, and without one where it cannot', async () => {
    const deadband = { ...opcUaTag('Weight', 'double', 'input'), fieldDeadband: 5 };
    const text = { ...opcUaTag('RunFb', 'bool', 'input'), fieldDeadband: 5 };
    const plain = { ...COUNT, fieldDeadband: 5 };
    const weight = { name: 'Weight', dataType: DataType.Double, isWritable: false };
    const nodes = [...OPCUA_NODES, { ...weight, euRange: { low: 0, high: 100 } }];
    await begin({ tags: [deadband, text, plain], nodes });
    bench.server.set('Weight', 3);
    bench.server.set('Weight', 20);
    await bench.soon('the larger step', () => bench.told.isGood('Weight', 20));
    bench.server.set('Weight', 22);
    bench.server.set('Amps', 50);
    await bench.soon('a later value', () => bench.told.isGood('Amps', 50));
    expect(bench.told.isGood('Weight', 20)).toBe(true);
  });

  it('says rubbish in the middle of a session: never taken for a value, and begun anew', async () => {
    await begin();
    const seed = 7_351;
    const random = chance(seed);
    for (let round = 1; round <= 5; round += 1) {
      const before = bench.told.history.length;
      const { connections } = bench.line;
      const bytes = Array.from({ length: 400 }, () => Math.floor(random() * 256));
      bench.line.inject(Buffer.from(bytes));
      await until(`another connection (seed ${seed})`, () => bench.line.connections > connections);
      await recovers(round);
      const told = bench.told.history.slice(before).filter(({ tag }) => tag === 'Amps');
      for (const { value } of told) {
        if (value.quality === 'good') expect([round - 1, round]).toContain(value.value);
      }
    }
  });

  it.each<Manner>(['silent', 'rubbish', 'reset'])(
    'is replaced by something %s, and then comes back',
    async (manner) => {
      const seed = 20_261_124;
      const random = chance(seed);
      const rubbish = () =>
        Buffer.from(Array.from({ length: 1 + Math.floor(random() * 300) }, () => random() * 256));
      await begin();
      const { port } = bench.server;
      await bench.driver.stop();
      await bench.server.stop();
      rude = new RudeServer(manner, rubbish);
      await rude.start(port);
      bench.startDriver(port);
      await until(`three tries (seed ${seed})`, () => (rude?.connections ?? 0) >= 3);
      expect(bench.noneGood()).toBe(true);
      expect(bench.told.lastHealth()?.online).toBe(false);
      await rude.stop();
      await bench.server.start();
      await recovers(12);
    },
  );
});
