import type { Fault, FaultName } from './catalogue.ts';
import { FAULTS_MAX, isLinkFault } from './catalogue.ts';
import { FaultError } from './check.ts';

/** Which faults are meant: each that has all that is given. */
export interface FaultFilter {
  readonly fault?: string | undefined;
  readonly device?: string | undefined;
  readonly role?: string | undefined;
  readonly connection?: string | undefined;
  readonly unit?: number | undefined;
}

function meant(one: Fault, filter: FaultFilter): boolean {
  const { fault, device, role, connection, unit } = filter;
  return (
    (fault === undefined || one.fault === fault) &&
    (device === undefined || one.device === device) &&
    (role === undefined || one.role === role) &&
    (connection === undefined || one.connection === connection) &&
    (unit === undefined || one.unit === unit)
  );
}

function samePlace(a: Fault, b: Fault): boolean {
  return (
    a.fault === b.fault &&
    a.device === b.device &&
    a.role === b.role &&
    a.connection === b.connection &&
    a.unit === b.unit
  );
}

/**
 * The faults that are present. The list is what is saved; what is asked for in every step is held
 * ready beside it.
 */
export class PresentFaults {
  private list: Fault[] = [];
  private readonly byDevice = new Map<string, Set<FaultName>>();
  /** Counts changes, for those who act on them. */
  revision = 0;

  get all(): readonly Fault[] {
    return this.list;
  }

  has(device: string, fault: FaultName): boolean {
    return this.byDevice.size > 0 && this.byDevice.get(device)?.has(fault) === true;
  }

  hasAny(device: string): boolean {
    return this.byDevice.size > 0 && this.byDevice.has(device);
  }

  of(device: string, fault: FaultName): Fault | undefined {
    if (!this.has(device, fault)) return undefined;
    return this.list.find((one) => one.device === device && one.fault === fault);
  }

  /**
   * Puts a fault on; the same one at the same place is replaced.
   * @throws {FaultError} when there are too many already.
   */
  add(fault: Fault): void {
    const others = this.list.filter((one) => !samePlace(one, fault));
    if (others.length >= FAULTS_MAX) throw new FaultError([`at most ${FAULTS_MAX} faults at once`]);
    this.replace([...others, fault]);
  }

  /** Takes faults off again; returns how many. */
  clear(filter: FaultFilter): number {
    const before = this.list.length;
    this.replace(this.list.filter((one) => !meant(one, filter)));
    return before - this.list.length;
  }

  /** Time passes for faults of the process, or for those of the network. */
  pass(ms: number, network: boolean): void {
    if (this.list.length === 0) return;
    let over = false;
    for (const one of this.list) {
      if (one.leftMs === null || isLinkFault(one.fault) !== network) continue;
      one.leftMs -= ms;
      over ||= one.leftMs <= 0;
    }
    if (over) this.replace(this.list.filter((one) => one.leftMs === null || one.leftMs > 0));
  }

  replace(list: readonly Fault[]): void {
    this.list = [...list];
    this.revision += 1;
    this.byDevice.clear();
    for (const { device, fault } of this.list) {
      if (device === null) continue;
      const names = this.byDevice.get(device) ?? new Set<FaultName>();
      names.add(fault);
      this.byDevice.set(device, names);
    }
  }
}
