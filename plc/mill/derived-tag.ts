import type { TagDefinition } from '../model/tag.ts';
import type { Text } from '../model/text.ts';
import { MAX_AGE_DEFAULT_MS } from './max-age.ts';

/** A tag that the controller computes; a flag, code or number as `more` says. */
export function derivedTag(
  owner: string,
  role: string,
  words: Text,
  more: Partial<Pick<TagDefinition, 'dataType' | 'unit' | 'range' | 'states' | 'deadband'>> = {},
): TagDefinition {
  return {
    name: `${owner}.${role}`,
    device: null,
    role,
    dataType: 'uint16',
    unit: '',
    range: { low: 0, high: 1 },
    text: words,
    direction: 'derived',
    address: null,
    maxAgeMs: MAX_AGE_DEFAULT_MS,
    scanMs: 100,
    fieldDeadband: 0,
    everyValue: false,
    deadband: 0,
    states: null,
    ...more,
  };
}
