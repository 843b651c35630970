import { mkdirSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { keyOf, makeApiCaller, subjectTokenOf } from '../demo/call-api.ts';
import { bootSandbox } from '../sandbox/boot.ts';

/** Takes the pictures of docs/images from a sandbox of its own. CHROMIUM_PATH says where the browser is. */

const FOLDER = 'docs/images';
const DESKTOP = { width: 1100, height: 820 };
const PHONE = { width: 390, height: 844 };

/** A page of the console, signed in as one of the demo's people. */
async function signedIn(
  browser: Browser,
  console: string,
  who: string,
  viewport: typeof DESKTOP,
): Promise<Page> {
  const page = await browser.newPage({ viewport, deviceScaleFactor: 1.5 });
  await page.goto(`${console}/sign-in`);
  await page.getByRole('button', { name: who, exact: true }).click();
  await page.waitForURL(`${console}/`);
  return page;
}

const sandbox = await bootSandbox({ chatPort: 0 });
const { urls, access, slack } = sandbox;
if (!slack) throw new Error("the pictures are of the sandbox's own Slack");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  mkdirSync(FOLDER, { recursive: true });
  const agent = makeApiCaller(urls.api, keyOf(access, 'customer_support_agent'));
  const subjectToken = await subjectTokenOf(access, 'c-1042');
  await agent('POST', '/credentials', {
    reason: 'The customer on the line asks for the balance of their account.',
    subjectToken,
  });
  const { body } = await agent('POST', '/requests?wait=20', {
    reason: 'Correct the double charge in ticket 881: the balance of the customer on the line.',
    subjectToken,
  });
  const corrected = String(body.requestId);
  const employee = makeApiCaller(urls.api, keyOf(access, 'employee1'));
  const { body: waiting } = await employee('POST', '/requests?wait=20', {
    reason: 'Look up the customer profile for the case at hand: a card that was lost.',
  });
  const requestId = String(waiting.requestId);

  const page = await browser.newPage({ viewport: DESKTOP });
  await page.goto(`${urls.slack}?as=U0APPROVER1`);
  await page.locator('article', { hasText: corrected }).waitFor();
  await page.locator('article', { hasText: corrected }).screenshot({ path: `${FOLDER}/slack-message.png` });
  await page.getByRole('button', { name: 'Narrow…' }).first().click();
  await page.getByRole('dialog').waitFor();
  await page.screenshot({ path: `${FOLDER}/slack-narrow.png` });
  await page.getByRole('button', { name: 'Close' }).click();

  const shoot = async (who: string, path: string, name: string, viewport = DESKTOP) => {
    const shown = await signedIn(browser, urls.console, who, viewport);
    await shown.goto(`${urls.console}${path}`);
    await shown.screenshot({ path: `${FOLDER}/${name}.png` });
    await shown.close();
  };
  await shoot('analyst1', '/ask', 'console-ask');
  await shoot('employee1', `/requests/${requestId}`, 'console-request');
  await shoot('approver1', `/approvals/${requestId}`, 'console-card', { ...PHONE, height: 1240 });
  await shoot('auditor1', '/audit?verify=yes', 'console-audit');
  await shoot('auditor1', '/access', 'console-access');
  const generate = await signedIn(browser, urls.console, 'analyst1', PHONE);
  await generate.goto(`${urls.console}/generate`);
  await generate
    .getByLabel('What is to be done')
    .fill('Let a Lambda function read the table orders and send to the queue jobs.');
  await generate.getByRole('button', { name: 'Make the policy' }).click();
  await generate.getByRole('button', { name: 'Go on' }).waitFor();
  await generate.screenshot({ path: `${FOLDER}/console-generate.png` });
  await generate.close();

  const chat = await browser.newPage({ viewport: PHONE, deviceScaleFactor: 1.5 });
  await chat.goto(urls.chat ?? '');
  await chat.getByRole('button', { name: 'c-1042', exact: true }).click();
  await chat.getByRole('button', { name: 'My balance' }).click();
  await chat.locator('.turn.agent').waitFor();
  await chat.locator('time[data-until]', { hasText: 'in 15 minutes' }).waitFor();
  await chat.evaluate('scrollTo(0, 0)');
  await chat.screenshot({ path: `${FOLDER}/chat.png` });
} finally {
  await browser.close();
  await sandbox.close();
}
