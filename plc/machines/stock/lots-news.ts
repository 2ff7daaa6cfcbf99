import type { LotFacts, LotsStatus } from '../../model/lots.ts';
import type { MachineEvent } from '../kit.ts';
import { isCommand } from '../kit.ts';

/** What a machine keeps of the register of lots: facts by lot, and bins to be careful with. */
export interface LotsNews {
  readonly lots: Readonly<Record<string, LotFacts>>;
  readonly bins: LotsStatus['bins'];
}

export const NO_NEWS: LotsNews = { lots: {}, bins: {} };

/** What the register of lots has just shown; null for any other event. */
export function lotsTold(event: MachineEvent): LotsNews | null {
  if (event.type !== 'TOLD' || isCommand(event) || event.document.kind !== 'lots') return null;
  const { lots, bins } = event.document;
  return { lots: Object.fromEntries(lots.map((one) => [one.lot, one])), bins };
}
