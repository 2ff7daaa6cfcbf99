/**
 * Goal: the engineer on duty as a model: does what the screen asks for, some time after it asks,
 * and every action is counted.
 */
import type { CommandName } from '../../../plc/link/contract.ts';
import type { Mill } from '../../../plc/mill/definition.ts';
import type { Reason } from '../../../plc/model/reason.ts';
import { fillByHand } from '../../../simulators/process/index.ts';
import type { VirtualMill } from '../virtual-mill.ts';

/** From the alarm to the hand on the button, ms. */
const REACTION_MS = 45_000;
/** The same is not done again before, ms. */
const AGAIN_MS = 60_000;
/** A person brings so much at a time to a bin that is filled by hand, kg. */
const CARRIED_KG = 1_000;
/** Refusals that are kept. */
const REFUSALS_MAX = 100;

export interface Action {
  readonly atMs: number;
  readonly name: string;
  readonly target: string;
}

export interface Refusal {
  readonly atMs: number;
  readonly command: string;
  readonly reasons: readonly Reason[];
}

export class EngineerOnDuty {
  readonly actions: Action[] = [];
  readonly refusals: Refusal[] = [];
  readonly #running: VirtualMill;
  readonly #startMs: number;
  readonly #handFilled: readonly string[];
  readonly #seenMs = new Map<string, number>();
  readonly #doneMs = new Map<string, number>();

  constructor(running: VirtualMill) {
    this.#running = running;
    this.#startMs = running.utcMs;
    this.#handFilled = handFilledBins(running.controller.mill);
  }

  /** Looks at the screen once and does what has been asked for long enough. */
  async look(): Promise<void> {
    const asked = this.#asked();
    const now = this.#nowMs;
    for (const key of [...this.#seenMs.keys()]) if (!asked.has(key)) this.#seenMs.delete(key);
    for (const [key, act] of asked) {
      const seenMs = this.#seenMs.get(key) ?? now;
      this.#seenMs.set(key, seenMs);
      const lastMs = this.#doneMs.get(key) ?? Number.NEGATIVE_INFINITY;
      if (now - seenMs < REACTION_MS || now - lastMs < AGAIN_MS) continue;
      this.#doneMs.set(key, now);
      await act();
    }
  }

  /** A command of the engineer; counted when the controller takes it. */
  async command(name: CommandName, target: string, args: object = {}): Promise<boolean> {
    const answer = await this.#running.command(name, target, args);
    const at = { atMs: this.#nowMs };
    if (answer.accepted) this.actions.push({ ...at, name, target });
    else if (this.refusals.length < REFUSALS_MAX) {
      this.refusals.push({ ...at, command: `${name} ${target}`, reasons: answer.reasons });
    }
    return answer.accepted;
  }

  get #nowMs(): number {
    return this.#running.utcMs - this.#startMs;
  }

  /** All that the screen asks for now, by what it is. */
  #asked(): Map<string, () => Promise<unknown>> {
    const asked = new Map<string, () => Promise<unknown>>();
    const active = this.#running.controller.alarms.filter(({ state }) => state.includes('Active'));
    for (const { alarmId } of active) {
      const [owner = '', alarm = ''] = alarmId.split('.');
      const decision = { NoFlow: 'retry', DoseDeviation: 'accept' }[alarm];
      if (decision !== undefined) {
        asked.set(alarmId, () => this.command('dose.decide', owner, { scale: owner, decision }));
      } else if (alarm === 'Fault') {
        asked.set(alarmId, () => this.command('device.reset', owner));
      }
    }
    for (const document of this.#running.controller.documents) {
      if (document.kind === 'route' && document.state === 'Tripped') {
        const { route } = document;
        asked.set(`route ${route}`, () => this.command('route.reset', route));
      } else if (document.kind === 'line') {
        for (const { order, state } of document.orders) {
          const { orderId, line } = order;
          if (state !== 'Held') continue;
          asked.set(`order ${orderId}`, () => this.command('order.resume', line, { orderId }));
        }
      }
    }
    for (const bin of this.#handFilled) {
      if (this.#running.last(`${bin}.Low`) !== true) continue;
      asked.set(`refill ${bin}`, async () => this.#refill(bin));
    }
    return asked;
  }

  #refill(bin: string): void {
    const device = this.#running.controller.mill.deviceById.get(bin);
    const material = device?.type === 'bin' ? device.settings.material : null;
    if (material === null) return;
    const lot = `HAND-${bin}-${this.actions.length}`;
    fillByHand(this.#running.field, { bin, material, lot, kg: CARRIED_KG });
    this.actions.push({ atMs: this.#nowMs, name: 'refill', target: bin });
  }
}

const HAND_FILLED: ReadonlySet<string> = new Set(['dosing', 'micro']);

/** Bins for dosing that no route refills by itself. */
function handFilledBins(mill: Mill): string[] {
  const refilled = new Set(mill.refills.map(({ id }) => id));
  return mill.devices
    .filter((one) => one.type === 'bin' && HAND_FILLED.has(one.settings.kind))
    .map(({ id }) => id)
    .filter((id) => !refilled.has(id));
}
