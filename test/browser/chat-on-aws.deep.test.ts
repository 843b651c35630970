import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPage } from '../support/console/check-page.ts';
import { hasBrowser, openBrowser } from '../support/open-browser.ts';
import { type ChatCloud, startChatOnAws } from '../support/start-chat-on-aws.ts';
import { until } from '../support/start-cloud.ts';

const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>';
/** What only c-2077's row holds. */
const OTHER_BALANCE = /1567\.55/;
const TOKEN = /eyJ[\w-]{20}/;

let cloud: ChatCloud;
let browser: Browser;
const said: string[] = [];

/** A browser of its own, where whatever ran that should not have is remembered, and every address it went to. */
async function openContext(
  options: { javaScriptEnabled?: boolean } = {},
): Promise<{ context: BrowserContext; page: Page; addresses: string[] }> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  context.setDefaultTimeout(30_000);
  const addresses: string[] = [];
  context.on('request', (request) => addresses.push(request.url()));
  context.on('page', (page) => {
    page.on('dialog', (dialog) => said.push(dialog.message()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('console', (line) => {
      if (/Content Security Policy|TrustedHTML/.test(line.text())) said.push(line.text());
    });
    page.on('websocket', (socket) => addresses.push(socket.url()));
  });
  return { context, page: await context.newPage(), addresses };
}
async function signIn(page: Page, customer: string): Promise<void> {
  await page.goto(cloud.pages);
  await page.getByRole('button', { name: customer, exact: true }).click();
  await page.waitForURL(cloud.pages);
}
async function say(page: Page, message: string): Promise<void> {
  await page.getByLabel('Your message').fill(message);
  await page.getByRole('button', { name: 'Send' }).click();
}
const cardsOf = (page: Page): Promise<string[]> =>
  page.locator('#log .card').evaluateAll((cards) => cards.map((card) => card.textContent ?? ''));
const isIdle = (page: Page) => page.locator('#say button.first:enabled').waitFor();

describe.skipIf(!hasBrowser)('the support chat as it is on AWS, on a phone', () => {
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([startChatOnAws(), openBrowser()]);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await cloud?.close();
  });

  test('signs in, is denied, granted for one’s own rows, used; talked round it reads no other’s; then it expires', async () => {
    const { context, page, addresses } = await openContext();
    await page.clock.install();
    await signIn(page, 'c-1042');
    await page.getByText('offline-support-rules: a few rules, no language model').waitFor();
    await page.getByRole('button', { name: 'My balance' }).click();
    await page.getByText('balance 1250.4').waitFor();
    const [denied, granted, used] = await cardsOf(page);
    expect(denied).toMatch(/^Denied GetItem on bank_balances.*c-1042.*IAM refuses it/s);
    expect(granted).toMatch(/^Granted Asks the broker.*GetItem, Query.*c-1042, and nobody else/s);
    expect(used).toMatch(/^Used GetItem on bank_balances.*1 row/s);
    await isIdle(page);
    await page.getByRole('button', { name: 'Talk it round' }).click();
    await page.getByText('I have no access to the balance of c-2077').waitFor();
    await isIdle(page);
    expect((await cardsOf(page))[4]).toMatch(/^Granted.*c-1042, and nobody else/s);
    expect(await page.content()).not.toMatch(OTHER_BALANCE);

    // The token was in no address, and is nowhere now.
    expect(addresses.filter((address) => /^ws/.test(address))).toHaveLength(1);
    expect(addresses.filter((address) => TOKEN.test(address))).toEqual([]);
    const stored = await page.evaluate<string>(
      'JSON.stringify([localStorage, sessionStorage, document.cookie])',
    );
    expect([stored, await page.content()].join('\n')).not.toMatch(TOKEN);

    await page.clock.fastForward('20:00');
    await page.locator('.badge', { hasText: 'Expired' }).first().waitFor();
    expect(await page.locator('.badge', { hasText: 'Granted' }).count()).toBe(0);
    await context.close();
  });

  test('at each width and in each theme nothing is cut, and axe finds nothing', async () => {
    const { context, page } = await openContext();
    await signIn(page, 'c-2077');
    await checkPage(page, 'the chat on AWS, empty');
    await page.getByRole('button', { name: 'My ticket' }).click();
    await page.locator('#log .agent').waitFor();
    await isIdle(page);
    await checkPage(page, 'the chat on AWS, after an answer');
    await context.close();
  });

  test('what is written is text, whoever writes it', async () => {
    const { context, page } = await openContext();
    await signIn(page, 'c-3111');
    await say(page, `My balance, please. ${HOSTILE}`);
    await page.locator('#log .agent').waitFor();
    expect(await page.locator('#log .customer').innerText()).toContain(HOSTILE);
    await context.close();
  });

  test('a page that goes takes its conversation along; one that comes back begins another', async () => {
    const { context, page } = await openContext();
    await signIn(page, 'c-1042');
    await say(page, 'Remember the green umbrella.');
    await page.locator('#log .agent').waitFor();
    await isIdle(page);
    const stored = async () =>
      JSON.stringify((await cloud.database.send(new ScanCommand({ TableName: 'postern_chats' }))).Items);
    expect(await stored()).toContain('green umbrella');
    await page.reload();
    await until(stored, (rows) => !rows.includes('green umbrella'));
    expect(await cardsOf(page)).toEqual([]);
    await say(page, 'Hello?');
    await page.locator('#log .agent').waitFor();
    await context.close();
  });

  test('a sign-in that is over says nothing, and what was typed is still there', async () => {
    const { context, page } = await openContext();
    await signIn(page, 'c-1042');
    await context.clearCookies();
    await say(page, 'My balance?');
    await page.getByText('Your sign-in has ended').waitFor();
    expect(await page.getByLabel('Your message').inputValue()).toBe('My balance?');
    await page.getByRole('link', { name: 'Sign in again' }).waitFor();
    await context.close();
  });

  test('another site’s page is given no token, whoever is signed in', async () => {
    const { context, page } = await openContext();
    await signIn(page, 'c-1042');
    const place = `${new URL(cloud.pages).origin}/chat/token`;
    for (const headers of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await context.request.post(place, { form: { csrf: 'guessed' }, headers });
      expect([answer.status(), TOKEN.test(await answer.text())]).toEqual([403, false]);
    }
    const own = await context.request.post(place, {
      form: { csrf: 'guessed' },
      headers: { origin: new URL(cloud.pages).origin },
    });
    expect([own.status(), TOKEN.test(await own.text())]).toEqual([403, false]);
    expect((await context.request.get(place)).status()).toBe(404);
    await context.close();
  });

  test('without scripts it says that it needs them', async () => {
    const { context, page } = await openContext({ javaScriptEnabled: false });
    await signIn(page, 'c-1042');
    expect(await page.getByRole('alert').innerText()).toContain('This chat needs scripts');
    await context.close();
  });

  test('nothing ran that should not have', () => expect(said).toEqual([]));
});
