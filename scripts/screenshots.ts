import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { keyOf, makeApiCaller, subjectTokenOf } from '../demo/call-api.ts';
import { bootSandbox } from '../sandbox/boot.ts';

/** Takes the pictures of docs/images from a sandbox of its own. CHROMIUM_PATH says where the browser is. */

const FOLDER = 'docs/images';
const SIZE = { width: 1100, height: 820 };

const sandbox = await bootSandbox();
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
  const requestId = String(body.requestId);
  const page = await browser.newPage({ viewport: SIZE });

  await page.goto(`${urls.slack}?as=U0APPROVER1`);
  await page.locator('article', { hasText: requestId }).waitFor();
  await page.locator('article', { hasText: requestId }).screenshot({ path: `${FOLDER}/slack-message.png` });
  await page.getByRole('button', { name: 'Narrow…' }).click();
  await page.getByRole('dialog').waitFor();
  await page.screenshot({ path: `${FOLDER}/slack-narrow.png` });
  await page.getByRole('button', { name: 'Close' }).click();

  await page.goto(urls.console);
  await page.screenshot({ path: `${FOLDER}/console-executions.png` });
  await page.goto(`${urls.console}/executions/${requestId}`);
  await page.screenshot({ path: `${FOLDER}/console-execution.png`, fullPage: true });
  await page.goto(`${urls.console}/access`);
  await page.screenshot({ path: `${FOLDER}/console-access.png` });
} finally {
  await browser.close();
  await sandbox.close();
}
