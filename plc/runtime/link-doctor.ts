import type { LinkHealth } from '../drivers/driver.ts';
import { linkTroubleOf } from '../logic/link-trouble.ts';
import { sameData } from '../logic/same-data.ts';
import type { Mill } from '../mill/definition.ts';
import { modbusUnits } from '../mill/expand.ts';
import { type LinkPoint, type LinkRoleName, linkPoints, linkTagName } from '../mill/link-tags.ts';
import type { ConnectionDefinition } from '../model/connection.ts';
import { type LinkStatus, MISSING_TAGS_TOLD_MAX } from '../model/link-status.ts';
import type { TagScalar } from '../model/tag.ts';
import type { InputImage } from './input-image.ts';
import { RecentCount, steady } from './link-figures.ts';
import type { TagIndex } from './tag-index.ts';

const DAY_MS = 86_400_000;
/** Requests a second are counted over this, ms: long enough for a figure that stands still. */
const RATE_OVER_MS = 5_000;
const LATE_OVER_MS = 60_000;
/** Up-time is told in steps of this, s: a tag that counts seconds would never be quiet. */
const UPTIME_STEP_S = 60;
const ERROR_LENGTH_MAX = 500;

interface Patient {
  readonly point: LinkPoint;
  readonly protocol: LinkStatus['protocol'];
  readonly address: string;
  readonly tags: ReadonlyMap<LinkRoleName, number>;
  readonly requests: RecentCount;
  readonly late: RecentCount;
  told: LinkStatus | null;
  uptimeS: number;
}

/** What a look at all links found to be different from the last. */
export interface Findings {
  readonly changed: readonly number[];
  readonly documents: readonly LinkStatus[];
}

/**
 * Turns what drivers tell of their links into tags and documents for people, once a second, and
 * only where something differs.
 */
export class LinkDoctor {
  readonly #image: InputImage;
  readonly #patients: readonly Patient[];

  constructor(mill: Mill, index: TagIndex, image: InputImage) {
    this.#image = image;
    this.#patients = linkPoints(mill, modbusUnits(mill)).flatMap((point) => {
      const connection = mill.connections.find((one) => one.id === point.connection);
      return connection === undefined ? [] : [patientOf(point, connection, index)];
    });
  }

  /** Looks at what was last heard of each link. */
  look(healths: readonly LinkHealth[], at: { utcMs: number; realMs: number }): Findings {
    const changed: number[] = [];
    const documents: LinkStatus[] = [];
    const byKey = new Map(healths.map((one) => [keyOf(one.connection, one.unitId), one]));
    for (const patient of this.#patients) {
      const { connection, unitId } = patient.point;
      const health = byKey.get(keyOf(connection, unitId));
      const status = examine(patient, health, at.realMs);
      const isNew = !sameData(patient.told, status);
      if (isNew) documents.push(status);
      patient.told = status;
      const uptimeS = uptimeOf(status, at.utcMs);
      if (!isNew && uptimeS === patient.uptimeS) continue;
      patient.uptimeS = uptimeS;
      if (health !== undefined) changed.push(...this.#publish(patient, status, at.utcMs));
    }
    return { changed, documents };
  }

  #publish({ tags }: Patient, status: LinkStatus, utcMs: number): number[] {
    const changed: number[] = [];
    for (const [role, value] of Object.entries(valuesOf(status, utcMs))) {
      const tag = tags.get(role as LinkRoleName);
      if (tag === undefined) continue;
      const isChange =
        value === null ? this.#image.abandon(tag) : this.#image.publish(tag, value, utcMs);
      if (isChange) changed.push(tag);
    }
    return changed;
  }
}

function keyOf(connection: string, unitId: number | null): string {
  return `${connection}/${unitId ?? ''}`;
}

function addressOf(connection: ConnectionDefinition, unitId: number | null): string {
  if (connection.kind === 'opcua') return connection.endpointUrl;
  const { transport } = connection;
  const way = transport.kind === 'serial' ? transport.path : `${transport.host}:${transport.port}`;
  return unitId === null ? way : `${way}/${unitId}`;
}

function patientOf(point: LinkPoint, connection: ConnectionDefinition, index: TagIndex): Patient {
  const tags = ROLES.map((role) => {
    const tag = index.find(linkTagName(point.connection, point.unitId, role));
    return [role, tag] as const;
  });
  return {
    point,
    protocol: connection.kind,
    address: addressOf(connection, point.unitId),
    tags: new Map(tags.filter((one): one is [LinkRoleName, number] => one[1] !== undefined)),
    requests: new RecentCount(RATE_OVER_MS),
    late: new RecentCount(LATE_OVER_MS),
    told: null,
    uptimeS: 0,
  };
}

function examine(patient: Patient, health: LinkHealth | undefined, realMs: number): LinkStatus {
  const { point, protocol, address, told, requests, late } = patient;
  const { connection, unitId } = point;
  const rest = health ?? UNHEARD;
  const { online, lastError, unmonitored } = rest;
  requests.see(rest.requests, realMs);
  // A link that is lost is not late: its alarm is another, and its tries do not count.
  if (!online) late.forget();
  late.see(rest.lateReplies, realMs);
  const perS = online ? requests.perSecond() : null;
  return {
    connection,
    unitId,
    protocol,
    address,
    online,
    sinceMs: health?.sinceMs ?? null,
    trouble: lastError === null ? null : linkTroubleOf(lastError),
    lastError: lastError?.slice(0, ERROR_LENGTH_MAX) ?? null,
    requestsPerS: steady(told?.requestsPerS, perS, 0.2),
    roundTripP50Ms: steady(told?.roundTripP50Ms, online ? rest.roundTripP50Ms : null, 0.5),
    roundTripP99Ms: steady(told?.roundTripP99Ms, online ? rest.roundTripP99Ms : null, 0.5),
    lateReplies: rest.lateReplies,
    latePerMin: late.more(),
    overruns: rest.overruns,
    overflows: rest.overflows,
    reconnects: rest.reconnects,
    serverRestarts: rest.serverRestarts,
    skewMs: steady(told?.skewMs, online ? rest.skewMs : null, 20),
    unmonitored: {
      count: unmonitored.length,
      tags: unmonitored.slice(0, MISSING_TAGS_TOLD_MAX),
    },
    unprotected: protocol === 'opcua' && rest.unprotected,
    certificateEndsMs: rest.certificateEndsMs,
  };
}

const UNHEARD = {
  online: false,
  lastError: null,
  requests: 0,
  roundTripP50Ms: null,
  roundTripP99Ms: null,
  lateReplies: 0,
  overruns: 0,
  overflows: 0,
  reconnects: 0,
  serverRestarts: 0,
  skewMs: null,
  unmonitored: [],
  unprotected: false,
  certificateEndsMs: null,
} as const satisfies Partial<LinkHealth>;

function uptimeOf({ online, sinceMs }: LinkStatus, utcMs: number): number {
  const upS = online && sinceMs !== null ? Math.max(0, utcMs - sinceMs) / 1_000 : 0;
  return Math.floor(upS / UPTIME_STEP_S) * UPTIME_STEP_S;
}

/** A link's tags; null: not known now. */
function valuesOf(of: LinkStatus, utcMs: number): Record<LinkRoleName, TagScalar | null> {
  const ends = of.certificateEndsMs;
  return {
    UptimeS: uptimeOf(of, utcMs),
    RequestsPerS: of.requestsPerS ?? 0,
    RoundTripP50Ms: of.roundTripP50Ms,
    RoundTripP99Ms: of.roundTripP99Ms,
    LateReplies: of.lateReplies,
    LatePerMin: of.latePerMin,
    Overruns: of.overruns,
    Overflows: of.overflows,
    Reconnects: of.reconnects,
    ServerRestarts: of.serverRestarts,
    SkewMs: of.skewMs,
    Unmonitored: of.unmonitored.count,
    Unprotected: of.unprotected,
    CertificateDays: ends === null ? null : Math.floor((ends - utcMs) / DAY_MS),
  };
}

const ROLES: readonly LinkRoleName[] = [
  'UptimeS',
  'RequestsPerS',
  'RoundTripP50Ms',
  'RoundTripP99Ms',
  'LateReplies',
  'LatePerMin',
  'Overruns',
  'Overflows',
  'Reconnects',
  'ServerRestarts',
  'SkewMs',
  'Unmonitored',
  'Unprotected',
  'CertificateDays',
];
