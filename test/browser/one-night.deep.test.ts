import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { AUDIENCE } from '../../demo/principals.ts';
import { startSandboxChat } from '../../sandbox/chat/start-chat.ts';
import { checkPage } from '../support/console/check-page.ts';
import { holdAuthenticator } from '../support/console/hold-authenticator.ts';
import { PHONE, peopleAtConsole } from '../support/console/people-at-console.ts';
import { signInAs } from '../support/console/sign-in-as.ts';
import { hasBrowser, openBrowser } from '../support/open-browser.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

const METRICS = 'The weekly report needs the metrics of this week.';
const DESK = { width: 1280, height: 844 };

let cloud: Cloud;
let browser: Browser;
let people: ReturnType<typeof peopleAtConsole>;
/** The approver's phone, which holds their passkey. */
let phone: Page;
let authenticator: Awaited<ReturnType<typeof holdAuthenticator>>;

function proposedTo({ principal, change }: Asked): Line {
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'low', authorization: 'explicit' };
    return { text: { ...judged, reason: 'People decide on it.' } };
  }
  if (principal.id === 'admin') return proposing('bank_user_pool', ['cognito-idp:AdminDisableUser']);
  return principal.id === 'employee1'
    ? proposing('bank_customer_profiles', ['dynamodb:GetItem', 'dynamodb:Query'], { durationSeconds: 3600 })
    : proposing('bank_operational_metrics', ['dynamodb:Query']);
}

const idIn = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1) ?? '';
const requestOf = async (who: string, requestId: string) =>
  (await cloud.as(who)('GET', `/requests/${requestId}`)).body;
const statusIs = (who: string, requestId: string, status: string) =>
  until(
    async () => (await requestOf(who, requestId)).status,
    (found) => found === status,
  );
/** What the log says of the votes on a request. */
async function votesOn(requestId: string) {
  const { body } = await cloud.as('auditor1')('GET', `/requests/${requestId}/execution`);
  const records = body.records as { event: string; facts: Record<string, unknown> }[];
  return records.filter(({ event }) => event === 'voted').map(({ facts }) => facts);
}

async function ask(reason: string): Promise<{ page: Page; requestId: string }> {
  const page = await people.pageOf('employee1', DESK);
  await people.go(page, '/ask');
  await page.getByLabel('What do you have to do?').fill(reason);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.waitForURL(/\/requests\//);
  await page.getByText('Waiting for approval').waitFor();
  return { page, requestId: idIn(page) };
}

/** Opens a request by the link that Slack and webhooks have: whoever may answer is shown the card. */
async function openCard(page: Page, requestId: string): Promise<void> {
  await until(
    async () => (await people.go(page, `/requests/${requestId}`))?.status(),
    (status) => status === 200,
  );
  expect(new URL(page.url()).pathname).toBe(`/approvals/${requestId}`);
}
async function approveByCode(who: string, requestId: string): Promise<void> {
  const page = await people.pageOf(who);
  await openCard(page, requestId);
  const form = page.getByRole('form', { name: 'Approve', exact: true });
  await form.getByLabel('Code of your authenticator').fill(people.codeOf(who));
  await form.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('Your answer is recorded.').waitFor();
  await page.close();
}

describe.skipIf(!hasBrowser)('a night at the console, on a phone with a passkey', () => {
  beforeAll(async () => {
    const tier = { channel: '#any', approverGroup: 'approvers', timeoutSeconds: 600 };
    [cloud, browser] = await Promise.all([
      startCloud({ gatewayPort: 0, tiers: [{ ...tier, name: 'access-approvers' }] }),
      openBrowser(),
    ]);
    cloud.reviewer.says(proposedTo);
    people = peopleAtConsole(cloud, browser);
    phone = await people.pageOf('approver1');
    authenticator = await holdAuthenticator(phone);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await cloud?.close();
  });

  test('an approver makes a passkey on their own page, and two others approve it', async () => {
    await people.go(phone, '/');
    await phone.getByRole('link', { name: 'approver1' }).click();
    await phone.getByText('You have none: you prove your votes with codes.').waitFor();
    const form = phone.getByRole('form', { name: 'Create a passkey' });
    await form.getByRole('button', { name: 'Create a passkey' }).click();
    // Nothing is made before the form is whole.
    expect(new URL(phone.url()).pathname).toBe('/people/approver1');
    await form.getByLabel('What you call it').fill('Phone of Abe');
    await form.getByRole('button', { name: 'Create a passkey' }).click();
    await phone.getByRole('heading', { name: 'Change of the principal of approver1' }).waitFor();
    await phone.locator('ins', { hasText: '"label": "Phone of Abe"' }).waitFor();
    const requestId = idIn(phone);
    await statusIs('approver1', requestId, 'AWAITING_APPROVAL');
    const other = await people.pageOf('approver2');
    await openCard(other, requestId);
    await other.getByText('Ask approver1, by another way, whether they made it').waitFor();
    await other.close();
    await approveByCode('approver2', requestId);
    await approveByCode('admin', requestId);
    await statusIs('approver1', requestId, 'APPLIED');
    await people.go(phone, '/people/approver1');
    await phone.getByRole('article', { name: 'Phone of Abe' }).waitFor();
    await checkPage(phone, 'one’s own page with a passkey');
    await phone.setViewportSize(PHONE);
  });

  test('the same device makes no second one', async () => {
    const form = phone.getByRole('form', { name: 'Create a passkey' });
    await form.getByLabel('What you call it').fill('Phone again');
    await form.getByRole('button', { name: 'Create a passkey' }).click();
    expect(await form.getByRole('alert').innerText()).toBe('This device holds a passkey of yours already.');
  });

  test('asked at a desk, approved with one press on a phone, opened in the AWS console, revoked', async () => {
    const { page, requestId } = await ask('The case at hand: a card that was lost.');
    await openCard(phone, requestId);
    expect(await phone.getByLabel('Code of your authenticator').first().isVisible()).toBe(false);
    await checkPage(phone, 'a card that a passkey answers');
    await phone.setViewportSize(PHONE);
    await phone.getByRole('button', { name: 'Approve with passkey' }).click();
    await phone.getByText('Your answer is recorded.').waitFor();
    // Nobody reloads: the page is told.
    await page.getByText('Ready to claim').waitFor();
    expect(await votesOn(requestId)).toMatchObject([
      { principalId: 'approver1', decision: 'approve', counted: true, assertion: {} },
    ]);
    await page.getByRole('button', { name: 'Open the AWS console with it' }).click();
    await page.getByRole('heading', { name: 'Signed in' }).waitFor();
    await statusIs('employee1', requestId, 'ISSUED');

    await people.go(phone, '/sessions');
    const row = phone.getByRole('row').filter({ has: phone.getByTitle(requestId) });
    await row.getByText('Revoke…').click();
    await row.getByRole('textbox', { name: 'Why' }).fill('The case is closed.');
    await row.getByRole('button', { name: 'End it now' }).click();
    await phone
      .getByRole('status')
      .filter({ hasText: /is ended|is being ended/ })
      .waitFor();
    await until(
      async () => (await requestOf('employee1', requestId)).revocation,
      (revocation) => revocation !== undefined,
    );
  });

  test('less is approved, and for a shorter time; what is left is what was signed', async () => {
    const { requestId } = await ask('Another case at hand, in the branch.');
    await openCard(phone, requestId);
    await phone.getByText('Approve less').click();
    const form = phone.getByRole('form', { name: 'Approve less' });
    await form.getByLabel('dynamodb:Query').uncheck();
    await form.getByRole('combobox', { name: 'For' }).selectOption('900');
    await form.getByRole('button', { name: 'Approve that much with passkey' }).click();
    await phone.getByText('Your answer is recorded.').waitFor();
    await statusIs('employee1', requestId, 'READY');
    const { decision } = await requestOf('employee1', requestId);
    expect(decision).toMatchObject({
      entitlement: {
        grants: [{ resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem'] }],
        durationSeconds: 900,
      },
    });
  });

  test('denied with a passkey, and whoever asked reads why', async () => {
    const { page, requestId } = await ask('A third case at hand, in the branch.');
    await openCard(phone, requestId);
    await phone.getByText('Deny', { exact: true }).first().click();
    const form = phone.getByRole('form', { name: 'Deny' });
    await form.getByRole('textbox', { name: 'Why' }).fill('Not at night.');
    await form.getByRole('button', { name: 'Deny with passkey' }).click();
    await phone.getByText('Your denial is recorded.').waitFor();
    await page.locator('.badge', { hasText: 'Denied' }).waitFor();
    await page.getByText('Not at night.').first().waitFor();
  });

  test('what the page does not show is not signed, and who is not known proves nothing', async () => {
    const { requestId } = await ask('A fourth case at hand, in the branch.');
    await openCard(phone, requestId);
    const form = phone.getByRole('form', { name: 'Approve', exact: true });
    const press = () => form.getByRole('button', { name: 'Approve with passkey' }).click();
    const said = form.getByRole('alert');
    // As if the broker's answer were of another request than the page.
    const attribute = "document.querySelector('form[aria-label=Approve]').dataset.requestId";
    await phone.evaluate(`${attribute} += '0'`);
    await press();
    await said.filter({ hasText: 'What would be signed is not what this page shows.' }).waitFor();
    await phone.evaluate(`${attribute} = ${attribute}.slice(0, -1)`);
    await authenticator.knowsThem(false);
    await press();
    await said.filter({ hasText: 'The passkey was not used' }).waitFor();
    await authenticator.knowsThem(true);
    expect(await votesOn(requestId)).toEqual([]);
    expect((await requestOf('employee1', requestId)).status).toBe('AWAITING_APPROVAL');
    // Whoever has another device's passkey, or none, still has their codes.
    await form.getByText('With a code instead').click();
    await form.getByLabel('Code of your authenticator').fill(people.codeOf('approver1'));
    await form.getByRole('button', { name: 'Approve', exact: true }).click();
    await phone.getByText('Your answer is recorded.').waitFor();
    await statusIs('employee1', requestId, 'READY');
  });

  test('without scripts it says that passkeys need them, and takes a code', async () => {
    const { requestId } = await ask('A fifth case at hand, in the branch.');
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
    });
    const page = await context.newPage();
    await signInAs(page, cloud.urls.console, 'approver1', `/approvals/${requestId}`);
    const form = page.getByRole('form', { name: 'Approve', exact: true });
    expect(await form.innerText()).toContain('Passkeys need scripts, which are off in this browser');
    expect(await form.getByRole('button', { name: 'Approve with passkey' }).count()).toBe(0);
    await form.getByText('With a code instead').click();
    await form.getByLabel('Code of your authenticator').fill(people.codeOf('approver1'));
    await form.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('Your answer is recorded.').waitFor();
    await page.goto(`${cloud.urls.console}/people/approver1`);
    expect(await page.getByRole('form', { name: 'Create a passkey' }).innerText()).toContain(
      'Passkeys need scripts',
    );
    await context.close();
  });

  test('asked on behalf of a customer, by the customer’s own token, which every look takes anew', async () => {
    const { tokenUrl = '' } = cloud.access.subjects['c-1042'] ?? {};
    await cloud.database.send(
      new UpdateCommand({
        TableName: 'users_table',
        Key: { id: 'analyst1' },
        UpdateExpression: 'SET subjectIssuers = :issuers',
        ExpressionAttributeValues: {
          ':issuers': [{ issuer: new URL(tokenUrl).href.replace(/\/token\/.*/, ''), audiences: [AUDIENCE] }],
        },
      }),
    );
    const page = await people.pageOf('analyst1');
    const type = async () => {
      await page.getByLabel('What do you have to do?').fill(METRICS);
      await page.getByText('On behalf of somebody').click();
      await page.getByLabel('Their token').fill(await cloud.subjectToken('c-1042'));
    };
    await people.go(page, '/ask');
    await page.getByText('On behalf of somebody').click();
    await checkPage(page, 'asking on behalf of somebody');
    await people.go(page, '/ask');
    await type();
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByLabel('What would happen').getByRole('heading').waitFor();
    await page.getByLabel('What do you have to do?').fill('');
    await type();
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByRole('heading', { name: 'Request of analyst1' }).waitFor();
    await page.getByText('c-1042 of').waitFor();
    const requestId = (await page.locator('.id code').first().getAttribute('title')) ?? '';
    // Without the customer's token it is not there, whoever asked.
    await people.go(page, `/requests/${requestId}`);
    await page.getByRole('heading', { name: 'Asked on behalf of somebody' }).waitFor();
    await checkPage(page, 'a request on behalf of somebody');
    await page.getByLabel('Their token').fill('no.token.at-all');
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Their token').fill(await cloud.subjectToken('c-1042'));
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByText('c-1042 of').waitFor();
    expect(await page.content()).not.toContain('eyJ');
    await page.close();
  });

  test('what was asked on behalf of somebody is followed while the page is open, by a token that is nowhere else', async () => {
    const { tokenUrl = '' } = cloud.access.subjects['c-1042'] ?? {};
    await cloud.database.send(
      new UpdateCommand({
        TableName: 'users_table',
        Key: { id: 'employee1' },
        UpdateExpression: 'SET subjectIssuers = :issuers',
        ExpressionAttributeValues: {
          ':issuers': [{ issuer: new URL(tokenUrl).href.replace(/\/token\/.*/, ''), audiences: [AUDIENCE] }],
        },
      }),
    );
    const page = await people.pageOf('employee1', DESK);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await people.go(page, '/ask');
    await page.getByLabel('What do you have to do?').fill('A customer asks which address we have of them.');
    await page.getByText('On behalf of somebody').click();
    const token = await cloud.subjectToken('c-1042');
    await page.getByLabel('Their token').fill(token);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.waitForURL(/\/requests\//);
    const requestId = idIn(page);
    // Nobody presses anything at the desk from here on.
    await page.getByText('Waiting for approval').waitFor();
    await openCard(phone, requestId);
    await phone.getByRole('button', { name: 'Approve with passkey' }).click();
    await phone.getByText('Your answer is recorded.').waitFor();
    await page.getByText('Ready to claim').waitFor();
    const call = cloud.as('employee1');
    await call('POST', `/requests/${requestId}/cancel`, {}, { 'x-subject-token': token });
    await page.locator('.badge', { hasText: 'Taken back' }).waitFor();
    const stored = await page.evaluate<string>(
      'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])',
    );
    expect([stored, await page.content(), ...addresses].join('\n')).not.toContain(token.slice(0, 20));
    // It is over: nothing is held, and loaded again it takes a token as ever.
    await page.reload();
    await page.getByRole('heading', { name: 'Asked on behalf of somebody' }).waitFor();
    // One that is looked at is followed the same way, until its token is no good any more.
    const other = (await call('POST', '/requests', { reason: 'Another case.', subjectToken: token })).body;
    await people.go(page, `/requests/${String(other.requestId)}`);
    await page.getByLabel('Their token').fill(token);
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByText('Waiting for approval').waitFor();
    // As if the token had ended meanwhile.
    await page.route('**/look', (route) =>
      route.continue({
        postData: (route.request().postData() ?? '').replace(/(?<=subjectToken=)[^&]*/, 'no.token.at-all'),
      }),
    );
    await page.getByRole('alert').waitFor();
    await page.getByRole('heading', { name: 'Asked on behalf of somebody' }).waitFor();
    const looks = addresses.filter((address) => address.endsWith('/look')).length;
    await page.clock.install();
    await page.clock.runFor(10_000);
    expect(addresses.filter((address) => address.endsWith('/look')).length).toBe(looks);
    await page.close();
  });

  test('without scripts a look is a press of a button, and another', async () => {
    const reason = 'A customer asks for their address once more.';
    const subjectToken = await cloud.subjectToken('c-1042');
    const { body } = await cloud.as('employee1')('POST', '/requests', { reason, subjectToken });
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await signInAs(page, cloud.urls.console, 'employee1', `/requests/${String(body.requestId)}`);
    for (const press of ['Look at it', 'Look at it']) {
      if ((await page.locator('details', { hasText: 'Look at it again' }).count()) > 0)
        await page.getByText('Look at it again').click();
      await page.getByLabel('Their token').first().fill(subjectToken);
      await page.getByRole('button', { name: press }).click();
      await page.getByText('c-1042 of').waitFor();
    }
    await context.close();
  });

  test.each([
    ['a passkey', 'approver1'],
    ['a code', 'approver2'],
  ])('where the guardrails ask for a second factor, %s alone does', async (_, approver) => {
    const reason = `A sign-in account has to be looked at, for ${approver}.`;
    const { body } = await cloud.as('admin')('POST', '/requests', { reason });
    const requestId = String(body.requestId);
    await statusIs('admin', requestId, 'AWAITING_APPROVAL');
    const { approval } = await requestOf('admin', requestId);
    expect(approval).toMatchObject({ quorum: { approvals: 1, stepUp: 1 } });
    if (approver === 'approver2') await approveByCode(approver, requestId);
    else {
      await openCard(phone, requestId);
      await phone.getByRole('button', { name: 'Approve with passkey' }).click();
      await phone.getByText('Your answer is recorded.').waitFor();
    }
    await statusIs('admin', requestId, 'READY');
    expect(await votesOn(requestId)).toMatchObject([
      {
        principalId: approver,
        counted: true,
        stepUp: true,
        ...(approver === 'approver1' && { assertion: {} }),
      },
    ]);
  });

  test('a policy is proposed, and approved by passkey', async () => {
    const admin = await people.pageOf('admin', DESK);
    await people.go(admin, '/policies/analyst1');
    await admin.getByLabel('The whole new text').fill('Analysts read operational metrics, daily.');
    await admin.getByRole('textbox', { name: 'Why' }).fill('Analysts report daily now.');
    await admin.getByRole('button', { name: 'Propose', exact: true }).click();
    await admin.getByRole('heading', { name: 'Change of the policy of analyst1' }).waitFor();
    const requestId = idIn(admin);
    await statusIs('admin', requestId, 'AWAITING_APPROVAL');
    await openCard(phone, requestId);
    await phone.locator('ins', { hasText: '+Analysts read operational metrics, daily.' }).waitFor();
    await phone.getByRole('button', { name: 'Approve with passkey' }).click();
    await phone.getByText('Your answer is recorded.').waitFor();
    await approveByCode('approver2', requestId);
    await statusIs('admin', requestId, 'APPLIED');
  });

  test('a call through the gateway shows on the phone as it is made', async () => {
    const { body } = await cloud.as('analyst1')('POST', '/delegations', { reason: METRICS });
    const page = await people.pageOf('analyst1');
    await people.go(page, `/calls/${String(body.sessionId)}`);
    const gateway = cloud.urls.gateway ?? '';
    const opened = await fetch(`${gateway}/_postern/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ delegation: body.delegation }),
    });
    const { accessKeyId, secretAccessKey, sessionToken } = (await opened.json()) as Record<string, string>;
    const sts = new STSClient({
      endpoint: gateway,
      region: REGION,
      credentials: {
        accessKeyId: accessKeyId ?? '',
        secretAccessKey: secretAccessKey ?? '',
        ...(sessionToken && { sessionToken }),
      },
      maxAttempts: 1,
    });
    await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    await page.getByText('sts:GetCallerIdentity').waitFor();
  });

  test('a customer talks to the support agent meanwhile, which reads their row', async () => {
    const { aws, logs, access, urls } = cloud;
    const edge = { url: urls.console.replace('localhost', '127.0.0.1'), consoleUrl: urls.console };
    // Without a key for a model: the few rules of the sandbox's own.
    const chat = await startSandboxChat({ port: 0, edge, aws, logs, access, env: {} });
    cloud.reviewer.says(proposing('bank_balances', ['dynamodb:GetItem']));
    const page = await (await browser.newContext({ viewport: PHONE })).newPage();
    await page.goto(chat.url);
    await page.getByRole('button', { name: 'c-1042', exact: true }).click();
    await page.waitForURL(chat.url);
    await page.getByRole('button', { name: 'My balance' }).click();
    await page.getByText('balance 1250.4').waitFor();
    cloud.reviewer.says(proposedTo);
    await page.context().close();
    await chat.close();
  });

  test('what happened that night is verified and exported', async () => {
    const page = await people.pageOf('auditor1', DESK);
    await people.go(page, '/audit?verify=yes');
    await page.getByRole('heading', { name: 'The log is as it was written' }).waitFor();
    const exported = await page.evaluate<string>(
      "fetch('/audit/export?format=jsonl').then((answer) => answer.text())",
    );
    const events = exported
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; facts: { principalId?: string } });
    for (const event of [
      'requested',
      'voted',
      'issued',
      'revoked',
      'denied',
      'policy_changed',
      'principal_changed',
    ])
      expect(events.map((record) => record.event)).toContain(event);
  });

  test('a passkey that is given up is gone at once, and codes are asked for again', async () => {
    await people.go(phone, '/people/approver1');
    const key = phone.getByRole('article', { name: 'Phone of Abe' });
    await key.getByText('Give it up').first().click();
    await key.getByRole('button', { name: 'Give it up' }).click();
    await phone.getByRole('heading', { name: 'Change of the principal of approver1' }).waitFor();
    await statusIs('approver1', idIn(phone), 'APPLIED');
    const { requestId } = await ask('A sixth case at hand, in the branch.');
    await openCard(phone, requestId);
    expect(await phone.getByRole('button', { name: 'Approve with passkey' }).count()).toBe(0);
    await phone.getByRole('link', { name: 'Create a passkey' }).waitFor();
  });

  test('no script of anybody failed, or said anything', () => expect(people.heard).toEqual([]));
});
