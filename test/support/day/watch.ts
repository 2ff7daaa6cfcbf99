/** Goal: what must never happen in a mill, looked at after every scan of a whole day. */
import { openConditions } from '../../../plc/logic/interlock.ts';
import type { DeviceDefinition } from '../../../plc/mill/definition.ts';
import type { Reason } from '../../../plc/model/reason.ts';
import { contentOf } from '../../../simulators/process/index.ts';
import type { VirtualMill } from '../virtual-mill.ts';

/** Findings that are kept; all are counted. */
const KEPT_MAX = 200;
/** A bin with less than this cannot feed a dose, kg. */
const BIN_EMPTY_KG = 5;

export interface Finding {
  readonly atMs: number;
  readonly what: string;
}

/** Findings of one kind: the first ones, and how many there were. */
class Findings {
  readonly kept: Finding[] = [];
  count = 0;

  add(atMs: number, what: string): void {
    this.count += 1;
    if (this.kept.length < KEPT_MAX) this.kept.push({ atMs, what });
  }
}

/** Looks at a running mill from outside. Constructing begins it. */
export class Watch {
  readonly interlocks = new Findings();
  readonly starved = new Findings();
  readonly mass = new Findings();
  /** How often an energised device was looked at. */
  looked = 0;
  readonly #running: VirtualMill;
  readonly #startMs: number;
  /** Devices that a tag can make a danger: by their command, and by what locks them. */
  readonly #byTag = new Map<number, DeviceDefinition[]>();
  readonly #open = new Set<string>();

  constructor(running: VirtualMill) {
    this.#running = running;
    this.#startMs = running.utcMs;
    const { mill } = running.controller;
    const numbers = new Map(mill.tags.map(({ name }, number) => [name, number]));
    for (const device of mill.devices) {
      if (device.interlocks.length === 0) continue;
      for (const tag of [`${device.id}.Cmd`, ...device.interlocks.map((one) => one.tag)]) {
        const number = numbers.get(tag);
        if (number === undefined) continue;
        this.#byTag.set(number, [...(this.#byTag.get(number) ?? []), device]);
      }
    }
    running.controller.listen({
      changed: (tags) => this.#lookAt(tags),
      alarms: () => undefined,
      status: () => undefined,
      rows: () => undefined,
    });
  }

  /** The mass balance: to be exact to a millionth of what came in. */
  weigh(): void {
    const { balanceMg, sources } = this.#running.ledger();
    const suppliedMg = Object.values(sources).reduce((sum, kg) => sum + kg, 0) * 1e6;
    if (Math.abs(balanceMg) <= suppliedMg * 1e-6) return;
    this.mass.add(this.#nowMs, `${balanceMg} mg of ${suppliedMg} mg are not accounted for`);
  }

  /** Doses that wait for product which the silo would have. Called at even intervals. */
  lookForStarvation(): void {
    for (const document of this.#running.status('line')) {
      if (document.kind !== 'line') continue;
      for (const { bin, state, material } of document.doses) {
        if (bin === null || state === 'done' || !this.#isEmpty(bin)) continue;
        const source = this.#sourceOf(bin, material);
        if (source !== null) this.starved.add(this.#nowMs, `${bin} is empty, ${source} is not`);
      }
    }
  }

  get #nowMs(): number {
    return this.#running.utcMs - this.#startMs;
  }

  #isEmpty(bin: string): boolean {
    const layers = contentOf(this.#running.field, bin);
    return layers.reduce((sum, { kg }) => sum + kg, 0) < BIN_EMPTY_KG;
  }

  /** A store with this material that the bin is refilled from; empty is one at its low level. */
  #sourceOf(bin: string, material: string): string | null {
    const { mill } = this.#running.controller;
    const refill = mill.refills.find(({ id }) => id === bin);
    const sources = mill.routes.find(({ id }) => id === refill?.route)?.sources ?? [];
    const full = sources.find((id) => {
      const device = mill.deviceById.get(id);
      const fits = device?.type === 'bin' && device.settings.material === material;
      return fits && this.#running.last(`${id}.Low`) === false;
    });
    return full ?? null;
  }

  #lookAt(tags: ReadonlySet<number>): void {
    const devices = new Set<DeviceDefinition>();
    for (const number of tags) {
      for (const device of this.#byTag.get(number) ?? []) devices.add(device);
    }
    for (const device of devices) this.#judge(device);
  }

  /** Energised though its interlock is open or not good; told once for each time. */
  #judge(device: DeviceDefinition): void {
    const { id, interlocks, connection, unitId } = device;
    const isOn = this.#running.output(`${id}.Cmd`) === true;
    if (isOn) this.looked += 1;
    const open = isOn ? this.#openOf(id, interlocks) : [];
    // What is behind a broken link cannot be told to stop; its own watchdog stops it.
    if (open.length === 0 || !this.#running.core.answers(connection, unitId)) {
      this.#open.delete(id);
      return;
    }
    if (this.#open.has(id)) return;
    this.#open.add(id);
    this.interlocks.add(this.#nowMs, `${id} runs against ${JSON.stringify(open)}`);
  }

  #openOf(id: string, interlocks: DeviceDefinition['interlocks']): readonly Reason[] {
    return openConditions(id, interlocks, (tag) => this.#running.value(tag));
  }
}
