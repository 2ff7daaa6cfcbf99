import type { WordOrder } from '../../plc/model/tag.ts';
import type { Fault } from './catalogue.ts';
import { numberOf, wordOf } from './catalogue.ts';
import { WORD_ORDERS } from './parameters.ts';

/** How a Modbus unit fails: its gateway says so (exception 0B), or nothing comes back at all. */
export type UnitFailure = 'answers' | 'silent';

/** What is wrong with one Modbus unit. */
export interface UnitCondition {
  readonly failure: UnitFailure | null;
  /** One answer out of `every` comes so late; the others in time. */
  readonly late: { readonly delayMs: number; readonly every: number } | null;
  /** The order in which its registers are served, where it is not the mill file's. */
  readonly wordOrder: WordOrder | null;
}

export const GOOD_UNIT: UnitCondition = { failure: null, late: null, wordOrder: null };

/** What is wrong with the link to one of the field's servers, from all faults together. */
export interface LinkCondition {
  readonly down: boolean;
  readonly halfOpen: boolean;
  readonly slow: { readonly delayMs: number; readonly jitterMs: number } | null;
  readonly skewMs: number;
  /** Of a server that comes back from a restart, and until the next one. */
  readonly namespaceShift: number;
  readonly nodesReversed: boolean;
  readonly units: ReadonlyMap<number, UnitCondition>;
}

export const GOOD_LINK: LinkCondition = {
  down: false,
  halfOpen: false,
  slow: null,
  skewMs: 0,
  namespaceShift: 0,
  nodesReversed: false,
  units: new Map(),
};

function unitWith(unit: UnitCondition, fault: Fault): UnitCondition {
  switch (fault.fault) {
    case 'unit-silent':
      return { ...unit, failure: 'silent' };
    case 'unit-exception':
      return { ...unit, failure: unit.failure ?? 'answers' };
    case 'late-reply': {
      const late = { delayMs: numberOf(fault, 'delayMs'), every: numberOf(fault, 'every') };
      return { ...unit, late };
    }
    case 'word-swap': {
      const order = wordOf(fault, 'order');
      return { ...unit, wordOrder: WORD_ORDERS.find((one) => one === order) ?? null };
    }
    default:
      return unit;
  }
}

function linkWith(link: LinkCondition, fault: Fault): LinkCondition {
  switch (fault.fault) {
    case 'server-down':
      return { ...link, down: true };
    case 'plc-restart': {
      const namespaceShift = Math.round(numberOf(fault, 'namespaceShift'));
      const nodesReversed = wordOf(fault, 'nodeOrder') === 'reversed';
      return { ...link, down: true, namespaceShift, nodesReversed };
    }
    case 'half-open':
      return { ...link, halfOpen: true };
    case 'slow': {
      const slow = { delayMs: numberOf(fault, 'delayMs'), jitterMs: numberOf(fault, 'jitterMs') };
      return { ...link, slow };
    }
    case 'clock-jump':
      return { ...link, skewMs: 1000 * numberOf(fault, 'skewS') };
    default:
      return link;
  }
}

/** What the present faults make of the link to a connection. */
export function conditionOf(faults: readonly Fault[], connection: string): LinkCondition {
  let link = GOOD_LINK;
  const units = new Map<number, UnitCondition>();
  for (const fault of faults) {
    if (fault.connection !== connection) continue;
    if (fault.unit === null) link = linkWith(link, fault);
    else units.set(fault.unit, unitWith(units.get(fault.unit) ?? GOOD_UNIT, fault));
  }
  return { ...link, units };
}
