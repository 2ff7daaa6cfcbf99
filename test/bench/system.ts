import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { Operator } from '../support/operator.ts';
import { submitBroilerFinisher } from '../support/orders.ts';
import { root } from '../support/sources.ts';
import { Stack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import type { TagView } from '../support/views.ts';
import { watchProcesses } from './processes.ts';
import { percentile, type Row } from './report.ts';

const WARM_UP_MS = 10_000;
const WATCH_MS = 20_000;

/** What a page saw: delays from the field's and the controller's time stamp to the page, ms. */
interface Seen {
  readonly changes: number;
  readonly fromSourceMs: number[];
  readonly fromControllerMs: number[];
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
  const tags = (await stack.get<TagView[]>('/api/tags')).map(({ tag }) => tag);
  const at = `speed ${speed}`;
  let seen: Seen = { changes: 0, fromSourceMs: [], fromControllerMs: [] };
  const rows = await watchProcesses(stack, at, async () => {
    seen = await watch(page, tags, WATCH_MS);
  });
  const delay = (what: string, delaysMs: readonly number[], share: number): Row => ({
    what: `${at}: ${what} p${100 * share}`,
    value: percentile(delaysMs, share),
    unit: 'ms',
  });
  return [
    ...rows,
    delay('controller to browser', seen.fromControllerMs, 0.5),
    delay('controller to browser', seen.fromControllerMs, 0.99),
    delay('field to browser', seen.fromSourceMs, 0.5),
    delay('field to browser', seen.fromSourceMs, 0.99),
    {
      what: `${at}: changes to one browser`,
      value: seen.changes / (WATCH_MS / 1_000),
      unit: '1/s',
    },
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
