import { type Accessor, batch, createSignal, onCleanup } from 'solid-js';
import type { LiveChange } from '../../../server/contract/live-frame.ts';
import { type Quality, qualityOfCode } from '../../../server/contract/states.ts';

export type Scalar = number | boolean | string;

/**
 * A tag as it is shown: the last known value, how far it can be trusted, and when it was true
 * (ms).
 */
export interface TagView {
  readonly value: Scalar | null;
  readonly quality: Quality;
  readonly timeMs: number;
}

/** A tag of which nothing is known. */
export const UNKNOWN_VIEW: TagView = { value: null, quality: 'bad', timeMs: 0 };

interface Cell {
  readonly view: Accessor<TagView>;
  readonly show: (view: TagView) => void;
  uses: number;
}

/**
 * So many tags may stay subscribed that nothing shows any more: a closed faceplate costs no new
 * subscription, a display that was left does not go on sending.
 */
const UNUSED_MAX = 60;

const cells = new Map<string, Cell>();
let tellWanted: ((tags: readonly string[]) => void) | null = null;
let subscribed: ReadonlySet<string> = new Set();
let planned = false;
let unused = 0;

function cellOf(name: string): Cell {
  const known = cells.get(name);
  if (known !== undefined) return known;
  const [view, setView] = createSignal<TagView>(UNKNOWN_VIEW);
  const cell = { view, show: (next: TagView) => void setView(next), uses: 0 };
  cells.set(name, cell);
  return cell;
}

/**
 * Tells the live client once for all tags that a display asks for while it is being built, or that
 * nobody shows any more.
 */
function planSubscription(): void {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    const used = [...cells].filter(([, cell]) => cell.uses > 0).map(([name]) => name);
    const known = used.every((name) => subscribed.has(name));
    if (known && subscribed.size - used.length <= UNUSED_MAX) return;
    for (const [name, cell] of cells) if (cell.uses === 0) cells.delete(name);
    unused = 0;
    subscribed = new Set(used);
    tellWanted?.(used);
  });
}

/**
 * The live view of one tag. What reads it, and nothing else, is drawn anew when the tag changes.
 * The subscription is kept while the owner (component, effect) lives.
 */
export function useTag(name: string): Accessor<TagView> {
  const cell = cellOf(name);
  cell.uses += 1;
  if (cell.uses === 1 && subscribed.has(name)) unused = Math.max(0, unused - 1);
  onCleanup(() => {
    cell.uses -= 1;
    if (cell.uses === 0) unused += 1;
    if (unused > UNUSED_MAX) planSubscription();
  });
  if (!subscribed.has(name)) planSubscription();
  return cell.view;
}

/** For the live client: whom to tell which tags are shown. Told at once. */
export function onWanted(tell: ((tags: readonly string[]) => void) | null): void {
  tellWanted = tell;
  subscribed = new Set();
  planSubscription();
}

export function applyChanges(changes: readonly (readonly [string, LiveChange])[]): void {
  batch(() => {
    for (const [name, change] of changes) {
      cells.get(name)?.show({
        value: change.value,
        quality: qualityOfCode(change.quality),
        timeMs: change.sourceTimeMs,
      });
    }
  });
}

export function markUnknown(names: readonly string[]): void {
  batch(() => {
    for (const name of names) cells.get(name)?.show(UNKNOWN_VIEW);
  });
}

/** The connection is lost: whatever was trusted becomes stale, at once. */
export function markAllStale(): void {
  batch(() => {
    for (const cell of cells.values()) {
      const view = cell.view();
      if (view.quality === 'good' || view.quality === 'uncertain') {
        cell.show({ ...view, quality: 'stale' });
      }
    }
  });
}
