import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const CUT = `[...document.querySelectorAll('main *')].filter((element) => {
  const { right, left, width } = element.getBoundingClientRect();
  return width > 1 && (right > innerWidth + 1 || left < -1);
}).map(({ outerHTML }) => outerHTML.slice(0, 200))`;
const SMALL = `[...document.querySelectorAll('button, input:not([type=hidden], [type=checkbox]), select, textarea, summary, nav a, .button')].filter((element) => {
  const { height, width } = element.getBoundingClientRect();
  return width > 0 && height < 43.5;
}).map(({ outerHTML }) => outerHTML.slice(0, 200))`;

/** What colours can break. A theme changes colours and nothing else, and those are the same at every width. */
const OF_COLOURS = `{ runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }`;

/** At each width nothing of the page is cut, nothing too small to press, and axe finds nothing; nor in the other theme. */
export async function checkPage(page: Page, name: string): Promise<void> {
  // Put in by the debugger: the page's own policy lets nobody add a script.
  await page.evaluate(axe.source);
  for (const [colorScheme, width] of [
    ['light', 768],
    ['light', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    const where = `${name} ${colorScheme} ${width}`;
    expect([where, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([where, width]);
    expect([where, await page.evaluate(CUT)]).toEqual([where, []]);
    expect([where, await page.evaluate(SMALL)]).toEqual([where, []]);
    const rules = colorScheme === 'light' ? '{}' : OF_COLOURS;
    const { violations } = (await page.evaluate(`axe.run(document, ${rules})`)) as AxeResults;
    expect([where, violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])]).toEqual([
      where,
      [],
    ]);
  }
}
