import type { viPlaces } from './vi-places.ts';

/** Words of the navigation in English. */
export const enPlaces: Readonly<Record<keyof typeof viPlaces, string>> = {
  'nav.label': 'Displays',
  'nav.overview': 'Overview',
  'nav.line': 'Line',
  'nav.trend': 'Trends',
  'nav.alarms': 'Alarms',
  'nav.report': 'Report',
  'nav.records': 'Batches',
  'nav.users': 'Users',
  'nav.audit': 'Audit',
  'nav.group.now': 'Monitor',
  'nav.group.making': 'Production',
  'nav.group.materials': 'Materials',
  'nav.group.records': 'Records',
  'nav.group.system': 'System',
  'nav.drugs': 'Drug ledger',
  'nav.trace': 'Trace',
};
