/** Goal: the faults of a day, drawn from a seed: what fails in a mill, as often as it does. */
import type { DeviceTypeName, Mill } from '../../../plc/mill/definition.ts';
import { type Chance, uniform } from '../../../simulators/process/chance.ts';
import type { VirtualMill } from '../virtual-mill.ts';
import { draw } from './plan.ts';

/** What fails, on what, for how long (s), and how often of a hundred. */
interface Kind {
  readonly fault: string;
  readonly types: readonly DeviceTypeName[] | 'connection';
  readonly forS: number;
  readonly weight: number;
}

const KINDS: readonly Kind[] = [
  { fault: 'trip', types: ['motor', 'conveyor', 'elevator', 'feeder'], forS: 20, weight: 25 },
  { fault: 'stuck', types: ['gate', 'diverter'], forS: 90, weight: 20 },
  { fault: 'bridged', types: ['bin'], forS: 180, weight: 15 },
  { fault: 'blocked', types: ['bagger'], forS: 90, weight: 12 },
  { fault: 'feedback-lost', types: ['motor', 'conveyor', 'feeder'], forS: 15, weight: 8 },
  { fault: 'belt-drift', types: ['elevator'], forS: 60, weight: 5 },
  { fault: 'choke', types: ['press'], forS: 30, weight: 5 },
  { fault: 'local', types: ['motor', 'conveyor'], forS: 60, weight: 5 },
  { fault: 'server-down', types: 'connection', forS: 30, weight: 3 },
  { fault: 'e-stop', types: ['safety'], forS: 60, weight: 2 },
];

export interface InjectedFault {
  readonly atMs: number;
  readonly fault: string;
  readonly place: string;
}

/** Puts faults on a mill at times and places that follow from the seed. */
export class FaultsOfTheDay {
  readonly injected: InjectedFault[] = [];
  readonly #mill: Mill;
  readonly #chance: Chance;
  readonly #perHour: number;
  #nextMs = 0;

  constructor(mill: Mill, seed: number, perHour: number) {
    this.#mill = mill;
    this.#chance = { seed: seed ^ 0x5eed };
    this.#perHour = perHour;
    this.#nextMs = this.#waitMs();
  }

  /** Puts on what is due by `nowMs` of the day. */
  pass(running: VirtualMill, nowMs: number): void {
    while (nowMs >= this.#nextMs) {
      this.#nextMs += this.#waitMs();
      this.#inject(running, nowMs);
    }
  }

  /** Times between failures that do not know of each other. */
  #waitMs(): number {
    if (this.#perHour <= 0) return Number.POSITIVE_INFINITY;
    return (-Math.log(1 - uniform(this.#chance)) * 3_600_000) / this.#perHour;
  }

  #inject(running: VirtualMill, atMs: number): void {
    const { fault, types, forS } = this.#drawKind();
    const isLink = types === 'connection';
    const places = isLink
      ? this.#mill.connections
      : this.#mill.devices.filter((one) => types.includes(one.type));
    if (places.length === 0) return;
    const place = draw<{ readonly id: string }>(places, this.#chance).id;
    running.core.setFault({ fault, forS, ...(isLink ? { connection: place } : { device: place }) });
    this.injected.push({ atMs, fault, place });
  }

  #drawKind(): Kind {
    const all = KINDS.reduce((sum, { weight }) => sum + weight, 0);
    let left = uniform(this.#chance) * all;
    const drawn = KINDS.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return drawn ?? draw(KINDS, this.#chance);
  }
}
