import type { TagDefinition } from '../model/tag.ts';

/**
 * What of a tag is kept in history. A change of quality and a gap are always kept, and flags,
 * states and texts as they are; this is for measurements and counts.
 */
export interface Collection {
  /** A smaller change is not stored, in the tag's unit; 0: every change. */
  readonly deadband?: number;
  /** The same as a share of the tag's range, %. */
  readonly deadbandPct?: number;
  /** Stored by lines (swinging door) that are at most this far off, in the tag's unit. */
  readonly lineBound?: number;
  /** The same as a share of the tag's range, %. */
  readonly lineBoundPct?: number;
  /** Stored again after this long without a change, 1..900 s; 900 unless said. */
  readonly silenceS?: number;
  /** A total: what is stored is exactly what was read, however seldom. */
  readonly isExact?: boolean;
}

export interface CollectionFault {
  readonly key: keyof Collection;
  readonly fault: string;
  readonly mend: string;
}

/** Longer silences would be gaps to whoever reads history. */
export const SILENCE_S_MAX = 900;

type Collected = Pick<TagDefinition, 'dataType' | 'range' | 'states'>;

const isMeasurement = ({ dataType }: Collected) => dataType === 'float' || dataType === 'double';
const isNumber = ({ dataType, states }: Collected) =>
  dataType !== 'bool' && dataType !== 'string' && states === null;

/** Every fault of what shall be kept of a tag. */
export function collectionFaults(of: Collection, tag: Collected): CollectionFault[] {
  const width = tag.range.high - tag.range.low;
  return [
    ...toleranceFaults(of, 'deadband', width),
    ...toleranceFaults(of, 'deadbandPct', 100),
    ...toleranceFaults(of, 'lineBound', width),
    ...toleranceFaults(of, 'lineBoundPct', 100),
    ...twiceFaults(of),
    ...kindFaults(of, tag),
    ...silenceFaults(of),
  ];
}

function toleranceFaults(
  of: Collection,
  key: Exclude<keyof Collection, 'silenceS' | 'isExact'>,
  whole: number,
): CollectionFault[] {
  const value = of[key] ?? 0;
  const most = key.endsWith('Pct') ? '100 %' : 'the range';
  if (value < 0 || !Number.isFinite(value)) {
    return [{ key, fault: `${value} is below 0`, mend: 'use 0 for every change' }];
  }
  if (value < whole || value === 0) return [];
  return [{ key, fault: `${value} is all of the range`, mend: `use less than ${most}` }];
}

function twiceFaults(of: Collection): CollectionFault[] {
  const faults: CollectionFault[] = [];
  const both = (key: keyof Collection, other: keyof Collection) => {
    if ((of[key] ?? 0) === 0 || (of[other] ?? 0) === 0) return;
    faults.push({ key, fault: `is there beside ${other}`, mend: 'keep one of them' });
  };
  both('deadbandPct', 'deadband');
  both('lineBoundPct', 'lineBound');
  const isByLines = lineOf(of) > 0;
  if (isByLines && ((of.deadband ?? 0) > 0 || (of.deadbandPct ?? 0) > 0)) {
    const key = (of.lineBound ?? 0) > 0 ? 'lineBound' : 'lineBoundPct';
    faults.push({ key, fault: 'is there beside a deadband', mend: 'keep one of them' });
  }
  if (isByLines && of.isExact === true) {
    const fault = 'lines are between what was read, not what was read';
    faults.push({ key: 'isExact', fault, mend: 'leave the bound of lines out' });
  }
  return faults;
}

const lineOf = ({ lineBound = 0, lineBoundPct = 0 }: Collection) => lineBound + lineBoundPct;

function kindFaults(of: Collection, tag: Collected): CollectionFault[] {
  const faults: CollectionFault[] = [];
  const keys = ['deadband', 'deadbandPct', 'lineBound', 'lineBoundPct'] as const;
  for (const key of keys) {
    if (Number.isNaN(of[key] ?? 0) || (of[key] ?? 0) <= 0) continue;
    if (!isNumber(tag)) {
      const fault = 'flags, states and texts are stored as they are';
      faults.push({ key, fault, mend: 'leave it empty' });
    } else if (key.startsWith('line') && !isMeasurement(tag)) {
      const fault = 'whole numbers are no lines';
      faults.push({ key, fault, mend: 'use a deadband' });
    }
  }
  return faults;
}

function silenceFaults({ silenceS }: Collection): CollectionFault[] {
  if (silenceS === undefined || (silenceS >= 1 && silenceS <= SILENCE_S_MAX)) return [];
  return [{ key: 'silenceS', fault: `${silenceS} s`, mend: `use 1..${SILENCE_S_MAX} s` }];
}

type Kept = Pick<TagDefinition, 'deadband'> &
  Partial<Pick<TagDefinition, 'lineBound' | 'silenceMs' | 'isExact'>>;

/** What the controller needs to know of it, for a tag of this range. */
export function collectedAs(of: Collection, range: TagDefinition['range']): Kept {
  const share = (pct: number | undefined) => ((pct ?? 0) / 100) * (range.high - range.low);
  const lineBound = of.lineBound || share(of.lineBoundPct);
  return {
    deadband: of.deadband || share(of.deadbandPct),
    ...(lineBound > 0 ? { lineBound } : {}),
    ...(of.silenceS === undefined ? {} : { silenceMs: of.silenceS * 1_000 }),
    ...(of.isExact === true ? { isExact: true } : {}),
  };
}

/** What a mill says of one of its tags, instead of what its device's type says. */
export interface TagCollection extends Collection {
  /** Name of the tag, e.g. `EL101.BearingT`. */
  readonly tag: string;
}

/** The tags with what the mill says of them; names that it does not have are faults elsewhere. */
export function withCollections(
  tags: readonly TagDefinition[],
  collections: readonly TagCollection[],
): TagDefinition[] {
  const byTag = new Map(collections.map((one) => [one.tag, one]));
  return tags.map((tag) => {
    const own = byTag.get(tag.name);
    if (own === undefined) return tag;
    const { deadband: _, lineBound: __, silenceMs: ___, isExact: ____, ...rest } = tag;
    return { ...rest, ...collectedAs(own, tag.range) };
  });
}
