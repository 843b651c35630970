import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSKEY_SCRIPT } from '../../console/passkey-script.ts';
import { holdAuthenticator } from '../support/console/hold-authenticator.ts';
import { hasBrowser, openBrowser } from '../support/open-browser.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { holdPasskey } from '../support/vote-by-passkey.ts';

const CHANNEL = '#access-approvals';
type Calls = {
  createPasskey(made: object): Promise<{ id: string; publicKey: string; label: string }>;
  signVote(shown: object, opened: object): Promise<object>;
};

let cloud: Cloud;
let slack: SlackOfCloud;
let browser: Browser;
let page: Page;
let server: Server;
let authenticator: Awaited<ReturnType<typeof holdAuthenticator>>;

/** A page with nothing but the script, under the policy that a console has. */
const servePage = async (): Promise<Server> => {
  const made = createServer(({ url }, answer) => {
    const isScript = url === '/passkeys.js';
    answer.writeHead(200, {
      'content-type': isScript ? 'text/javascript' : 'text/html',
      'content-security-policy': "default-src 'none'; script-src 'self'",
    });
    answer.end(isScript ? PASSKEY_SCRIPT : '<!doctype html><title>Passkeys</title>');
  });
  await new Promise<void>((done) => made.listen(0, 'localhost', done));
  return made;
};
const originOf = (listening: Server) => `http://localhost:${(listening.address() as AddressInfo).port}`;

/** Calls a function of the script in the page. As text: what runs here is changed for the test's own loader. */
const inPage = <Name extends keyof Calls>(
  name: Name,
  ...given: Parameters<Calls[Name]>
): Promise<{ answer?: Awaited<ReturnType<Calls[Name]>>; error?: string }> =>
  page.evaluate(`(async () => {
    try {
      const script = await import('/passkeys.js');
      return { answer: await script.${name}(...${JSON.stringify(given)}) };
    } catch (error) {
      return { error: error.name + ': ' + error.message };
    }
  })()`);

describe.skipIf(!hasBrowser)('passkeys, in a browser with an authenticator', () => {
  beforeAll(async () => {
    const tier = { timeoutSeconds: 600, approverGroup: 'approvers' };
    [cloud, browser] = await Promise.all([
      startCloud({ tiers: [{ ...tier, name: 'access-approvers', channel: CHANNEL }] }),
      openBrowser(),
    ]);
    slack = slackOf(cloud);
    cloud.reviewer.says(() =>
      proposing('bank_customer_profiles', ['dynamodb:GetItem', 'dynamodb:Query'], {
        durationSeconds: slack.ownDuration(),
      }),
    );
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(15_000);
    server = await servePage();
    // The console's own origin, as far as the browser knows: what answers there is this page.
    await page.route(`${cloud.passkeyOrigin}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const answer = await fetch(`${originOf(server)}${pathname}`);
      await route.fulfill({
        status: 200,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      });
    });
    authenticator = await holdAuthenticator(page);
    await page.goto(`${cloud.passkeyOrigin}/`);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await cloud?.close();
  });

  const approver = () => cloud.withToken('approver1');

  /** What the page shows of a request, and the challenge for it. */
  async function opened(requestId: string, more: Record<string, unknown> = { decision: 'approve' }) {
    const view = (await approver()('GET', `/requests/${requestId}/votes`)).body;
    const ballot = { proposalDigest: view.proposalDigest, ...more };
    const { status, body } = await approver()('POST', `/requests/${requestId}/votes/challenge`, ballot);
    expect(status).toBe(200);
    return { ballot, body, shown: { requestId, tier: view.tier, voter: 'approver1', ...ballot } };
  }

  test('a passkey is made, and made once', async () => {
    const made = await inPage('createPasskey', { principalId: 'approver1', label: 'Laptop' });
    expect(made.error).toBeUndefined();
    const passkey = made.answer;
    if (!passkey) throw new Error('none was made');
    const proposed = await approver()('POST', '/passkeys', {
      passkey,
      reason: 'A laptop of my own to approve with.',
    });
    expect(proposed.status).toBe(202);
    await holdPasskey(cloud, 'approver1', passkey);
    const again = await inPage('createPasskey', {
      principalId: 'approver1',
      label: 'Laptop again',
      passkeys: [passkey],
    });
    expect(again.error).toMatch(/^InvalidStateError/);
  });

  test('it approves less than was asked, for a window, and the request is granted so', async () => {
    const requestId = await slack.ask('employee1');
    const narrowing = {
      grants: [{ resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem'] }],
    };
    const more = { decision: 'approve_less', narrowing, windowSeconds: 3600 };
    const { ballot, body, shown } = await opened(requestId, more);
    const { answer: assertion, error } = await inPage('signVote', shown, body);
    expect(error).toBeUndefined();
    const voted = await approver()('POST', `/requests/${requestId}/votes`, { ...ballot, assertion });
    expect(voted).toMatchObject({ status: 200, body: { decision: 'approve', given: 1 } });
    await until(
      async () => (await slack.rowOf(requestId)).status,
      (status) => status === 'READY',
    );
    expect((await slack.rowOf(requestId)).decision?.entitlement?.grants).toEqual(narrowing.grants);
  });

  test('what is not what the page shows is not signed', async () => {
    const requestId = await slack.ask('employee1');
    const { body, shown } = await opened(requestId);
    for (const other of [{ decision: 'deny' }, { windowSeconds: 3600 }, { requestId: 'another' }]) {
      const { error } = await inPage('signVote', { ...shown, ...other }, body);
      expect(error).toMatch(/not what this page shows/);
    }
  });

  test('somebody who is not verified proves nothing', async () => {
    const requestId = await slack.ask('employee1');
    await authenticator.knowsThem(false);
    const { body, shown } = await opened(requestId);
    const { error } = await inPage('signVote', shown, body);
    expect(error).toMatch(/^NotAllowedError/);
    await authenticator.knowsThem(true);
    expect((await slack.rowOf(requestId)).status).toBe('AWAITING_APPROVAL');
  });

  test('at an IP address the browser makes none', async () => {
    const other = await browser.newPage();
    const there = `http://127.0.0.1:${new URL(cloud.passkeyOrigin).port}/`;
    await other.route(there, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>x</title>' }),
    );
    await other.goto(there);
    const error = await other.evaluate(async () => {
      try {
        await (
          navigator as unknown as { credentials: { create(options: unknown): Promise<unknown> } }
        ).credentials.create({
          publicKey: {
            rp: { id: 'localhost', name: 'x' },
            user: { id: new Uint8Array(8), name: 'x', displayName: 'x' },
            challenge: new Uint8Array(32),
            pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
          },
        });
        return 'made';
      } catch (refused) {
        return (refused as Error).name;
      }
    });
    expect(error).toBe('SecurityError');
    await other.close();
  });
});
