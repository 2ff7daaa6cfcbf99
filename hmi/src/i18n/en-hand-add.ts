import type { viHandAdd } from './vi-hand-add.ts';

/** Words of hand-adds, of the second person and of doses in English. */
export const enHandAdd: Readonly<Record<keyof typeof viHandAdd, string>> = {
  'command.hand-add.scan': 'Scan the lot',
  'command.hand-add.confirm': 'Confirm the hand-add',
  'handAdd.title': 'Hand-add',
  'handAdd.nothing': 'Nothing to add by hand',
  'handAdd.label': 'Bar code of the sack',
  'handAdd.lot': 'Lot scanned',
  'handAdd.noLot': 'none yet',
  'handAdd.held': 'held',
  'handAdd.drug': 'Drug',
  'line.second': 'Second person',
  'line.secondTitle': 'Release the dose of {material}',
  'line.secondAsk': 'Two persons must release the dose of a drug that is out of tolerance.',
  'records.releasedBy': 'Released by',
  'records.confidence': 'Confidence (%)',
  'records.doseDuration': 'Dosing time',
};
