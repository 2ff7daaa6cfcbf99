import type { ModbusAddress } from '../../model/tag.ts';
import type { FieldWrite } from '../driver.ts';
import type { ModbusTag } from './read-plan.ts';
import { isBitArea, spanOf } from './read-plan.ts';

/** Most coils in one request (Modbus Application Protocol 1.1b3, 6.11). */
const COILS_PER_WRITE_MAX = 1_968;
/** Most registers that functions 16 and 23 both take in one request (the same, 6.12 and 6.17). */
const REGISTERS_PER_WRITE_MAX = 121;

/** One value for one tag. */
export interface TagWrite {
  readonly tag: ModbusTag;
  readonly write: FieldWrite;
}

/** Writes that share a register or coil, or the registers of one value. */
export interface PlaceWrite {
  readonly register: number;
  readonly span: number;
  readonly writes: readonly TagWrite[];
}

/** Writes that go to the field together, because their registers or coils are neighbours. */
export interface RegisterWrite {
  readonly unitId: number;
  readonly area: 'coil' | 'holding';
  /** One at least, each beginning where the one before ends. */
  readonly places: readonly PlaceWrite[];
}

interface Place {
  readonly address: ModbusAddress;
  readonly writes: Map<string, TagWrite>;
}

/**
 * Writes not yet sent, the oldest first together with its neighbours. A newer value for a tag
 * replaces the older one, so there are never more than there are outputs.
 */
export class PendingWrites {
  readonly #places = new Map<string, Place>();
  readonly #standsAlone: (address: ModbusAddress) => boolean;

  /** @param standsAlone whether a tag must not be written together with its neighbours. */
  constructor(standsAlone: (address: ModbusAddress) => boolean) {
    this.#standsAlone = standsAlone;
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  put(tag: ModbusTag, write: FieldWrite): void {
    const key = keyOf(tag.address, tag.address.register);
    const place = this.#places.get(key) ?? { address: tag.address, writes: new Map() };
    place.writes.set(tag.name, { tag, write });
    this.#places.set(key, place);
  }

  /** Takes out the oldest and its neighbours, or null. */
  takeNext(): RegisterWrite | null {
    for (const { address } of this.#places.values()) {
      const places: PlaceWrite[] = [];
      const room = isBitArea(address.area) ? COILS_PER_WRITE_MAX : REGISTERS_PER_WRITE_MAX;
      let left = room;
      let at = this.#firstOf(address, room);
      for (let place = this.#take(address, at, left); place !== null; ) {
        places.push(place);
        left -= place.span;
        at += place.span;
        place = this.#standsAlone(address) ? null : this.#take(address, at, left);
      }
      const area = address.area === 'coil' ? 'coil' : 'holding';
      return { unitId: address.unitId, area, places };
    }
    return null;
  }

  /** Takes out all that is left. */
  takeAll(): FieldWrite[] {
    const all = [...this.#places.values()].flatMap(({ writes }) => [...writes.values()]);
    this.#places.clear();
    return all.map((one) => one.write);
  }

  /** Where the neighbours before this one begin, as far as all of it fits one request. */
  #firstOf(address: ModbusAddress, room: number): number {
    let first = address.register;
    if (this.#standsAlone(address)) return first;
    const end = first + spanOf(address);
    for (const { address: before } of this.#before(address)) {
      if (before.register + spanOf(before) !== first || end - before.register > room) break;
      first = before.register;
    }
    return first;
  }

  /** Places of the same unit and area below this one, the nearest first. */
  #before(address: ModbusAddress): Place[] {
    return [...this.#places.values()]
      .filter(
        ({ address: one }) =>
          one.unitId === address.unitId &&
          one.area === address.area &&
          one.register < address.register &&
          !this.#standsAlone(one),
      )
      .sort((a, b) => b.address.register - a.address.register);
  }

  #take(like: ModbusAddress, register: number, room: number): PlaceWrite | null {
    const key = keyOf(like, register);
    const place = this.#places.get(key);
    if (place === undefined) return null;
    const span = spanOf(place.address);
    const isOther = this.#standsAlone(place.address) !== this.#standsAlone(like);
    if (span > room || isOther) return null;
    this.#places.delete(key);
    return { register, span, writes: [...place.writes.values()] };
  }
}

function keyOf({ unitId, area }: ModbusAddress, register: number): string {
  return `${unitId}/${area}/${register}`;
}
