// Goal: wherever an engineer goes, in his language, at his desk or with his phone, the screen is
// whole: nothing fails, nothing runs off to the side, and nobody is kept out.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { en } from '../../hmi/src/i18n/en.ts';
import { vi } from '../../hmi/src/i18n/vi.ts';
import { accessibilityFaults, openBrowser } from '../support/browser.ts';
import { Stack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const PLACES_MIN = 15;
const WITHIN_MS = 15_000;
const LANGUAGES = { vi: { locale: 'vi-VN', words: vi }, en: { locale: 'en-GB', words: en } };
const SIZES = { desk: { width: 1920, height: 1080 }, phone: { width: 390, height: 844 } };
type Language = keyof typeof LANGUAGES;
type Size = keyof typeof SIZES;

describe('every place of the screen', () => {
  let stack: Stack;
  let browser: Browser;

  beforeAll(async () => {
    stack = await Stack.start(1);
  });
  afterAll(async () => {
    await stack?.stop();
  });
  // A browser in a single process ends with its last page, so that each test has one of its own.
  beforeEach(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    await browser?.close();
  });

  async function signedIn(language: Language, size: Size): Promise<Page> {
    const { locale, words } = LANGUAGES[language];
    const page = await browser.newPage({ viewport: SIZES[size], locale, bypassCSP: true });
    await page.goto(stack.url);
    await page.getByRole('button', { name: language.toUpperCase(), exact: true }).click();
    await page.getByLabel(words['signIn.user']).fill(stack.user);
    await page.getByLabel(words['signIn.password']).fill(stack.password);
    await page.getByRole('button', { name: words['signIn.submit'] }).click();
    await page.locator('nav.nav').waitFor({ timeout: WITHIN_MS });
    return page;
  }

  /** The links of the navigation, each with the button that shows it; at a desk all are shown. */
  async function placesOf(page: Page): Promise<{ href: string; group: number | null }[]> {
    const hrefs = () =>
      page.locator('nav.nav a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    const groups = page.locator('nav.nav > button');
    const found = (await hrefs()).map((href) => ({ href: href ?? '', group: null }));
    if (found.length > 0) return found;
    const places: { href: string; group: number }[] = [];
    for (let group = 0; group < (await groups.count()); group += 1) {
      await groups.nth(group).click();
      places.push(...(await hrefs()).map((href) => ({ href: href ?? '', group })));
      await groups.nth(group).click();
    }
    return places;
  }

  /** What runs off to the side: nothing does, for a table that is too wide scrolls by itself. */
  function sideways(page: Page): Promise<string[]> {
    return page.evaluate(() =>
      [...document.querySelectorAll('html, main')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => `${one.tagName} is ${one.scrollWidth} px wide, ${one.clientWidth} are shown`),
    );
  }

  async function faultsOfPlaces(page: Page, loading: string): Promise<string[]> {
    const faults: string[] = [];
    let here = '/';
    page.on('pageerror', (error) => faults.push(`${here}: ${error.message}`));
    const places = await placesOf(page);
    expect(places.length).toBeGreaterThanOrEqual(PLACES_MIN);
    for (const { href, group } of places) {
      here = href;
      if (group !== null) await page.locator('nav.nav > button').nth(group).click();
      await page.locator(`nav.nav a[href="${href}"]`).click();
      await until(`${href} to be drawn`, async () => {
        const drawn = await page.locator('main :is(h1, h2, svg, .device-row)').count();
        return drawn > 0 && (await page.getByText(loading).count()) === 0;
      });
      const found = [...(await sideways(page)), ...(await accessibilityFaults(page))];
      faults.push(...found.map((fault) => `${href}: ${fault}`));
    }
    return faults;
  }

  for (const language of Object.keys(LANGUAGES) as Language[])
    for (const size of Object.keys(SIZES) as Size[])
      test(`is whole in ${language} at the size of a ${size}`, async () => {
        const page = await signedIn(language, size);
        const loading = LANGUAGES[language].words['app.loading'];
        expect(await faultsOfPlaces(page, loading)).toEqual([]);
      });
});
