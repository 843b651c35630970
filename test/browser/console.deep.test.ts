import { QueryCommand } from '@aws-sdk/client-dynamodb';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSession } from '../../demo/use-session.ts';
import { hasBrowser, openBrowser } from '../support/open-browser.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const CHANNEL = '#access-approvals';
const HOSTILE = '<script>alert(1)</script> "quoted" <img src=x onerror=alert(1)>';

let cloud: Cloud;
let slack: SlackOfCloud;
let browser: Browser;
let context: BrowserContext;
let page: Page;

function proposedTo({ principal, change }: Asked): Line {
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    return { text: { ...judged, reason: 'A person should look.' } };
  }
  return principal.id === 'employee1'
    ? proposing('bank_customer_profiles', ['dynamodb:GetItem'])
    : proposing('bank_operational_metrics', ['dynamodb:Query']);
}

describe.skipIf(!hasBrowser)('the console, in a browser', () => {
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([
      startCloud({
        tiers: [
          { name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 600 },
        ],
      }),
      openBrowser(),
    ]);
    slack = slackOf(cloud);
    cloud.reviewer.says(proposedTo);
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await cloud?.close();
  });

  const state = (name: string) => page.locator(`svg.flow g[data-state="${name}"]`);
  const go = (path: string) => page.goto(`${cloud.urls.console}${path}`);

  test('an execution that waits is drawn as waiting; approved, it is drawn as done, by itself', async () => {
    const requestId = await slack.ask('employee1', 'requests', { reason: `The case at hand. ${HOSTILE}` });
    await go('/');
    await page.getByRole('link', { name: requestId }).click();
    await page.getByText('RUNNING, at').waitFor();
    expect(await state('RequestApproval').getAttribute('class')).toBe('now');
    expect(await state('AwaitClaim').getAttribute('class')).toBe('untouched');
    expect(await page.locator('blockquote').first().innerText()).toContain(HOSTILE);
    await slack.click('U0APPROVER1', await slack.message(CHANNEL, requestId), 'approve');
    await slack.ended(requestId);
    // Nobody reloads: the page looks again by itself.
    await state('AwaitClaim').and(page.locator('.now')).waitFor();
    expect(await state('RequestApproval').getAttribute('class')).toBe('done');
    await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {});
    await state('Issued').and(page.locator('.done')).waitFor();
    await page.getByText('approve by approver1').waitFor();
    const text = await page.locator('main').innerText();
    expect(text).not.toMatch(/taskToken": "(?!\(hidden\))/);
  });

  test('a session that is revoked there is denied on its next call, within a second', async () => {
    const { body: asked } = await cloud.as('analyst1')('POST', '/requests?wait=20', {
      reason: 'The weekly report needs the metrics of this week.',
    });
    const { body } = await cloud.as('analyst1')(
      'POST',
      `/requests/${String(asked.requestId)}/credentials`,
      {},
    );
    const session = makeSession(cloud.urls.aws, body);
    const query = () =>
      session.try((client) =>
        client.send(
          new QueryCommand({
            TableName: 'bank_operational_metrics',
            KeyConditionExpression: 'metric = :m',
            ExpressionAttributeValues: { ':m': { S: 'payments_failed' } },
          }),
        ),
      );
    expect(await query()).toBe('works');
    await go('/sessions?as=approver1');
    const row = page.getByRole('row', { name: String(asked.requestId) });
    await row.getByLabel('Why').fill('The report is done.');
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('is revoked: its next call is denied.').waitFor();
    expect(await query()).toBe('AccessDeniedException');
    session.close();
    expect(await page.getByRole('row', { name: String(asked.requestId) }).count()).toBe(0);
  });

  test('the log is searched, verified and exported', async () => {
    await go('/audit');
    await page.getByLabel('Words').fill('issued');
    await page.getByRole('button', { name: 'Search' }).click();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Verify the whole log' }).click();
    await page.getByText('The audit log is as it was written.').waitFor();
    const exported = await (await fetch(`${cloud.urls.console}/audit/export?format=jsonl`)).text();
    expect(
      exported
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)).length,
    ).toBeGreaterThan(1);
  });

  test('a policy that is edited becomes a request for a change, with its diff', async () => {
    await go('/policies');
    await page.getByRole('link', { name: 'analyst1' }).click();
    await page.getByLabel('The whole new text').fill('Analysts read operational metrics, daily.');
    await page.getByLabel('Why').fill('Analysts report daily now.');
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'admin-' }).waitFor();
    await page.getByText('+Analysts read operational metrics, daily.').waitFor();
  });

  test('the list is narrowed by status, principal, resource and time', async () => {
    await go('/?principal=employee1&resource=profiles');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await go('/?principal=employee1&since=2999-01-01T00:00');
    expect(await page.locator('tbody').innerText()).toContain('No request is like this.');
  });

  test.each([
    ["/executions/'%22%3E%3Cscript%3E", 404],
    ['/executions/nobody-01JD3Z9Q2N8K4V6B1C5D7E9F0G', 404],
    ['/policies/%3Cb%3E', 404],
    ["/?status=%27%3E%3Cscript%3Ealert(1)%3C/script%3E&since=never&resource='%22", 200],
    ['/audit?chain=..%2F..&words=%3Cscript%3E', 200],
    ['/audit/export?format=../../etc/passwd', 404],
  ])('hostile: %s', async (path, status) => {
    const response = await go(path);
    expect(response?.status()).toBe(status);
    expect(await page.locator('script:not([src])').count()).toBe(0);
  });

  test('forms of other sites are refused', async () => {
    const response = await fetch(`${cloud.urls.console}/sessions/x/revoke`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'as=admin&reason=because',
    });
    expect(response.status).toBe(403);
  });

  test.each([
    '/',
    'one',
    '/sessions',
    '/access',
    '/audit?verify=yes',
    '/policies',
    '/policies/analyst1',
    '/slack',
    '/webhooks',
  ])('no serious violation of accessibility: %s', async (path) => {
    const { body } = await cloud.as('employee1')('GET', '/requests');
    const [{ requestId = '' } = {}] = body.requests as { requestId: string }[];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await go(path === 'one' ? `/executions/${requestId}` : path);
      // Put in by the debugger: the page's own policy lets nobody add a script.
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<AxeResults>('axe.run()');
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });

  test.each([
    '/',
    'one',
    '/sessions',
    '/access',
    '/audit?verify=yes',
    '/policies',
    '/policies/analyst1',
    '/webhooks',
  ])('nothing is cut off on a phone: %s', async (path) => {
    const { body } = await cloud.as('employee1')('GET', '/requests');
    const [{ requestId = '' } = {}] = body.requests as { requestId: string }[];
    const phone = await context.newPage();
    try {
      await phone.setViewportSize({ width: 390, height: 844 });
      await phone.goto(`${cloud.urls.console}${path === 'one' ? `/executions/${requestId}` : path}`);
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(390);
      const cut = `[...document.querySelectorAll('main .scroll, main table')]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ outerHTML }) => outerHTML)`;
      expect(await phone.evaluate(cut)).toEqual([]);
    } finally {
      await phone.close();
    }
  });
});
