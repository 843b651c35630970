import { expect, test } from 'vitest';
import type { Pressed } from '../../../lambdas/shared/domain/approvals/passkey.ts';
import { passkeyPlaceOf } from '../../../lambdas/shared/domain/approvals/passkey-place.ts';
import { verifyAssertion } from '../../../lambdas/shared/votes/verify-assertion.ts';
import { makePasskey, ORIGIN } from '../../support/make-passkey.ts';

const PLACE = passkeyPlaceOf(ORIGIN);
const PRESSED: Pressed = {
  requestId: 'employee1-01K0000000000000000000000B',
  proposalDigest: 'sha256:p',
  decision: 'approve',
  narrowing: { durationSeconds: 900, windowSeconds: 3600 },
  tier: 'access-approvers',
  principalId: 'approver1',
};
const key = makePasskey();
const refused = { proved: false, because: 'passkey_refused' };

test.each(['es256', 'ed25519', 'rs256'] as const)('a key of %s proves what was pressed', async (kind) => {
  const other = makePasskey('Other', kind);
  const assertion = other.press(PRESSED, { counter: 7 });
  expect(await verifyAssertion(assertion, PRESSED, [key.passkey, other.passkey], PLACE)).toEqual({
    proved: true,
    passkey: other.passkey,
    counter: 7,
  });
});

test.each<[string, Parameters<typeof key.press>[1]]>([
  ['at another origin', { origin: 'http://localhost:4781' }],
  ['at an origin that begins like it', { origin: `${ORIGIN}.evil.example` }],
  ['for another domain', { rpId: 'evil.example' }],
  ['without verifying the person', { verified: false }],
  ['over another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
  ['in making a key', { type: 'webauthn.create' }],
])('what was answered %s proves nothing', async (_, circumstances) => {
  const assertion = key.press(PRESSED, circumstances);
  expect(await verifyAssertion(assertion, PRESSED, [key.passkey], PLACE)).toEqual(refused);
});

const OTHERWISE: Partial<Pressed>[] = [
  { requestId: 'employee1-01K0000000000000000000000C' },
  { proposalDigest: 'sha256:q' },
  { decision: 'deny' },
  { narrowing: { durationSeconds: 1800, windowSeconds: 3600 } },
  { narrowing: { windowSeconds: 3600 } },
  { narrowing: { durationSeconds: 900 } },
  { narrowing: { durationSeconds: 900, windowSeconds: 7200 } },
  { narrowing: undefined },
  { tier: 'security-oncall' },
  { principalId: 'approver2' },
];
test.each(OTHERWISE)('pressed on one thing it does not prove another: %j', async (changed) => {
  const assertion = key.press(PRESSED);
  expect(await verifyAssertion(assertion, { ...PRESSED, ...changed }, [key.passkey], PLACE)).toEqual(refused);
});

test('another nonce than was answered proves nothing', async () => {
  const assertion = { ...key.press(PRESSED), nonce: 'YW5vdGhlcg' };
  expect(await verifyAssertion(assertion, PRESSED, [key.passkey], PLACE)).toEqual(refused);
});

test('a key that is another person’s, or nobody’s any more, is unknown', async () => {
  const assertion = key.press(PRESSED);
  for (const passkeys of [[makePasskey().passkey], [], undefined])
    expect(await verifyAssertion(assertion, PRESSED, passkeys, PLACE)).toEqual({
      proved: false,
      because: 'passkey_unknown',
    });
});

test('another key under the same id proves nothing', async () => {
  const forged = { ...makePasskey().passkey, id: key.passkey.id };
  expect(await verifyAssertion(key.press(PRESSED), PRESSED, [forged], PLACE)).toEqual(refused);
});

test('where no console is configured, nothing is proved', async () => {
  expect(await verifyAssertion(key.press(PRESSED), PRESSED, [key.passkey], undefined)).toEqual(refused);
});

test.each(['clientDataJSON', 'authenticatorData', 'signature'] as const)(
  'any change of its %s proves nothing, and throws nothing',
  async (part) => {
    const assertion = key.press(PRESSED);
    const bytes = Buffer.from(assertion[part], 'base64url');
    const places = [0, bytes.length >> 1, bytes.length - 1];
    for (const place of places) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0x01;
      const forged = { ...assertion, [part]: changed.toString('base64url') };
      expect(await verifyAssertion(forged, PRESSED, [key.passkey], PLACE)).toEqual(refused);
    }
    const cut = { ...assertion, [part]: assertion[part].slice(0, 8) };
    expect(await verifyAssertion(cut, PRESSED, [key.passkey], PLACE)).toEqual(refused);
  },
);

test('a key that is no COSE key proves nothing', async () => {
  const none = { ...key.passkey, publicKey: Buffer.alloc(80, 7).toString('base64url') };
  expect(await verifyAssertion(key.press(PRESSED), PRESSED, [none], PLACE)).toEqual(refused);
});
