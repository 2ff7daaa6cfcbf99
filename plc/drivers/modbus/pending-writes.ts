import type { FieldWrite } from '../driver.ts';
import type { ModbusTag } from './read-plan.ts';

/** Writes that go to the field together because they share a register (or coil). */
export interface RegisterWrite {
  readonly unitId: number;
  readonly register: number;
  readonly writes: readonly TagWrite[];
}

/** One value for one tag. */
export interface TagWrite {
  readonly tag: ModbusTag;
  readonly write: FieldWrite;
}

/**
 * Writes not yet sent, oldest register first. A newer value for a tag replaces the older one, so
 * there are never more than there are outputs.
 */
export class PendingWrites {
  readonly #byRegister = new Map<string, Map<string, TagWrite>>();

  get isEmpty(): boolean {
    return this.#byRegister.size === 0;
  }

  put(tag: ModbusTag, write: FieldWrite): void {
    const { unitId, area, register } = tag.address;
    const key = `${unitId}/${area}/${register}`;
    const writes = this.#byRegister.get(key) ?? new Map<string, TagWrite>();
    writes.set(tag.name, { tag, write });
    this.#byRegister.set(key, writes);
  }

  /** Takes out the oldest, or null. */
  takeNext(): RegisterWrite | null {
    for (const [key, writes] of this.#byRegister) {
      this.#byRegister.delete(key);
      const all = [...writes.values()];
      const address = all[0]?.tag.address;
      if (address !== undefined) {
        return { unitId: address.unitId, register: address.register, writes: all };
      }
    }
    return null;
  }

  /** Takes out all that is left. */
  takeAll(): FieldWrite[] {
    const all = [...this.#byRegister.values()].flatMap((writes) => [...writes.values()]);
    this.#byRegister.clear();
    return all.map((one) => one.write);
  }
}
