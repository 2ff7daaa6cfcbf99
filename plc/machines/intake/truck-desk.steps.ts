import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { TruckState } from '../../model/record-stock.ts';
import { BAG_STORE } from '../../model/sacks.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  invalidArg,
  isCommand,
  numberArg,
  passed,
  send,
  senderOf,
  textArg,
} from '../kit.ts';
import type { DeskContext, Truck } from './truck-desk.context.ts';
import {
  ASK_MS,
  both,
  bridgesOf,
  changed,
  goLights,
  isDone,
  NET_DIFFERS_PCT,
  OPEN_MAX,
  REMEMBERED_MAX,
  record,
  SHOWN_MS,
  sampleFaults,
  sampleOf,
  truckOf,
} from './truck-desk.context.ts';

type Step = Effect<DeskContext>;

function day(utcMs: number): string {
  return new Date(utcMs).toISOString().slice(2, 10).replaceAll('-', '');
}

export function bookRefusals(context: DeskContext, event: MachineEvent): Reason[] {
  const material = textArg(event, 'material') ?? '';
  const plate = textArg(event, 'plate') ?? '';
  const open = context.trucks.filter((one) => !isDone(one));
  const taken =
    context.made.bagged.includes(material) ||
    context.made.pits.some((one) => one.materials.includes(material));
  return [
    ...(taken ? [] : [reason('intake.unknown-material', { material })]),
    ...(plate === '' ? [invalidArg('plate')] : []),
    ...((numberArg(event, 'ticketKg') ?? 0) > 0 ? [] : [invalidArg('ticketKg')]),
    ...(open.some((one) => one.plate === plate) ? [reason('intake.plate-here', { plate })] : []),
    ...(open.length >= OPEN_MAX ? [reason('intake.yard-full', { limit: OPEN_MAX })] : []),
  ];
}

export function bookTruck(context: DeskContext, event: MachineEvent): Step {
  const booked = context.booked + 1;
  const truck: Truck = {
    truckId: `T${day(event.utcMs)}-${booked}`,
    plate: textArg(event, 'plate') ?? '',
    material: textArg(event, 'material') ?? '',
    supplier: textArg(event, 'supplier') ?? '?',
    supplierLot: textArg(event, 'supplierLot') ?? '?',
    ticketKg: numberArg(event, 'ticketKg') ?? 0,
    state: 'Booked',
    ...{ sample: null, grossKg: null, tareKg: null, netKg: null, pit: null, lot: null },
    destinations: [],
    createdBy: senderOf(event)?.id ?? '?',
    bookedTimeMs: event.utcMs,
    dueTimeMs: numberArg(event, 'dueTimeMs'),
    ...{ arrivedTimeMs: null, finishedTimeMs: null },
    reasons: [],
  };
  const kept = context.trucks.filter(
    (one) => !isDone(one) || event.utcMs - (one.finishedTimeMs ?? 0) < SHOWN_MS,
  );
  const trucks = [...kept, truck].slice(-REMEMBERED_MAX);
  return { set: { booked, trucks }, out: [ACCEPTED, record(truck)] };
}

/** Why this command does not fit the truck now. */
export function truckRefusals(
  context: DeskContext,
  event: MachineEvent,
  states: readonly TruckState[],
): Reason[] {
  const truck = truckOf(context, event);
  if (truck === undefined) {
    return [reason('intake.unknown-truck', { truck: textArg(event, 'truckId') ?? '?' })];
  }
  if (states.includes(truck.state)) return [];
  const { truckId: object, state } = truck;
  return [reason('command.not-in-state', { object, state, command: event.type })];
}

export function arrive(context: DeskContext, event: MachineEvent): Step {
  const truck = truckOf(context, event);
  if (truck === undefined) return {};
  const step = changed(context, truck.truckId, { state: 'Arrived', arrivedTimeMs: event.utcMs });
  return { ...step, out: [ACCEPTED, ...(step.out ?? [])] };
}

/** The sample decides: accepted, or rejected with every limit that it breaks. */
export function takeSample(context: DeskContext, event: MachineEvent): Step {
  const truck = truckOf(context, event);
  const sample = sampleOf(event);
  if (truck === undefined || sample === null) return {};
  const found = textArg(event, 'material') ?? truck.material;
  const limits = context.made.limits[truck.material];
  const reasons = sampleFaults(limits, truck.material, found, sample);
  const bad = reasons.length > 0;
  const step = changed(context, truck.truckId, {
    sample,
    reasons,
    state: bad ? 'Rejected' : 'Accepted',
    finishedTimeMs: bad ? event.utcMs : null,
  });
  return { ...step, out: [ACCEPTED, ...(step.out ?? [])] };
}

export function cancel(context: DeskContext, event: MachineEvent): Step {
  const truck = truckOf(context, event);
  if (truck === undefined) return {};
  const user = senderOf(event)?.id ?? '?';
  const note = textArg(event, 'note') ?? '';
  const step = changed(context, truck.truckId, {
    state: 'Cancelled',
    finishedTimeMs: event.utcMs,
    reasons: [reason('intake.cancelled', { user, note })],
  });
  const light = lightOf(context, truck.truckId);
  const { [light ?? '']: _freed, ...pits } = context.pits;
  return {
    set: { ...step.set, pits },
    out: [ACCEPTED, ...(step.out ?? []), ...(light === null ? [] : [send(light, 'WITHDRAW')])],
  };
}

function lightOf({ pits }: DeskContext, truckId: string): string | null {
  return Object.entries(pits).find(([, one]) => one === truckId)?.[0] ?? null;
}

/** The weight of a truck that stands still: gross before the pit, tare after it. */
function weighed(context: DeskContext, truck: Truck, kg: number, event: MachineEvent): Step {
  if (truck.state === 'Accepted') {
    return changed(context, truck.truckId, { state: 'Weighed', grossKg: kg, reasons: [] });
  }
  if (truck.state !== 'Tipped' || truck.tareKg !== null) return {};
  const netKg = Math.max(0, (truck.grossKg ?? 0) - kg);
  return both(
    context,
    (now) => changed(now, truck.truckId, { tareKg: kg, netKg }),
    (now) => complete(now, truck.truckId, event),
  );
}

/** Both the net weight and the silos are known: the stock is booked by this record. */
function complete(context: DeskContext, truckId: string, event: MachineEvent): Step {
  const truck = context.trucks.find((one) => one.truckId === truckId);
  const { [truckId]: shares, ...cleared } = context.cleared;
  if (truck === undefined || shares === undefined || truck.netKg === null) return {};
  const { netKg, ticketKg, pit } = truck;
  const offPct = (100 * Math.abs(netKg - ticketKg)) / ticketKg;
  const light = context.made.pits.find((one) => one.light === pit)?.light ?? pit ?? '';
  const step = changed(context, truckId, {
    state: 'Complete',
    finishedTimeMs: event.utcMs,
    destinations: shares.map(({ bin, share }) => ({
      bin,
      kg: Math.round(netKg * share * 1e3) / 1e3,
    })),
  });
  return {
    ...step,
    set: {
      ...step.set,
      cleared,
      differing: { ...context.differing, [light]: offPct > NET_DIFFERS_PCT },
    },
  };
}

/** Every truck that stands still on a bridge and has a weight to come is weighed. */
function weighAll(context: DeskContext, event: MachineEvent): Step {
  const steps = bridgesOf(context, event).map(({ plate, kg }) => (now: DeskContext): Step => {
    const truck = now.trucks.find((one) => one.plate === plate && !isDone(one));
    return truck === undefined || kg === null ? {} : weighed(now, truck, kg, event);
  });
  return both(context, ...steps);
}

/** The truck that has waited longest for each free pit asks for its permit. */
function askPits(context: DeskContext, event: MachineEvent): Step {
  if (context.askAtMs !== null && !passed(context.askAtMs, event.nowMs)) return {};
  const asked: Record<string, string> = {};
  const waiting = context.trucks.filter((one) => one.state === 'Weighed');
  for (const truck of waiting) {
    const free = context.made.pits.find(
      ({ light, materials }) =>
        materials.includes(truck.material) &&
        context.pits[light] === undefined &&
        asked[light] === undefined,
    );
    if (free !== undefined) asked[free.light] = truck.truckId;
  }
  const out = Object.entries(asked).flatMap(([light, truckId]) => {
    const truck = waiting.find((one) => one.truckId === truckId);
    return truck === undefined ? [] : [permitCommand(truck, light)];
  });
  const askAtMs = waiting.length > 0 ? event.nowMs + ASK_MS : null;
  return { set: { asked, askAtMs }, out };
}

export function permitCommand(truck: Truck, light: string) {
  const { truckId, plate, material, ticketKg: loadKg } = truck;
  return send(light, 'PERMIT', { truckId, plate, material, loadKg });
}

export function lookRound(context: DeskContext, event: MachineEvent): Step {
  return both(
    context,
    (now) => weighAll(now, event),
    (now) => askPits(now, event),
    (now) => ({ out: goLights(now, event) }),
  );
}

/** A pit says no: the truck waits, and shows why. */
export function noteRefusal(context: DeskContext, event: MachineEvent): Step {
  if (event.type !== 'REFUSED' || isCommand(event) || event.command !== 'PERMIT') return {};
  const truckId = context.asked[event.from];
  const truck = context.trucks.find((one) => one.truckId === truckId);
  if (truck === undefined || truck.state !== 'Weighed') return {};
  const reasons = event.reasons.slice(0, 10);
  if (JSON.stringify(reasons) === JSON.stringify(truck.reasons)) return {};
  return changed(context, truck.truckId, { reasons });
}

/** What a pit tells of its truck. */
export function granted(context: DeskContext, event: MachineEvent): Step {
  const truck = truckOf(context, event);
  const light = senderOf(event)?.id ?? '';
  const destination = textArg(event, 'destination');
  if (truck === undefined) return { out: [ACCEPTED] };
  const step = changed(context, truck.truckId, {
    state: 'Permitted',
    pit: light,
    lot: `${truck.material}-${truck.truckId}`,
    destinations: destination === null ? [] : [{ bin: destination, kg: null }],
    reasons: [],
  });
  return {
    set: { ...step.set, pits: { ...context.pits, [light]: truck.truckId } },
    out: [ACCEPTED, ...(step.out ?? [])],
  };
}

function moved(state: TruckState) {
  return (context: DeskContext, event: MachineEvent): Step => {
    const truck = truckOf(context, event);
    const before: readonly TruckState[] = ['Permitted', 'Tipping'];
    if (truck === undefined || !before.includes(truck.state)) return { out: [ACCEPTED] };
    const step = changed(context, truck.truckId, { state });
    return { ...step, out: [ACCEPTED, ...(step.out ?? [])] };
  };
}
export const atPit = moved('Tipping');
export const hasTipped = moved('Tipped');

/** Why a truck is not unloaded by hand: it is not at that point, or its goods belong into a pit. */
export function unloadRefusals(context: DeskContext, event: MachineEvent): Reason[] {
  const truck = truckOf(context, event);
  const material = truck?.material ?? '';
  const isPit = truck !== undefined && !context.made.bagged.includes(material);
  return [
    ...truckRefusals(context, event, ['Weighed']),
    ...(isPit ? [reason('intake.not-bagged', { material })] : []),
  ];
}

/** Sacks were carried into the store: weighed empty, the truck's net weight lies there as a lot. */
export function unload(context: DeskContext, event: MachineEvent): Step {
  const truck = truckOf(context, event);
  if (truck === undefined) return {};
  const { truckId, material } = truck;
  const lot = `${material}-${truckId}`;
  const destinations = [{ bin: BAG_STORE, kg: null }];
  const step = changed(context, truckId, { state: 'Tipped', lot, destinations, reasons: [] });
  const cleared = { ...context.cleared, [truckId]: [{ bin: BAG_STORE, share: 1 }] };
  return { set: { ...step.set, cleared }, out: [ACCEPTED, ...(step.out ?? [])] };
}

/** The pit is clear: its truck's silos are known, and the next truck may have it. */
export function pitCleared(context: DeskContext, event: MachineEvent): Step {
  const truckId = textArg(event, 'truckId') ?? '';
  const light = senderOf(event)?.id ?? '';
  const { [light]: _freed, ...pits } = context.pits;
  const args = isCommand(event) ? event.args['shares'] : [];
  const shares = Array.isArray(args) ? (args as { bin: string; share: number }[]) : [];
  return both(
    context,
    () => ({
      set: { pits, cleared: { ...context.cleared, [truckId]: shares }, askAtMs: event.nowMs },
      out: [ACCEPTED],
    }),
    (now) => complete(now, truckId, event),
  );
}

/** A person weighs a truck whose plate the camera does not read. */
export function weighByHand(context: DeskContext, event: MachineEvent): Step {
  const truck = truckOf(context, event);
  const bridge = bridgesOf(context, event).find((one) => one.id === textArg(event, 'bridge'));
  if (truck === undefined || bridge?.kg === undefined || bridge.kg === null) return {};
  const step = weighed(context, truck, bridge.kg, event);
  return { ...step, out: [ACCEPTED, ...(step.out ?? [])] };
}

export function weighRefusals(context: DeskContext, event: MachineEvent): Reason[] {
  const asked = textArg(event, 'bridge') ?? '?';
  const bridge = bridgesOf(context, event).find((one) => one.id === asked);
  const ready = bridge !== undefined && bridge.kg !== null;
  return [
    ...truckRefusals(context, event, ['Accepted', 'Tipped']),
    ...(ready ? [] : [reason('intake.bridge-not-ready', { bridge: asked })]),
  ];
}
