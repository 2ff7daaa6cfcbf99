/**
 * Goal: what drivers tell of a link reaches people as tags, documents and alarms: right, in words,
 * and only when something differs.
 */
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { LinkHealth } from '../../plc/drivers/driver.ts';
import { linkStatusSchema } from '../../plc/link/contract.ts';
import { linkTroubleOf } from '../../plc/logic/link-trouble.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { MISSING_TAGS_TOLD_MAX } from '../../plc/model/link-status.ts';
import { LINK_TROUBLES } from '../../plc/model/link-trouble.ts';
import { lastValueOf } from '../../plc/model/tag.ts';
import { InputImage } from '../../plc/runtime/input-image.ts';
import { LinkDoctor } from '../../plc/runtime/link-doctor.ts';
import { RecentCount, steady } from '../../plc/runtime/link-figures.ts';
import { linkMetrics } from '../../plc/runtime/link-metrics.ts';
import { TagIndex } from '../../plc/runtime/tag-index.ts';

const START_MS = Date.UTC(2026, 10, 24, 8, 0, 0);
const DAY_MS = 86_400_000;

const WELL: LinkHealth = {
  connection: 'field',
  unitId: null,
  online: true,
  sinceMs: START_MS,
  lastError: null,
  reconnects: 0,
  requests: 0,
  roundTripP50Ms: 3,
  roundTripP99Ms: 9,
  lateReplies: 0,
  overruns: 0,
  overflows: 0,
  serverRestarts: 0,
  skewMs: 40,
  unmonitored: [],
  unprotected: false,
  certificateEndsMs: START_MS + 400 * DAY_MS,
};

/** A doctor of the pilot mill whose patients are looked at second by second. */
function practice() {
  const index = new TagIndex(pilot);
  const image = new InputImage(index);
  const doctor = new LinkDoctor(pilot, index, image);
  let second = 0;
  return {
    look(...healths: LinkHealth[]) {
      second += 1;
      const at = { utcMs: START_MS + second * 1_000, realMs: second * 1_000 };
      const { changed, documents } = doctor.look(healths, at);
      return { tags: changed.map((tag) => index.tag(tag).name), documents };
    },
    value(name: string) {
      const tag = index.find(name);
      if (tag === undefined) throw new Error(`the pilot mill has no ${name}`);
      return image.value(tag);
    },
    last(name: string) {
      return lastValueOf(this.value(name));
    },
  };
}

describe('the link doctor', () => {
  it('first tells of every connection and unit, heard of or not', () => {
    const { documents } = practice().look();
    expect(documents.length).toBeGreaterThan(pilot.connections.length);
    for (const one of documents) {
      expect(linkStatusSchema.parse({ kind: 'link', ...one })).toMatchObject({ sinceMs: null });
    }
    const addresses = documents.map(({ address }) => address);
    expect(addresses).toContain('opc.tcp://127.0.0.1:4840');
    expect(addresses).toContain('127.0.0.1:5020/2');
  });

  it('is quiet while a link goes on as it did', () => {
    const clinic = practice();
    for (let second = 1; second <= 10; second++) {
      clinic.look({ ...WELL, requests: second * 20 });
    }
    expect(clinic.last('LINK.field.RequestsPerS')).toBe(20);
    for (let second = 11; second <= 40; second++) {
      const jitterMs = second % 2 === 0 ? 0.2 : 0;
      const health = {
        ...WELL,
        requests: second * 20 + (second % 3),
        roundTripP50Ms: 3 + jitterMs,
      };
      expect(clinic.look(health)).toEqual({ tags: [], documents: [] });
    }
  });

  it('tells what differs, and nothing else', () => {
    const clinic = practice();
    clinic.look(WELL);
    clinic.look(WELL);
    const { tags, documents } = clinic.look({ ...WELL, overflows: 3, skewMs: 2_500 });
    expect(tags.sort()).toEqual(['LINK.field.Overflows', 'LINK.field.SkewMs']);
    expect(documents).toMatchObject([{ connection: 'field', overflows: 3, skewMs: 2_500 }]);
  });

  it('trusts no figure of a link that is lost, and says why it is lost', () => {
    const clinic = practice();
    clinic.look(WELL);
    const lastError = 'connect ECONNREFUSED 10.0.0.5:4840';
    const { documents } = clinic.look({ ...WELL, online: false, lastError });
    expect(documents).toMatchObject([{ online: false, trouble: 'refused', roundTripP50Ms: null }]);
    expect(clinic.value('LINK.field.RoundTripP50Ms').quality).toBe('bad');
    expect(clinic.value('LINK.field.SkewMs').quality).toBe('bad');
    expect(clinic.last('LINK.field.RequestsPerS')).toBe(0);
    expect(clinic.last('LINK.field.UptimeS')).toBe(0);
  });

  it('tells up-time by the minute and the certificate by the day', () => {
    const clinic = practice();
    for (let second = 1; second <= 130; second++) clinic.look(WELL);
    expect(clinic.last('LINK.field.UptimeS')).toBe(120);
    expect(clinic.last('LINK.field.CertificateDays')).toBe(399);
  });

  it('counts late replies of the last minute apart from all of them', () => {
    const clinic = practice();
    const unit = { ...WELL, connection: 'scales', unitId: 2 };
    clinic.look(unit);
    clinic.look({ ...unit, lateReplies: 12 });
    expect(clinic.last('LINK.scales.U2.LatePerMin')).toBe(12);
    for (let second = 0; second < 70; second++) clinic.look({ ...unit, lateReplies: 12 });
    expect(clinic.last('LINK.scales.U2.LatePerMin')).toBe(0);
    expect(clinic.last('LINK.scales.U2.LateReplies')).toBe(12);
  });

  it('does not call a link late that is lost: its tries are not replies', () => {
    const clinic = practice();
    const unit = { ...WELL, connection: 'scales', unitId: 2 };
    clinic.look(unit);
    for (let tries = 1; tries <= 60; tries++) {
      clinic.look({ ...unit, online: false, lastError: 'no answer', lateReplies: tries });
    }
    expect(clinic.last('LINK.scales.U2.LatePerMin')).toBe(0);
    clinic.look({ ...unit, lateReplies: 60 });
    expect(clinic.last('LINK.scales.U2.LatePerMin')).toBe(0);
  });

  it('names missing tags up to a bound and counts the rest', () => {
    const unmonitored = Array.from({ length: 5_000 }, (_, place) => `EL${place}.Amps`);
    const clinic = practice();
    const [status] = clinic.look({ ...WELL, unmonitored }).documents;
    expect(status?.unmonitored.count).toBe(5_000);
    expect(status?.unmonitored.tags).toHaveLength(MISSING_TAGS_TOLD_MAX);
    expect(clinic.last('LINK.field.Unmonitored')).toBe(5_000);
  });
});

describe('figures that stand still', () => {
  it('a rate begins anew when the driver does', () => {
    const count = new RecentCount(5_000);
    count.see(1_000, 0);
    expect(count.perSecond()).toBeNull();
    count.see(1_010, 1_000);
    expect(count.perSecond()).toBe(10);
    count.see(0, 2_000);
    expect(count.perSecond()).toBeNull();
    count.see(5, 3_000);
    expect(count.perSecond()).toBe(5);
  });

  it('a figure follows what a reader would notice', () => {
    expect(steady(100, 109, 0.5)).toBe(100);
    expect(steady(100, 111, 0.5)).toBe(111);
    expect(steady(0.1, 0.5, 0.5)).toBe(0.1);
    expect(steady(null, 3, 1)).toBe(3);
    expect(steady(3, null, 1)).toBeNull();
  });
});

describe('alarms of links', () => {
  it.each([
    ['LINK.field.ClockAhead', 'LINK.field.SkewMs'],
    ['LINK.field.ClockBehind', 'LINK.field.SkewMs'],
    ['LINK.field.TagsMissing', 'LINK.field.Unmonitored'],
    ['LINK.field.CertificateEnds', 'LINK.field.CertificateDays'],
    ['LINK.field.Unprotected', 'LINK.field.Unprotected'],
    ['LINK.field.LateReplies', 'LINK.field.LatePerMin'],
    ['LINK.scales.U2.TagsMissing', 'LINK.scales.U2.Unmonitored'],
    ['LINK.scales.U2.LateReplies', 'LINK.scales.U2.LatePerMin'],
  ])('%s follows %s', (alarm, tag) => {
    expect(pilot.alarms.find(({ id }) => id === alarm)?.condition?.tag).toBe(tag);
    expect(pilot.tagByName.has(tag)).toBe(true);
  });

  it("one cause raises one alarm: what a unit is late with is not also its connection's", () => {
    const ids = pilot.alarms.map(({ id }) => id);
    expect(ids).not.toContain('LINK.scales.LateReplies');
    expect(ids).not.toContain('LINK.scales.Unprotected');
  });
});

describe('errors in words', () => {
  it.each([
    ['connect ECONNREFUSED 127.0.0.1:4840', 'refused'],
    ['connect EHOSTUNREACH 10.0.0.9:502', 'unreachable'],
    ['getaddrinfo ENOTFOUND plc-7', 'name-unknown'],
    ['no answer within 1000 ms', 'silent'],
    ['monitoring the tags took more than 10000 ms', 'silent'],
    ['nothing was heard for 4000 ms', 'silent'],
    ['no unit answers', 'silent'],
    ['the server closed the connection', 'closed'],
    ['read ECONNRESET', 'closed'],
    ['the server ended the subscription', 'closed'],
    ['malformed answer', 'malformed'],
    ['unit 7 answered instead', 'malformed'],
    ['an answer of 9 bytes instead of 7', 'malformed'],
    ['exception 01: it does not know this function', 'function-refused'],
    ['exception 02: it has no such register', 'address-refused'],
    ['exception 03: it does not take such a request', 'value-refused'],
    ['exception 04: it has failed', 'device-failed'],
    ['exception 06: it is busy', 'busy'],
    ['exception 0A: the gateway has no way to it', 'behind-gateway'],
    ['exception 0B: it does not answer its gateway', 'behind-gateway'],
    ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'serial-port'],
    ['server rejected: BadCertificateUntrusted (0x801a0000)', 'certificate-untrusted'],
    ['BadCertificateTimeInvalid', 'certificate-ended'],
    ['BadCertificateHostNameInvalid', 'certificate-wrong'],
    ['BadSecurityPolicyRejected', 'no-security'],
    ['BadIdentityTokenRejected', 'identity-refused'],
    ['the server offers no protected connection: an engineer must enable it', 'no-security'],
    ['the server does not take a user certificate here', 'identity-refused'],
    ['an engineer must put the password of mill into /pki/password, mode 600', 'identity-refused'],
    ['the server is not running its program; its state is Suspended', 'server-halted'],
    ['the connection broke', 'closed'],
    ['BadTooManySessions', 'server-full'],
    ['the driver is stopped', 'stopped'],
    ['something that nobody thought of', 'other'],
  ])('%s means %s', (error, code) => {
    expect(linkTroubleOf(error)).toBe(code);
  });

  it('each trouble says in both languages what is wrong and what to do', () => {
    for (const [code, { text, action }] of Object.entries(LINK_TROUBLES)) {
      for (const words of [text, action]) {
        expect.soft(words.vi.length, code).toBeGreaterThan(10);
        expect.soft(words.en.length, code).toBeGreaterThan(10);
        expect.soft(words.vi, code).not.toBe(words.en);
      }
    }
  });
});

describe('/metrics of the controller', () => {
  it('has every figure by connection and unit, and no line for what is not known', async () => {
    const registry = new Registry();
    const unit = {
      ...WELL,
      connection: 'scales',
      unitId: 2,
      skewMs: null,
      certificateEndsMs: null,
    };
    const healths = [{ ...WELL, requests: 7, unmonitored: ['EL101.Amps'] }, unit];
    linkMetrics(registry, () => healths);
    await registry.metrics();
    const lines = (await registry.metrics()).split('\n');
    expect(lines).toContain('plc_driver_requests_total{connection="field",unit=""} 7');
    expect(lines).toContain('plc_driver_unmonitored_tags{connection="field",unit=""} 1');
    expect(lines).toContain('plc_driver_clock_skew_ms{connection="field",unit=""} 40');
    expect(lines).toContain('plc_driver_online{connection="scales",unit="2"} 1');
    expect(lines.filter((line) => /skew_ms\{connection="scales"/.test(line))).toEqual([]);
  });
});
