import type { Mill, MillDefinition } from './definition.ts';
import { expandAlarms, expandTags } from './expand.ts';
import type { MillFault } from './mill-fault.ts';
import { millFaults } from './validate.ts';

/** A mill file that cannot be driven; the engineer who wrote it must mend every fault it lists. */
export class MillFaultsError extends Error {
  readonly faults: readonly MillFault[];

  constructor(mill: string, faults: readonly MillFault[]) {
    const list = faults.map((one) => `  ${one.place}: ${one.fault}; ${one.mend}`).join('\n');
    super(`mill ${mill} has ${faults.length} fault(s); an engineer must mend its file:\n${list}`);
    this.name = 'MillFaultsError';
    this.faults = faults;
  }
}

/**
 * Checks a mill file and expands it into all that follows from it: tags, alarms and look-ups.
 * @throws {MillFaultsError} naming every fault, its place and its mend.
 */
export function defineMill(definition: MillDefinition): Mill {
  const tags = expandTags(definition);
  const alarms = expandAlarms(definition);
  const faults = millFaults(definition, tags, alarms);
  if (faults.length > 0) throw new MillFaultsError(definition.id, faults);
  return {
    ...definition,
    tags,
    alarms,
    tagByName: new Map(tags.map((tag) => [tag.name, tag])),
    deviceById: new Map(definition.devices.map((device) => [device.id, device])),
  };
}
