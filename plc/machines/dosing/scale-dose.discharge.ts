import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, send, senderOf } from '../kit.ts';
import type { ScaleContext } from './scale-dose.context.ts';
import { emptyBandKg } from './scale-dose.context.ts';
import { gateState, netKg, zeroKg } from './scale-dose.guards.ts';
import { answer } from './scale-dose.steps.ts';

type Step = (context: ScaleContext, event: MachineEvent) => Effect<ScaleContext>;

/**
 * The scale must read zero this long before the gate closes, ms: the last of the product falls
 * late.
 */
const EMPTY_MS = 2_000;

export const openGate: Step = (context, event) => {
  const { gate } = context.setup;
  const asked = event.type === 'DISCHARGE';
  return {
    set: {
      discharger: asked ? (senderOf(event)?.id ?? null) : context.discharger,
      dischargedKg: asked ? (netKg({ event }) ?? context.restNetKg) : context.dischargedKg,
      lowKg: asked ? null : context.lowKg,
      dueMs: null,
      closing: false,
      heldFrom: null,
      reasons: [],
    },
    // RESUME is answered by its own action.
    out: [...(asked ? [ACCEPTED] : []), send(gate, 'ACQUIRE'), send(gate, 'OPEN')],
  };
};

/** Empty for two seconds, then the gate is told to close. */
export const watchEmptying: Step = (context, event) => {
  const net = netKg({ event });
  const lowKg = net === null ? context.lowKg : Math.min(net, context.lowKg ?? net);
  const empty = net !== null && net <= emptyBandKg(context.setup);
  const gate = gateState({ context, event });
  if (context.closing) return { set: { lowKg } };
  if (!empty || gate !== 'Open') return { set: { lowKg, dueMs: null } };
  if (context.dueMs === null) return { set: { lowKg, dueMs: event.nowMs + EMPTY_MS } };
  if (event.nowMs < context.dueMs) return { set: { lowKg } };
  return { set: { lowKg, dueMs: null, closing: true }, out: [send(context.setup.gate, 'CLOSE')] };
};

export const nowEmpty: Step = (context, event) => {
  const { discharger, dischargedKg } = context;
  const net = zeroKg(event) ?? 0;
  const told =
    discharger === null
      ? []
      : [
          send(context.setup.gate, 'RELEASE'),
          send(discharger, 'DISCHARGED', { scale: context.id, kg: dischargedKg - net }),
        ];
  return {
    set: { done: [], discharger: null, lowKg: null, restNetKg: net, reasons: [] },
    out: told,
  };
};

/**
 * RESUME of an emptying that was over: what lies there now belongs to the next dose, and must not
 * go into the mixer with this batch.
 */
export const wasEmpty: Step = (context, event) => {
  const { discharger, dischargedKg, setup } = context;
  const restNetKg = context.lowKg ?? 0;
  const kg = dischargedKg - restNetKg;
  const told =
    discharger === null ? [] : [send(discharger, 'DISCHARGED', { scale: context.id, kg })];
  return {
    set: {
      ...{ done: [], discharger: null, lowKg: null, restNetKg, refilled: true },
      ...{ closing: false, dueMs: null, heldFrom: null, reasons: [] },
    },
    out: [...answer(event), send(setup.gate, 'CLOSE'), send(setup.gate, 'RELEASE'), ...told],
  };
};

/** Nothing is on it, or nothing of that batch, so it is discharged already. */
export const alreadyEmpty: Step = (context, event) => {
  const to = senderOf(event)?.id;
  const told = to === undefined ? [] : [send(to, 'DISCHARGED', { scale: context.id, kg: 0 })];
  return { out: [ACCEPTED, ...told] };
};

/** Discharging is given up: what is left stays on the scale until a person opens the gate. */
export const giveUp: Step = (context, event) => ({
  set: { discharger: null, heldFrom: null, dueMs: null, reasons: [] },
  out: [...answer(event), send(context.setup.gate, 'CLOSE'), send(context.setup.gate, 'RELEASE')],
});
