/**
 * Goal: what stands costs nothing. Machines sleep until an input changes or a deadline is over, so
 * the cost of a scan grows with what changes, not with what exists.
 */
import { expect, test } from 'vitest';
import { workingPartOf } from '../support/large-mill.ts';

const SEED = 3;
const SETTLED_MS = 60_000;
const WATCHED_S = 120;

/** Events that machines get in a second, of a mill with so many that stand beside it. */
async function eventsPerS(copies: number): Promise<number> {
  const running = await workingPartOf(copies, SEED);
  await running.runFor(SETTLED_MS);
  const { controller } = running;
  const tick = controller.tick.bind(controller);
  let events = 0;
  controller.tick = (lateMs) => {
    const report = tick(lateMs);
    events += report.events;
    return report;
  };
  await running.runFor(WATCHED_S * 1_000);
  await running.stop();
  return events / WATCHED_S;
}

test('A whole reference mill that stands beside another wakes its machines less than once a second', async () => {
  const alone = await eventsPerS(1);
  const beside = await eventsPerS(2);
  expect(alone).toBeGreaterThan(1);
  expect(beside - alone).toBeLessThan(1);
});
