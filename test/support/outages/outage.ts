/**
 * Goal: one outage of one line from its beginning to the time when all is well again, and what of
 * it was not as a mill needs it: stale within 5 s, good within 5 s, true values, no late writes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { WriteResult } from '../../../plc/drivers/driver.ts';
import { until } from '../until.ts';
import type { TagGroup } from './outage-mill.ts';
import type { Line, Stand } from './stand.ts';

/** No tag may be good for longer than this after its line was lost, ms. */
export const STALE_LIMIT_MS = 5_000;
/** Every tag must be good again this long after its line is back, ms. */
export const GOOD_LIMIT_MS = 5_000;
/** The controller looks once a scan. */
const SCAN_MS = 100;
/** How long it is waited before it counts as never, ms. */
const GIVE_UP_MS = 30_000;
const IN_FLIGHT_AFTER_MS = 200;
/** A handshake of OPC UA takes about so long, ms. */
const HANDSHAKE_MS = 300;
const FLAP_EVERY_MS = 700;
/** An outage hits a handshake in one of so many phases, by its value. */
const PHASES = 10;

interface Outage {
  readonly on: 'both' | Line['kind'];
  /** Whether the values must be lost while it lasts; a moment's break need not be seen. */
  readonly loses: boolean;
  /** Over as soon as it began. */
  readonly momentary: boolean;
  /** Whether what is sent meanwhile can still arrive, as from the buffer of a frozen process. */
  readonly mayArrive: boolean;
  /** Hits one unit and no other. */
  readonly unit: boolean;
  begin(line: Line, hit: Hit): Promise<void> | void;
  end(line: Line, hit: Hit): Promise<void> | void;
}

interface Hit {
  readonly unitId: number;
  /** Where in a handshake it hits, 0..1. */
  readonly phase: number;
}

const nothing = (): void => undefined;
const server = {
  on: 'both',
  loses: true,
  momentary: false,
  mayArrive: false,
  unit: false,
} as const;
const momentary = { ...server, loses: false, momentary: true, mayArrive: true } as const;
const restartable = { ...server, end: (line: Line) => line.startDevice() };

export const OUTAGES = {
  freeze: {
    ...server,
    mayArrive: true,
    begin: ({ device }) => device.signal('SIGSTOP'),
    end: ({ device }) => device.signal('SIGCONT'),
  },
  'freeze while connecting': {
    ...server,
    mayArrive: true,
    async begin({ device, proxy }, { phase }) {
      proxy.reset();
      await pause(phase * HANDSHAKE_MS);
      device.signal('SIGSTOP');
    },
    end: ({ device }) => device.signal('SIGCONT'),
  },
  kill: { ...restartable, begin: ({ device }) => device.end('SIGKILL') },
  restart: { ...restartable, begin: ({ device }) => device.end('SIGTERM') },
  'moved namespace': {
    ...restartable,
    on: 'opcua',
    begin(line) {
      line.moveNamespace();
      return line.device.end('SIGTERM');
    },
  },
  cut: {
    ...momentary,
    begin: ({ proxy }) => proxy.cut(),
    end: nothing,
  },
  reset: {
    ...momentary,
    begin: ({ proxy }) => proxy.reset(),
    end: nothing,
  },
  flapping: {
    ...server,
    loses: false,
    mayArrive: true,
    begin({ proxy }) {
      proxy.flap(FLAP_EVERY_MS);
    },
    end: ({ proxy }) => proxy.flap(null),
  },
  refuse: {
    ...server,
    begin: ({ proxy }) => proxy.refuse(),
    end: ({ proxy }) => proxy.start(),
  },
  'half-open': {
    ...server,
    begin({ proxy }) {
      proxy.isHalfOpen = true;
    },
    end: ({ proxy }) => proxy.heal(),
  },
  delay: {
    ...server,
    loses: false,
    mayArrive: true,
    begin({ proxy }) {
      proxy.delayMs = 2_000;
    },
    end({ proxy }) {
      proxy.delayMs = 0;
    },
  },
  'unit silent': unitFailure('silent'),
  'unit refuses': unitFailure('answers'),
} as const satisfies Record<string, Outage>;

export type OutageKind = keyof typeof OUTAGES;

function unitFailure(failure: 'silent' | 'answers'): Outage {
  return {
    on: 'modbus',
    loses: true,
    momentary: false,
    mayArrive: false,
    unit: true,
    async begin({ device }, { unitId }) {
      await device.ask('failUnit', { unitId, failure });
    },
    async end({ device }, { unitId }) {
      await device.ask('failUnit', { unitId, failure: null });
    },
  };
}

export function kindsFor(kind: Line['kind']): OutageKind[] {
  return (Object.keys(OUTAGES) as OutageKind[]).filter((one) => {
    const { on } = outageOf(one);
    return on === 'both' || on === kind;
  });
}

function outageOf(kind: OutageKind): Outage {
  return OUTAGES[kind];
}

/** What is to be done to which line, for how long. */
export interface OutagePlan {
  readonly line: Line;
  readonly kind: OutageKind;
  readonly forMs: number;
  /** The value that its devices measure afterwards, and that is commanded meanwhile. */
  readonly value: number;
}

export interface OutageResult {
  readonly line: string;
  readonly protocol: Line['kind'];
  readonly kind: OutageKind;
  readonly beganMs: number;
  /** When the cause was gone. */
  readonly healedMs: number;
  readonly endedMs: number;
  /** Groups that were hit. */
  readonly groups: readonly string[];
  /** From its beginning until no tag was good; null where that need not be. */
  readonly staleAfterMs: number | null;
  /** From the end of its cause until all tags were good and true. */
  readonly goodAfterMs: number;
  readonly faults: readonly string[];
}

/** Writes that are watched, by the drivers' results. */
export type ResultsOf = (tag: string) => readonly WriteResult[];

export async function runOutage(
  stand: Stand,
  { line, kind, forMs, value }: OutagePlan,
  resultsOf: ResultsOf,
): Promise<OutageResult> {
  const outage = outageOf(kind);
  const groups = outage.unit ? line.groups.slice(0, 1) : line.groups;
  const hit = { unitId: groups[0]?.unitId ?? 0, phase: (value % PHASES) / PHASES };
  const faults: string[] = [];
  const beganMs = Date.now();
  await outage.begin(line, hit);
  await pause(IN_FLIGHT_AFTER_MS);
  const inFlight = await command(stand, groups, value);
  const staleAfterMs = outage.loses ? await untilLost(stand, groups, beganMs, faults) : null;
  const late = staleAfterMs === null ? [] : await command(stand, groups, value + 0.5);
  if (!outage.momentary) await pause(Math.max(0, beganMs + forMs - Date.now()));
  if (!outage.momentary) await untilReported(resultsOf, [...inFlight, ...late], faults);
  for (const write of late) {
    const result = resultsOf(write.tag).findLast((one) => one.value === write.value);
    if (result?.ok === true) faults.push(`${write.tag} was reported written to a lost line`);
  }
  await outage.end(line, hit);
  const healedMs = outage.momentary ? beganMs : Date.now();
  await line.measure(value);
  const goodAfterMs = await untilTrue(stand, groups, value, healedMs, faults);
  if (outage.momentary) await untilReported(resultsOf, inFlight, faults);
  await checkCommands(line, late, outage.mayArrive ? [] : inFlight, faults);
  const endedMs = Date.now();
  const ids = groups.map(({ id }) => id);
  const { id, kind: protocol } = line;
  const times = { beganMs, healedMs, endedMs, staleAfterMs, goodAfterMs };
  return { line: id, protocol, kind, groups: ids, ...times, faults };
}

interface Command {
  readonly tag: string;
  readonly value: number;
}

async function command(
  stand: Stand,
  groups: readonly TagGroup[],
  value: number,
): Promise<Command[]> {
  const writes = groups.map(({ id, line }) => ({ connection: line, tag: `${id}.Target`, value }));
  for (const write of writes) await stand.plc.ask('write', write);
  return writes;
}

/** When the last tag ceased to be good, from `beganMs`, ms. */
async function untilLost(
  stand: Stand,
  groups: readonly TagGroup[],
  beganMs: number,
  faults: string[],
): Promise<number> {
  const isLost = () => groups.every(({ id }) => stand.stateOf(id) === 'none');
  const withinMs = GIVE_UP_MS;
  await until('lost values', isLost, { withinMs, everyMs: 20, last: () => tail(stand) });
  const lostMs = Math.max(...groups.map(({ id }) => stand.changesOf(id).at(-1)?.atMs ?? 0));
  const staleAfterMs = lostMs - beganMs;
  if (staleAfterMs > STALE_LIMIT_MS + SCAN_MS) {
    faults.push(`tags were good for ${staleAfterMs} ms after the line was lost`);
  }
  return staleAfterMs;
}

/** Every write must have its result while the driver still knows what it did. */
async function untilReported(
  resultsOf: ResultsOf,
  commands: readonly Command[],
  faults: string[],
): Promise<void> {
  const missing = () =>
    commands.filter(({ tag, value }) => !resultsOf(tag).some((one) => one.value === value));
  try {
    await until('results', () => missing().length === 0, { withinMs: 6_000, everyMs: 50 });
  } catch {
    for (const { tag, value } of missing()) faults.push(`the write of ${value} to ${tag} is open`);
  }
}

/** How long after `healedMs` all tags were good and the measured value had arrived, ms. */
async function untilTrue(
  stand: Stand,
  groups: readonly TagGroup[],
  value: number,
  healedMs: number,
  faults: string[],
): Promise<number> {
  const isTrue = async (): Promise<boolean> => {
    if (!groups.every(({ id }) => stand.stateOf(id) === 'all')) return false;
    const values = await stand.plc.ask('values', null);
    return groups.every(({ id }) => {
      const amps = values[`${id}.Amps`];
      return amps?.quality === 'good' && amps.value === value;
    });
  };
  const options = { withinMs: GIVE_UP_MS, everyMs: 20, last: () => tail(stand) };
  await until('good and true values', isTrue, options);
  const goodAfterMs = Date.now() - healedMs;
  if (goodAfterMs > GOOD_LIMIT_MS + SCAN_MS) {
    faults.push(`tags were good only ${goodAfterMs} ms after the line was back`);
  }
  return goodAfterMs;
}

/** What was commanded to a lost line must never arrive. */
async function checkCommands(
  line: Line,
  late: readonly Command[],
  swallowed: readonly Command[],
  faults: string[],
): Promise<void> {
  const outputs = await line.device.ask('outputs', null);
  for (const { tag, value } of [...late, ...swallowed]) {
    if (outputs[tag] === value) faults.push(`${tag} = ${value} arrived after the outage`);
  }
}

function tail(stand: Stand): string {
  return stand.log.slice(-30).join('\n');
}
