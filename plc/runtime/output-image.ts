import type { FieldWrite, WriteResult } from '../drivers/driver.ts';
import type { TagDefinition, TagScalar } from '../model/tag.ts';
import { zeroOf } from '../model/tag.ts';
import type { InputImage } from './input-image.ts';
import type { TagIndex } from './tag-index.ts';

/** A write that did not take is sent again after this, real ms. */
const REWRITE_MS = 1_000;
/** A write that is known to have failed is sent again this soon, real ms: a stop must not wait. */
const RETRY_MS = 200;
/** An output may differ from its read-back for this long before someone is told, real ms. */
const DIFFERS_MS = 2_000;

interface Output {
  readonly index: number;
  readonly tag: TagDefinition;
  wanted: TagScalar;
  /** This value was written and read back since the link last came up. */
  confirmed: boolean;
  writtenMs: number;
  /** Since when the read-back is good but another value; null while it is as wanted. */
  differsSinceMs: number | null;
  reported: boolean;
}

/** An output that began or ceased to differ from its read-back for longer than is normal. */
export interface OutputDifference {
  readonly tag: string;
  readonly differs: boolean;
  readonly error: string | null;
}

/** What a scan has to send to one connection. */
export type Writes = ReadonlyMap<string, readonly FieldWrite[]>;

/** Half a step of what the tag's encoding can carry: nearer than this is the same value. */
function halfStep(tag: TagDefinition): number {
  const { address } = tag;
  if (address?.kind === 'modbus' && !address.encoding.startsWith('float')) return address.scale / 2;
  return tag.dataType === 'float' || tag.dataType === 'double' ? 0 : 0.5;
}

/** Whether a read-back is the value that was wanted; float32 keeps about seven digits. */
function equal(tag: TagDefinition, wanted: TagScalar, readBack: TagScalar): boolean {
  if (typeof wanted !== 'number' || typeof readBack !== 'number') return wanted === readBack;
  const rounding = Math.max(1, Math.abs(wanted)) * 1e-6;
  return Math.abs(wanted - readBack) <= Math.abs(halfStep(tag)) + rounding;
}

/**
 * What the field shall do, and whether it does. Each scan sends only outputs whose read-back
 * differs or that were never confirmed since the link came up; an output that does not take is sent
 * again once a second and reported after two. All outputs start at zero, the safe state.
 */
export class OutputImage {
  readonly #inputs: InputImage;
  readonly #outputs = new Map<number, Output>();
  readonly #offline = new Set<string>();
  /** Outputs that are not known to be as wanted; all others cost nothing. */
  readonly #open = new Set<Output>();
  readonly #errors = new Map<number, string>();
  readonly #index: TagIndex;

  constructor(index: TagIndex, inputs: InputImage) {
    this.#index = index;
    this.#inputs = inputs;
    index.tags.forEach((tag, number) => {
      if (tag.direction !== 'output' || tag.address === null) return;
      const output: Output = {
        index: number,
        tag,
        wanted: zeroOf(tag.dataType),
        confirmed: false,
        writtenMs: Number.NEGATIVE_INFINITY,
        differsSinceMs: null,
        reported: false,
      };
      this.#outputs.set(number, output);
      this.#open.add(output);
      this.#offline.add(tag.address.connection);
    });
  }

  has(index: number): boolean {
    return this.#outputs.has(index);
  }

  /** Commands an output. */
  want(index: number, value: TagScalar): void {
    const output = this.#outputs.get(index);
    if (output === undefined || Object.is(output.wanted, value)) return;
    output.wanted = value;
    output.confirmed = false;
    output.differsSinceMs = null;
    output.writtenMs = Number.NEGATIVE_INFINITY;
    this.#open.add(output);
  }

  /** Commands one output, or all, to zero: their safe state. */
  zero(indices: Iterable<number> = this.#outputs.keys()): void {
    for (const index of indices) {
      const output = this.#outputs.get(index);
      if (output !== undefined) this.want(index, zeroOf(output.tag.dataType));
    }
  }

  /** A read-back changed: compare it at the next `collect`. */
  readBackChanged(changed: Iterable<number>): void {
    for (const index of changed) {
      const output = this.#outputs.get(index);
      if (output !== undefined) this.#open.add(output);
    }
  }

  /** What a driver says became of a write. */
  written(result: WriteResult): void {
    const index = this.#index.find(result.tag);
    const output = index === undefined ? undefined : this.#outputs.get(index);
    if (index === undefined || output === undefined) return;
    if (!result.ok) {
      output.confirmed = false;
      output.writtenMs -= REWRITE_MS - RETRY_MS;
      this.#open.add(output);
      this.#errors.set(index, result.error ?? 'unknown error');
      return;
    }
    this.#errors.delete(index);
    if (equal(output.tag, output.wanted, result.value)) output.confirmed = true;
  }

  /**
   * A connection came up or went down. Coming up, all its outputs are compared and confirmed anew.
   */
  online(connection: string, unitId: number | null, online: boolean): void {
    const key = unitId === null ? connection : `${connection}/${unitId}`;
    if (!online) {
      this.#offline.add(key);
      return;
    }
    if (!this.#offline.delete(key)) return;
    for (const output of this.#outputs.values()) {
      const address = output.tag.address;
      if (address?.connection !== connection) continue;
      if (unitId !== null && address.kind === 'modbus' && address.unitId !== unitId) continue;
      output.confirmed = false;
      output.writtenMs = Number.NEGATIVE_INFINITY;
      output.differsSinceMs = null;
      this.#open.add(output);
    }
  }

  /** True when every output whose link is up is confirmed and reads back as commanded. */
  get settled(): boolean {
    for (const output of this.#open) if (!this.#unreachable(output.tag)) return false;
    return true;
  }

  /** Ends a scan: what must be sent now, by connection, and which differences began or ceased. */
  collect(realMs: number): { writes: Writes; differences: OutputDifference[] } {
    const writes = new Map<string, FieldWrite[]>();
    const differences: OutputDifference[] = [];
    for (const output of this.#open) {
      const { tag } = output;
      if (tag.address === null || this.#unreachable(tag)) continue;
      const readBack = this.#inputs.value(output.index);
      const takes = readBack.quality === 'good' && equal(tag, output.wanted, readBack.value);
      if (takes && output.confirmed) {
        this.#open.delete(output);
        if (output.reported) differences.push({ tag: tag.name, differs: false, error: null });
        output.reported = false;
        continue;
      }
      if (takes || readBack.quality !== 'good') output.differsSinceMs = null;
      else output.differsSinceMs ??= realMs;
      this.#report(output, realMs, differences);
      if (realMs - output.writtenMs < REWRITE_MS) continue;
      output.writtenMs = realMs;
      const list = writes.get(tag.address.connection) ?? [];
      list.push({ tag: tag.name, value: output.wanted });
      writes.set(tag.address.connection, list);
    }
    return { writes, differences };
  }

  #report(output: Output, realMs: number, differences: OutputDifference[]): void {
    const since = output.differsSinceMs;
    if (since === null || output.reported || realMs - since <= DIFFERS_MS) return;
    output.reported = true;
    const error = this.#errors.get(output.index) ?? null;
    differences.push({ tag: output.tag.name, differs: true, error });
  }

  #unreachable(tag: TagDefinition): boolean {
    const { address } = tag;
    if (address === null || this.#offline.has(address.connection)) return true;
    return (
      address.kind === 'modbus' && this.#offline.has(`${address.connection}/${address.unitId}`)
    );
  }
}
