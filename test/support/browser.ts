import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver, type Page } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A headless Chromium: the machine's own, or the one that comes as a package. */
export async function openBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  return driver.launch({
    executablePath: installed ?? (await chromium.executablePath()),
    args: [
      ...(installed === undefined ? chromium.args : []),
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

/**
 * What keeps people out of a page (WCAG, by axe-core): rule and first element. Needs `bypassCSP`.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    // A symbol of the drawing is named in words; what is drawn in it are figures and short marks.
    const rules = { 'label-content-name-mismatch': { enabled: false } };
    const { violations } = await axe.run({ rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}
