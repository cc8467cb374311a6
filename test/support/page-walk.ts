/** Goes through a page as people do: with the Tab key, with large letters, on a narrow window, with spaced text, without movement. */

import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Language } from '../../src/base/index.ts';
import type { Reader, Readers } from './pages.ts';
import { signedIn, type Story } from './story.ts';
import { enlargeText, findClipped, findForeignWords, findMovement, findOverflow, findRefusal, findStructure, spaceText, type Walk, watchFocus } from './page-probes.ts';

/** No page asks for more presses; a page on which the focus goes in a circle ends here. */
const PRESSES_MAX = 3000;
const PRESSES_AT_ONCE = 40;
/** WCAG 2.4.13 and 1.4.11. */
const MARK_PX_MIN = 2;
const MARK_CONTRAST_MIN = 3;
/** 1280 px at 400 % and at 200 %. */
const REFLOW = { width: 320, height: 256 };
const ZOOMED = { width: 640, height: 450 };
const WIDE = { width: 1280, height: 900 };

/** A window of the operator, who sees every page, reading in one language. */
export async function openWindow(browser: Browser, story: Story, origin: string, language: Language, options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light', extraHTTPHeaders: signedIn(story), ...options });
  await context.addCookies([{ name: 'mizan_language', value: language, url: origin }]);
  return context;
}

/** A window of one reader. */
export async function openWindowOf(browser: Browser, readers: Readers, reader: Reader, origin: string, language: Language): Promise<BrowserContext> {
  const { cookie, ...headers } = readers.get(reader) ?? {};
  // What a browser sends by itself it sends here too.
  const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light', extraHTTPHeaders: reader === 'operator' ? headers : {} });
  await context.addCookies([{ name: 'mizan_language', value: language, url: origin }]);
  const [name = '', value = ''] = cookie?.split('=') ?? [];
  if (name !== '') await context.addCookies([{ name, value, url: origin }]);
  return context;
}

/** Presses Tab from the top of the page until the focus leaves it. Answers what is wrong, and how many stops there were. */
export async function walkByKeyboard(page: Page): Promise<{ readonly faults: readonly string[]; readonly stops: number }> {
  await page.evaluate(watchFocus);
  const keys = await page.context().newCDPSession(page);
  const tab = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  const press = async (): Promise<void> => {
    await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...tab });
    await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...tab });
  };
  const expected = await page.evaluate<number>('document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]").length');
  // The first press comes alone: until it the page has no focus.
  await press();
  const wanted = Math.min(PRESSES_MAX, expected + PRESSES_AT_ONCE);
  for (let pressed = 0; pressed < wanted; pressed += PRESSES_AT_ONCE) {
    await Promise.all(Array.from({ length: PRESSES_AT_ONCE }, press));
    if (await page.evaluate<boolean>('mizanWalked()')) break;
  }
  const walk = await page.evaluate<Walk>('mizanWalk()');
  await keys.detach();
  return { faults: faultsOf(walk), stops: walk.stops.length };
}

function faultsOf({ stops, expected }: Walk): readonly string[] {
  const faults: string[] = [];
  // After the last element the browser begins again at the first: one round counts.
  const again = stops.findIndex((stop, at) => at > 0 && stop.index === 0);
  const round = again === -1 ? stops : stops.slice(0, again);
  const reached = new Set(round.map((stop) => stop.index));
  const missed = expected.filter((_, index) => !reached.has(index));
  if (missed.length > 0) faults.push(`${missed.length} of ${expected.length} not reached by Tab: ${missed.slice(0, 3).join(', ')}`);
  let before: Walk['stops'][number] | undefined;
  let last = -1;
  for (const stop of round) {
    if (stop.index >= 0 && stop.index < last) faults.push(`focus goes back to ${stop.what}`);
    if (stop.index >= 0) last = stop.index;
    // Back to an earlier line is only right in the next column.
    if (before !== undefined && stop.bottom <= before.top && stop.left < before.right - 1) faults.push(`focus jumps up from ${before.what} to ${stop.what}`);
    if (stop.markPx < MARK_PX_MIN || stop.markContrast < MARK_CONTRAST_MIN) faults.push(`focus is hard to see (${stop.markPx} px, contrast ${stop.markContrast.toFixed(1)}): ${stop.what}`);
    if (stop.outlinePx < MARK_PX_MIN) faults.push(`no outline of focus in forced colours: ${stop.what}`);
    if (stop.hidden) faults.push(`focus is covered: ${stop.what}`);
    before = stop;
  }
  return faults;
}

/** The first stop leads past the header, and it can be seen there. */
export async function followSkipLink(page: Page): Promise<readonly string[]> {
  await page.evaluate('(document.activeElement?.blur(), scrollTo(0, 0), document.querySelector(".skip-link")?.focus())');
  const faults: string[] = [];
  const box = await page.locator('.skip-link').boundingBox();
  if (box === null || box.x < 0 || box.y < 0) faults.push('the skip link cannot be seen when it has the focus');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const at = await page.evaluate<string>('(() => { const one = document.activeElement; return one === document.body ? "" : one.closest("main") !== null ? "main" : document.querySelector("main").compareDocumentPosition(one) & 4 ? "after" : one.outerHTML.slice(0, 100); })()');
  const isEmpty = await page.evaluate<boolean>('document.querySelector("main a[href], main button, main input, main select, main textarea, main summary, main [tabindex=\'0\']") === null');
  if (at !== 'main' && !(isEmpty && at !== 'main')) faults.push(`after the skip link Tab goes to ${at}`);
  return faults;
}

/** 200 % and 400 % zoom, letters twice as large, spaced text: nothing scrolls sideways but tables in frames of their own, nothing is cut. */
export async function readLarge(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  const tell = (what: string, found: readonly string[]): void => void faults.push(...found.slice(0, 4).map((one) => `${what}: ${one}`));
  for (const [what, size] of [['400 %', REFLOW], ['200 %', ZOOMED]] as const) {
    await page.setViewportSize(size);
    tell(what, await page.evaluate(findOverflow));
    tell(what, (await page.evaluate(findClipped)).map((one) => `cut: ${one}`));
  }
  await page.evaluate(spaceText);
  tell('spaced, 200 %', await page.evaluate(findOverflow));
  tell('spaced, 200 %', (await page.evaluate(findClipped)).map((one) => `cut: ${one}`));
  await page.setViewportSize(REFLOW);
  tell('spaced, 400 %', await page.evaluate(findOverflow));
  await page.setViewportSize(WIDE);
  tell('spaced', (await page.evaluate(findClipped)).map((one) => `cut: ${one}`));
  await page.evaluate('document.adoptedStyleSheets = []');
  await page.evaluate(enlargeText);
  tell('letters 200 %', await page.evaluate(findOverflow));
  tell('letters 200 %', (await page.evaluate(findClipped)).map((one) => `cut: ${one}`));
  await page.evaluate('document.adoptedStyleSheets = []');
  return faults;
}

/** Structure, language of parts, and stillness for those who asked for it. */
export async function readStructure(page: Page, language: Language, names: readonly string[]): Promise<readonly string[]> {
  return [...(await page.evaluate(findStructure)), ...(await page.evaluate(findForeignWords, { language, names })), ...(await page.evaluate(findMovement)).map((one) => `moves: ${one}`)];
}

const ERROR_WORDS: { readonly [L in Language]: string } = { az: 'Səhv:', en: 'Error:', ru: 'Ошибка:' };

/** Sends an empty form to `address`, as the page `from` would, and reads the page that refuses it; undefined when there is none (obeyed, or a file). */
export async function readRefusal(page: Page, story: Story, { address, from }: { readonly address: string; readonly from: string }, language: Language): Promise<readonly string[] | undefined> {
  await page.route(address, (route) => route.continue({ method: 'POST', postData: '', headers: { ...route.request().headers(), 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' } }));
  const answer = await page.goto(address, { referer: from }).catch(() => null);
  await page.unroute(address);
  if (answer === null || answer.status() < 400 || !(answer.headers()['content-type'] ?? '').startsWith('text/html')) return undefined;
  const faults: string[] = [];
  if (answer.status() >= 500) faults.push(`answers ${answer.status()}`);
  // The focus moves when the page is drawn.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  if (answer.status() !== 404 && !(await page.title()).startsWith(ERROR_WORDS[language])) faults.push(`title “${await page.title()}” does not say that something is wrong`);
  faults.push(...(await page.evaluate(findRefusal)));
  // The page in another language is one that can be asked for.
  const others = await page.locator('.language-switch a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  for (const other of others) {
    const { pathname, search } = new URL(other);
    const asked = await story.get(pathname + search, { accept: 'text/html' });
    // What is not there is not there in any language.
    const isSame = asked.status === answer.status() && answer.status() < 422;
    if ((asked.status !== 200 && !isSame) || !String(asked.headers['content-type']).startsWith('text/html')) faults.push(`the language switch leads to ${pathname}, which answers ${asked.status}`);
  }
  return faults;
}
