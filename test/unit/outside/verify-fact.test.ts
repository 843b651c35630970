import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyFact } from '../../../lambdas/shared/adapters/outside/verify-fact.ts';
import { factSourcesSchema } from '../../../lambdas/shared/domain/outside/fact-sources.ts';
import { FACT_REFUSALS, type FactRefusal } from '../../../lambdas/shared/domain/outside/judge-fact.ts';
import { config, makeKey, NOW, onCall, pager, pagerKey, secondsOf, sign, ticketsKey } from './sign-fact.ts';

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (alg: string) => `${base64({ alg, kid: '2026-11', typ: 'fact+jwt' })}.${base64(onCall)}.`;
const stranger = makeKey('2026-11');

it('takes what a source signs of what it may state', async () => {
  expect(await verifyFact(await sign(), config, NOW)).toEqual({
    fact: {
      source: 'pager',
      kid: '2026-11',
      name: 'onCall',
      about: 'person:ana',
      value: 'payments',
      issuedAt: '2026-11-30T11:59:50.000Z',
      expiresAt: '2026-11-30T13:00:00.000Z',
    },
    holds: true,
    longestSeconds: 43_200,
  });
});

it('takes one by a P-256 key, too', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = privateKey.export({ format: 'jwk' });
  const key = { kid: 'ec', kty: 'EC' as const, crv: 'P-256' as const, x, y };
  const source = { ...pager, keys: [key] };
  const token = await sign(onCall, { key: privateKey, header: { alg: 'ES256', kid: 'ec' } });
  expect(await verifyFact(token, { ...config, sources: [source] }, NOW)).toMatchObject({ holds: true });
});

const withClaims = (more: object) => () => sign({ ...onCall, ...more });
const open = { iss: 'tickets', fact: 'openReference', about: 'reference:OPS-12', value: undefined };
const refused: [string, () => Promise<string>, FactRefusal][] = [
  ['a forged signature', () => sign(onCall, { key: stranger.privateKey }), 'signature_wrong'],
  ['the signature of another source', () => sign(onCall, { key: ticketsKey.privateKey }), 'signature_wrong'],
  ['no signature, and alg none', async () => unsigned('none'), 'signature_wrong'],
  [
    'the public key as a secret',
    () => sign(onCall, { key: Buffer.from(pagerKey.listed.x), header: { alg: 'HS256' } }),
    'signature_wrong',
  ],
  ['yesterday’s key', () => sign(onCall, { header: { kid: '2026-10' } }), 'key_unknown'],
  ['no key', () => sign(onCall, { header: { kid: undefined } }), 'not_a_fact'],
  ['a token of another kind', () => sign(onCall, { header: { typ: 'JWT' } }), 'not_a_fact'],
  ['nobody’s', withClaims({ iss: 'somebody' }), 'source_unknown'],
  ['a name of another source', withClaims(open), 'signature_wrong'],
  ['what its source may not state', withClaims({ ...open, iss: 'pager' }), 'not_stated_by_source'],
  ['a rota that is not the source’s', withClaims({ value: 'billing' }), 'not_stated_by_source'],
  [
    'an incident that is not the source’s',
    withClaims({ fact: 'incident', about: 'organisation', value: 'X-1' }),
    'not_stated_by_source',
  ],
  ['on call about a ticket', withClaims({ about: 'reference:OPS-12' }), 'about_does_not_fit'],
  ['on call without a rota', withClaims({ value: undefined }), 'about_does_not_fit'],
  ['an incident about a person', withClaims({ fact: 'incident', value: 'INC-9' }), 'about_does_not_fit'],
  ['about nobody', withClaims({ about: 'everybody' }), 'not_a_fact'],
  ['for another broker', withClaims({ aud: 'another' }), 'for_another'],
  ['for several brokers', withClaims({ aud: [onCall.aud, 'another'] }), 'not_a_fact'],
  ['made in the future', withClaims({ iat: secondsOf(NOW, 60) }), 'from_the_future'],
  ['expired', withClaims({ exp: secondsOf(NOW) }), 'expired'],
  ['without an end', withClaims({ exp: undefined }), 'not_a_fact'],
  ['that ends before it begins', withClaims({ iat: secondsOf(NOW, 20), exp: secondsOf(NOW, 10) }), 'expired'],
  ['too long', withClaims({ exp: secondsOf(NOW, 43_200) }), 'too_long'],
  ['with a field more', withClaims({ groups: ['admins'] }), 'not_a_fact'],
  ['larger than four kilobytes', withClaims({ jti: 'x'.repeat(4_000) }), 'not_a_fact'],
  ['no JWT', async () => 'a fact', 'not_a_fact'],
];

describe('refuses by name', () => {
  it.each(refused)('%s', async (_, make, because) => {
    expect(await verifyFact(await make(), config, NOW)).toBe(because);
  });

  it('whatever it can refuse', () => {
    expect(new Set(refused.map(([, , because]) => because))).toEqual(new Set(Object.keys(FACT_REFUSALS)));
  });
});

it('takes a fact altered by one bit for none', async () => {
  const [header, payload = '', signature] = (await sign()).split('.');
  const altered = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const token = [header, base64({ ...altered, about: 'person:eve' }), signature].join('.');
  expect(await verifyFact(token, config, NOW)).toBe('signature_wrong');
});

describe('facts.json', () => {
  const parse = (change: object) => factSourcesSchema.safeParse({ ...config, ...change }).success;
  it.each<[string, object, boolean]>([
    ['as it should be', {}, true],
    ['a private key', { sources: [{ ...pager, keys: [{ ...pagerKey.listed, d: 'x' }] }] }, false],
    ['two sources of one id', { sources: [pager, pager] }, false],
    ['two keys of one kid', { sources: [{ ...pager, keys: [pagerKey.listed, ticketsKey.listed] }] }, false],
    ['a secret as a key', { sources: [{ ...pager, keys: [{ kid: 'a', kty: 'oct', k: 'eA' }] }] }, false],
    [
      'a * in the middle',
      { sources: [{ ...pager, states: [{ fact: 'incident', values: ['I*C'], longestSeconds: 60 }] }] },
      false,
    ],
    [
      'no longest life',
      { sources: [{ ...pager, states: [{ fact: 'incident', values: ['INC-*'] }] }] },
      false,
    ],
  ])('%s', (_, change, isGood) => expect(parse(change)).toBe(isGood));
});
