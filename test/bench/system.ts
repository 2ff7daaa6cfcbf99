import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { Operator } from '../support/operator.ts';
import { submitBroilerFinisher } from '../support/orders.ts';
import { root } from '../support/sources.ts';
import { type ProcessName, Stack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import type { TagView } from '../support/views.ts';
import { percentile, type Row } from './report.ts';

const WARM_UP_MS = 10_000;
const WATCH_MS = 20_000;

/** What a page saw: delays from the field's and the controller's time stamp to the page, ms. */
interface Seen {
  readonly changes: number;
  readonly fromSourceMs: number[];
  readonly fromControllerMs: number[];
}

/** Buckets of a Prometheus histogram: upper bound and cumulative count. */
function buckets(metrics: string, name: string): { le: number; count: number }[] {
  return [...metrics.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\d+)`, 'gm'))].map(
    ([, le, count]) => ({
      le: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
      count: Number(count),
    }),
  );
}

/** The bucket in which a share of what was counted between two readings lies: an upper bound. */
function histogramPercentile(before: string, after: string, name: string, share: number): number {
  const was = new Map(buckets(before, name).map(({ le, count }) => [le, count]));
  const counts = buckets(after, name).map(({ le, count }) => ({
    le,
    count: count - (was.get(le) ?? 0),
  }));
  const all = counts.at(-1)?.count ?? 0;
  return counts.find(({ count }) => count >= all * share)?.le ?? 0;
}

async function metrics(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024;
}

/** CPU seconds a process has used. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A page with a socket of its own, signed in, that decodes frames as the HMI does. */
async function preparePage(stack: Stack, browser: Browser): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true });
  const [name = '', value = ''] = stack.cookie.split('=');
  await context.addCookies([{ name, value, url: stack.url }]);
  const page = await context.newPage();
  await page.goto(stack.url);
  const client = join(root, 'node_modules/socket.io-client/dist/socket.io.min.js');
  await page.addScriptTag({ path: client });
  const source = readFileSync(join(root, 'server/contract/live-frame.ts'), 'utf8');
  const script = `${stripTypeScriptTypes(source)}\nwindow.decodeLiveFrame = decodeLiveFrame;`;
  await page.addScriptTag({ content: script, type: 'module' });
  await page.waitForFunction(() => 'decodeLiveFrame' in globalThis);
  return page;
}

/** Subscribes to all tags at the highest rate and watches for a while. */
function watch(page: Page, tags: readonly string[], forMs: number): Promise<Seen> {
  return page.evaluate(
    async ({ tags, forMs }) => {
      const { io, decodeLiveFrame } = globalThis as unknown as {
        io: typeof import('socket.io-client').io;
        decodeLiveFrame: typeof import('../../server/contract/live-frame.ts').decodeLiveFrame;
      };
      const seen = { changes: 0, fromSourceMs: [] as number[], fromControllerMs: [] as number[] };
      const socket = io('/live', { transports: ['websocket'], forceNew: true });
      await new Promise<void>((resolve, reject) => {
        socket.once('connect_error', reject);
        socket.once('connect', () =>
          socket.emit('subscribe', { tags, ratePerS: 20 }, () => resolve()),
        );
      });
      socket.on('frame', (bytes: ArrayBuffer) => {
        const nowMs = Date.now();
        for (const change of decodeLiveFrame(new Uint8Array(bytes)).changes) {
          seen.changes += 1;
          seen.fromSourceMs.push(nowMs - change.sourceTimeMs);
          seen.fromControllerMs.push(nowMs - change.receivedTimeMs);
        }
      });
      await new Promise((done) => setTimeout(done, forMs));
      socket.disconnect();
      return seen;
    },
    { tags, forMs },
  );
}

async function measure(stack: Stack, page: Page, speed: number): Promise<Row[]> {
  const names = ['simulator', 'plc', 'server'] as const satisfies readonly ProcessName[];
  const tags = (await stack.get<TagView[]>('/api/tags')).map(({ tag }) => tag);
  const before = await metrics(stack.plcUrl);
  const cpu = names.map((name) => cpuSeconds(stack.pid(name)));
  const seen = await watch(page, tags, WATCH_MS);
  const after = await metrics(stack.plcUrl);
  const at = `speed ${speed}`;
  const late = (share: number) => histogramPercentile(before, after, 'plc_scan_late_ms', share);
  return [
    { what: `${at}: scan lateness p50, at most`, value: late(0.5), unit: 'ms' },
    { what: `${at}: scan lateness p99, at most`, value: late(0.99), unit: 'ms' },
    {
      what: `${at}: controller to browser p50`,
      value: percentile(seen.fromControllerMs, 0.5),
      unit: 'ms',
    },
    {
      what: `${at}: controller to browser p99`,
      value: percentile(seen.fromControllerMs, 0.99),
      unit: 'ms',
    },
    { what: `${at}: field to browser p50`, value: percentile(seen.fromSourceMs, 0.5), unit: 'ms' },
    { what: `${at}: field to browser p99`, value: percentile(seen.fromSourceMs, 0.99), unit: 'ms' },
    {
      what: `${at}: changes to one browser`,
      value: seen.changes / (WATCH_MS / 1_000),
      unit: '1/s',
    },
    ...names.flatMap((name, index): Row[] => [
      { what: `${at}: ${name}, resident memory`, value: residentMb(stack.pid(name)), unit: 'MB' },
      {
        what: `${at}: ${name}, of one core`,
        value: (100 * (cpuSeconds(stack.pid(name)) - (cpu[index] ?? 0))) / (WATCH_MS / 1_000),
        unit: '%',
      },
    ]),
  ];
}

/** The whole system making broiler finisher, at the plant's speed and at twenty times. */
export async function systemBench(): Promise<Row[]> {
  const browser = await openBrowser();
  const rows: Row[] = [];
  try {
    for (const speed of [1, 20]) {
      const stack = await Stack.start(speed);
      const operator = new Operator(stack);
      try {
        const page = await preparePage(stack, browser);
        await submitBroilerFinisher(stack);
        operator.start();
        const startMs = Date.now();
        await until('the end of the warm-up', () => Date.now() - startMs > WARM_UP_MS);
        rows.push(...(await measure(stack, page, speed)));
      } finally {
        await operator.stop();
        await stack.stop();
      }
    }
  } finally {
    await browser.close();
  }
  return rows;
}
