/** A real browser for end-to-end tests: Chromium found on the machine, never downloaded. Tests skip loudly where there is none. */

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** No sandbox: tests open only pages of their own server, often as root in a container. The rest keeps the browser from calling out. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Path of Chromium: the environment's CHROMIUM, else the usual places; undefined when there is none. */
export const chromiumPath: string | undefined = [process.env['CHROMIUM'], ...PLACES].find((path) => path !== undefined && path !== '' && existsSync(path));

if (chromiumPath === undefined) {
  console.warn('\nSKIPPED: browser tests. No Chromium was found; install it or set CHROMIUM to its path.\n');
}

/** Starts the browser; the caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('No Chromium was found; guard the test with `describe.skipIf(chromiumPath === undefined)`.');
  return chromium.launch({ executablePath: chromiumPath, args: ARGUMENTS });
}
