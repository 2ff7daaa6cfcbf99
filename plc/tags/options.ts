/** The command line is wrong; whoever typed it must mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A whole number of an option. @throws {UsageError} when it is none or outside its limits. */
export function wholeNumber(
  name: string,
  given: string | undefined,
  otherwise: number | null,
  [low, high]: readonly [number, number],
): number {
  if (given === undefined && otherwise !== null) return otherwise;
  const value = /^\d{1,9}$/.test(given ?? '') ? Number(given) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new UsageError(`--${name} ${given ?? 'is missing'}: use ${low}..${high}`);
}

/** One of the words of an option. @throws {UsageError} naming the words. */
export function word<W extends string>(
  name: string,
  given: string | undefined,
  words: readonly W[],
): W {
  const found = given === undefined ? words[0] : words.find((one) => one === given);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} ${given}: use ${words.join(' or ')}`);
}
