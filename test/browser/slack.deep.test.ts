import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import { hasBrowser, openBrowser } from '../support/open-browser.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const CHANNEL = '#access-approvals';
/** The machine may have other things to do. */
const PATIENTLY = { timeout: 15_000 };
const HOSTILE = '<!channel> *Approved* <https://evil.example|click>';

let cloud: Cloud;
let slack: SlackOfCloud;
let browser: Browser;
let page: Page;

describe.skipIf(!hasBrowser)('Slack, in a browser', () => {
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
    page = await browser.newPage();
    page.setDefaultTimeout(15_000);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await cloud?.close();
  });

  /** Looks at the channel as somebody. */
  async function be(userId: string): Promise<void> {
    const { id } = slack.workspace.channelOf(CHANNEL);
    await page.goto(`${cloud.urls.slack}?as=${userId}&channel=${id}`);
  }
  // The message in the channel, and not what one person alone was told of it.
  const message = (requestId: string) =>
    page.locator('article', { hasText: requestId, hasNotText: 'Only visible to you' });

  test('asked, refused to the requester, narrowed with a code, and claimed for that and no more', async () => {
    cloud.reviewer.says(
      proposing('bank_user_pool', ['cognito-idp:AdminGetUser', 'cognito-idp:AdminDisableUser']),
    );
    const requestId = await slack.ask('admin', 'requests', { reason: `Close an account. ${HOSTILE}` });
    await be('U0ADMIN');
    const asked = message(requestId);
    await expect.poll(() => asked.innerText(), PATIENTLY).toContain(HOSTILE);
    expect(await asked.locator('h3').first().innerText()).toBe(
      'admin wants to ADMIN bank_user_pool for 15 min',
    );
    expect(await asked.locator('a').count()).toBe(1);

    // The requester is of the approvers' group, and may still not approve.
    await asked.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('you asked for this yourself').waitFor();

    // One approver leaves one action, with a code.
    await be('U0APPROVER2');
    await message(requestId).getByRole('button', { name: 'Narrow…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve less' });
    await dialog.getByLabel('AdminDisableUser').uncheck();
    await dialog.getByLabel('Code of your authenticator').fill('000000');
    await dialog.getByRole('button', { name: 'Approve this' }).click();
    await page.getByText('This code is wrong').waitFor();
    expect(await dialog.getByLabel('AdminDisableUser').isChecked()).toBe(false);
    const code = await page.locator('#authenticator').innerText();
    await dialog.getByLabel('Code of your authenticator').fill(code);
    await dialog.getByRole('button', { name: 'Approve this' }).click();
    await page.getByText(/Your approval of .* is recorded/).waitFor();

    await expect
      .poll(() => message(requestId).innerText(), PATIENTLY)
      .toContain('admin may READ bank_user_pool');
    const { status, body } = await cloud.as('admin')('POST', `/requests/${requestId}/credentials`, {});
    expect(status).toBe(200);
    const entitlement = (await slack.rowOf(requestId)).decision?.entitlement;
    expect(entitlement?.grants).toEqual([
      { resource: 'bank_user_pool', actions: ['cognito-idp:AdminGetUser'] },
    ]);
    expect(entitlement?.sessionPolicy).not.toContain('AdminDisableUser');
    const { accessKeyId } = (body as { credentials: { accessKeyId: string } }).credentials;
    const session = cloud.aws.credentials.find(accessKeyId)?.caller.sessionPolicy;
    expect(JSON.stringify(session)).not.toContain('AdminDisableUser');
  });

  test('a change takes one person, and a second with a code', async () => {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    cloud.reviewer.says({ text: { ...judged, reason: 'A person should look.' } });
    const requestId = await slack.ask('admin', 'changes', {
      kind: 'policy',
      target: 'analyst1',
      proposal: 'Analysts read operational metrics, daily.',
    });
    await be('U0APPROVER1');
    await message(requestId).getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText(/Your approval of .* is recorded: 1 of 2\./).waitFor();

    await be('U0ADMIN');
    await message(requestId).getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('you asked for this yourself').last().waitFor();

    await be('U0APPROVER2');
    await expect.poll(() => message(requestId).innerText(), PATIENTLY).toContain('1 of 2 approvals');
    await message(requestId).getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = page.getByRole('dialog');
    // The code of this half minute was used above: the next one counts too.
    const next = totpOf(cloud.access.stepUp.approver2 ?? '').generate({ timestamp: Date.now() + 30_000 });
    await dialog.getByLabel('Code of your authenticator').fill(next);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => message(requestId).innerText(), PATIENTLY).toContain('Approved and applied.');
  });

  test('asked by the command line of Slack: the answer names the command that claims it', async () => {
    cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
    await page.goto(`${cloud.urls.slack}?as=U0ANALYST1`);
    await page.getByLabel('/access').fill('The weekly report needs the operational metrics of this week.');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.getByText('postern claim analyst1-').waitFor();
  });
});
