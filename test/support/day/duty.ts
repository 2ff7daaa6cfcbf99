/**
 * Goal: the engineer on duty as a model: does what the screen asks for, some time after it asks,
 * and every action is counted.
 */
import type { CommandName } from '../../../plc/link/contract.ts';
import type { Mill } from '../../../plc/mill/definition.ts';
import type { Order } from '../../../plc/model/order.ts';
import type { Reason } from '../../../plc/model/reason.ts';
import type { FinishedBinStatus } from '../../../plc/model/status.ts';
import { STOCK_ID } from '../../../plc/model/stock.ts';
import { fillByHand } from '../../../simulators/process/index.ts';
import type { VirtualMill } from '../virtual-mill.ts';
import { LoadOutDuty } from './load-out.ts';

/** From the alarm to the hand on the button, ms. */
const REACTION_MS = 45_000;
/** The same is not done again before, ms. */
const AGAIN_MS = 60_000;
/** A person brings so much at a time to a bin that is filled by hand, kg: a big bag. */
const CARRIED_KG = 1_000;
/** A bin that is filled by hand is filled below this and up to that, %. */
const HAND_START_PCT = 30;
const HAND_STOP_PCT = 85;
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
  /** The orders that the mill has got, by number. */
  readonly planned = new Map<string, Order>();
  readonly #running: VirtualMill;
  readonly #startMs: number;
  readonly #handFilled: readonly string[];
  readonly #seenMs = new Map<string, number>();
  readonly #doneMs = new Map<string, number>();
  readonly #loadOut: LoadOutDuty;

  constructor(running: VirtualMill) {
    this.#running = running;
    this.#startMs = running.utcMs;
    this.#handFilled = handFilledBins(running.controller.mill);
    this.#loadOut = new LoadOutDuty(running);
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
  #asked(): Map<string, Act> {
    return new Map([
      ...this.#askedByAlarms(),
      ...this.#askedByDocuments(),
      ...this.#askedByBins(),
      ...this.#askedByLoadOut(),
    ]);
  }

  #askedByAlarms(): Map<string, Act> {
    const asked = new Map<string, Act>();
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
    return asked;
  }

  #askedByDocuments(): Map<string, Act> {
    const asked = new Map<string, Act>();
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
    return asked;
  }

  #askedByBins(): Map<string, Act> {
    const asked = new Map<string, Act>();
    for (const bin of this.#handFilled) {
      const level = this.#running.last(`${bin}.LevelPct`);
      if (typeof level !== 'number' || level > HAND_START_PCT) continue;
      asked.set(`refill ${bin}`, () => this.#refill(bin));
    }
    for (const { bin, state, content } of this.#finishedBins()) {
      // Quality releases medicated feed once its lot is complete, and a bin is cleaned of it.
      if (state === 'Hold') asked.set(`release ${bin}`, () => this.command('bin.release', bin));
      else if (state === 'Dirty') asked.set(`clean ${bin}`, () => this.command('bin.cleaned', bin));
      else if (state === 'Filling' && (content?.nature?.drugClass ?? 'none') !== 'none') {
        if (this.#isReleased(bin)) continue;
        asked.set(`release ${bin}`, () => this.command('bin.release', bin));
      }
    }
    return asked;
  }

  #isReleased(bin: string): boolean {
    return this.#finishedBins().some((one) => one.bin === bin && one.released);
  }

  #finishedBins(): readonly FinishedBinStatus[] {
    return this.#running.status('bin').filter((one) => one.kind === 'bin');
  }

  /** Bulk feed goes to the trucks below the spouts, compartment by compartment. */
  #askedByLoadOut(): Map<string, Act> {
    const ready = this.#finishedBins().filter(({ content, state, released }) => {
      const order = this.planned.get(content?.orderId ?? '');
      return order?.packaging === 'bulk' && released && LOADS_FROM.includes(state);
    });
    return new Map(
      this.#loadOut
        .asked(ready)
        .map(({ key, name, spout, args }) => [key, () => this.command(name, spout, args)]),
    );
  }

  /** Big bags as many as the bin takes: each is an action, and goes into the book. */
  async #refill(bin: string): Promise<void> {
    const device = this.#running.controller.mill.deviceById.get(bin);
    if (device?.type !== 'bin' || device.settings.material === null) return;
    const { material, capacityKg } = device.settings;
    const { materials } = this.#running.controller.mill;
    const isDrug = materials.some(({ code, drug }) => code === material && drug === true);
    const level = Number(this.#running.last(`${bin}.LevelPct`) ?? HAND_STOP_PCT);
    let leftKg = ((HAND_STOP_PCT - level) / 100) * capacityKg;
    for (; leftKg > 1; leftKg -= CARRIED_KG) {
      const lot = `HAND-${bin}-${this.actions.length}`;
      const sack = { bin, material, lot, kg: Math.round(Math.min(leftKg, CARRIED_KG)) };
      const kg = fillByHand(this.#running.field, sack);
      // Its label says until when it may be used; a drug is brought by two persons.
      const label = `(10)${lot}(17)991231(240)${material}`;
      const more = isDrug ? { label, second: 'kcs' } : { label };
      await this.command('stock.receive', STOCK_ID, { ...sack, kg, ...more });
    }
  }
}

type Act = () => Promise<unknown>;

const LOADS_FROM: readonly string[] = ['Released', 'Emptying'];
const HAND_FILLED: ReadonlySet<string> = new Set(['dosing', 'micro']);

/** Bins for dosing that no route refills by itself. */
function handFilledBins(mill: Mill): string[] {
  const refilled = new Set(mill.refills.map(({ id }) => id));
  return mill.devices
    .filter((one) => one.type === 'bin' && HAND_FILLED.has(one.settings.kind))
    .map(({ id }) => id)
    .filter((id) => !refilled.has(id));
}
