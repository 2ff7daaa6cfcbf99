// Goal: a person makes feed. From the browser, an order of 1.5 t broiler finisher runs from silo to
// bags; what the database says is what physically happened, and the day's report says the same.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vi } from '../../hmi/src/i18n/vi.ts';
import { expectAccountsAgree, type LedgerView } from '../support/accounts.ts';
import { accessibilityFaults, openBrowser } from '../support/browser.ts';
import { Operator } from '../support/operator.ts';
import { untilOrder } from '../support/orders.ts';
import { root } from '../support/sources.ts';
import { Stack } from '../support/stack.ts';
import { stepByStep } from '../support/steps.ts';
import { until } from '../support/until.ts';
import type { ProductionReport } from '../support/views.ts';

// At twice this a busy machine answers later than drives and scales of a real mill ever would.
const SPEED = 10;
const ORDER_WITHIN_MS = 540_000;
const PICTURES = join(root, 'test-results');

describe('an order, from the browser', () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let before: LedgerView;
  let orderId: string;
  let operator: Operator | null = null;

  stepByStep();
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    stack = await Stack.start(SPEED, { signIn: false });
    before = await stack.simulator<LedgerView>('/ledger');
    browser = await openBrowser();
    page = await browser.newPage({
      viewport: { width: 1920, height: 1080 },
      locale: 'vi-VN',
      bypassCSP: true,
    });
  });
  afterAll(async () => {
    await operator?.stop();
    await browser?.close();
    await stack?.stop();
  });

  async function picture(name: string): Promise<void> {
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  test('the first sign-in asks for a password of one’s own', async () => {
    const oneTime = stack.oneTimePassword();
    await page.goto(stack.url);
    await page.getByLabel(vi['signIn.user']).fill(stack.user);
    await page.getByLabel(vi['signIn.password']).fill(oneTime);
    await page.getByRole('button', { name: vi['signIn.submit'] }).click();
    await page.getByLabel(vi['password.current']).fill(oneTime);
    await page.getByLabel(vi['password.next']).fill(stack.password);
    await page.getByLabel(vi['password.again']).fill(stack.password);
    await page.getByRole('button', { name: vi['password.submit'] }).click();
    await page.getByRole('link', { name: vi['nav.line'], exact: true }).waitFor();
    await stack.signIn(stack.user, stack.password);
  });

  test('the overview shows every device of the mill', async () => {
    await page.getByRole('link', { name: vi['nav.overview'], exact: true }).click();
    await page.locator('[data-device="MX601"]').first().waitFor();
    expect(await page.locator('svg [data-device]').count()).toBeGreaterThan(70);
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('overview');
  });

  test('an order is submitted and runs', async () => {
    await page.getByRole('link', { name: vi['nav.line'], exact: true }).click();
    await page.getByLabel(vi['line.formula']).selectOption('BROILER-FIN');
    await page.getByLabel(vi['line.tonnes']).fill('1,5');
    await page.getByLabel(vi['line.batchKg'], { exact: true }).fill('500');
    await page
      .getByRole('combobox', { name: new RegExp(`^${vi['line.destination']}`) })
      .selectOption('FB901');
    await page.getByRole('button', { name: vi['line.submit'] }).click();
    const card = page.locator('article.order[data-state="Running"]');
    await card.waitFor({ timeout: 30_000 });
    orderId = (await card.getAttribute('data-order')) ?? '';
    expect(orderId).not.toBe('');
    operator = new Operator(stack);
    operator.start();
    await picture('order');
  });

  test('the packing display counts its bags while they are filled', async () => {
    await page.getByRole('link', { name: vi['nav.packing'], exact: true }).click();
    await page.getByRole('link', { name: orderId, exact: true }).waitFor({
      timeout: ORDER_WITHIN_MS,
    });
    await page.getByText(/^[1-9]\d? \/ 60 bao$/).waitFor({ timeout: 120_000 });
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('packing');
  });

  test('it becomes 60 bags; doses, bins, bags and losses agree', async () => {
    const order = await untilOrder(stack, orderId, 'Complete', ORDER_WITHIN_MS, operator);
    await picture('complete');
    expect(order.batches.map((batch) => batch.state)).toEqual(['Complete', 'Complete', 'Complete']);
    expect(order.batches.map((batch) => batch.doses.length)).toEqual([10, 10, 10]);
    expect(order.bags).toBeGreaterThanOrEqual(57);
    await expectAccountsAgree(stack, order, before);
  });

  test('the day’s report says the same tonnes as the bags, on screen and as CSV', async () => {
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
    const sixHoursAgo = new Date(Date.now() - 6 * 3_600_000);
    const path = `/api/reports/production?day=${day.format(sixHoursAgo)}`;
    const ledger = await stack.simulator<LedgerView>('/ledger');
    const report = await until('the report', async () => {
      const one = await stack.get<ProductionReport>(path);
      return one.totals.bags === ledger.bags.count ? one : null;
    });
    const order = await untilOrder(stack, orderId, 'Complete', 10_000);
    expect(report.totals.baggedT * 1_000).toBeCloseTo(order.producedKg, 1);
    expect(report.totals.batches).toBe(3);
    await page.getByRole('link', { name: vi['nav.report'], exact: true }).click();
    await page.getByText(vi['report.products']).waitFor();
    await picture('report');
    const csv = await fetch(`${stack.url}${path.replace('?', '.csv?')}`, {
      headers: { cookie: stack.cookie },
    });
    expect(csv.status).toBe(200);
    expect(await csv.text()).toContain('BROILER-FIN');
  });
});
