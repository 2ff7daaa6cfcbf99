/**
 * Goal: who looks at the connections sees first what is lost, then what somebody has to do
 * something about, and nothing else stands out.
 */
import { describe, expect, it } from 'vitest';
import { abnormal, conditionOf, unitsOf, worstRank } from '../../hmi/src/state/link-condition.ts';
import type { LinkStatus } from '../../server/contract/live.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 8, 0, 0);
const DAY_MS = 86_400_000;

const WELL: LinkStatus = {
  connection: 'field',
  unitId: null,
  protocol: 'opcua',
  address: 'opc.tcp://10.0.0.5:4840',
  online: true,
  sinceMs: NOW_MS - DAY_MS,
  trouble: 'refused',
  lastError: 'connect ECONNREFUSED',
  requestsPerS: 2,
  roundTripP50Ms: 3,
  roundTripP99Ms: 9,
  lateReplies: 400,
  latePerMin: 2,
  overruns: 7,
  overflows: 3,
  reconnects: 5,
  serverRestarts: 1,
  skewMs: -1_900,
  unmonitored: { count: 0, tags: [] },
  unprotected: false,
  certificateEndsMs: NOW_MS + 31 * DAY_MS,
};

describe('the condition of a link', () => {
  it('is normal whatever it went through before', () => {
    expect(conditionOf(WELL, NOW_MS)).toBe('well');
  });

  it.each([
    ['a clock that is off', { skewMs: -2_100 }],
    ['tags that are missing', { unmonitored: { count: 1, tags: ['EL101.Amps'] } }],
    ['a certificate that ends soon', { certificateEndsMs: NOW_MS + 29 * DAY_MS }],
    ['a connection without protection', { unprotected: true }],
    ['late replies again and again', { latePerMin: 11 }],
  ])('asks for somebody with %s', (_, change) => {
    const link = { ...WELL, ...change };
    expect(conditionOf(link, NOW_MS)).toBe('poor');
    expect(Object.values(abnormal(link, NOW_MS)).filter(Boolean)).toHaveLength(1);
  });

  it('is lost, whatever else is wrong, and not lost before it was ever heard of', () => {
    expect(conditionOf({ ...WELL, online: false, unprotected: true }, NOW_MS)).toBe('down');
    expect(conditionOf({ ...WELL, online: false, sinceMs: null }, NOW_MS)).toBe('waiting');
  });

  it('leaves late replies to the unit that is late', () => {
    const modbus = { ...WELL, protocol: 'modbus', latePerMin: 50 } as const;
    expect(conditionOf(modbus, NOW_MS)).toBe('well');
    expect(conditionOf({ ...modbus, unitId: 4 }, NOW_MS)).toBe('poor');
  });
});

describe('the order of links', () => {
  const unit = (unitId: number, change: Partial<LinkStatus> = {}): LinkStatus => ({
    ...WELL,
    connection: 'drives',
    protocol: 'modbus',
    unitId,
    ...change,
  });
  const list = [
    { ...WELL, connection: 'drives', protocol: 'modbus' as const },
    unit(10),
    unit(2),
    unit(7, { unmonitored: { count: 3, tags: [] } }),
    unit(9, { online: false }),
  ];

  it('shows units that are lost, then those with something to do, then the rest by number', () => {
    expect(unitsOf(list, 'drives', NOW_MS).map((one) => one.unitId)).toEqual([9, 7, 2, 10]);
  });

  it('ranks a connection by the worst behind it', () => {
    expect(worstRank(list, 'drives', NOW_MS)).toBe(0);
    expect(worstRank([WELL], 'field', NOW_MS)).toBeGreaterThan(worstRank(list, 'drives', NOW_MS));
  });
});
