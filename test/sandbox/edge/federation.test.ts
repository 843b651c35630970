import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AwsCredential } from '../../../sandbox/aws/types.ts';
import { makeFederation } from '../../../sandbox/edge/federation.ts';

const MINUTE = 60_000;
const START = new Date('2026-11-20T12:00:00.000Z');
const session = { sessionId: 'ASIASESSION', sessionKey: 'the-key', sessionToken: 'the-token' };
const credential: AwsCredential = {
  accessKeyId: 'ASIASESSION',
  secretAccessKey: 'the-key',
  sessionToken: 'the-token',
  expiresAt: new Date(START.getTime() + 60 * MINUTE),
  caller: {
    accountId: '123456789012',
    arn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered/employee1-01J',
    userId: 'AROA:employee1-01J',
    accessKeyId: 'ASIASESSION',
    identityPolicies: [],
    sessionPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem' }] },
    principalTags: { 'postern:subject': '<b>c-1042</b>' },
    sourceIdentity: 'employee1',
  },
};

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => vi.useRealTimers());

function federation(known: Partial<AwsCredential> = {}) {
  const app = makeFederation((id) => (id === 'ASIASESSION' ? { ...credential, ...known } : undefined));
  const get = (query: Record<string, string>) => app.request(`/?${new URLSearchParams(query)}`);
  return {
    get,
    async tokenFor(given: unknown): Promise<{ status: number; token: string }> {
      const response = await get({ Action: 'getSigninToken', Session: JSON.stringify(given) });
      const { SigninToken = '' } = (await response.json()) as { SigninToken?: string };
      return { status: response.status, token: SigninToken };
    },
    async signIn(token: string): Promise<{ status: number; page: string }> {
      const response = await get({ Action: 'login', SigninToken: token });
      return { status: response.status, page: await response.text() };
    },
  };
}

test('the page says who signed in, what they may do, and until when', async () => {
  const { tokenFor, signIn } = federation();
  const { page } = await signIn((await tokenFor(session)).token);
  expect(page).toContain('employee1');
  expect(page).toContain('dynamodb:GetItem');
  expect(page).toContain('2026-11-20T13:00:00.000Z');
});

test('the page holds neither key nor token, is kept by nobody, and is text where a tag is hostile', async () => {
  const { get, tokenFor } = federation();
  const { token } = await tokenFor(session);
  const response = await get({ Action: 'login', SigninToken: token });
  const page = await response.text();
  for (const secret of ['the-key', 'the-token', '<b>']) expect(page).not.toContain(secret);
  expect(response.headers.get('cache-control')).toBe('no-store');
});

describe('no sign-in token for', () => {
  test.each([
    ['another key', { ...session, sessionKey: 'guess' }],
    ['another session token', { ...session, sessionToken: 'guess' }],
    ['a session that nobody issued', { ...session, sessionId: 'ASIAOTHER' }],
    ['no session', {}],
    ['what is no session', 'ASIASESSION'],
  ])('%s', async (_, given) => {
    expect(await federation().tokenFor(given)).toEqual({ status: 400, token: '' });
  });
  test('a session that has ended', async () => {
    expect((await federation({ expiresAt: START }).tokenFor(session)).status).toBe(400);
  });
});

describe('no sign-in', () => {
  test('with a token that nobody gave', async () => {
    expect((await federation().signIn('made-up')).status).toBe(400);
  });
  test('a quarter of an hour after the token was given', async () => {
    const { tokenFor, signIn } = federation();
    const { token } = await tokenFor(session);
    vi.setSystemTime(START.getTime() + 15 * MINUTE - 1);
    expect((await signIn(token)).status).toBe(200);
    vi.setSystemTime(START.getTime() + 15 * MINUTE);
    expect((await signIn(token)).status).toBe(400);
  });
  test('once the session has ended, however new the token', async () => {
    const { tokenFor, signIn } = federation({ expiresAt: new Date(START.getTime() + MINUTE) });
    const { token } = await tokenFor(session);
    vi.setSystemTime(START.getTime() + MINUTE);
    expect((await signIn(token)).status).toBe(400);
  });
  test('by any other action', async () => {
    const { get, tokenFor } = federation();
    const { token } = await tokenFor(session);
    expect((await get({ Action: 'logout', SigninToken: token })).status).toBe(400);
  });
});
