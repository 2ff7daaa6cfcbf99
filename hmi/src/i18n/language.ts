import { createSignal } from 'solid-js';
import type { Text } from '../../../server/contract/live.ts';
import type { Dictionary, WordKey } from './dictionary.ts';
import { en } from './en.ts';
import { vi } from './vi.ts';

export type Language = 'vi' | 'en';
export const LANGUAGES: readonly Language[] = ['vi', 'en'];
export const LOCALES: Readonly<Record<Language, string>> = { vi: 'vi-VN', en: 'en-GB' };

const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { vi, en };
const REMEMBERED = 'hmi.language';

function remembered(): Language {
  return localStorage.getItem(REMEMBERED) === 'en' ? 'en' : 'vi';
}

const [language, setSignal] = createSignal<Language>(remembered());
document.documentElement.lang = language();

/** The chosen language. Everything that reads it is drawn anew when it changes. */
export { language };

/** Chooses the language of this screen and remembers it. */
export function setLanguage(next: Language): void {
  localStorage.setItem(REMEMBERED, next);
  document.documentElement.lang = next;
  setSignal(next);
}

/** Puts objects into the `{names}` of a text; a name without an object stays readable as itself. */
export function fill(template: string, objects: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(objects[name] ?? name));
}

/** A word of the screens in the chosen language. */
export function t(key: WordKey, objects: Readonly<Record<string, string | number>> = {}): string {
  return fill(DICTIONARIES[language()][key], objects);
}

/** A word whose key is made at run time, e.g. of a state; the raw name where there is none. */
export function tOr(key: string, raw: string): string {
  const words: Readonly<Record<string, string>> = DICTIONARIES[language()];
  return words[key] ?? raw;
}

/** A text of the mill in the chosen language. */
export function say(text: Text): string {
  return text[language()];
}
