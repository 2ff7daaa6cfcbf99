/**
 * Goal: database, server and controller of a mill that makes feed are killed with SIGKILL, one or
 * two at once, at random and as often as wanted; then everything stored is recounted against what
 * the simulated field wrote down itself.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PoolHandle } from '../../../server/db/pool-handle.ts';
import type { Chance } from '../../../simulators/process/chance.ts';
import { uniform } from '../../../simulators/process/chance.ts';
import type { OrderDetail } from '../accounts.ts';
import hardyPilot from '../hardy-pilot.ts';
import { Operator } from '../operator.ts';
import { unusual } from '../orders.ts';
import { root } from '../sources.ts';
import { Stack } from '../stack.ts';
import { until } from '../until.ts';
import type { OrderView } from '../views.ts';
import type { RecordCount } from './recount-records.ts';
import { recountRecords } from './recount-records.ts';
import type { SampleCount } from './recount-samples.ts';
import { recountSamples } from './recount-samples.ts';
import { readTruth } from './truth.ts';

/** For the processes, which read the mill by themselves. */
const HARDY_PILOT = join(root, 'test/support/hardy-pilot.ts');

/** What is killed together. */
const VICTIMS = [
  ['database'],
  ['server'],
  ['plc'],
  ['database', 'server'],
  ['database', 'plc'],
  ['server', 'plc'],
] as const;
type Victim = (typeof VICTIMS)[number][number];

export interface KillRound {
  readonly victims: readonly Victim[];
  /** How long it ran before, and how long until all was ready again where that was awaited, ms. */
  readonly ranMs: number;
  readonly backMs: number | null;
}

export interface KillPlan {
  readonly rounds: number;
  readonly seed: number;
  /**
   * Each of so many rounds begins with a mill that makes feed; those between strike whatever is
   * there, also amid a start or a recovery.
   */
  readonly wellEvery?: number;
  readonly say?: (line: string) => void;
}

export interface ProcessKillReport {
  readonly rounds: readonly KillRound[];
  readonly samples: SampleCount;
  readonly records: RecordCount;
  /** All that was lost, doubled or made up, in words. */
  readonly faults: readonly string[];
}

/** Higher ones make drives late on a busy machine, and the mill then waits for its engineer. */
const SPEED = 4;
const RUN_MS = { least: 1_000, most: 6_000 };
const DEAD_MS_MAX = 3_000;
const TAIL_MS = 10_000;
const ENDED = ['Complete', 'Stopped', 'Aborted'];
const READY_WITHIN_MS = 180_000;
/** The doses of the last order may take this long after the last kill. */
const FINISH_WITHIN_MS = 600_000;
const BATCHES = 2;
const ITEMS = 10;

/** Sees to it that the mill always has something to make, until it is told to let it end. */
class Foreman {
  readonly #stack: Stack;
  #last = false;
  #gone = false;
  #working: Promise<void> | null = null;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  start(): void {
    this.#working ??= this.#work();
  }

  /** Goes home at once. */
  async stop(): Promise<void> {
    this.#gone = true;
    await this.#working;
  }

  /** No more orders; resolves when all doses of the last one are made and stored. */
  async finish(): Promise<void> {
    this.#last = true;
    await this.#working;
  }

  /** Small orders, so that many doses, batches and bags are made and the last one ends soon. */
  async #submit(): Promise<void> {
    const order = { formula: 'BROILER-FIN', orderKg: 400, batchKg: 200, line: 'LINE1' };
    const wanted = { ...order, destination: 'FB901', packaging: 'bags', bagKg: 25, start: true };
    await this.#stack.call('POST', '/api/orders', wanted);
  }

  async #start({ orderId, line }: OrderView): Promise<void> {
    const request = { commandId: crypto.randomUUID(), name: 'order.start', target: line };
    await this.#stack.call('POST', '/api/commands', { ...request, args: { orderId } });
  }

  /** Whether doses of the newest order are still to come; true while nobody can say. */
  async #isDosing(): Promise<boolean> {
    const { status, body } = await this.#stack.call<OrderView[]>('GET', '/api/orders');
    if (status !== 200) return true;
    const newest = body.toSorted((a, b) => a.orderId.localeCompare(b.orderId)).at(-1);
    if (newest === undefined || ENDED.includes(newest.state)) return false;
    // After a restart of the controller a queue does not begin by itself.
    if (newest.state === 'Queued') await this.#start(newest);
    const path = `/api/orders/${encodeURIComponent(newest.orderId)}`;
    const detail = await this.#stack.call<OrderDetail>('GET', path);
    if (detail.status !== 200) return true;
    return detail.body.batches.flatMap(({ doses }) => doses).length < BATCHES * ITEMS;
  }

  async #work(): Promise<void> {
    while (!this.#gone) {
      try {
        const isDosing = await this.#isDosing();
        if (!isDosing && this.#last) return;
        if (!isDosing) await this.#submit();
      } catch (error) {
        // Killed in mid-answer: asked again.
        if (!(error instanceof TypeError)) throw error;
      }
      await pause(1_000);
    }
  }
}

/** Waits until an order runs: with load on every process, and something to lose. */
async function makesFeed(stack: Stack, operator: Operator): Promise<void> {
  await until(
    'an order that runs',
    async () => {
      const { status, body } = await stack.call<OrderView[]>('GET', '/api/orders');
      return status === 200 && body.some(({ state }) => state === 'Running');
    },
    {
      ...{ withinMs: READY_WITHIN_MS, everyMs: 500 },
      last: async () =>
        [
          await unusual(stack),
          `why: ${JSON.stringify(await stack.get('/api/why/LINE1'))}`,
          ...[operator.told(), stack.logTail('server'), stack.logTail('plc')],
        ].join('\n'),
    },
  );
}

/** Kills it if it runs: it may still be on its way up from the round before. */
function killDatabaseOf(stack: Stack): void {
  const pid = stack.databasePid();
  try {
    if (pid !== null) process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function killOnce(stack: Stack, victims: readonly Victim[], chance: Chance): Promise<void> {
  await Promise.all(
    victims.map(async (victim) => {
      if (victim === 'database') killDatabaseOf(stack);
      else await stack.kill(victim);
    }),
  );
  for (const victim of victims) {
    await pause(uniform(chance) * DEAD_MS_MAX);
    // The server starts its database again by itself.
    if (victim !== 'database') stack.launch(victim);
  }
}

async function within<T>(ms: number, work: Promise<T>, why: () => Promise<string>): Promise<T> {
  const late = pause(ms, null, { ref: false });
  const first = await Promise.race([work.then((value) => ({ value })), late]);
  if (first === null) throw new Error(await why());
  return first.value;
}

async function spoolIsEmpty(stack: Stack): Promise<boolean> {
  const answer = await fetch(`${stack.plcUrl}/metrics`);
  return /^plc_spool_rows 0$/m.test(await answer.text());
}

/** Compares what a database holds with a field's journal. */
export async function recount(
  databaseUrl: string,
  journalFile: string,
): Promise<Omit<ProcessKillReport, 'rounds'>> {
  const { tags } = hardyPilot;
  const db = new PoolHandle({ connectionsMax: 2, statementTimeoutMs: 120_000 }, () => {});
  db.open(databaseUrl);
  try {
    const truth = await readTruth(journalFile);
    // The last seconds are still on their way.
    const samples = await recountSamples(db, tags, truth, truth.toMs - TAIL_MS);
    const records = await recountRecords(db, truth);
    const faults = [...samples.faults, ...records.faults];
    return { samples, records, faults };
  } finally {
    await db.close();
  }
}

/**
 * Kills so many times and recounts. `say` is told of each round as it ends. The seed gives victims
 * and waits; what exactly is under way then is the machine's affair, so a round can be repeated but
 * not replayed to the millisecond.
 */
export async function killProcesses({
  rounds,
  seed,
  wellEvery = 1,
  say = () => {},
}: KillPlan): Promise<ProcessKillReport> {
  const chance: Chance = { seed };
  const stack = await Stack.start(SPEED, { journal: true, mill: HARDY_PILOT });
  const operator = new Operator(stack);
  const foreman = new Foreman(stack);
  const done: KillRound[] = [];
  try {
    foreman.start();
    operator.start();
    for (let round = 0; round < rounds; round += 1) {
      if (round % wellEvery === 0) await makesFeed(stack, operator);
      const ranMs = RUN_MS.least + uniform(chance) * (RUN_MS.most - RUN_MS.least);
      await pause(ranMs);
      // Each in turn, shifted by chance: all are killed about equally often.
      const shift = Math.floor(uniform(chance) * 2);
      const victims = VICTIMS[(round + shift) % VICTIMS.length] ?? VICTIMS[0];
      const killedMs = Date.now();
      await killOnce(stack, victims, chance);
      const isWaited = (round + 1) % wellEvery === 0 || round === rounds - 1;
      if (isWaited) await stack.ready(READY_WITHIN_MS);
      const backMs = isWaited ? Date.now() - killedMs : null;
      done.push({ victims, ranMs, backMs });
      const took = backMs === null ? '' : `: all ready after ${(backMs / 1000).toFixed(1)} s`;
      say(`${round + 1}/${rounds} ${victims.join(' and ')}${took}`);
    }
    say('the last doses are made');
    await within(FINISH_WITHIN_MS, foreman.finish(), async () => {
      return `the last doses were not made${operator.told()}\n${await unusual(stack)}`;
    });
    await operator.stop();
    await until('an empty spool', () => spoolIsEmpty(stack), { withinMs: 60_000 });
    return { rounds: done, ...(await recount(stack.databaseUrl(), stack.journalFile)) };
  } finally {
    await Promise.all([foreman.stop(), operator.stop()]);
    await stack.stop();
  }
}
