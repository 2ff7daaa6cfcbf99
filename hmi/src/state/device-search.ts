import type { MillView } from '../../../server/contract/rest.ts';
import { plain, plainWords } from '../i18n/plain.ts';

type Device = MillView['devices'][number];

/** A device with everything that a person may call it by, in plain letters. */
export interface Searchable {
  readonly device: Device;
  readonly id: string;
  /** Its names, each with its type's, in plain letters. */
  readonly names: readonly string[];
  readonly words: string;
}

/** Made once for a mill: names in both languages, with the device's type and area. */
export function searchIndex(mill: Pick<MillView, 'devices' | 'areas'>): Searchable[] {
  const areas = new Map(mill.areas.map((one) => [one.id, one.text]));
  return mill.devices.map((device) => {
    const area = areas.get(device.area);
    const texts = [device.text, device.typeText, ...(area === undefined ? [] : [area])];
    return {
      device,
      id: plain(device.id),
      names: [device.text, device.typeText].flatMap((one) => [plain(one.vi), plain(one.en)]),
      words: plain([device.id, ...texts.flatMap((one) => [one.vi, one.en])].join(' ')),
    };
  });
}

/** The number itself, then numbers and names that begin so, then those that have it in them. */
function rank(one: Searchable, typed: string): number {
  if (one.id === typed) return 0;
  if (one.id.startsWith(typed)) return 1;
  if (one.names.includes(typed)) return 2;
  if (one.names.some((name) => name.startsWith(typed))) return 3;
  if (one.id.includes(typed)) return 4;
  return ` ${one.words}`.includes(` ${typed}`) ? 5 : 6;
}

/**
 * The devices that all typed words lead to, the likeliest first, at most `max`. Nothing typed finds
 * nothing.
 */
export function searchDevices(index: readonly Searchable[], typed: string, max: number): Device[] {
  const words = plainWords(typed);
  if (words.length === 0) return [];
  const whole = words.join(' ');
  return index
    .filter((one) => words.every((word) => one.words.includes(word)))
    .map((one) => ({ one, order: rank(one, whole) }))
    .sort((a, b) => a.order - b.order || a.one.id.localeCompare(b.one.id))
    .slice(0, max)
    .map(({ one }) => one.device);
}
