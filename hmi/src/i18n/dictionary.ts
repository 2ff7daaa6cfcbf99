import type { vi } from './vi.ts';

/** A word or sentence of the screens. */
export type WordKey = keyof typeof vi;

/** A language has every word, no more and no less, or it does not compile. */
export type Dictionary = Readonly<Record<WordKey, string>>;
