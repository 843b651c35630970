import { beforeAll, expect, it, test } from 'vitest';
import { makeCheckProof } from '../../../lambdas/shared/adapters/identity/check-proof.ts';
import { makeProofKey, type ProofKey, sha256 } from '../../support/token-caller.ts';

const NOW = new Date('2026-11-20T22:00:00.000Z');
const seconds = Math.floor(NOW.getTime() / 1000);
const TOKEN = 'a.b.c';
const URL = 'https://broker.example/login/requests';

let key: ProofKey;
beforeAll(async () => {
  key = await makeProofKey();
});

/** A door that remembers which proofs it saw. */
function door() {
  const seen = new Set<string>();
  const check = makeCheckProof({
    clock: () => NOW,
    once: {
      first: async (name) => {
        const isFirst = !seen.has(name);
        seen.add(name);
        return isFirst;
      },
    },
  });
  return (proof: string, more: { token?: string; thumbprint?: string; method?: string } = {}) =>
    check({
      proof,
      token: TOKEN,
      thumbprint: key.thumbprint,
      method: 'POST',
      place: 'broker.example/login/requests',
      ...more,
    });
}
const prove = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  key.prove('POST', URL, TOKEN, { iat: seconds, ...claims }, header);

test('the holder of the key proves it, once for each proof', async () => {
  const check = door();
  const proof = await prove();
  expect(await check(proof)).toBe('proved');
  expect(await check(proof)).toBe('used');
  expect(await check(await prove())).toBe('proved');
});

it.each<[string, Record<string, unknown>]>([
  ['another method', { htm: 'GET' }],
  ['another path', { htu: 'https://broker.example/login/changes' }],
  ['another host', { htu: 'https://evil.example/login/requests' }],
  ['a place that is not reached over https', { htu: 'http://broker.example/login/requests' }],
  ['no place', { htu: undefined }],
  ['a time long ago', { iat: seconds - 61 }],
  ['a time to come', { iat: seconds + 61 }],
  ['another token', { ath: sha256('x.y.z') }],
  ['no token', { ath: undefined }],
  ['no id of its own', { jti: undefined }],
])('a proof of %s proves nothing', async (_, claims) => {
  expect(await door()(await prove(claims))).toBe('refused');
});

it('counts whatever is asked of the place: the query is no part of it', async () => {
  expect(await door()(await prove({ htu: `${URL}?wait=20` }))).toBe('proved');
});

it.each<[string, () => Promise<string> | string]>([
  ['of another kind', () => prove({}, { typ: 'JWT' })],
  ['of another key', async () => (await makeProofKey()).prove('POST', URL, TOKEN, { iat: seconds })],
  ['without a key', () => prove({}, { jwk: undefined })],
  ['that is no JWT', () => 'x'],
  ['that is longer than any', () => 'x'.repeat(5_000)],
])('a proof %s proves nothing', async (_, proof) => {
  expect(await door()(await proof())).toBe('refused');
});
