/**
 * Goal: whatever happens to a device server or to the line to it, its tags are not good for more
 * than 5 s, all are good and true within 5 s of its return, nobody else is disturbed, no command
 * arrives late, and nothing is left open. `npm run soak` does the same at random and for longer.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OutageKind } from '../support/outages/outage.ts';
import { GOOD_LIMIT_MS, kindsFor, STALE_LIMIT_MS } from '../support/outages/outage.ts';
import { openOf, runBatch } from '../support/outages/rounds.ts';
import type { Change } from '../support/outages/stand.ts';
import { Stand } from '../support/outages/stand.ts';
import type { Resources } from '../support/outages/told.ts';
import { until } from '../support/until.ts';

const LINES_OF_EACH = 4;
/** Long enough for every tag to go stale and for a driver to try again some times. */
const FOR_MS = 8_000;
/** Longer than any value here may be old. */
const STOOD_STILL_MS = 6_000;

let stand: Stand;
let base: Resources;
let value = 100;

beforeAll(async () => {
  stand = await Stand.start(LINES_OF_EACH);
  base = await stand.plc.ask('resources', null);
});

afterAll(() => stand.stop());

/** Each kind once on a line of its protocol, the last line of each protocol left in peace. */
function turns(): OutageKind[][] {
  const kinds = [...new Set([...kindsFor('opcua'), ...kindsFor('modbus')])];
  const each = LINES_OF_EACH - 1;
  return Array.from({ length: Math.ceil(kinds.length / each) }, (_, turn) =>
    kinds.slice(turn * each, (turn + 1) * each),
  );
}

function isSince(fromMs: number): (change: Change) => boolean {
  return ({ atMs, state }) => atMs >= fromMs && state !== 'all';
}

it.each(turns().map((kinds) => [kinds.join(', '), kinds] as const))(
  'tags are lost and found in time: %s',
  async (_, kinds) => {
    const plans = (['opcua', 'modbus'] as const).flatMap((protocol) => {
      const lines = stand.lines.filter((line) => line.kind === protocol);
      return kinds
        .filter((kind) => kindsFor(protocol).includes(kind))
        .flatMap((kind, at) => {
          const line = lines[at];
          return line === undefined ? [] : [{ line, kind, forMs: FOR_MS, value: value++ }];
        });
    });
    const { results, faults } = await runBatch(stand, plans, base);
    expect(faults, stand.log.slice(-60).join('\n')).toEqual([]);
    expect(results.map(({ kind }) => kind)).toEqual(plans.map(({ kind }) => kind));
  },
);

it('a controller that stood still shows nothing old as good, and finds all again', async () => {
  await stand.plc.ask('oldestGood', null);
  stand.plc.signal('SIGSTOP');
  await pause(STOOD_STILL_MS);
  const wokenMs = Date.now();
  stand.plc.signal('SIGCONT');
  const groups = stand.lines.flatMap((line) => line.groups);
  const hasLost = () => groups.every(({ id }) => stand.changesOf(id).some(isSince(wokenMs)));
  const options = { withinMs: GOOD_LIMIT_MS, last: () => stand.log.slice(-40).join('\n') };
  await until('values that went stale', hasLost, options);
  const isGood = () => stand.lines.every((line) => stand.allGood(line));
  await until('good values', isGood, options);
  const oldest = Object.values(await stand.plc.ask('oldestGood', null));
  expect(Math.max(...oldest)).toBeLessThanOrEqual(STALE_LIMIT_MS);
});

it('a stopped field holds no socket, no timer and no certificate store', async () => {
  let left = openOf(await stand.resourcesAfterStop());
  const isEmpty = async (): Promise<boolean> => {
    left = openOf(await stand.plc.ask('resources', null));
    return left.sockets === 0 && left.clockTimers === 0;
  };
  await until('nothing held', isEmpty, { last: () => JSON.stringify(left) });
  expect(await stand.plc.ask('undisposed', null)).toBeNull();
  expect(stand.faults).toEqual([]);
});
