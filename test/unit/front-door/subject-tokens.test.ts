import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSubjectTokens } from '../../../lambdas/shared/adapters/identity/subject-tokens.ts';

const NOW = new Date('2026-11-20T22:00:00.000Z');
const seconds = Math.floor(NOW.getTime() / 1000);

let server: Server;
let issuer: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
/** What the issuer serves, by path; a test may change it. */
let documents: Record<string, unknown>;
let fetched: string[];

beforeAll(async () => {
  keys = await generateKeyPair('ES256', { extractable: true });
  server = createServer((request, response) => {
    const path = request.url ?? '';
    fetched.push(path);
    const document = documents[path];
    response.writeHead(document === undefined ? 404 : document === 'broken' ? 500 : 200);
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(async () => {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  fetched = [];
  documents = {
    '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys` },
    '/keys': { keys: [jwk] },
  };
});

type Claims = Record<string, unknown>;
const sign = (claims: Claims = {}, key: CryptoKey | Uint8Array = keys.privateKey, header: Claims = {}) =>
  new SignJWT({ iss: issuer, aud: 'support', sub: 'user_1', exp: seconds + 60, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
    .sign(key);

const verifier = () => makeSubjectTokens({ clock: () => NOW });
const listed = () => [{ issuer, audiences: ['support', 'chat'] }];
const verify = (token: string) => verifier().verify(token, listed());

describe('a subject token', () => {
  it('of a listed issuer and audience proves its subject', async () => {
    expect(await verify(await sign())).toEqual({ outcome: 'verified', subject: { issuer, id: 'user_1' } });
    expect((await verify(await sign({ aud: ['other', 'chat'] }))).outcome).toBe('verified');
  });

  it('says of its subject what its issuer sets by itself, and nothing else', async () => {
    const tokens = makeSubjectTokens({
      clock: () => NOW,
      claimsOf: (named) => (named === issuer ? ['tenant', 'unit', 'level', 'empty', 'long', 'none'] : []),
    });
    const claims = {
      tenant: 't-1',
      unit: 'café',
      level: 3,
      empty: '',
      long: 'x'.repeat(256),
      email: 'a@b.example',
    };
    expect(await tokens.verify(await sign(claims), listed())).toEqual({
      outcome: 'verified',
      subject: { issuer, id: 'user_1', attributes: { tenant: 't-1', unit: 'café' } },
    });
    expect(await verify(await sign(claims))).toEqual({
      outcome: 'verified',
      subject: { issuer, id: 'user_1' },
    });
  });

  it('of an issuer without discovery is checked against its customary key path', async () => {
    documents = { '/.well-known/jwks.json': documents['/keys'] };
    expect((await verify(await sign())).outcome).toBe('verified');
  });

  it('costs the issuer nothing once its keys are known', async () => {
    const tokens = verifier();
    for (let n = 0; n < 3; n++) await tokens.verify(await sign(), listed());
    expect(fetched).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it.each<[string, Claims]>([
    ['has expired', { exp: seconds - 31 }],
    ['has no expiry', { exp: undefined }],
    ['is not valid yet', { nbf: seconds + 31 }],
    ['is for another audience', { aud: 'billing' }],
    ['is for no audience', { aud: undefined }],
    ['has no subject', { sub: undefined }],
    ['has a subject that is too long', { sub: 'u'.repeat(256) }],
    ['has a subject that is empty', { sub: '' }],
    [
      'is an access token of a client, where none is listed',
      { aud: undefined, client_id: 'support', token_use: 'access' },
    ],
    ['has a subject that is no text', { sub: { id: 'user_1' } }],
    ['has an issuer that is only alike', { iss: 'http://127.0.0.1' }],
  ])('is refused where it %s', async (_, claims) => {
    expect((await verify(await sign(claims))).outcome).toBe('invalid');
  });

  it.each([
    'auth0|5f7c8ec7c33c6c004bbafe82',
    '-_+/=',
    'Zm9vYmFyL2Jheg==',
    '*',
    '${aws:username}',
    'a b\u00e9\u4e2d',
    'u'.repeat(255),
  ])('proves the subject %j, as it is', async (sub) => {
    expect(await verify(await sign({ sub }))).toEqual({ outcome: 'verified', subject: { issuer, id: sub } });
  });

  it.each<[string, Claims, string]>([
    ['an access token of a listed client', {}, 'verified'],
    ['an access token of another client', { client_id: 'other' }, 'invalid'],
    ['an ID token of a listed client, without an audience', { token_use: 'id' }, 'invalid'],
    ['a token that does not say its use', { token_use: undefined }, 'invalid'],
    ['an access token for another audience', { aud: 'billing' }, 'invalid'],
    ['a token for a listed audience', { aud: 'support', client_id: 'other' }, 'verified'],
    ['a token for a client that is listed as an audience only', { client_id: 'support' }, 'invalid'],
  ])('of an issuer as Cognito is: %s', async (_, claims, outcome) => {
    const token = await sign({ aud: undefined, client_id: 'app', token_use: 'access', ...claims });
    const cognito = [{ issuer, audiences: ['support'], clients: ['app'] }];
    expect((await verifier().verify(token, cognito)).outcome).toBe(outcome);
    const narrowed = makeSubjectTokens({ clock: () => NOW, taken: [{ issuer, audiences: ['support'] }] });
    if (claims.aud !== 'support') expect((await narrowed.verify(token, cognito)).outcome).toBe('invalid');
  });

  it('is accepted within the clock’s tolerance', async () => {
    expect((await verify(await sign({ exp: seconds - 20, nbf: seconds + 20 }))).outcome).toBe('verified');
  });

  it('is refused where it is signed by another key, symmetrically, or not at all', async () => {
    const other = await generateKeyPair('ES256');
    expect((await verify(await sign({}, other.privateKey))).outcome).toBe('invalid');
    expect((await verify(await sign({}, other.privateKey, { kid: 'k2' }))).outcome).toBe('invalid');
    const symmetric = await sign({}, new TextEncoder().encode('x'.repeat(64)), { alg: 'HS256' });
    expect((await verify(symmetric)).outcome).toBe('invalid');
    const [, payload] = (await sign()).split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    expect((await verify(none)).outcome).toBe('invalid');
  });

  it('is refused where its claims were altered', async () => {
    const [header, payload = '', signature] = (await sign()).split('.');
    const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'user_2' };
    const altered = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect((await verify(`${header}.${altered}.${signature}`)).outcome).toBe('invalid');
  });

  it.each(['', 'x', 'a.b.c', '..', '{}', 'x'.repeat(9_000), '\u0000.\u0000.\u0000'])(
    'that is %j is refused',
    async (token) => {
      expect((await verify(token)).outcome).toBe('invalid');
    },
  );

  it('cannot make the broker fetch from an issuer that is not listed', async () => {
    const token = await sign();
    expect((await verifier().verify(token, [])).outcome).toBe('invalid');
    expect(
      (await verifier().verify(token, [{ issuer: 'https://other.example', audiences: ['support'] }])).outcome,
    ).toBe('invalid');
    expect(fetched).toEqual([]);
  });

  it.each([
    ['another issuer', () => [{ issuer: 'https://other.example', audiences: ['support'] }], 'invalid'],
    ['another audience', () => [{ issuer, audiences: ['billing'] }], 'invalid'],
    ['no issuer at all', () => [], 'invalid'],
    [
      'an audience that the principal does not list',
      () => [{ issuer, audiences: ['billing', 'staff'] }],
      'invalid',
    ],
    ['this issuer and audience', () => [{ issuer, audiences: ['billing', 'support'] }], 'verified'],
  ])('of a listed issuer, where the deployment takes tokens of %s', async (_, taken, outcome) => {
    const tokens = makeSubjectTokens({ clock: () => NOW, taken: taken() });
    expect((await tokens.verify(await sign(), listed())).outcome).toBe(outcome);
    // Of what is on one list alone, nothing is believed, and its issuer not even asked.
    if (outcome === 'invalid') expect(fetched).toEqual([]);
    expect((await tokens.verify(await sign({ aud: 'billing' }), listed())).outcome).toBe('invalid');
  });

  it('is not checked against keys that came over plain http from afar', async () => {
    const far = 'http://issuer.example';
    const token = await sign({ iss: far });
    expect((await verifier().verify(token, [{ issuer: far, audiences: ['support'] }])).outcome).toBe(
      'invalid',
    );
    documents['/.well-known/openid-configuration'] = { issuer, jwks_uri: 'http://keys.example/keys' };
    expect((await verify(await sign())).outcome).toBe('unavailable');
  });

  it('is neither accepted nor refused where the issuer is down, and is once it is back', async () => {
    const tokens = verifier();
    const good = documents;
    for (const broken of [
      { '/.well-known/openid-configuration': 'broken' },
      { ...good, '/keys': 'broken' },
      { ...good, '/keys': { keys: 'none' } },
      {
        ...good,
        '/.well-known/openid-configuration': { issuer: 'https://other.example', jwks_uri: `${issuer}/keys` },
      },
    ]) {
      documents = broken;
      expect((await verifier().verify(await sign(), listed())).outcome).toBe('unavailable');
    }
    documents = { '/.well-known/openid-configuration': 'broken' };
    expect((await tokens.verify(await sign(), listed())).outcome).toBe('unavailable');
    documents = good;
    expect((await tokens.verify(await sign(), listed())).outcome).toBe('verified');
  });

  it('never shows in what is said about it', async () => {
    for (const token of [
      await sign({ exp: seconds - 60 }),
      await sign({ aud: 'billing' }),
      'not-a-token-but-secret',
    ]) {
      const verdict = JSON.stringify(await verify(token));
      expect(verdict).not.toContain(token.slice(0, 12));
    }
  });
});
