import type { FeedNature } from '../model/carry-over.ts';
import { DRUG_CLASSES, SPECIES } from '../model/carry-over.ts';
import type { MachineEvent } from './kit.ts';
import { isCommand } from './kit.ts';

function isOneOf<T extends string>(list: readonly T[], value: unknown): value is T {
  return list.some((one) => one === value);
}

/** A nature as regards carry-over in this argument of a command; null where there is none. */
export function natureArg(event: MachineEvent, name = 'nature'): FeedNature | null {
  const given = isCommand(event) ? event.args[name] : null;
  if (typeof given !== 'object' || given === null) return null;
  const { drugClass, species, withdrawal } = given as Readonly<Record<string, unknown>>;
  if (!isOneOf(DRUG_CLASSES, drugClass) || !isOneOf(SPECIES, species)) return null;
  return { drugClass, species, withdrawal: withdrawal !== false };
}
