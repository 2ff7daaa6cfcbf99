// Goal: in a mill of a thousand devices everyone finds his way: the whole mill on one screen, from
// there any device in three clicks, along the product to the next section, or by its name.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vi } from '../../hmi/src/i18n/vi.ts';
import type { MillView } from '../../server/contract/rest.ts';
import { accessibilityFaults, openBrowser } from '../support/browser.ts';
import { root } from '../support/sources.ts';
import { Stack } from '../support/stack.ts';
import { stepByStep } from '../support/steps.ts';

const PICTURES = join(root, 'test-results');
const DRAWN_WITHIN_MS = 10_000;

describe('the displays of the reference mill', () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let mill: MillView;

  stepByStep();
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    stack = await Stack.start(1, { mill: 'reference' });
    mill = await stack.get<MillView>('/api/mill');
    browser = await openBrowser();
    page = await browser.newPage({
      viewport: { width: 1920, height: 1080 },
      locale: 'vi-VN',
      bypassCSP: true,
    });
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  const faceplate = () => page.getByRole('dialog');
  const section = (id: string) => page.locator(`[data-display="${id}"]`);

  /** The display and the device to look for: the first press of the mill. */
  function press(): { device: string; display: string } {
    const device = mill.devices.find((one) => one.type === 'press');
    const display = mill.displays.find((one) => one.areas.includes(device?.area ?? ''));
    return { device: device?.id ?? '', display: display?.id ?? '' };
  }

  test('level 1 shows every section on one screen, with no need to scroll', async () => {
    await page.goto(stack.url);
    await page.getByLabel(vi['signIn.user']).fill(stack.user);
    await page.getByLabel(vi['signIn.password']).fill(stack.password);
    await page.getByRole('button', { name: vi['signIn.submit'] }).click();
    await section(press().display).waitFor({ timeout: DRAWN_WITHIN_MS });
    expect(await page.locator('[data-display]').count()).toBe(mill.displays.length);
    const bottoms = await page
      .locator('[data-display]')
      .evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().bottom));
    expect(Math.max(...bottoms)).toBeLessThanOrEqual(1_080);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.screenshot({ path: join(PICTURES, 'sections.png') });
  });

  test('two clicks lead from the mill to a device', async () => {
    const { device, display } = press();
    await section(display).getByRole('link').click();
    const symbol = page.locator(`svg [data-device="${device}"]`);
    await symbol.waitFor({ timeout: DRAWN_WITHIN_MS });
    const drawn = await page.locator('svg [data-device]').count();
    const areas = mill.displays.find((one) => one.id === display)?.areas ?? [];
    expect(drawn).toBe(mill.devices.filter((one) => areas.includes(one.area)).length);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.screenshot({ path: join(PICTURES, 'section.png') });
    await symbol.click();
    await faceplate().getByText(device).first().waitFor();
    await faceplate().getByRole('button', { name: vi['app.close'] }).click();
  });

  test('a connector leads on to the section that the product comes from', async () => {
    const connector = page.locator('svg [data-connector]').first();
    const next = await connector.getAttribute('data-connector');
    await connector.click();
    await page.waitForURL(`**/display/${next}`);
    await page.locator('svg [data-device]').first().waitFor({ timeout: DRAWN_WITHIN_MS });
  });

  test('the search opens a faceplate by number, and by a name without its marks', async () => {
    const box = page.getByRole('combobox', { name: vi['search.label'] });
    await box.fill(press().device.toLowerCase());
    await box.press('Enter');
    await faceplate().getByText(press().device).first().waitFor();
    await box.fill('may tron');
    const first = page.getByRole('option').first();
    await first.waitFor();
    const found = (await first.textContent()) ?? '';
    await first.click();
    await faceplate()
      .getByText(found.split(' ')[0] ?? '')
      .first()
      .waitFor();
  });

  test('on a phone the sections are a list, and so is each of them', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(stack.url);
    await section(press().display).getByRole('link').click();
    await page.locator('.device-row').first().waitFor({ timeout: DRAWN_WITHIN_MS });
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
