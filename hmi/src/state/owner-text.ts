import { say, t } from '../i18n/language.ts';
import { deviceOf, mill } from './mill.ts';

/** The kinds of machine that stand behind a device's id: `PM701:unit`, `DB402:refill`. */
const KIND_WORDS: Readonly<Record<string, 'owner.unit' | 'owner.refill'>> = {
  unit: 'owner.unit',
  refill: 'owner.refill',
};

/** A machine of the mill, or a person, as people call it. */
export function ownerText(owner: string): string {
  const route = mill().routes.find((one) => one.id === owner);
  if (route !== undefined) return `${say(route.text)} (${owner})`;
  const line = mill().lines.find((one) => one.id === owner);
  if (line !== undefined) return `${say(line.text)} (${owner})`;
  const [id = '', kind = ''] = owner.split(':');
  const device = deviceOf(id);
  const word = KIND_WORDS[kind];
  if (device === undefined || word === undefined) return owner;
  return t(word, { device: `${say(device.text)} (${id})` });
}
