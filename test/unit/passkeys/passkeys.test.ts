import { describe, expect, test, vi } from 'vitest';
import { PASSKEY_SCRIPT } from '../../../console/passkey-script.ts';
import { readPasskeyPlace } from '../../../lambdas/shared/adapters/config/read-passkey-place.ts';
import { refusalOfApprovers } from '../../../lambdas/shared/domain/approvals/approvers-standing.ts';
import {
  challengeOf,
  type Passkey,
  passkeySchema,
  passkeysChanged,
} from '../../../lambdas/shared/domain/approvals/passkey.ts';
import {
  passkeyOriginSchema,
  passkeyPlaceOf,
} from '../../../lambdas/shared/domain/approvals/passkey-place.ts';
import { judgeUse, type PasskeyUse } from '../../../lambdas/shared/domain/approvals/passkey-use.ts';
import { principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { ofBank } from '../../support/bank.ts';
import { agreedBy, approver, approversTier } from '../../support/example-state.ts';
import { makePasskey } from '../../support/make-passkey.ts';

const pressed = {
  proposalDigest: 'sha256:p',
  decision: 'approve' as const,
  tier: 'access-approvers',
  principalId: 'approver1',
};

describe('where passkeys are made', () => {
  test.each(['https://console.example.com', 'https://console.example.com:8443', 'http://localhost:4780'])(
    '%s takes them',
    (origin) => {
      expect(passkeyOriginSchema.parse(origin)).toBe(origin);
      expect(passkeyPlaceOf(origin).rpId).toBe(new URL(origin).hostname);
    },
  );
  test.each([
    'http://console.example.com',
    'https://10.1.2.3',
    'http://127.0.0.1:4780',
    'https://[::1]',
    'https://console.example.com/',
    'https://console.example.com/console',
    'https://a@console.example.com',
    'https://Console.example.com',
    'console.example.com',
    '',
  ])('%s does not', (origin) => expect(passkeyOriginSchema.safeParse(origin).success).toBe(false));
});

test('where it is empty there is no place; where it is wrong nothing starts', () => {
  const placeOf = (origin: string) => {
    vi.stubEnv('CONSOLE_ORIGIN', origin);
    return readPasskeyPlace();
  };
  expect(placeOf('')).toBeUndefined();
  expect(placeOf('https://console.example.com')).toEqual({
    origin: 'https://console.example.com',
    rpId: 'console.example.com',
  });
  expect(() => placeOf('http://10.0.0.1')).toThrow();
  vi.unstubAllEnvs();
});

test('an approval whose passkey was given up meanwhile no longer holds', () => {
  const { passkey } = makePasskey();
  const { evidence, verdict, loaded, request } = agreedBy(approver);
  if (!evidence || !verdict || !loaded) throw new Error('nothing was decided');
  const assertion = {
    ...makePasskey().press({ ...pressed, requestId: request.requestId }),
    credentialId: passkey.id,
  };
  const votes = evidence.votes.map((vote) => ({ ...vote, stepUp: true, assertion }));
  const refusal = (passkeys: Passkey[] | undefined) =>
    refusalOfApprovers(
      { request, loaded, verdict, evidence: { ...evidence, votes } },
      [approversTier],
      () => ({
        ...approver,
        ...(passkeys && { passkeys }),
      }),
    );
  expect(refusal([passkey])).toBeUndefined();
  for (const left of [undefined, [makePasskey().passkey]])
    expect(refusal(left)).toEqual({ principalId: approver.id, because: 'passkey_unknown' });
});

describe('a passkey', () => {
  const { passkey } = makePasskey();
  test.each([
    ['without an id', { id: '' }],
    ['with an id in another alphabet', { id: `${passkey.id.slice(0, -1)}=` }],
    ['with a key that is too long', { publicKey: 'A'.repeat(1025) }],
    ['with markup for a label', { label: '<b>mine</b>' }],
    ['with a label of two lines', { label: 'mine\nand yours' }],
    ['with a label that turns the text around', { label: 'mine\u202e' }],
    ['with more than it has', { counter: 1 }],
  ])('%s is none', (_, wrong) => {
    expect(passkeySchema.safeParse({ ...passkey, ...wrong }).success).toBe(false);
  });

  test('is named once, and at most five are', () => {
    const held = (passkeys: Passkey[]) =>
      principalSchema.safeParse({ ...ofBank('approver1'), passkeys }).success;
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => makePasskey(`Key ${index}`).passkey);
    expect([held([passkey]), held(many(5))]).toEqual([true, true]);
    expect([held([]), held([passkey, passkey]), held(many(6))]).toEqual([false, false, false]);
  });

  test('that has another label or key is another', () => {
    const other = { ...passkey, label: 'Another' };
    expect(passkeysChanged([passkey], [other])).toEqual({ enrolled: [other], revoked: [passkey] });
    expect(passkeysChanged([passkey], undefined)).toEqual({ enrolled: [], revoked: [passkey] });
    expect(passkeysChanged([passkey], [passkey])).toEqual({ enrolled: [], revoked: [] });
  });
});

describe('a counter', () => {
  const use = (counter: number, minute: number): PasskeyUse => ({
    counter,
    votedAt: `2026-11-20T12:${String(minute).padStart(2, '0')}:00.000Z`,
    ballotDigest: `sha256:${counter} ${minute}`,
  });
  test.each<[string, PasskeyUse, PasskeyUse | undefined, string]>([
    ['the first', use(5, 1), undefined, 'advances'],
    ['of one that never counts', use(0, 1), undefined, 'counts'],
    ['the next', use(6, 2), use(5, 1), 'advances'],
    ['the same vote again', use(5, 1), use(5, 1), 'counts'],
    ['an older vote, counted later', use(4, 1), use(5, 2), 'counts'],
    ['the same number on a later vote', use(5, 2), use(5, 1), 'regressed'],
    ['the same number on an older vote', use(5, 0), use(5, 1), 'regressed'],
    ['a lower number on a later vote', use(4, 2), use(5, 1), 'regressed'],
    ['none, where it counted before', use(0, 2), use(5, 1), 'regressed'],
    ['a higher number on an older vote', use(6, 0), use(5, 1), 'regressed'],
  ])('%s', (_, now, last, judged) => expect(judgeUse(now, last)).toBe(judged));
});

test('the page makes the same challenge of what it shows as the broker of what it stores', async () => {
  const script = `data:text/javascript;base64,${Buffer.from(PASSKEY_SCRIPT).toString('base64')}`;
  const page: { challengeOf(shown: object): Promise<string> } = await import(/* @vite-ignore */ script);
  const grants = [{ resource: 'bank_balances', actions: ['dynamodb:Query', 'dynamodb:GetItem'] }];
  const shown = {
    requestId: 'employee1-01K0000000000000000000000B',
    proposalDigest: 'sha256:p',
    tier: 'access-approvers “ü”',
    nonce: 'bm9uY2U',
  };
  const stored = { ...shown, principalId: 'approver1', decision: 'approve' as const };
  const shownAs = (more: object) => page.challengeOf({ ...shown, voter: 'approver1', ...more });
  expect(await shownAs({ decision: 'approve' })).toBe(challengeOf(stored, shown.nonce));
  expect(await shownAs({ decision: 'approve', windowSeconds: 0 })).toBe(challengeOf(stored, shown.nonce));
  expect(await shownAs({ decision: 'deny' })).toBe(challengeOf({ ...stored, decision: 'deny' }, shown.nonce));
  expect(
    await shownAs({
      decision: 'approve_less',
      narrowing: { grants, durationSeconds: 900 },
      windowSeconds: 3600,
    }),
  ).toBe(
    challengeOf({ ...stored, narrowing: { windowSeconds: 3600, durationSeconds: 900, grants } }, shown.nonce),
  );
});
