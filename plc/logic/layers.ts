/**
 * Stock as layers of lots (DOMAIN 4, Storage). A bin holds layers, the lowest first; a layer holds
 * portions of one or more lots that can no longer be told apart. What leaves a mass-flow bin comes
 * from the lowest layer (first in, first out); a funnel-flow bin is one layer, and gives of every
 * lot by its share. Masses kg. Pure.
 */
export interface Portion {
  readonly lot: string | null;
  readonly material: string | null;
  readonly kg: number;
}

export type Layer = readonly Portion[];

/** How product leaves a bin; in a store of sacks each lot lies apart, and is taken by its name. */
export type BinFlow = 'mass' | 'funnel' | 'store';

/** What the book says of a bin. */
export interface Book {
  readonly layers: readonly Layer[];
  /**
   * Taken beyond what the book knew of, kg: what comes in next pays it off. So nothing is lost
   * when a dose is written down before the transfer that brought its product.
   */
  readonly owedKg: number;
}

export const EMPTY_BOOK: Book = { layers: [], owedKg: 0 };

/** Layers of a bin, and lots of a layer: beyond, the two thinnest neighbours become one. */
export const LAYERS_MAX = 24;
export const PORTIONS_MAX = 24;
/** Lots of a store; beyond, the smallest loses its name. */
const STORE_LOTS_MAX = 2_000;

/** Masses are kept to the milligram. */
const MG_PER_KG = 1e6;
export function toMilligram(kg: number): number {
  return Math.round(kg * MG_PER_KG) / MG_PER_KG;
}

export function massOf(portions: readonly Portion[]): number {
  return toMilligram(portions.reduce((sum, one) => sum + one.kg, 0));
}

/** What the book says lies in the bin, kg; below zero while it owes. */
export function bookKg({ layers, owedKg }: Book): number {
  return toMilligram(layers.reduce((sum, one) => sum + massOf(one), 0) - owedKg);
}

/** The lot that comes out next; null when the book knows of none. */
export function currentLot({ layers }: Book): string | null {
  const lowest = layers[0] ?? [];
  return [...lowest].sort((a, b) => b.kg - a.kg)[0]?.lot ?? null;
}

function alike(a: Portion, b: Portion): boolean {
  return a.lot === b.lot && a.material === b.material;
}

/** Portions of several places together, one for each lot and material; the smallest may merge. */
export function joined(portions: readonly Portion[]): Layer {
  const one: Portion[] = [];
  for (const portion of portions) {
    const at = one.findIndex((known) => alike(known, portion));
    const known = one[at];
    if (known === undefined) one.push(portion);
    else one[at] = { ...known, kg: toMilligram(known.kg + portion.kg) };
  }
  if (one.length <= PORTIONS_MAX) return one;
  const [least, next, ...rest] = one.sort((a, b) => a.kg - b.kg);
  const traces = [least, next].filter((portion) => portion !== undefined);
  const material =
    traces[0]?.material === traces[1]?.material ? (traces[0]?.material ?? null) : null;
  return joined([...rest, { lot: null, material, kg: massOf(traces) }]);
}

function withoutThinnest(layers: readonly Layer[]): readonly Layer[] {
  if (layers.length <= LAYERS_MAX) return layers;
  let at = 0;
  for (let index = 1; index + 1 < layers.length; index += 1) {
    const pairKg = (lower: number) =>
      massOf([...(layers[lower] ?? []), ...(layers[lower + 1] ?? [])]);
    if (pairKg(index) < pairKg(at)) at = index;
  }
  const pair = joined([...(layers[at] ?? []), ...(layers[at + 1] ?? [])]);
  return [...layers.slice(0, at), pair, ...layers.slice(at + 2)];
}

/** Portions without the first `kg` of them, taken of each by its share. */
function lessened(portions: readonly Portion[], kg: number): { left: Layer; taken: Portion[] } {
  const total = massOf(portions);
  if (kg >= total) return { left: [], taken: [...portions] };
  const taken: Portion[] = [];
  let missing = kg;
  portions.forEach((portion, index) => {
    const last = index === portions.length - 1;
    const share = last ? missing : Math.min(portion.kg, toMilligram((portion.kg * kg) / total));
    const part = Math.min(portion.kg, toMilligram(share));
    missing = toMilligram(missing - part);
    if (part > 0) taken.push({ ...portion, kg: part });
  });
  const left = portions
    .map((portion) => {
      const part = taken.find((one) => alike(one, portion))?.kg ?? 0;
      return { ...portion, kg: toMilligram(portion.kg - part) };
    })
    .filter((portion) => portion.kg > 0);
  return { left, taken };
}

/**
 * A store after these portions have come in, or gone out where their mass is below zero. A lot
 * that was used before its receipt was booked stands below zero until it is.
 */
export function stored(book: Book, portions: readonly Portion[]): Book {
  const all: Portion[] = book.layers.flat();
  for (const portion of portions) {
    const at = all.findIndex((known) => alike(known, portion));
    const known = all[at];
    if (known === undefined) all.push(portion);
    else all[at] = { ...known, kg: toMilligram(known.kg + portion.kg) };
  }
  const kept = all.filter(({ kg }) => kg !== 0);
  if (kept.length > STORE_LOTS_MAX) {
    const least = kept.filter(({ lot }) => lot !== null).sort((a, b) => a.kg - b.kg)[0];
    if (least === undefined) return { ...book, layers: kept.map((one) => [one]) };
    const rest = kept.filter((one) => one !== least).map((one) => [one]);
    return stored({ ...book, layers: rest }, [{ ...least, lot: null }]);
  }
  return { ...book, layers: kept.map((one) => [one]) };
}

/** Lays portions on top. What the bin owes is paid off first. */
export function lay(book: Book, portions: readonly Portion[], flow: BinFlow): Book {
  if (flow === 'store') return stored(book, portions);
  const paidKg = Math.min(book.owedKg, massOf(portions));
  const owedKg = toMilligram(book.owedKg - paidKg);
  const { left } = lessened(joined(portions), paidKg);
  if (left.length === 0) return { layers: book.layers, owedKg };
  if (flow === 'funnel') return { layers: [joined([...book.layers.flat(), ...left])], owedKg };
  const top = book.layers.at(-1);
  const [lowest, upper] = [top?.length === 1 ? top[0] : undefined, left[0]];
  if (lowest !== undefined && upper !== undefined && left.length === 1 && alike(lowest, upper)) {
    return { layers: [...book.layers.slice(0, -1), joined([lowest, upper])], owedKg };
  }
  return { layers: withoutThinnest([...book.layers, left]), owedKg };
}

/**
 * Takes `kg`, the lowest layer first. What the book does not know of is owed; it is taken to be of
 * the lot that `beyond` names.
 */
export function take(
  book: Book,
  kg: number,
  beyond: Pick<Portion, 'lot' | 'material'>,
): { readonly book: Book; readonly taken: readonly Portion[] } {
  const taken: Portion[] = [];
  const layers = [...book.layers];
  let missing = toMilligram(kg);
  while (missing > 0 && layers.length > 0) {
    const part = lessened(layers[0] ?? [], missing);
    taken.push(...part.taken);
    missing = toMilligram(missing - massOf(part.taken));
    if (part.left.length > 0) layers[0] = part.left;
    else layers.shift();
  }
  if (missing > 0) taken.push({ ...beyond, kg: missing });
  const owedKg = toMilligram(book.owedKg + Math.max(0, missing));
  return { book: { layers, owedKg }, taken: joined(taken) };
}
