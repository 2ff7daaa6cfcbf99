/**
 * Goal: what the engineer on duty does for bulk trucks: one compartment after the other, from the
 * released bins of bulk orders, with the check of its last load.
 */
import type { CommandName } from '../../../plc/link/contract.ts';
import type { Mill } from '../../../plc/mill/definition.ts';
import { LOAD_OUT_STATES } from '../../../plc/model/load-out.ts';
import type { FinishedBinStatus } from '../../../plc/model/status.ts';
import type { VirtualMill } from '../virtual-mill.ts';

/** What drips behind a load into the next compartment is no load, kg. */
const DRIPS_KG = 100;
/** A bin with less than this is left for the next order of its product, kg. */
const WORTH_KG = 1_000;

export interface LoadWork {
  readonly key: string;
  readonly name: CommandName;
  readonly spout: string;
  readonly args: object;
}

interface Spout {
  readonly id: string;
  readonly compartmentKgMax: number;
  readonly bins: ReadonlySet<string>;
}

function spoutsOf(mill: Mill): Spout[] {
  return mill.devices.flatMap((device) => {
    if (device.type !== 'loadOut') return [];
    const leading = mill.routes.filter(({ destinations }) => destinations.includes(device.id));
    const bins = new Set(leading.flatMap(({ sources }) => sources));
    return [{ id: device.id, compartmentKgMax: device.settings.compartmentKgMax, bins }];
  });
}

/** Looks at the spouts of a mill for what is to be done there. */
export class LoadOutDuty {
  readonly #running: VirtualMill;
  readonly #spouts: readonly Spout[];

  constructor(running: VirtualMill) {
    this.#running = running;
    this.#spouts = spoutsOf(running.controller.mill);
  }

  /** What the spouts ask for now, from the bins whose product goes to trucks. */
  asked(bins: readonly FinishedBinStatus[]): LoadWork[] {
    return this.#spouts.flatMap((spout) => {
      const state = LOAD_OUT_STATES[Number(this.#running.last(`${spout.id}.State`) ?? -1)];
      if (state === 'Held') return [this.#goOn(spout.id)];
      return state === 'Idle' ? this.#begin(spout, bins) : [];
    });
  }

  /** A compartment that its bin could not fill is closed with what it has. */
  #goOn(spout: string): LoadWork {
    const status = this.#running
      .status('device')
      .find((one) => one.kind === 'device' && one.device === spout);
    const reasons = status?.kind === 'device' ? status.reasons : [];
    const isDry = reasons.some(({ code }) => code === 'bin.empty');
    const name = isDry ? 'load.stop' : 'load.resume';
    return { key: `${name} ${spout}`, name, spout, args: {} };
  }

  #begin({ id, compartmentKgMax, bins }: Spout, all: readonly FinishedBinStatus[]): LoadWork[] {
    const isThere = ['TruckInPlace', 'SpoutDown'].every(
      (role) => this.#running.last(`${id}.${role}`) === true,
    );
    const inItKg = Number(this.#running.last(`${id}.ActualKg`) ?? DRIPS_KG + 1);
    if (!isThere || inItKg > DRIPS_KG) return [];
    // A bin that was begun goes first: what dripped behind its last load is of its lot.
    const begun = all.toSorted(
      (one, other) => Number(other.state === 'Emptying') - Number(one.state === 'Emptying'),
    );
    for (const { bin, content } of begun) {
      const kg = Math.min(compartmentKgMax, Math.floor(this.#kgIn(bin)));
      if (!bins.has(bin) || kg < WORTH_KG || content?.nature == null) continue;
      const truck = `51C-${id}`;
      const untilEmpty = kg < compartmentKgMax;
      const load = { bin, lot: content.lot, truck, compartmentKg: compartmentKgMax, untilEmpty };
      const args = { ...load, last: content.nature };
      // Each compartment comes washed, with the paper that says so.
      const washed = { cleaned: true, certificate: `RS-${truck}` };
      return [{ key: `load ${id}`, name: 'load.start', spout: id, args: { ...args, ...washed } }];
    }
    return [];
  }

  #kgIn(bin: string): number {
    const device = this.#running.controller.mill.deviceById.get(bin);
    const level = this.#running.last(`${bin}.LevelPct`);
    if (device?.type !== 'bin' || typeof level !== 'number') return 0;
    return (level / 100) * device.settings.capacityKg;
  }
}
