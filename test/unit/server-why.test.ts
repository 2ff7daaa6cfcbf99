// Goal: REST answers why something does not go on from what the server last heard, in both
// languages, and says so when it hears nothing.
import { beforeEach, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { ProblemError } from '../../server/api/problem.ts';
import type { Call } from '../../server/api/route.ts';
import { whyRoutes } from '../../server/api/routes/why.ts';
import { whySchema } from '../../server/contract/why.ts';
import { LiveBoard } from '../../server/live/live-board.ts';
import { TagStore } from '../../server/tags/tag-store.ts';

const board = new LiveBoard();
const [route] = whyRoutes({ mill: pilot, tags: new TagStore(pilot.tags), board });

async function asked(id: string) {
  const call = { params: { id } } as Call<unknown, unknown, unknown>;
  return whySchema.parse(await route?.handle(call));
}

beforeEach(() => {
  board.setLink({ connected: true });
  const device = { kind: 'device' as const, owner: null };
  board.setStatus({
    ...device,
    device: 'EL301',
    reasons: [{ code: 'device.trip', objects: { device: 'EL301' } }],
  });
  board.setStatus({
    ...device,
    device: 'DB401:refill',
    reasons: [{ code: 'refill.route-tripped', objects: { bin: 'DB401', route: 'GRIND' } }],
  });
  board.setStatus({
    kind: 'route',
    route: 'GRIND',
    state: 'Tripped',
    source: 'SI201',
    destination: 'DB401',
    second: null,
    owner: 'DB401:refill',
    product: null,
    queue: [],
    residues: [],
    reasons: [{ code: 'route.device-stopped', objects: { device: 'EL301', route: 'GRIND' } }],
  });
});

describe('GET /api/why/:id', () => {
  test('tells why a bin is not filled: its route, the drive that stopped, and what to do', async () => {
    const { steps } = await asked('DB401');
    expect(steps.map((one) => [one.depth, one.object, one.reason?.code])).toEqual([
      [0, 'DB401', undefined],
      [1, 'DB401', 'refill.route-tripped'],
      [2, 'GRIND', 'route.device-stopped'],
      [3, 'EL301', 'device.trip'],
    ]);
    const root = steps.at(-1);
    expect(root).toMatchObject({ root: true, reason: { text: { en: expect.any(String) } } });
    expect(root?.action?.vi).toContain('quá tải');
    expect(root?.action?.en).toContain('overload');
  });

  test('the first alarm of the chain stands beside it', async () => {
    const occurrence = (alarmId: string, raisedTimeMs: number) => ({
      occurrenceId: `${alarmId}/${raisedTimeMs}`,
      alarmId,
      state: 'UnacknowledgedActive' as const,
      priority: 'high' as const,
      raisedTimeMs,
      returnedTimeMs: null,
      acknowledgedTimeMs: null,
      acknowledgedBy: null,
      comment: null,
      value: true,
    });
    board.setAlarms([occurrence('EL101.Tripped', 1_000), occurrence('EL301.Tripped', 2_000)]);
    expect((await asked('GRIND')).firstOut).toMatchObject({ alarmId: 'EL301.Tripped' });
  });

  test('says that the cause is not known while the controller cannot be heard', async () => {
    board.setLink({ connected: false });
    const { steps } = await asked('GRIND');
    expect(steps).toHaveLength(2);
    expect(steps[1]).toMatchObject({ root: true, reason: { code: 'why.controller-away' } });
  });

  test('does not know what the mill does not have', async () => {
    await expect(asked('NOWHERE')).rejects.toBeInstanceOf(ProblemError);
  });
});
