import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountOf } from '../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../clients/iam/account/collected-account.ts';
import { reportOf } from '../../clients/iam/audit-report.ts';
import { auditPage } from '../../clients/iam/outputs/html/audit-page.ts';
import { FRAMEWORKS } from '../../policy/compliance/frameworks.ts';
import { hasBrowser, openBrowser } from '../support/open-browser.ts';
import { data } from '../support/policy/check-case.ts';
import { HOSTILE, LARGE } from '../support/policy/large-account.ts';

const TREND = [
  { on: '2026-09-01', score: 12, scores: {} },
  { on: '2026-11-29', score: 0, scores: {} },
];

let browser: Browser;
let page: Page;
const asked: string[] = [];
const said: string[] = [];

describe.skipIf(!hasBrowser)('an audit as a page', () => {
  beforeAll(async () => {
    const account = accountOf(collectedSchema.parse(LARGE), data);
    const framework = FRAMEWORKS.find(({ id }) => id === 'cis-aws-7');
    const text = await auditPage(
      reportOf(account, { breakGlass: [], framework, isSized: true }, data),
      TREND,
    );
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    page.on('dialog', (dialog) => said.push(dialog.message()));
    await page.setContent(text);
  }, 60_000);
  afterAll(async () => await browser?.close());

  test('runs no script, asks nobody, and shows hostile texts as texts', async () => {
    expect(await page.locator('script, img, iframe, link').count()).toBe(0);
    expect(asked.filter((url) => !url.startsWith('about:'))).toEqual([]);
    expect(said).toEqual([]);
    const text = await page.locator('body').innerText();
    expect(text).toContain('<script>alert(1)</script>');
    expect(text).toContain('\\u{202E}');
    expect(text).not.toContain('\u202e');
    expect(HOSTILE).toContain('\u202e');
  });

  test('has its style by the hash that its policy names, and a plot of each thing', async () => {
    const colour = await page.evaluate("getComputedStyle(document.querySelector('rect.critical')).fill");
    expect(colour).toBe('rgb(140, 29, 24)');
    const captions = await page.locator('caption').allInnerTexts();
    expect(captions.map((caption) => caption.split(/[;:]/)[0])).toEqual([
      'Users and roles by score',
      'Findings by severity',
      'Of what is granted',
      'Days since last used',
      'Controls by answer',
      'The gravest that is possible, by service',
    ]);
    expect(await page.locator('svg.trend').getAttribute('aria-label')).toContain(
      'was 12 on 2026-09-01 and is 0',
    );
  });

  test.each([390, 1280])(
    'does not scroll sideways at %d pixels, in light and dark, and axe finds nothing',
    async (width) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        // By the developer's tools, which the page's policy does not stop.
        const found = (await page.evaluate(`${axe.source}; axe.run(document)`)) as AxeResults;
        expect(found.violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
      }
    },
  );
});
