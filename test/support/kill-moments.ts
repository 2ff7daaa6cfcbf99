/**
 * Goal: kills the controller at chosen moments of an order on the pilot mill and starts another on
 * the same store and the same field, as often as wanted; tells what was found after each.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order } from '../../plc/model/order.ts';
import type { BatchRecord, DoseRecord, OrderRecord, SpoolRecord } from '../../plc/model/record.ts';
import { orderOf } from './finisher-order.ts';
import hardyPilot from './hardy-pilot.ts';
import { VirtualMill } from './virtual-mill.ts';

/** What was wrong after a kill; an empty list is what is wanted. */
export interface KillReport {
  readonly kills: number;
  readonly states: readonly string[];
  readonly faults: readonly string[];
}

const STEP_MS = 1_000;
/** An order must be at its end within this, process ms. */
const ORDER_LIMIT_MS = 4 * 3_600_000;
const DEAD_MS_MAX = 15_000;

function ofKind<K extends SpoolRecord['kind']>(records: readonly SpoolRecord[], kind: K) {
  return records.filter((one): one is Extract<SpoolRecord, { kind: K }> => one.kind === kind);
}

/** The engineer on duty: accepts what is out of tolerance, lets a dose without flow go on. */
async function attend(mill: VirtualMill): Promise<void> {
  for (const { alarmId, state } of mill.controller.alarms) {
    const [device = '', alarm] = alarmId.split('.');
    if (!state.includes('Active')) continue;
    if (alarm === 'Fault') await mill.command('device.reset', device);
    if (alarm !== 'DoseDeviation' && alarm !== 'NoFlow') continue;
    const decision = alarm === 'NoFlow' ? 'retry' : 'accept';
    await mill.command('dose.decide', device, { scale: device, decision });
  }
}

class Killing {
  readonly states: string[] = [];
  readonly faults: string[] = [];
  kills = 0;
  readonly #file: string;
  readonly #chance: () => number;
  readonly #behindMs: number;
  #mill: VirtualMill;

  /** `behindMs`: the disk may miss as much of what happened before a kill. */
  constructor(mill: VirtualMill, chance: () => number, file: string, behindMs: number) {
    this.#mill = mill;
    this.#behindMs = behindMs;
    this.#chance = chance;
    this.#file = file;
  }

  get mill(): VirtualMill {
    return this.#mill;
  }

  /** The store as it is on the disk now. */
  #keep(): { path: string; bytes: Buffer }[] {
    const paths = ['', '-wal', '-shm'].map((end) => `${this.#file}${end}`);
    return paths.filter(existsSync).map((path) => ({ path, bytes: readFileSync(path) }));
  }

  async #orderNow(orderId: string): Promise<OrderRecord | undefined> {
    return ofKind(await this.#mill.records(), 'order')
      .filter((one) => one.order.orderId === orderId)
      .at(-1);
  }

  /** Kill, a while of nobody, a new controller: the order must be Held, nothing may move. */
  async #kill(order: Order): Promise<void> {
    const before = this.#mill;
    const behindMs = 100 * Math.floor((this.#chance() * this.#behindMs) / 100);
    const kept = behindMs === 0 ? [] : this.#keep();
    await before.runFor(behindMs);
    await before.die();
    for (const { path, bytes } of kept) writeFileSync(path, bytes);
    before.fieldAlone(1_000 + Math.floor(this.#chance() * DEAD_MS_MAX));
    const file = this.#file;
    const { field, utcMs: startMs } = before;
    this.#mill = await VirtualMill.start({ mill: hardyPilot, file, field, startMs });
    await this.#mill.runFor(2_000);
    this.kills += 1;
    const state = (await this.#orderNow(order.orderId))?.state ?? 'none';
    this.states.push(state);
    if (state !== 'Held') this.faults.push(`kill ${this.kills}: the order is ${state}, not Held`);
    const moving = this.#mill.controller.mill.devices.filter(
      ({ id }) =>
        /^(DF|MF|LP|G5|G6)/.test(id) &&
        (this.#mill.output(`${id}.Cmd`) === true || this.#mill.output(`${id}.OpenCmd`) === true),
    );
    for (const { id } of moving) this.faults.push(`kill ${this.kills}: ${id} moves`);
    const { orderId } = order;
    const answer = await this.#mill.command('order.resume', order.line, { orderId });
    if (!answer.accepted) this.faults.push(`kill ${this.kills}: resume ${JSON.stringify(answer)}`);
  }

  /** Makes one order; killed whenever the time for it has come while a batch is under way. */
  async make(order: Order, killEveryMs: number, killsMax: number): Promise<void> {
    const { orderId, line } = order;
    await this.#mill.command('order.submit', line, { order });
    await this.#mill.command('order.start', line, { orderId });
    const endMs = this.#mill.utcMs + ORDER_LIMIT_MS;
    let killAtMs = this.#mill.utcMs + this.#chance() * killEveryMs;
    while (this.#mill.utcMs < endMs) {
      await this.#mill.runFor(STEP_MS);
      await attend(this.#mill);
      const now = await this.#orderNow(orderId);
      if (now?.state === 'Complete') break;
      if (now?.state === 'Held') await this.#mill.command('order.resume', line, { orderId });
      const batches = ofKind(await this.#mill.records(), 'batch');
      const done = batches.filter((one) => one.orderId === orderId && one.state === 'Complete');
      const making = done.length < (now?.batchesPlanned ?? 0);
      if (making && this.#mill.utcMs >= killAtMs && this.kills < killsMax) {
        // Not on a round second: anywhere in a scan's life.
        await this.#mill.runFor(100 * Math.floor(this.#chance() * 10));
        await this.#kill(order);
        killAtMs = this.#mill.utcMs + this.#chance() * killEveryMs;
      }
    }
    await this.#check(order);
  }

  /** Every dose once, and all that left the bins for this order in its batches. */
  async #check(order: Order): Promise<void> {
    const { orderId } = order;
    const records = await this.#mill.records();
    const last = await this.#orderNow(orderId);
    const where = `order ${orderId}`;
    if (last?.state !== 'Complete') {
      const status = JSON.stringify(this.#mill.status('line'));
      this.faults.push(`${where}: ends ${last?.state}: ${status}`);
      return;
    }
    const own = (one: { batchId: string }) => one.batchId.startsWith(`${orderId}/`);
    const doses: DoseRecord[] = ofKind(records, 'dose').filter(own);
    if (new Set(doses.map((one) => one.doseId)).size !== doses.length) {
      this.faults.push(`${where}: a dose is recorded twice`);
    }
    const wanted = order.items.length * last.batchesPlanned;
    if (doses.length !== wanted) this.faults.push(`${where}: ${doses.length} doses of ${wanted}`);
    const sum = doses.reduce((kg, one) => kg + one.actualKg, 0);
    if (Math.abs(last.dosedKg - sum) > 1e-6) this.faults.push(`${where}: total ${last.dosedKg}`);
    const batches: BatchRecord[] = ofKind(records, 'batch').filter(
      (one) => own(one) && one.state === 'Complete',
    );
    for (const batch of batches) {
      const inIt = doses.filter((one) => one.batchId === batch.batchId);
      const kg = inIt.reduce((all, one) => all + one.actualKg, 0);
      if (Math.abs(kg - batch.actualKg) > 1e-6) {
        this.faults.push(`${batch.batchId}: ${batch.actualKg} kg, its doses ${kg} kg`);
      }
    }
  }
}

/** Chance from a seed (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const BATCHES = 4;
const BATCH_KG = 200;
const KILL_EVERY_MS = 150_000;

/** Between two kills at most so long; and how far behind the disk may be at a kill, ms. */
interface KillTimes {
  readonly everyMs?: number;
  readonly behindMs?: number;
}

/**
 * Mash orders one after the other, the controller killed at random moments of their batches until
 * so many kills are done; compares the doses with what left the bins of the simulated mill.
 */
export async function killAtRandom(
  kills: number,
  seed: number,
  { everyMs = KILL_EVERY_MS, behindMs = 0 }: KillTimes = {},
): Promise<KillReport> {
  const chance = chanceOf(seed);
  const folder = mkdtempSync(join(tmpdir(), 'mill-kills-'));
  const file = join(folder, 'spool.sqlite');
  const first = await VirtualMill.start({ mill: hardyPilot, seed, file });
  const killing = new Killing(first, chance, file, behindMs);
  for (let number = 1; killing.kills < kills && killing.faults.length === 0; number++) {
    const order = await orderOf('BROILER-FIN', {
      ...{ orderId: `K-${number}`, orderKg: BATCHES * BATCH_KG, batchKg: BATCH_KG },
      // Bagging empties the bin of one lot before the next one may come into it.
      ...{ line: 'LINE1', destination: number % 2 === 1 ? 'FB901' : 'FB902' },
    });
    const mash = { ...order.procedure, pelleted: false, conditionerC: null };
    await killing.make({ ...order, procedure: mash }, everyMs, kills);
  }
  const doses = ofKind(await killing.mill.records(), 'dose');
  const { bins } = killing.mill.ledger();
  // Of a dose that the disk has missed only the field knows.
  const known = behindMs === 0 ? doses : [];
  for (const bin of new Set(known.map((one) => one.bin))) {
    const own = doses.filter((one) => one.bin === bin);
    const weighed = own.reduce((kg, one) => kg + one.actualKg, 0);
    const left = bins[bin]?.outKg ?? 0;
    // Each dose is weighed to its scale's division; what hangs in the air counts once.
    if (Math.abs(weighed - left) > 0.001 * left + 0.06 * own.length) {
      killing.faults.push(`${bin}: ${left} kg left it, ${weighed} kg were weighed`);
    }
  }
  await killing.mill.stop();
  rmSync(folder, { recursive: true, force: true });
  return { kills: killing.kills, states: killing.states, faults: killing.faults };
}
