import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Input, understand } from '../../clients/iam/generate/offline/understand.ts';
import { makeConsole } from '../../console/serve/make-console.ts';
import { REGION } from '../../demo/place.ts';
import { makeSession } from '../../demo/use-session.ts';
import { checkPage } from '../support/console/check-page.ts';
import { signInAs } from '../support/console/sign-in-as.ts';
import { hasBrowser, openBrowser } from '../support/open-browser.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { unusedCodes } from '../support/unused-codes.ts';

const HOSTILE = '<script>alert(1)</script> "quoted" <img src=x onerror=alert(1)>';
const METRICS = 'The weekly report needs the metrics of this week.';

let cloud: Cloud;
let browser: Browser;
const contexts = new Map<string, BrowserContext>();
const said: string[] = [];

function proposedTo(asked: Asked | Input): Line {
  // What the page Generate asks the model.
  if ('prose' in asked) return { text: understand(asked) };
  const { principal, change } = asked;
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    return { text: { ...judged, reason: HOSTILE } };
  }
  return principal.id === 'employee1'
    ? proposing('bank_customer_profiles', ['dynamodb:GetItem', 'dynamodb:Query'], { reason: HOSTILE })
    : proposing('bank_operational_metrics', ['dynamodb:Query']);
}

/** A page of somebody who is signed in, at a width of a phone unless told. */
async function pageOf(who: string, width = 390): Promise<Page> {
  let context = contexts.get(who);
  if (!context) {
    context = await browser.newContext();
    context.setDefaultTimeout(30_000);
    contexts.set(who, context);
    await signInAs(await context.newPage(), cloud.urls.console, who);
  }
  const page = await context.newPage();
  page.on('dialog', (dialog) => said.push(dialog.message()));
  page.on('pageerror', (error) => said.push(error.message));
  await page.setViewportSize({ width, height: 844 });
  return page;
}

const codeOf = unusedCodes(() => cloud.access.stepUp);

const go = (page: Page, path: string) => page.goto(`${cloud.urls.console}${path}`);
const idIn = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1) ?? '';

async function ask(page: Page, reason: string): Promise<string> {
  await go(page, '/ask');
  await page.getByLabel('What do you have to do?').fill(reason);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.waitForURL(/\/requests\//);
  return idIn(page);
}
const statusIs = (who: string, requestId: string, status: string) =>
  until(
    async () => (await cloud.as(who)('GET', `/requests/${requestId}`)).body.status,
    (found) => found === status,
  );

describe.skipIf(!hasBrowser)('the console, in a browser', () => {
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([
      startCloud({
        gatewayPort: 0,
        tiers: [
          { name: 'access-approvers', channel: '#any', approverGroup: 'approvers', timeoutSeconds: 600 },
        ],
      }),
      openBrowser(),
    ]);
    cloud.reviewer.says(proposedTo);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await cloud?.close();
  });

  test('asked, approved with a thumb on a phone, followed live, opened in the AWS console', async () => {
    const employee = await pageOf('employee1', 1280);
    const requestId = await ask(employee, `The case at hand. ${HOSTILE}`);
    await employee.getByText('Waiting for approval').waitFor();
    expect(await employee.locator('blockquote').first().innerText()).toContain(HOSTILE);
    expect(await employee.locator('[data-state=RequestApproval]').getAttribute('class')).toBe('now');

    const approver = await pageOf('approver1');
    await go(approver, '/approvals');
    await approver
      .locator('article', { hasText: 'employee1' })
      .locator(`a[href="/approvals/${requestId}"]`, { hasText: 'Look at it' })
      .click();
    await approver.waitForURL(`**/approvals/${requestId}`);
    const card = approver.getByLabel('What is asked');
    expect(await card.innerText()).toContain(HOSTILE);
    expect(await card.innerText()).toContain('Nothing but bank_customer_profiles');
    const form = approver.getByRole('form', { name: 'Approve', exact: true });
    await form.getByLabel('Code of your authenticator').fill('000000');
    await form.getByRole('button', { name: 'Approve' }).click();
    await approver.getByRole('alert').waitFor();
    await form.getByLabel('Code of your authenticator').fill(codeOf('approver1'));
    await form.getByRole('button', { name: 'Approve' }).click();
    await approver.getByText('Your answer is recorded.').waitFor();

    // Nobody reloads: the page is told.
    await employee.getByText('Ready to claim').waitFor();
    await employee.getByText('approver1 approved it with a code').waitFor();
    await employee.getByRole('button', { name: 'Open the AWS console with it' }).click();
    await employee.getByRole('heading', { name: 'Signed in' }).waitFor();
    await statusIs('employee1', requestId, 'ISSUED');
  });

  test('approved in part; denied with a reason that the requester reads', async () => {
    const employee = await pageOf('employee1');
    const narrowed = await ask(employee, 'Another case at hand, in the branch.');
    const approver = await pageOf('approver1');
    await until(
      async () => (await go(approver, `/approvals/${narrowed}`))?.status(),
      (status) => status === 200,
    );
    await approver.getByText('Approve less').click();
    const less = approver.getByRole('form', { name: 'Approve less' });
    await less.getByLabel('dynamodb:Query').uncheck();
    await less.getByLabel('Code of your authenticator').fill(codeOf('approver1'));
    await less.getByRole('button').click();
    await approver.getByText('Your answer is recorded.').waitFor();
    await statusIs('employee1', narrowed, 'READY');
    const { body } = await cloud.as('employee1')('GET', `/requests/${narrowed}`);
    expect(JSON.stringify(body)).not.toContain('"dynamodb:Query"');

    const denied = await ask(employee, 'A third case at hand, in the branch.');
    await until(
      async () => (await go(approver, `/requests/${denied}`))?.status(),
      (status) => status === 200,
    );
    // A link to the request, as Slack and webhooks have it, opens the card for whoever may answer.
    expect(new URL(approver.url()).pathname).toBe(`/approvals/${denied}`);
    await approver.getByText('Deny', { exact: true }).first().click();
    const deny = approver.getByRole('form', { name: 'Deny' });
    await deny.getByRole('textbox', { name: 'Why' }).fill(`Not today. ${HOSTILE}`);
    await deny.getByLabel('Code of your authenticator').fill(codeOf('approver1'));
    await deny.getByRole('button').click();
    await approver.getByText('Your denial is recorded.').waitFor();
    await employee.locator('.badge', { hasText: 'Denied' }).waitFor();
    await until(
      () => employee.locator('main').innerText(),
      (text) => text.includes(`Not today. ${HOSTILE}`),
    );
  });

  test('a trial says what would happen, and asks nobody', async () => {
    const page = await pageOf('analyst1');
    await go(page, '/ask');
    await page.getByLabel('What do you have to do?').fill(METRICS);
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('heading', { name: 'It would be granted at once.' }).waitFor();
    await page.getByText('The session policy, to the letter').click();
    expect(await page.locator('pre').innerText()).toContain('dynamodb:Query');
    await page.getByLabel('What do you have to do?').fill('short');
    await page.evaluate("document.querySelector('form.fields').noValidate = true");
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    expect(await page.getByRole('alert').innerText()).toContain('10 characters');
  });

  test('a session that is revoked there is denied on its next call', async () => {
    const analyst = cloud.as('analyst1');
    const { body: asked } = await analyst('POST', '/requests?wait=20', { reason: METRICS });
    const { body } = await analyst('POST', `/requests/${String(asked.requestId)}/credentials`, {});
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
    const page = await pageOf('approver1');
    await go(page, '/sessions');
    const row = page.getByRole('row').filter({ has: page.getByTitle(String(asked.requestId)) });
    await row.getByText('Revoke…').click();
    await row.getByRole('textbox', { name: 'Why' }).fill('The report is done.');
    await row.getByRole('button', { name: 'End it now' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: /is ended|is being ended/ })
      .waitFor();
    await until(query, (answer) => answer === 'AccessDeniedException');
    session.close();
    await go(page, '/sessions');
    expect(await page.getByTitle(String(asked.requestId)).count()).toBe(0);
    const own = await pageOf('analyst1');
    await go(own, `/requests/${String(asked.requestId)}`);
    expect(await own.locator('.badge').first().innerText()).toBe('Revoked');
  });

  test('the log is searched page by page, verified and exported', async () => {
    const page = await pageOf('auditor1', 1280);
    await go(page, '/audit');
    await page.getByLabel('Words').fill('The session was');
    await page.getByLabel('Words').fill('"issued"');
    await page.getByRole('button', { name: 'Search' }).click();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('heading', { name: 'The log is as it was written' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'jsonl' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('postern-audit.jsonl');
    const exported = await page.evaluate<string>(
      "fetch('/audit/export?format=jsonl').then((answer) => answer.text())",
    );
    const records = exported
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { at: string });
    expect(records.length).toBeGreaterThan(10);
    expect(records.map((record) => record.at)).toEqual(
      records
        .map((record) => record.at)
        .sort()
        .reverse(),
    );
  });

  test('a policy, a principal and a suspension are proposed, each with what would change', async () => {
    const page = await pageOf('admin', 1280);
    await go(page, '/policies/analyst1');
    await page.getByLabel('The whole new text').fill('Analysts read operational metrics, daily.');
    await page.getByRole('textbox', { name: 'Why' }).fill('Analysts report daily now.');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.locator('ins', { hasText: '+Analysts read operational metrics, daily.' }).waitFor();
    await page.getByRole('button', { name: 'Propose', exact: true }).click();
    await page.getByRole('heading', { name: 'Change of the policy of analyst1' }).waitFor();
    await page.locator('ins', { hasText: '+Analysts read operational metrics, daily.' }).waitFor();

    await go(page, '/people/employee1');
    await page.getByText('Suspend employee1').click();
    await page.getByRole('textbox', { name: 'Why' }).first().fill('Emma leaves the bank today.');
    await page.getByRole('button', { name: 'Propose it' }).click();
    await page.getByRole('heading', { name: 'Change of the principal of employee1' }).waitFor();
    await page.locator('ins', { hasText: 'suspended' }).waitFor();

    await go(page, '/people/new');
    await page.locator('[name=id]').fill('analyst2');
    await page.locator('[name=groups]').fill('analysts');
    await page.locator('[name=persons]').fill('anton');
    await page.locator('[name=issuer]').fill(`${cloud.urls.console}/issuer`);
    await page.locator('[name=subject]').fill('a-17');
    await page.locator('[name=reason]').fill('Anton is a new analyst.');
    await page.getByRole('button', { name: 'Propose', exact: true }).click();
    await page.getByRole('heading', { name: 'Change of the principal of analyst2' }).waitFor();
    const { body } = await cloud.as('admin')('GET', `/requests/${idIn(page)}`);
    expect(JSON.parse((body.change as { proposal: string }).proposal)).toMatchObject({
      id: 'analyst2',
      signIn: [{ issuer: `${cloud.urls.console}/issuer`, subject: 'a-17' }],
      version: 1,
    });
  });

  test('calls of the gateway show as they happen', async () => {
    const { body } = await cloud.as('analyst1')('POST', '/delegations', { reason: METRICS });
    const page = await pageOf('analyst1');
    await go(page, '/calls');
    await page
      .getByRole('row')
      .filter({ has: page.getByTitle(String(body.sessionId)) })
      .getByRole('link')
      .first()
      .click();
    await page.waitForURL(/\/calls\//);
    const gateway = cloud.urls.gateway ?? '';
    const opened = await fetch(`${gateway}/_postern/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ delegation: body.delegation }),
    });
    const { accessKeyId, secretAccessKey, sessionToken } = (await opened.json()) as Record<
      'accessKeyId' | 'secretAccessKey' | 'sessionToken',
      string
    >;
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    const sts = new STSClient({ endpoint: gateway, region: REGION, credentials, maxAttempts: 1 });
    await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    await page.getByText('sts:GetCallerIdentity').waitFor();
    await page.getByRole('button', { name: 'End it at once' }).click();
    await page.getByText('The session of the gateway is ended.').waitFor();
  });

  test('a policy is checked by the toolkit', async () => {
    const page = await pageOf('analyst1');
    await go(page, '/findings');
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    await page.getByLabel('The policy, as JSON').fill(JSON.stringify(policy));
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByRole('heading', { name: /^Score \d+ of 100$/ }).waitFor();
    expect(await page.locator('article').count()).toBeGreaterThan(0);
    await page.getByLabel('The policy, as JSON').fill(HOSTILE);
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByLabel('What was found').waitFor();
    expect(await page.getByLabel('The policy, as JSON').inputValue()).toBe(HOSTILE);
  });

  test.each([
    ['with scripts', true],
    ['without', false],
  ])(
    'a policy is made out of words, %s: questions, then policies, then a change',
    async (_, javaScriptEnabled) => {
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      page.on('dialog', (dialog) => said.push(dialog.message()));
      await signInAs(page, cloud.urls.console, 'analyst1', '/generate');
      await page.getByLabel('What is to be done').fill(`Read the table orders. ${HOSTILE}`);
      await page.getByRole('button', { name: 'Make the policy' }).click();
      await page.getByText('the policies are written by code').waitFor();
      expect(await page.locator('blockquote').innerText()).toContain(HOSTILE);
      await page.getByLabel('In which account?').fill('12');
      await page.getByLabel('In which region?').fill('eu-central-1');
      await page.getByLabel('KMS key of your own').fill('no');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('alert').waitFor();
      if (javaScriptEnabled) await checkPage(page, 'questions of a policy');
      await page.getByLabel('In which account?').fill('123456789012');
      // What was answered well is not asked again.
      expect(await page.getByLabel('In which region?').count()).toBe(0);
      await page.getByLabel('Who assumes the role').fill('service:lambda');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('heading', { name: 'Permissions' }).waitFor();
      expect(await page.locator('pre').first().innerText()).toContain('table/orders');
      expect(await page.locator('pre').nth(1).innerText()).toContain('lambda.amazonaws.com');
      await page.getByText('Terraform', { exact: true }).click();
      await page.locator('pre', { hasText: 'aws_iam_role_policy' }).waitFor();
      expect(await page.locator('[data-copy]:visible').count()).toBe(javaScriptEnabled ? 3 : 0);
      await page.getByText('Entries of a broker’s catalog').click();
      await page.getByLabel('Group that may ask for it').fill('auditors');
      await page.getByRole('button', { name: 'Write it for this group' }).click();
      await page.locator('pre', { hasText: 'Group::"auditors"' }).waitFor({ state: 'attached' });
      await page.getByLabel('What should be different').fill('without dynamodb:Query');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('heading', { name: 'Against the last' }).waitFor();
      expect(await page.locator('.badge', { hasText: 'within' }).count()).toBe(2);
      if (javaScriptEnabled) {
        await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
        await checkPage(page, 'a policy that was made');
      }
      await context.close();
    },
  );

  test('without scripts one signs in, asks and answers', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await signInAs(page, cloud.urls.console, 'employee1', '/ask');
    const requestId = await ask(page, 'A case at hand, without any script.');
    await until(
      async () => {
        await page.reload();
        return page.locator('.badge').first().innerText();
      },
      (status) => status === 'Waiting for approval',
    );
    expect(await page.locator('time').first().innerText()).toMatch(/UTC$/);
    await page.getByRole('button', { name: 'Take the request back' }).click();
    await page.getByText('It is taken back.').waitFor();
    await statusIs('employee1', requestId, 'CANCELLED');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Signed out' }).waitFor();
    await go(page, '/requests');
    expect(page.url()).toContain('/issuer/authorize');
    await context.close();
  });

  test('two people in two tabs: the form of the one does nothing as the other', async () => {
    const context = await browser.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await signInAs(first, cloud.urls.console, 'analyst1', '/ask');
    await signInAs(second, cloud.urls.console, 'employee1', '/ask');
    await first.getByLabel('What do you have to do?').fill(METRICS);
    await first.getByRole('button', { name: 'Ask', exact: true }).click();
    await first.getByText('This page is of another sign-in than yours as employee1.').waitFor();
    await context.close();
  });

  test.each([
    ["/requests/'%22%3E%3Cscript%3E", 404],
    ['/requests/nobody-01JD3Z9Q2N8K4V6B1C5D7E9F0G', 404],
    ['/approvals/%3Cb%3E', 404],
    ['/calls/%3Cscript%3E', 404],
    ['/policies/%3Cb%3E', 404],
    ['/people/%3Cb%3E', 404],
    ["/requests?status=%27%3E%3Cscript%3Ealert(1)%3C/script%3E&principal='%22", 403],
    ['/audit?principal=..%2F..&words=%3Cscript%3E', 422],
    ['/audit/export?format=../../etc/passwd', 404],
    ['/sessions?done=%3Cscript%3E', 200],
    ['/nowhere/%3Cscript%3E', 404],
  ])('hostile: %s', async (path, status) => {
    const page = await pageOf('analyst1');
    const response = await go(page, path);
    expect([400, 404, 403, 422, 200]).toContain(response?.status());
    expect(response?.status() === 200).toBe(status === 200);
    expect(await page.locator('script:not([src])').count()).toBe(0);
    await page.close();
  });

  test('forms of other sites, and calls of nobody, do nothing', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${cloud.urls.console}/ask`, {
        method: 'POST',
        headers,
        body: `reason=${METRICS}`,
        redirect: 'manual',
      });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post({ ...form, origin: 'https://evil.example' })).status).toBe(403);
    expect((await post({ ...form, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post(form)).status).toBe(403);
    expect((await post({ ...form, origin: cloud.urls.console })).status).toBe(401);
  });

  test('an access review is opened, and decided on a phone; nobody’s words run or look like the page’s', async () => {
    const page = await pageOf('approver1');
    await go(page, '/access-reviews');
    await page.getByRole('button', { name: 'Open one now' }).click();
    await cloud.invoke('postern-run-access-reviews', { 'detail-type': 'Scheduled Event' });
    await go(page, '/access-reviews');
    await page.locator('td a').first().click();
    await page.getByRole('link', { name: 'analyst1' }).click();
    await page.getByText('nightly-report').first().waitFor();
    await page.getByLabel('Why').fill(HOSTILE);
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByText('Kept, and recorded.').waitFor();
    await page.getByRole('link', { name: 'analyst1' }).click();
    expect(await page.locator('blockquote').innerText()).toBe(HOSTILE);
    expect(await page.getByRole('button', { name: 'Keep it' }).count()).toBe(0);
    // Their own they read, and there is no form.
    await go(page, page.url().replace('analyst1', 'approver1').slice(cloud.urls.console.length));
    expect(await page.getByRole('button', { name: 'Keep it' }).count()).toBe(0);
    // Whoever may propose nothing is told so where they asked for it.
    await go(page, page.url().replace('approver1', 'employee1').slice(cloud.urls.console.length));
    await page.getByLabel('Why').fill('Left the branch in May.');
    await page.getByText('Take it away', { exact: true }).click();
    await page.getByRole('button', { name: 'Propose to take it away' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('guardrails let you propose no change');
    expect(await page.getByLabel('Why').inputValue()).toBe('Left the branch in May.');
    await page.close();
  });

  /** What is done before a page is looked at, where its address alone does not show it. */
  const PREPARED: Record<string, (page: Page) => Promise<unknown>> = {
    async 'POST /ask'(page) {
      await go(page, '/ask');
      await page.getByLabel('What do you have to do?').fill(METRICS);
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.getByLabel('What would happen').waitFor();
    },
    async 'POST /findings'(page) {
      await go(page, '/findings');
      const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
      await page.getByLabel('The policy, as JSON').fill(JSON.stringify({ Version: '2012-10-17', Statement }));
      await page.getByRole('button', { name: 'Check it' }).click();
      await page.getByLabel('What was found').waitFor();
    },
    async 'POST /approvals/:id'(page) {
      await go(page, await pathOf('a card'));
      const form = page.getByRole('form', { name: 'Approve', exact: true });
      await form.getByLabel('Code of your authenticator').fill('000000');
      await form.getByRole('button', { name: 'Approve', exact: true }).click();
      await page.getByRole('alert').waitFor();
    },
    async 'POST /policies/:id'(page) {
      await go(page, '/policies/analyst1');
      await page.getByLabel('The whole new text').fill(' ');
      await page.getByRole('textbox', { name: 'Why' }).fill('It is too long.');
      await page.getByRole('button', { name: 'Propose', exact: true }).click();
      await page.getByRole('alert').waitFor();
    },
  };
  const PAGES: [who: string, path: string][] = [
    ['nobody', '/'],
    ['nobody', '/signed-out'],
    ['nobody', '/signed-in'],
    ['analyst1', 'POST /ask'],
    ['admin', 'POST /findings'],
    ['approver1', 'POST /approvals/:id'],
    ['admin', 'POST /policies/:id'],
    ['analyst1', '/calls/:id'],
    ['approver1', '/'],
    ['analyst1', '/'],
    ['analyst1', '/ask'],
    ['employee1', '/requests'],
    ['employee1', 'a request'],
    ['admin', 'a change'],
    ['approver1', '/approvals'],
    ['approver1', 'a card'],
    ['approver1', '/sessions'],
    ['analyst1', '/calls'],
    ['auditor1', '/access'],
    ['auditor1', '/audit?verify=yes'],
    ['approver1', '/access-reviews'],
    ['approver1', 'an access review'],
    ['approver1', 'an item of employee1'],
    ['auditor1', 'an item of analyst1'],
    ['admin', '/policies'],
    ['admin', '/policies/analyst1'],
    ['admin', '/people'],
    ['admin', '/people/customer_support_agent'],
    ['admin', '/people/new'],
    ['approver1', '/people/approver1'],
    ['admin', '/findings'],
    ['admin', '/generate'],
    ['admin', '/nowhere'],
  ];

  async function pathOf(path: string): Promise<string> {
    if (path === '/calls/:id') {
      const { body } = await cloud.as('analyst1')('POST', '/delegations', { reason: METRICS });
      return `/calls/${String(body.sessionId)}`;
    }
    if (path.startsWith('an ')) {
      const { reviews } = (await cloud.as('auditor1')('GET', '/access-reviews')).body as {
        reviews: { reviewId: string }[];
      };
      const [, principal = ''] = path.split(' of ');
      return `/access-reviews/${reviews[0]?.reviewId}${principal && `/${principal}`}`;
    }
    if (!path.startsWith('a ')) return path;
    const who = path === 'a change' ? 'admin' : 'employee1';
    const { body } = await cloud.as(who)('GET', '/requests');
    const requests = body.requests as { requestId: string; status: string }[];
    if (path !== 'a card') return `/requests/${requests[0]?.requestId}`;
    const { body: waiting } = await cloud.as('approver1')('GET', '/approvals');
    return `/approvals/${(waiting.approvals as { requestId: string }[])[0]?.requestId}`;
  }

  test.each(PAGES)(
    '%s, %s: at each width and in each theme nothing is cut, axe finds nothing',
    async (who, named) => {
      const page = who === 'nobody' ? await browser.newPage() : await pageOf(who);
      const prepare = PREPARED[named];
      if (prepare) await prepare(page);
      else await go(page, await pathOf(named));
      await checkPage(page, named);
      await page.close();
    },
  );

  /** Addresses that answer no page: a redirect, a file, a stream. */
  const NO_PAGES = ['/assets/*', '/sign-in', '/executions/:id', '/requests/:id/changes', '/audit/export'];
  /** Where the names above, of pages whose ids are made there, lead. */
  const ADDRESSES: Record<string, string> = {
    'a request': '/requests/:id',
    'a change': '/requests/:id',
    'a card': '/approvals/:id',
    'an access review': '/access-reviews/:id',
    'an item of employee1': '/access-reviews/:id/:principal',
  };

  test('every page of the router is in that list', () => {
    const { routes } = makeConsole({
      ...{ publicUrl: () => cloud.urls.console, apiUrl: () => cloud.urls.oidcApi, awsSignIn: () => [] },
      issuer: () => ({
        issuer: `${cloud.urls.console}/issuer`,
        clientId: 'postern-console',
        scope: 'openid',
      }),
      cookieSecret: async () => 'of-this-test-alone-and-long-enough-for-it',
      streams: true,
    });
    const pages = routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
    const looked = PAGES.map(([, path]) => ADDRESSES[path] ?? path.replace(/\?.*$/, ''));
    const isLookedAt = (route: string) => {
      const pattern = new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`);
      return looked.some((path) => pattern.test(path));
    };
    expect([...new Set(pages)].filter((route) => !isLookedAt(route))).toEqual(NO_PAGES);
  });

  test('no script of anybody ran', () => expect(said).toEqual([]));
});
