import type { Item, MillState } from './item.ts';

/** Devices stand in groups of so many, and a group that rests is passed over as one. */
const GROUP = 64;
/** A coarse device is stepped in one of so many steps, for all of them at once. */
export const COARSE_STEPS = 5;
const EVERY = -1;

/**
 * The devices of a mill in the order in which they are stepped, and which of them rest. A device
 * rests while a step would change nothing in it; what moves it wakes it: a command, a fault,
 * product that is put into it or drawn from it.
 */
export class Roster {
  private readonly items: readonly Item[];
  private readonly awake: Uint8Array;
  /** The one of `COARSE_STEPS` steps in which each is stepped; EVERY: in all of them. */
  private readonly turns: Int8Array;
  private readonly awakeInGroup: Uint16Array;

  constructor(items: readonly Item[]) {
    this.items = items;
    items.forEach((item, place) => {
      item.place = place;
    });
    this.awake = new Uint8Array(items.length);
    this.turns = Int8Array.from(items, ({ behaviour, phase }) =>
      behaviour.pace === 'coarse' ? phase % COARSE_STEPS : EVERY,
    );
    this.awakeInGroup = new Uint16Array(Math.ceil(items.length / GROUP));
    this.wakeAll();
  }

  /** Steps it from now on, in this step already where its turn is still to come. */
  wake(item: Item): void {
    item.touched = true;
    const { place } = item;
    if (this.awake[place] !== 0) return;
    this.awake[place] = 1;
    this.count(place, 1);
  }

  wakeAll(): void {
    for (const item of this.items) this.wake(item);
  }

  /**
   * Visits each device that is awake and whose turn it is; one for which `visit` says true rests
   * from now on.
   */
  each(turn: number, visit: (item: Item) => boolean): void {
    const { items, awake, awakeInGroup, turns } = this;
    for (let group = 0; group < awakeInGroup.length; group++) {
      if (awakeInGroup[group] === 0) continue;
      const end = Math.min(items.length, (group + 1) * GROUP);
      for (let place = group * GROUP; place < end; place++) {
        if (awake[place] !== 1 || (turns[place] !== turn && turns[place] !== EVERY)) continue;
        const item = items[place];
        if (item === undefined || !visit(item)) continue;
        awake[place] = 0;
        this.count(place, -1);
      }
    }
  }

  private count(place: number, by: number): void {
    const group = Math.floor(place / GROUP);
    this.awakeInGroup[group] = (this.awakeInGroup[group] ?? 0) + by;
  }
}

/** A device has to be stepped, whatever it thought of itself. */
export function wake(mill: MillState, item: Item): void {
  mill.roster.wake(item);
}

/** A device may show something else than when it was last measured. */
export function markMoved(mill: MillState, item: Item): void {
  if (item.fresh) return;
  item.fresh = true;
  mill.moved.push(item);
}
