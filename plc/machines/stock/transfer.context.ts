import { binReasons } from '../../logic/lot-register.ts';
import type { BinKind } from '../../mill/definition.ts';
import type { CarryOverRule } from '../../model/carry-over.ts';
import type { FinishedContent } from '../../model/finished-bin.ts';
import { ROUTE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOff } from '../../model/tag.ts';
import type { TransferJob } from '../../model/transfer.ts';
import type { EventBase } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import { earliest, input, invalidArg, numberArg, senderOf, stateOf, textArg } from '../kit.ts';
import type { LotsNews } from './lots-news.ts';

/** A bin at one end of the route. */
export interface TransferBin {
  readonly capacityKg: number;
  readonly highPct: number;
  readonly kind: BinKind;
  readonly material: string | null;
}

/** What the transfer unit of a route is made with. */
export interface TransferInput {
  readonly id: string;
  readonly route: string;
  readonly bins: Readonly<Record<string, TransferBin>>;
  /** `source>destination` of each way that it has. */
  readonly ways: readonly string[];
  /**
   * Capacity of the hoppers between: what lies in them when the source is closed still comes, kg.
   */
  readonly hoppers: Readonly<Record<string, number>>;
  readonly carryOver: readonly CarryOverRule[];
}

export interface TransferContext extends KitContext {
  readonly state: 'Idle' | 'Waiting' | 'Asked' | 'Queued' | 'Moving' | 'Ending' | 'Held';
  readonly made: TransferInput;
  readonly job: TransferJob | null;
  readonly news: LotsNews;
  /** What finished bins hold, as their machines tell. */
  readonly contents: Readonly<Record<string, FinishedContent>>;
  /** What the bin that tells held when its level was first read, kg. */
  readonly baseKg: number | null;
  /** When it was first seen to move, and its state began, process ms: what is on its way. */
  readonly movesFromMs: number | null;
  readonly runsFromMs: number | null;
  readonly lookAtMs: number | null;
  readonly reasons: readonly Reason[];
}

/** A level shows no less than this of its bin, %. */
const SEEN_PCT = 0.5;
/** Levels are looked at so often while product moves, ms. */
export const LOOK_MS = 2_000;

export function routeState(event: EventBase) {
  return stateOf(ROUTE_STATES, input(event.inputs, 'RouteState'));
}

function holdsKg({ made }: TransferContext, id: string, event: EventBase): number | null {
  const levelPct = goodNumber(event.inputs[`${id}.LevelPct`]);
  const bin = made.bins[id];
  return levelPct === null || bin === undefined ? null : (levelPct / 100) * bin.capacityKg;
}

/** The smaller of the two bins tells how much has moved: its level is the finer scale. */
function teller({ made }: TransferContext, { source, destination }: TransferJob): string {
  const kgOf = (id: string) => made.bins[id]?.capacityKg ?? Number.MAX_VALUE;
  return kgOf(destination) <= kgOf(source) ? destination : source;
}

/** What the telling bin holds now, kg; null while its level cannot be trusted. */
export function toldKg(context: TransferContext, event: EventBase): number | null {
  return context.job === null ? null : holdsKg(context, teller(context, context.job), event);
}

function massRefusals(
  context: TransferContext,
  event: MachineEvent,
  [source, destination]: readonly [string, string],
): Reason[] {
  const kg = numberArg(event, 'kg');
  const [from, to] = [context.made.bins[source], context.made.bins[destination]];
  if (kg === null || kg <= 0 || from === undefined || to === undefined) return [invalidArg('kg')];
  const held = holdsKg(context, source, event);
  const there = holdsKg(context, destination, event);
  const doubts = [
    ...(held === null ? [reason('transfer.level', { bin: source })] : []),
    ...(there === null ? [reason('transfer.level', { bin: destination })] : []),
  ];
  if (held === null || there === null) return doubts;
  const roomKg = Math.floor((to.highPct / 100) * to.capacityKg - there);
  const leastKg = (SEEN_PCT / 100) * Math.min(from.capacityKg, to.capacityKg);
  return [
    ...(kg > roomKg
      ? [reason('transfer.room', { bin: destination, kg: Math.max(0, roomKg) })]
      : []),
    ...(kg > held ? [reason('transfer.short', { bin: source, kg: Math.floor(held) })] : []),
    ...(kg < leastKg ? [reason('transfer.too-little', { kg: Math.ceil(leastKg) })] : []),
  ];
}

function contentRefusals(
  { made, news, contents }: TransferContext,
  event: EventBase,
  [source, destination]: readonly [string, string],
): Reason[] {
  const [from, to] = [made.bins[source], made.bins[destination]];
  if (from === undefined || to === undefined) return [];
  const { material } = from;
  const meant = to.material;
  const other = meant !== null && material !== meant;
  const content = contents[source];
  const unknown = from.kind === 'finished' && content?.nature == null;
  const high = isOff(event.inputs[`${destination}.High`]) ? [] : [destination];
  return [
    ...high.map((bin) => reason('bin.high', { bin })),
    ...(other
      ? [
          reason('transfer.other-material', {
            source,
            destination,
            material: material ?? '?',
            meant,
          }),
        ]
      : []),
    ...(unknown ? [reason('bin.content-unknown', { bin: source })] : []),
    ...binReasons(made.carryOver, news.bins[source], content?.nature ?? null),
  ];
}

/** Why a transfer is not begun: way, room, mass, material, lot, drug; all of it at once. */
export function transferRefusals(context: TransferContext, event: MachineEvent): Reason[] {
  const source = textArg(event, 'source') ?? '?';
  const destination = textArg(event, 'destination') ?? '?';
  if (senderOf(event)?.kind !== 'person') {
    return [reason('command.unknown', { command: event.type })];
  }
  if (source === destination || !context.made.ways.includes(`${source}>${destination}`)) {
    return [reason('transfer.no-way', { source, destination })];
  }
  const ends = [source, destination] as const;
  return [...massRefusals(context, event, ends), ...contentRefusals(context, event, ends)];
}

/** What a START asks for. */
export function jobOf(context: TransferContext, event: MachineEvent): TransferJob {
  const source = textArg(event, 'source') ?? '?';
  return {
    source,
    destination: textArg(event, 'destination') ?? '?',
    material: context.made.bins[source]?.material ?? null,
    lot: context.contents[source]?.lot ?? null,
    targetKg: numberArg(event, 'kg') ?? 0,
    movedKg: 0,
    by: senderOf(event)?.id ?? '?',
  };
}

/** How far it is, by the levels. */
export function measured(context: TransferContext, event: EventBase): Partial<TransferContext> {
  const { job, state } = context;
  const told = toldKg(context, event);
  const lookAtMs = state === 'Idle' || state === 'Held' ? null : event.nowMs + LOOK_MS;
  const runs = ['Running', 'Clearing', 'Changing'].includes(routeState(event) ?? '');
  const runsFromMs = runs ? (context.runsFromMs ?? event.nowMs) : context.runsFromMs;
  if (job === null || told === null) return { lookAtMs, runsFromMs };
  const baseKg = context.baseKg ?? told;
  const movedKg = Math.max(job.movedKg, Math.abs(told - baseKg));
  const moves = movedKg > 0 ? (context.movesFromMs ?? event.nowMs) : null;
  return {
    lookAtMs,
    runsFromMs,
    baseKg,
    movesFromMs: moves,
    job: { ...job, movedKg: Math.round(movedKg) },
  };
}

/** What lies in the hoppers of the way, kg. */
function inHoppersKg({ made }: TransferContext, event: EventBase): number {
  return Object.entries(made.hoppers).reduce((sum, [id, capacityKg]) => {
    return sum + ((goodNumber(event.inputs[`${id}.LevelPct`]) ?? 0) / 100) * capacityKg;
  }, 0);
}

/**
 * True when what is on its way makes up the rest: the rate since it was first seen, for as long as
 * it took until then, and what lies in hoppers between.
 */
export function isTimeToStop(context: TransferContext, event: EventBase): boolean {
  const now = { ...context, ...measured(context, event) };
  const { job, movesFromMs, runsFromMs } = now;
  if (job === null) return false;
  if (movesFromMs === null || runsFromMs === null) return job.movedKg >= job.targetKg;
  const seenMs = Math.max(1, event.nowMs - movesFromMs);
  if (teller(context, job) === job.source) return job.movedKg >= job.targetKg;
  const transitMs = Math.min(movesFromMs - runsFromMs, seenMs);
  const tailKg = (job.movedKg / seenMs) * transitMs + inHoppersKg(context, event);
  return job.movedKg + tailKg >= job.targetKg;
}

/** Ended so much short of its target it says so, % of the target and of the bin that tells. */
const SHORT_PCT = 5;

export function endReasons({ job, made, reasons }: TransferContext): Reason[] {
  if (job === null || reasons.length > 0) return [...reasons];
  const { movedKg: kg, targetKg: target } = job;
  if (kg >= target * (1 - SHORT_PCT / 100)) return [];
  return [reason('transfer.stopped', { route: made.route, kg, target })];
}

export function transferView(context: TransferContext): View {
  const { id, state, job, reasons, lookAtMs } = context;
  const running =
    job === null || state !== 'Moving'
      ? []
      : [
          reason('transfer.running', {
            kg: job.movedKg,
            target: job.targetKg,
            source: job.source,
            destination: job.destination,
          }),
        ];
  return {
    status: {
      kind: 'device',
      device: id,
      owner: job?.by ?? null,
      reasons: [...reasons, ...running],
      transfer: job,
    },
    wakeAtMs: earliest(lookAtMs),
  };
}
