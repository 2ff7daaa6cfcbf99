/**
 * Goal: rounds of outages on several lines at once, with what must hold for all of them: lines that
 * were not disturbed stay good, no good value is old, and nothing piles up in the controller.
 */
import type { WriteResult } from '../../../plc/drivers/driver.ts';
import { until } from '../until.ts';
import type { OutagePlan, OutageResult } from './outage.ts';
import { runOutage, STALE_LIMIT_MS } from './outage.ts';
import type { Stand } from './stand.ts';
import type { Resources } from './told.ts';

/** The controller looks once a scan. */
const SCAN_MS = 100;
/** Sockets of lost sessions must be gone this long after all is well, ms. */
const LET_GO_MS = 25_000;
/** Timers of a living session come and go. */
const TIMERS_SLACK_PER_LINE = 1;

export interface Batch {
  readonly results: readonly OutageResult[];
  readonly faults: readonly string[];
  readonly resources: Resources;
}

/** Numbers of what is open, by what a leak would show. */
export function openOf({ handles, clockTimers }: Resources) {
  const count = (kind: RegExp) =>
    Object.entries(handles).reduce((sum, [name, n]) => (kind.test(name) ? sum + n : sum), 0);
  return {
    sockets: count(/TCP/),
    timers: count(/Timeout|Immediate/),
    others: count(/^(?!.*(TCP|Timeout|Immediate))/),
    clockTimers,
  };
}

/** Runs the outages all at once; then waits until the controller holds no more than `base`. */
export async function runBatch(
  stand: Stand,
  plans: readonly OutagePlan[],
  base: Resources,
): Promise<Batch> {
  const beganMs = Date.now();
  await stand.plc.ask('oldestGood', null);
  const written = new WrittenLog(stand);
  let results: OutageResult[];
  try {
    results = await Promise.all(plans.map((plan) => runOutage(stand, plan, written.of)));
  } finally {
    await written.stop();
  }
  const oldestGood = await stand.plc.ask('oldestGood', null);
  const wavered = wavering(stand, results, beganMs);
  const { resources, leaks } = await settled(stand, base);
  const faults = [
    ...results.flatMap((one) => one.faults.map((fault) => `${one.line} ${one.kind}: ${fault}`)),
    ...wavered,
    ...oldValues(oldestGood, resources.scanLateMs),
    ...stand.faults.splice(0).map((text) => `not caught: ${text}`),
  ];
  return { results, faults: [...faults, ...leaks], resources };
}

/** The results of writes, fetched from the controller's end as they come. */
class WrittenLog {
  readonly #results: WriteResult[] = [];
  readonly #stand: Stand;
  readonly #timer: NodeJS.Timeout;

  constructor(stand: Stand) {
    this.#stand = stand;
    this.#timer = setInterval(() => void this.#fetch(), 200);
  }

  readonly of = (tag: string): readonly WriteResult[] =>
    this.#results.filter((one) => one.tag === tag);

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#fetch();
  }

  async #fetch(): Promise<void> {
    this.#results.push(...(await this.#stand.plc.ask('results', null)));
  }
}

/** Groups that were not good at a time when nothing disturbed them. */
function wavering(stand: Stand, results: readonly OutageResult[], fromMs: number): string[] {
  return stand.lines.flatMap((line) =>
    line.groups.flatMap(({ id }) => {
      const hit = results.find((one) => one.groups.includes(id));
      return stand
        .changesOf(id)
        .filter(({ atMs, state }) => atMs >= fromMs && state !== 'all')
        .filter(
          ({ atMs }) => hit === undefined || atMs < hit.beganMs || atMs > hit.endedMs + SCAN_MS,
        )
        .map(({ state }) => `${id} was good of ${state} of its tags though nothing disturbed it`);
    }),
  );
}

/** A machine too busy to scan in time adds so much to an age; no driver can help that. */
function oldValues(oldestGood: Readonly<Record<string, number>>, scanLateMs: number): string[] {
  return Object.entries(oldestGood)
    .filter(([, ageMs]) => ageMs > STALE_LIMIT_MS + SCAN_MS + scanLateMs)
    .map(([group, ageMs]) => `${group} showed a value ${ageMs} ms old as good`);
}

/** Waits until the controller's end holds no more than it did at the beginning. */
async function settled(
  stand: Stand,
  base: Resources,
): Promise<{ resources: Resources; leaks: string[] }> {
  const slack = TIMERS_SLACK_PER_LINE * stand.lines.length;
  let resources = await stand.plc.ask('resources', null);
  const { scanLateMs } = resources;
  const isSettled = async (): Promise<boolean> => {
    resources = await stand.plc.ask('resources', null);
    const [now, then] = [openOf(resources), openOf(base)];
    return (
      now.sockets <= then.sockets &&
      now.others <= then.others &&
      now.timers <= then.timers + slack &&
      now.clockTimers <= then.clockTimers + slack
    );
  };
  try {
    await until('no handle too many', isSettled, { withinMs: LET_GO_MS, everyMs: 500 });
    return { resources: { ...resources, scanLateMs }, leaks: [] };
  } catch {
    const text = `${JSON.stringify(openOf(base))} became ${JSON.stringify(openOf(resources))}`;
    return { resources: { ...resources, scanLateMs }, leaks: [`handles are left over: ${text}`] };
  }
}
