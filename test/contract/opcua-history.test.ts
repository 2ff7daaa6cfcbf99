/**
 * Goal: what a server remembers of a gap gets into history and never into the present; and a server
 * can be listed for the tag import.
 */
import { DataType } from 'node-opcua';
import { afterEach, describe, expect, it } from 'vitest';
import { browseServer } from '../../plc/drivers/opcua/browse.ts';
import type { TagValue } from '../../plc/model/tag.ts';
import type { OpcUaBenchOptions } from '../support/driver-opcua-bench.ts';
import { OpcUaBench } from '../support/driver-opcua-bench.ts';
import { OPCUA_NODES, OPCUA_TAGS, opcUaConnection } from '../support/driver-opcua-field.ts';
import type { OpcUaTestNode } from '../support/driver-opcua-server.ts';
import { TEST_NAMESPACE } from '../support/driver-opcua-server.ts';

const WITH_HISTORY: readonly OpcUaTestNode[] = OPCUA_NODES.map((node) =>
  node.name === 'Amps' ? { ...node, hasHistory: true } : node,
);

describe('a gap in what was heard of an OPC UA server', () => {
  let bench: OpcUaBench;

  const begin = async (options: OpcUaBenchOptions): Promise<void> => {
    bench = await new OpcUaBench(options).start();
    await bench.soon('first values', () => bench.allGood());
    await bench.soon('a heartbeat', () => bench.told.confirmedMs.size > 0);
  };
  /** The line is dead while the field goes on; then all is good again. */
  const goThroughGap = async (values: number, skewMs = 0): Promise<void> => {
    bench.line.isFrozen = true;
    await bench.soon('no good value', () => bench.noneGood());
    for (let value = 1; value <= values; value += 1) {
      bench.server.setAt('Amps', value, Date.now() + skewMs - values + value);
    }
    bench.line.isFrozen = false;
    await bench.soon('good values', () => bench.allGood() && bench.told.isGood('Amps', values));
  };
  const numbers = (values: readonly TagValue[] = []) =>
    values.map((value) => (value.quality === 'good' ? value.value : null));

  afterEach(() => bench.stop());

  it('is filled from its history, in order, and the present is never set back', async () => {
    await begin({ nodes: WITH_HISTORY });
    const before = bench.told.history.length;
    await goThroughGap(2_500);
    const past = () => bench.told.past.get('Amps') ?? [];
    await bench.soon('the end of the gap', () => past().length >= 1_000, 10_000);
    await bench.soon('the report', () => bench.says('a gap was filled'), 10_000);
    const filled = numbers(past());
    expect(filled).toEqual([...filled].sort((a, b) => Number(a) - Number(b)));
    expect(filled.at(-1)).toBe(2_500);
    expect([...bench.told.past.keys()]).toEqual(['Amps']);
    const live = bench.told.history.slice(before).filter(({ tag }) => tag === 'Amps');
    expect(live.filter(({ value }) => value.quality === 'good')).toHaveLength(1);
    expect(bench.told.isGood('Amps', 2_500)).toBe(true);
  });

  it('is filled in our time where the clock of the server is off', async () => {
    const skewMs = -3_600_000;
    await begin({ nodes: WITH_HISTORY, skewMs });
    await goThroughGap(20, skewMs);
    await bench.soon('the report', () => bench.says('a gap was filled'));
    const past = bench.told.past.get('Amps') ?? [];
    expect(numbers(past)).toContain(10);
    for (const { receivedTimeMs, sourceTimeMs } of past) {
      expect(Math.abs(receivedTimeMs - Date.now())).toBeLessThan(20_000);
      expect(receivedTimeMs - sourceTimeMs).toBeGreaterThan(3_500_000);
    }
  });

  it('stays one where the server keeps no history', async () => {
    await begin({});
    await goThroughGap(5);
    expect(bench.told.past.size).toBe(0);
  });
});

describe('the list of a server for the tag import', () => {
  let bench: OpcUaBench;

  afterEach(() => bench.stop());

  it('has every variable with its type, its access, its range and its unit', async () => {
    const weight = { name: 'Weight', dataType: DataType.Double, isWritable: true };
    const recipe = { name: 'Recipe', dataType: DataType.Int32, isWritable: true, isList: true };
    const nodes = [...OPCUA_NODES, { ...weight, euRange: { low: 0, high: 6_000 } }, recipe];
    bench = await new OpcUaBench({ nodes, tags: OPCUA_TAGS }).start();
    const list = (more: { nodesMax?: number } = {}) =>
      browseServer({
        connection: opcUaConnection(bench.server.url),
        pkiFolder: bench.pkiFolder,
        clock: bench.clock,
        log: bench.told,
        ...more,
      });
    const found = await list();
    expect(found.map(({ path }) => path.join('/')).sort()).toEqual(
      nodes.map(({ name }) => name).sort(),
    );
    expect(found.find(({ path }) => path[0] === 'Weight')).toEqual({
      namespaceUri: TEST_NAMESPACE,
      identifier: 's=Weight',
      path: ['Weight'],
      dataType: 'Double',
      tagDataType: 'double',
      isArray: false,
      isReadable: true,
      isWritable: true,
      euRange: { low: 0, high: 6_000 },
      engineeringUnits: 'kg',
    });
    expect(found.find(({ path }) => path[0] === 'Recipe')).toMatchObject({
      dataType: 'Int32',
      tagDataType: null,
      isArray: true,
    });
    expect(found.find(({ path }) => path[0] === 'Amps')).toMatchObject({
      dataType: 'Float',
      isWritable: false,
      euRange: null,
    });
    expect((await list({ nodesMax: 3 })).length).toBeLessThan(3);
    expect(bench.says('more nodes than were looked at')).toBe(true);
  });
});

describe('a write to an OPC UA node of another type than its tag', () => {
  let bench: OpcUaBench;

  afterEach(() => bench.stop());

  it('goes as the type of the node, and never where it would not fit', async () => {
    const nodes = OPCUA_NODES.map((node) =>
      node.name === 'HzRef'
        ? { ...node, dataType: DataType.Byte }
        : node.name === 'Cmd'
          ? { ...node, dataType: DataType.Int16, isList: true }
          : node,
    );
    bench = await new OpcUaBench({ nodes }).start();
    await bench.soon('a value', () => bench.told.isGood('Amps', 0));
    expect(bench.says('another data type than their tag')).toBe(true);
    const write = async (tag: string, value: number | boolean) => {
      const before = bench.told.results.length;
      bench.driver.write([{ tag, value }]);
      await bench.soon('a result', () => bench.told.results.length > before);
      return bench.told.results.at(-1);
    };
    expect(await write('HzRef', 41.6)).toMatchObject({ ok: true });
    expect(bench.server.values.get('HzRef')).toBe(42);
    expect((await write('HzRef', 300))?.error).toContain('which holds Byte');
    expect((await write('Cmd', true))?.error).toContain('a list');
    expect(bench.server.values.get('HzRef')).toBe(42);
  });
});
