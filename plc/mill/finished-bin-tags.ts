import { DRUG_CLASS_TEXTS, DRUG_CLASSES } from '../model/carry-over.ts';
import { FINISHED_BIN_STATES, FINISHED_BIN_TEXTS } from '../model/finished-bin.ts';
import type { TagDefinition } from '../model/tag.ts';
import type { DeviceDefinition } from './definition.ts';
import { derivedTag } from './derived-tag.ts';
import { text } from './tag-shorthand.ts';

/** What the controller computes for a finished bin: its state, and whether it may be emptied. */
export function finishedBinTags(device: DeviceDefinition): TagDefinition[] {
  if (device.type !== 'bin' || device.settings.kind !== 'finished') return [];
  const states = Object.fromEntries(
    FINISHED_BIN_STATES.map((name, code) => [code, FINISHED_BIN_TEXTS[name]]),
  );
  const range = { low: 0, high: FINISHED_BIN_STATES.length - 1 };
  const drugs = {
    states: Object.fromEntries(DRUG_CLASSES.map((name, code) => [code, DRUG_CLASS_TEXTS[name]])),
    range: { low: 0, high: DRUG_CLASSES.length - 1 },
  };
  const own = (tag: TagDefinition): TagDefinition => ({ ...tag, device: device.id });
  return [
    own(derivedTag(device.id, 'BinState', text('Trạng thái', 'State'), { states, range })),
    own(derivedTag(device.id, 'DrugClass', text('Nhóm thuốc', 'Drug class'), drugs)),
    own(derivedTag(device.id, 'Released', text('Được xuất', 'Released'), { dataType: 'bool' })),
  ];
}
