import { setup } from 'xstate';
import { reason } from '../../model/reason.ts';
import type { MachineOutput, MachineSpec } from '../contract.ts';
import type { Effect, KitContext, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  invalidArg,
  newContext,
  refused,
  refuseUnknown,
  send,
  senderOf,
  textArg,
} from '../kit.ts';

interface AllocationContext extends KitContext {
  readonly unit: string;
  readonly orderId: string | null;
}

/** The machine that allocates a unit which several orders want. */
export function allocationId(unit: string): string {
  return `${unit}:allocation`;
}

const { effect, enter } = effects<AllocationContext>(() => ({}));

function isSame(context: AllocationContext, event: MachineEvent): boolean {
  return context.orderId !== null && context.orderId === textArg(event, 'orderId');
}

function allocate(context: AllocationContext, event: MachineEvent): Effect<AllocationContext> {
  const orderId = textArg(event, 'orderId');
  const to = senderOf(event);
  const told =
    to?.kind === 'machine' ? [send(to.id, 'ALLOCATED', { unit: context.unit, orderId })] : [];
  return { set: { orderId }, out: [ACCEPTED, ...told] };
}

const base = setup({
  types: {} as {
    context: AllocationContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: { readonly unit: string };
  },
  actions: {
    enter,
    look: effect(() => ({})),
    accept: effect(() => ({ out: [ACCEPTED] })),
    allocate: effect(allocate),
    free: effect(() => ({ set: { orderId: null }, out: [ACCEPTED] })),
    refuse: effect(({ unit, orderId }) => ({
      out: [refused(reason('unit.allocated', { unit, order: orderId ?? '?' }))],
    })),
    refuseArgs: effect(() => ({ out: [refused(invalidArg('orderId'))] })),
    refuseUnknown: effect(refuseUnknown),
  },
  guards: {
    hasOrder: ({ event }) => textArg(event, 'orderId') !== null,
    isSame: ({ context, event }) => isSame(context, event),
  },
});

/**
 * Allocation of a unit to one order at a time (IEC 61512-1, allocation and arbitration): two
 * lines that want the same press in the same scan get one yes and one no. ALLOCATE {orderId} is
 * answered by ALLOCATED {unit, orderId} to the machine that asked, or refused with the order that
 * has the unit; FREE {orderId} gives it back, and changes nothing when another order has it.
 */
export const allocationMachine = base.createMachine({
  id: 'allocation',
  context: ({ input }) => ({
    ...newContext(allocationId(input.unit), 'Free'),
    unit: input.unit,
    orderId: null,
  }),
  initial: 'Free',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { actions: 'look' },
    REFUSED: {},
    '*': { actions: 'refuseUnknown' },
  },
  states: {
    Free: {
      entry: { type: 'enter', params: { state: 'Free' } },
      on: {
        ALLOCATE: [
          { guard: 'hasOrder', target: 'Allocated', actions: 'allocate' },
          { actions: 'refuseArgs' },
        ],
        FREE: { actions: 'accept' },
      },
    },
    Allocated: {
      entry: { type: 'enter', params: { state: 'Allocated' } },
      on: {
        ALLOCATE: [{ guard: 'isSame', actions: 'allocate' }, { actions: 'refuse' }],
        FREE: [{ guard: 'isSame', target: 'Free', actions: 'free' }, { actions: 'accept' }],
      },
    },
  },
});

/** The machine of one unit's allocation. */
export function allocationSpec(unit: string): MachineSpec {
  return {
    id: allocationId(unit),
    logic: allocationMachine,
    input: { unit },
    reads: {},
    version: 1,
    persistence: 'restored',
    counters: [],
  };
}
