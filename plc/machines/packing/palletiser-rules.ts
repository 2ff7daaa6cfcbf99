import { notGood } from '../../logic/interlock.ts';
import type { WaitingBag } from '../../logic/pallet-bags.ts';
import { takePallet, withBag, withoutBag } from '../../logic/pallet-bags.ts';
import type { PackMlState } from '../../model/isa88.ts';
import { PACKML_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { MachineRecord, PalletRecord } from '../../model/record.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, KitContext, View } from '../kit.ts';
import { codeOf, earliest, input, stateOf } from '../kit.ts';

/** What a palletiser machine is made with. */
export interface PalletiserInput {
  readonly id: string;
  readonly bagger: string;
  readonly bagsPerPallet: number;
}

/** Finished pallets that were counted and wait for their last bags to be written down. */
interface DuePallet {
  readonly count: number;
  readonly bags: number;
}

export interface PalletiserContext extends KitContext {
  readonly state: PackMlState;
  readonly made: PalletiserInput;
  /** It was set going while it had to be reset first. */
  readonly startsNext: boolean;
  /** Whether its bagger was at work when last seen. */
  readonly baggerWorked: boolean;
  /** Its bagger has begun since, and it has not followed yet. */
  readonly follows: boolean;
  /** It is held by a restart only, and goes on with its bagger. */
  readonly heldByRestart: boolean;
  readonly waiting: readonly WaitingBag[];
  /** Its count of pallets when last seen; pallets beyond it have no record yet. */
  readonly pallets: number | null;
  readonly due: readonly DuePallet[];
  /** When the due pallets are written down, process ms. */
  readonly dueAtMs: number | null;
  readonly orderId: string | null;
  readonly orderPallets: number;
  /** Since when no bag came, no pallet is ready, process ms. */
  readonly starvedSinceMs: number | null;
  readonly noPalletSinceMs: number | null;
  /** Nothing is on the belt any more: what is on the pallet is all of it. */
  readonly lastCame: boolean;
  readonly bagsSeen: number | null;
  readonly deadlineMs: number | null;
  readonly reasons: readonly Reason[];
  readonly heldSinceUtcMs: number | null;
}

/** A change of pallets takes less; without bags for so long it is starved, ms. */
const NO_PALLET_MS = 30_000;
const STARVED_MS = 60_000;
/** When no bag came for so long, none is on the belt any more, ms. */
const LAST_CAME_MS = 20_000;
/** Bag and pallet are counted by two controllers: both are known this long after, ms. */
const SETTLE_MS = 3_000;
/** Pallets between two counts that are written down at most; more is a counter that was set. */
const PALLETS_MAX = 100;

const ENABLED: readonly PackMlState[] = [
  'Execute',
  'Suspending',
  'Suspended',
  'Unsuspending',
  'Completing',
];
const BAGGER_AT_WORK: readonly PackMlState[] = [
  'Starting',
  'Execute',
  'Suspending',
  'Suspended',
  'Unsuspending',
  'Unholding',
];
const BAGGER_DONE: readonly PackMlState[] = ['Complete', 'Stopped', 'Idle', 'Aborted'];

export function palletiserView(context: PalletiserContext): View {
  const { id, state, starvedSinceMs, noPalletSinceMs } = context;
  return {
    writes: {
      [`${id}.Enable`]: ENABLED.includes(state),
      [`${id}.Eject`]: state === 'Completing' && context.lastCame,
    },
    publishes: {
      [`${id}.State`]: codeOf(PACKML_STATES, state),
      [`${id}.OrderPallets`]: context.orderPallets,
    },
    status: { kind: 'device', device: id, owner: context.orderId, reasons: context.reasons },
    wakeAtMs: earliest(
      context.deadlineMs,
      context.dueAtMs,
      state === 'Execute' && starvedSinceMs !== null ? starvedSinceMs + STARVED_MS : null,
      state === 'Completing' && starvedSinceMs !== null ? starvedSinceMs + LAST_CAME_MS : null,
      state === 'Execute' && noPalletSinceMs !== null ? noPalletSinceMs + NO_PALLET_MS : null,
    ),
  };
}

function baggerState(event: EventBase): PackMlState | null {
  return stateOf(PACKML_STATES, input(event.inputs, 'BaggerState'));
}

/** Its bagger is at work, and was set going since this one last worked. */
export function baggerBegins(context: PalletiserContext, event: EventBase): boolean {
  const state = baggerState(event);
  if (state === null || !BAGGER_AT_WORK.includes(state)) return false;
  return context.follows || !context.baggerWorked;
}

/** Its bagger has ended: what is on the pallet is all that comes. */
export function baggerIsDone(event: EventBase): boolean {
  const state = baggerState(event);
  return state !== null && BAGGER_DONE.includes(state);
}

/** Its own cause to hold: its fault, or a signal without which it must not go on. */
export function holdReasons({ id }: PalletiserContext, event: EventBase): Reason[] {
  const doubts = ['Fault', 'PalletReady', 'Blocked', 'BagsOnPallet'].map((role) =>
    notGood(`${id}.${role}`, event.inputs[role]),
  );
  return [
    ...doubts.filter((one) => one !== null),
    ...(isOn(event.inputs['Fault']) ? [reason('device.faulted', { device: id })] : []),
  ];
}

/** Outside causes: no bags, no empty pallet, or a full one that nobody takes away. */
export function suspendReasons(context: PalletiserContext, event: EventBase): Reason[] {
  const { id, made, starvedSinceMs, noPalletSinceMs } = context;
  const long = (since: number | null, ms: number) => since !== null && event.nowMs - since >= ms;
  return [
    ...(isOn(event.inputs['Blocked']) ? [reason('palletiser.blocked', { device: id })] : []),
    ...(long(noPalletSinceMs, NO_PALLET_MS) && !isOn(event.inputs['PalletReady'])
      ? [reason('palletiser.no-pallet', { device: id })]
      : []),
    ...(long(starvedSinceMs, STARVED_MS)
      ? [reason('palletiser.starved', { device: id, bagger: made.bagger })]
      : []),
  ];
}

/** All that was on it has left, nothing is being stacked, and nothing more comes. */
export function isEmpty({ lastCame }: PalletiserContext, event: EventBase): boolean {
  const bags = goodNumber(event.inputs['BagsOnPallet']);
  return lastCame && bags === 0 && isOff(event.inputs['Stacking']);
}

/** A bag that was filled is on its way here; one that was thrown out is not. */
export function hear(
  { made, waiting }: PalletiserContext,
  record: MachineRecord,
): Effect<PalletiserContext> {
  if (record.kind === 'bag' && record.bagger === made.bagger) {
    const { bagId, orderId, lot, netKg } = record;
    return { set: { waiting: withBag(waiting, { bagId, orderId, lot, netKg }) } };
  }
  if (record.kind === 'bag-reject' && record.bagger === made.bagger) {
    return { set: { waiting: withoutBag(waiting, record.bagId) } };
  }
  return {};
}

/** Pallets that were finished since the last look. */
function finished({ pallets, made }: PalletiserContext, event: EventBase): DuePallet[] {
  const now = goodNumber(event.inputs['Pallets']);
  const count = pallets === null || now === null ? 0 : now - pallets;
  if (now === null || count <= 0 || count > PALLETS_MAX) return [];
  const last = goodNumber(event.inputs['LastPalletBags']) ?? made.bagsPerPallet;
  return Array.from({ length: count }, (_, index) => ({
    count: now - count + index + 1,
    bags: index === count - 1 ? last : made.bagsPerPallet,
  }));
}

interface Written {
  readonly waiting: readonly WaitingBag[];
  readonly orderId: string | null;
  readonly orderPallets: number;
  readonly out: readonly MachineOutput[];
}

/** The records of due pallets, each with the bags that are on it. */
function written(context: PalletiserContext, event: EventBase): Written {
  const { made } = context;
  let { waiting, orderId, orderPallets } = context;
  const out: MachineOutput[] = [];
  for (const { count, bags } of context.due) {
    const { pallet, rest } = takePallet(waiting, bags);
    waiting = rest;
    orderPallets = pallet.orderId === orderId ? orderPallets + 1 : 1;
    orderId = pallet.orderId;
    const record: PalletRecord = {
      kind: 'pallet',
      palletId: `${made.id}/${count}`,
      palletiser: made.id,
      bagger: made.bagger,
      bags,
      ...pallet,
      timeMs: event.utcMs,
    };
    out.push({ type: 'record', record });
  }
  return { waiting, orderId, orderPallets, out };
}

/** Looks at its counters, its waits and its bagger, and writes down what was finished. */
export function watch(context: PalletiserContext, event: EventBase): Effect<PalletiserContext> {
  const { nowMs, inputs } = event;
  const bags = goodNumber(inputs['BagsOnPallet']);
  const moves = bags !== context.bagsSeen || isOn(inputs['Stacking']);
  const starvedSinceMs = moves ? null : (context.starvedSinceMs ?? nowMs);
  const lastCame = starvedSinceMs !== null && nowMs - starvedSinceMs >= LAST_CAME_MS;
  const fresh = finished(context, event);
  const due = [...context.due, ...fresh].filter((one) => one.bags > 0);
  const dueAtMs = due.length === 0 ? null : (context.dueAtMs ?? nowMs + SETTLE_MS);
  const isDue = dueAtMs !== null && nowMs >= dueAtMs;
  const { out, ...rest } = isDue ? written({ ...context, due }, event) : { out: [] };
  const state = baggerState(event);
  return {
    set: {
      ...rest,
      due: isDue ? [] : due,
      dueAtMs: isDue ? null : dueAtMs,
      pallets: goodNumber(inputs['Pallets']) ?? context.pallets,
      bagsSeen: bags,
      starvedSinceMs,
      // Once it was told to leave, the pallet's going is no bag that comes.
      lastCame: lastCame || (context.lastCame && context.state === 'Completing'),
      noPalletSinceMs: isOn(inputs['PalletReady']) ? null : (context.noPalletSinceMs ?? nowMs),
      baggerWorked: state === null ? context.baggerWorked : BAGGER_AT_WORK.includes(state),
      follows: state === null ? context.follows : baggerBegins(context, event),
    },
    out,
  };
}
