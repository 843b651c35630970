import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCE, SIGN_IN_AUDIENCE } from '../../../demo/principals.ts';
import { makeIssuer, type SandboxIssuer } from '../../../sandbox/issuer/make-issuer.ts';

const VERIFIER = 'of-this-test-alone-and-as-long-as-verifiers-have-to-be';
const CHAT = 'http://127.0.0.1:4783/signed-in';
const CONSOLE = 'http://localhost:4780/signed-in';

let issuer: SandboxIssuer;
beforeAll(async () => {
  issuer = await makeIssuer(() => 'http://localhost:4780/issuer');
});

const wanted = (client: string, redirect: string) => ({
  client_id: client,
  response_type: 'code',
  redirect_uri: redirect,
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
});
const post = (path: string, form: Record<string, string>) =>
  issuer.app.request(path, { method: 'POST', body: new URLSearchParams(form) });

/** The code that somebody is given at a client. */
async function codeFor(client: string, redirect: string, person: string): Promise<string> {
  const answer = await post('/authorize', { ...wanted(client, redirect), person });
  expect([answer.status, answer.headers.get('location')?.startsWith(redirect)]).toEqual([302, true]);
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
}
const redeem = (client: string, redirect: string, code: string) =>
  post('/oauth/token', {
    grant_type: 'authorization_code',
    client_id: client,
    redirect_uri: redirect,
    code,
    code_verifier: VERIFIER,
  });

describe('who signs in where', () => {
  test.each([
    ['postern-chat', CHAT, ['c-1042', 'c-2077', 'c-3111'], ['admin', 'sam']],
    ['postern-console', CONSOLE, ['admin', 'sam'], ['c-1042']],
  ])('%s: its own alone', async (client, redirect, own, others) => {
    const page = await issuer.app.request(`/authorize?${new URLSearchParams(wanted(client, redirect))}`);
    const text = await page.text();
    for (const id of own) expect(text).toContain(`value="${id}"`);
    for (const id of others) {
      expect(text).not.toContain(`value="${id}"`);
      expect((await post('/authorize', { ...wanted(client, redirect), person: id })).status).toBe(400);
    }
  });

  test.each([
    ['postern-console', CHAT],
    ['postern-chat', CONSOLE],
    ['postern-chat', 'http://127.0.0.1:4783/callback'],
    ['postern-chat', 'http://127.0.0.1.evil.example/signed-in'],
    ['postern-cli', CHAT],
  ])('%s is sent no answer at %s', async (client, redirect) => {
    const person = client === 'postern-chat' ? 'c-1042' : 'admin';
    expect((await post('/authorize', { ...wanted(client, redirect), person })).status).toBe(400);
  });

  test("a customer's token is for agents to ask with, and signs in to nothing; a new one is too", async () => {
    const code = await codeFor('postern-chat', CHAT, 'c-1042');
    const first = (await (await redeem('postern-chat', CHAT, code)).json()) as Record<string, string>;
    expect(decodeJwt(first.access_token ?? '')).toMatchObject({ sub: 'c-1042', aud: AUDIENCE });
    const renewed = await post('/oauth/token', {
      grant_type: 'refresh_token',
      client_id: 'postern-chat',
      refresh_token: first.refresh_token ?? '',
    });
    const second = (await renewed.json()) as Record<string, string>;
    expect(decodeJwt(second.access_token ?? '')).toMatchObject({ sub: 'c-1042', aud: AUDIENCE });
    const others = await redeem(
      'postern-console',
      CONSOLE,
      await codeFor('postern-console', CONSOLE, 'admin'),
    );
    expect(decodeJwt(((await others.json()) as Record<string, string>).access_token ?? '').aud).toBe(
      SIGN_IN_AUDIENCE,
    );
  });

  test.each([
    ['postern-console', CONSOLE],
    ['postern-console', CHAT],
    ['postern-cli', CHAT],
  ])('a code of the chat is none of %s at %s', async (client, redirect) => {
    const code = await codeFor('postern-chat', CHAT, 'c-1042');
    expect((await redeem(client, redirect, code)).status).toBe(400);
  });

  test("a customer's token cannot be exchanged for an agent's", async () => {
    const code = await codeFor('postern-chat', CHAT, 'c-1042');
    const { access_token: token = '' } = (await (await redeem('postern-chat', CHAT, code)).json()) as Record<
      string,
      string
    >;
    const answer = await post('/oauth/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      requested_subject: 'customer_support_agent',
    });
    expect(answer.status).toBe(400);
  });
});
