import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSignIn } from '../../../lambdas/shared/adapters/identity/sign-in.ts';
import { type Issuer, issuerSchema } from '../../../lambdas/shared/domain/identity/issuers.ts';
import type { SignInEntry } from '../../../lambdas/shared/domain/identity/sign-in/sign-in-entry.ts';
import { type Principal, principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { startIssuer } from '../../support/start-issuer.ts';

let now = new Date('2026-11-20T22:00:00.000Z');
const seconds = () => Math.floor(now.getTime() / 1000);

let login: Awaited<ReturnType<typeof startIssuer>>;
let other: typeof login;
beforeAll(async () => {
  login = await startIssuer(() => now);
  other = await startIssuer(() => now);
});
afterAll(() => Promise.all([login.close(), other.close()]));
beforeEach(() => {
  now = new Date('2026-11-20T22:00:00.000Z');
  login.fetched.length = 0;
});

const principal = (id: string, signIn: SignInEntry[], more: Partial<Principal> = {}) =>
  principalSchema.parse({
    id,
    type: 'agent',
    status: 'active',
    groups: [],
    awsPrincipals: [],
    persons: ['sam'],
    signIn,
    ...more,
  });

/** A broker that takes tokens of `login`, with these principals. */
function signer(people?: Principal[], changes: Partial<Issuer> = {}) {
  const issuers = [
    {
      name: 'login',
      issuer: login.url,
      signIn: { audiences: ['postern'], clients: ['cli'] },
      gateway: { audiences: ['gateway'] },
      subjects: { audiences: ['app'] },
      claims: ['team'],
      ...changes,
    },
    { name: 'other', issuer: other.url, signIn: { audiences: ['postern'] } },
  ].map((issuer) => issuerSchema.parse(issuer));
  const everybody = people ?? [
    principal('agent_one', [{ issuer: login.url, subject: 'user_1' }], {
      subjectIssuers: [{ issuer: login.url, audiences: ['app'] }],
    }),
  ];
  return makeSignIn({
    issuers: () => ({ version: 1, issuers }),
    // Everybody is a hint: the principal itself must list what signs it in.
    principals: { findBySignIn: async () => everybody },
    clock: () => now,
  });
}
const signIn = async (token: string, people?: Principal[], changes: Partial<Issuer> = {}) =>
  signer(people, changes).signIn(token, 'signIn');
const outcomeOf = async (token: string) => (await signIn(token)).outcome;

describe('a token of a listed issuer', () => {
  it.each<[string, Record<string, unknown>, string?]>([
    ['an ID token', { aud: 'postern', nonce: 'n' }],
    ['an access token of RFC 9068', { aud: 'postern', client_id: 'cli' }, 'at+jwt'],
    ['the same by its media type', { aud: 'postern' }, 'application/at+jwt'],
    ['one for several audiences', { aud: ['postern', 'another api'] }],
    ['an access token as Cognito makes it', { client_id: 'cli', token_use: 'access' }],
    ['one that says when it was made', { aud: 'postern', iat: 1 }],
  ])('%s, signs in', async (_, claims, typ) => {
    const token = await login.sign(claims, typ ? { header: { typ } } : {});
    expect(await signIn(token)).toMatchObject({
      outcome: 'known',
      principal: { id: 'agent_one' },
      tokenOf: { issuer: login.url, id: 'user_1' },
      askOnly: false,
    });
  });

  it('is good until it ends, and half a minute for clocks that differ', async () => {
    const token = await login.sign({ aud: 'postern', exp: seconds() + 60 });
    expect(await signIn(token)).toMatchObject({ expiresAt: new Date('2026-11-20T22:01:00.000Z') });
    now = new Date(now.getTime() + 89_000);
    expect(await outcomeOf(token)).toBe('known');
    now = new Date(now.getTime() + 2_000);
    expect(await outcomeOf(token)).toBe('invalid');
  });

  it('of a JWT-SVID without an issuer, by its trust domain', async () => {
    const sub = 'spiffe://bank.example/ns/support/sa/agent';
    const agent = principal('agent_one', [{ issuer: login.url, subject: sub }]);
    const token = await login.sign({ iss: undefined, aud: 'postern', sub }, { header: { typ: 'JWT' } });
    const known = await signIn(token, [agent], { trustDomain: 'bank.example' });
    expect(known.outcome).toBe('known');
    expect((await signIn(token, [agent])).outcome).toBe('invalid');
    const foreign = await login.sign({ aud: 'postern', sub: 'spiffe://evil.example/ns/support/sa/agent' });
    expect(await signIn(foreign, [agent], { trustDomain: 'bank.example' })).toMatchObject({
      outcome: 'invalid',
      because: expect.stringContaining('trust domain'),
    });
  });

  it('whose client only asks and reads says so', async () => {
    const devices = { signIn: { audiences: ['postern', 'device'] }, askOnlyClients: ['device'] };
    for (const claims of [
      { azp: 'device' },
      { client_id: 'device' },
      { client_id: 'postern', azp: 'device' },
      { cid: 'device' },
      { appid: 'device' },
      { aud: 'device' },
    ]) {
      const token = await login.sign({ aud: 'postern', ...claims });
      expect(await signIn(token, undefined, devices)).toMatchObject({ askOnly: true });
    }
  });

  it('whose client is a console’s says so, by whichever claim names the client', async () => {
    const consoles = { signIn: { audiences: ['postern', 'pages'] }, consoleClients: ['pages'] };
    for (const claims of [
      { aud: 'postern', azp: 'pages' },
      { aud: 'postern', client_id: 'pages' },
      { aud: 'postern', cid: 'pages' },
      { aud: 'postern', appid: 'pages' },
      { aud: 'pages' },
      { aud: ['pages', 'postern'], azp: 'another' },
    ])
      expect(await signIn(await login.sign(claims), undefined, consoles)).toMatchObject({
        redirectOnly: true,
      });
    const other = await login.sign({ aud: 'postern', client_id: 'cli' });
    expect(await signIn(other, undefined, consoles)).toMatchObject({ redirectOnly: false });
  });

  it('that is bound to a key names its thumbprint', async () => {
    const token = await login.sign({ aud: 'postern', cnf: { jkt: 'thumbprint' } });
    expect(await signIn(token)).toMatchObject({ outcome: 'known', boundTo: 'thumbprint' });
  });
});

describe('a token is refused', () => {
  it.each<[string, Record<string, unknown>]>([
    ['of an issuer that is not listed', { iss: 'https://evil.example', aud: 'postern' }],
    ['of an issuer that is only alike', { iss: 'http://127.0.0.1', aud: 'postern' }],
    ['without an issuer', { iss: undefined, aud: 'postern' }],
    ['for another audience', { aud: 'another' }],
    ['for no audience', { aud: undefined }],
    ['for the gateway', { aud: 'gateway' }],
    ['of a subject, on whose behalf agents ask', { aud: 'app' }],
    ['for two purposes at once', { aud: ['postern', 'gateway'] }],
    ['bound to a certificate', { aud: 'postern', cnf: { 'x5t#S256': 'thumbprint' } }],
    ['bound to a key that it does not name', { aud: 'postern', cnf: 'thumbprint' }],
    ['of another client', { client_id: 'other', token_use: 'access' }],
    ['to renew by', { client_id: 'cli', token_use: 'refresh' }],
    ['that has expired', { aud: 'postern', exp: 1 }],
    ['that never expires', { aud: 'postern', exp: undefined }],
    ['that is not valid yet', { aud: 'postern', nbf: 4_000_000_000 }],
    ['that was made in the future', { aud: 'postern', iat: 4_000_000_000 }],
    ['without a subject', { aud: 'postern', sub: undefined }],
    ['with a subject that is a list', { aud: 'postern', sub: ['user_1'] }],
    ['with a subject that is too long', { aud: 'postern', sub: 'u'.repeat(256) }],
  ])('%s', async (_, claims) => {
    expect(await outcomeOf(await login.sign(claims))).toBe('invalid');
  });

  it.each(['logout+jwt', 'dpop+jwt', 'secevent+jwt'])('of the kind %s', async (typ) => {
    expect(await outcomeOf(await login.sign({ aud: 'postern' }, { header: { typ } }))).toBe('invalid');
  });

  it('that is signed by nobody, by another, or by what everybody can read', async () => {
    const stranger = await generateKeyPair('ES256');
    const { publicKey } = login.keys;
    const published = new TextEncoder().encode(JSON.stringify(await login.publish(publicKey)));
    const good = await login.sign({ aud: 'postern' });
    const [, payload = '', signature = ''] = good.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [
      await login.sign({ aud: 'postern' }, { key: stranger.privateKey }),
      await login.sign({ aud: 'postern' }, { key: stranger.privateKey, header: { kid: 'k9' } }),
      await login.sign({ aud: 'postern' }, { key: published, header: { alg: 'HS256' } }),
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
    ])
      expect(await outcomeOf(token)).toBe('invalid');
  });

  it('whose header brings a key, or says where one is: nothing is fetched from there', async () => {
    const stranger = await generateKeyPair('ES256', { extractable: true });
    other.fetched.length = 0;
    const jwk = await other.publish(stranger.publicKey);
    other.documents['/mine'] = { keys: [jwk] };
    for (const header of [{ jwk }, { jku: `${other.url}/mine` }, { x5u: `${other.url}/mine` }]) {
      const token = await login.sign({ aud: 'postern' }, { key: stranger.privateKey, header });
      expect(await signIn(token)).toEqual({ outcome: 'invalid', because: 'it brings a key of its own' });
    }
    expect(other.fetched).toEqual([]);
  });

  it.each([
    ['a megabyte', 'x'.repeat(1024 * 1024)],
    ['two tokens', 'a.b.c,a.b.c'],
    ['no token', ''],
    ['no JWT', 'secret'],
    ['an encrypted one', 'a.b.c.d.e'],
  ])('that is %s', async (_, token) => {
    expect(await outcomeOf(token)).toBe('invalid');
    expect(login.fetched).toEqual([]);
  });

  it('of two principals, so that it is of neither', async () => {
    const people = ['one', 'two'].map((id) => principal(id, [{ issuer: login.url, subject: 'user_1' }]));
    expect((await signIn(await login.sign({ aud: 'postern' }), people)).outcome).toBe('ambiguous');
  });

  it('of nobody, however good it is', async () => {
    expect((await signIn(await login.sign({ aud: 'postern' }), [principal('one', [])])).outcome).toBe(
      'unknown',
    );
  });
});

describe('an issuer that', () => {
  const token = () => login.sign({ aud: 'postern' });
  const documents = { ...({} as Record<string, unknown>) };
  beforeEach(() => Object.assign(documents, login.documents));
  const restore = () => Object.assign(login.documents, documents);

  it('is asked once, and again where a token names a new key', async () => {
    const broker = signer();
    for (let n = 0; n < 3; n += 1) await broker.signIn(await token(), 'signIn');
    expect(login.fetched).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it.each<[string, Record<string, unknown>]>([
    ['is down', { '/.well-known/openid-configuration': 'broken' }],
    ['has lost its keys', { '/keys': 'broken' }],
    ['serves no keys', { '/keys': 'hello' }],
    [
      'says it is another',
      {
        '/.well-known/openid-configuration': {
          issuer: 'https://x.example',
          jwks_uri: 'https://x.example/keys',
        },
      },
    ],
    [
      'has its keys in the open',
      { '/.well-known/openid-configuration': { issuer: '', jwks_uri: 'http://keys.example/' } },
    ],
    ['serves a megabyte', { '/keys': 'x'.repeat(1024 * 1024) }],
  ])('%s says nothing about a token: try again', async (_, changes) => {
    Object.assign(login.documents, changes);
    const broker = signer();
    expect((await broker.signIn(await token(), 'signIn')).outcome).toBe('unavailable');
    restore();
  });

  it('comes back is taken again at once', async () => {
    login.documents['/.well-known/openid-configuration'] = 'broken';
    const broker = signer();
    expect((await broker.signIn(await token(), 'signIn')).outcome).toBe('unavailable');
    restore();
    expect((await broker.signIn(await token(), 'signIn')).outcome).toBe('known');
  });

  it('serves another’s keys signs nobody in', async () => {
    const { keys } = other.documents['/keys'] as { keys: unknown[] };
    login.documents['/keys'] = { keys };
    expect((await signIn(await token())).outcome).toBe('invalid');
    restore();
  });

  it('is slow is given up after three seconds', async () => {
    login.documents['/.well-known/openid-configuration'] = 'silent';
    expect((await signIn(await token())).outcome).toBe('unavailable');
    restore();
  });
});

describe('a token in which an agent acts for a user', () => {
  const agent = (more: Partial<Principal> = {}) =>
    principal('agent_one', [{ issuer: login.url, subject: 'agent' }], {
      subjectIssuers: [{ issuer: login.url, audiences: ['app'] }],
      ...more,
    });
  const acting = (claims: Record<string, unknown> = {}) =>
    login.sign({ aud: 'postern', sub: 'c-1042', act: { sub: 'agent' }, ...claims });

  it('names both', async () => {
    expect(await signIn(await acting(), [agent()])).toMatchObject({
      outcome: 'known',
      principal: { id: 'agent_one' },
      actsFor: { issuer: login.url, id: 'c-1042' },
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['an actor within the actor', { act: { sub: 'agent', act: { sub: 'another' } } }],
    ['an actor without a subject', { act: {} }],
    ['an actor that is a text', { act: 'agent' }],
    ['an actor of an issuer that is not vouched for', { act: { sub: 'agent', iss: 'https://x.example' } }],
  ])('is refused with %s', async (_, claims) => {
    expect((await signIn(await acting(claims), [agent()])).outcome).toBe('invalid');
  });

  it('is refused where the agent may present no subjects of that issuer', async () => {
    expect((await signIn(await acting(), [agent({ subjectIssuers: [] })])).outcome).toBe('invalid');
    expect((await signIn(await acting(), [agent()], { subjects: undefined })).outcome).toBe('invalid');
  });

  it('is known by the actor alone: the user’s own claims sign nobody in', async () => {
    const user = principal('user', [{ issuer: login.url, subject: 'c-1042' }]);
    const byTeam = principal('team', [{ issuer: login.url, claims: { team: 'x' } }]);
    expect((await signIn(await acting({ team: 'x' }), [user, byTeam])).outcome).toBe('unknown');
  });

  it('may name an actor of another issuer, where its own vouches for that', async () => {
    const elsewhere = principal('agent_one', [{ issuer: other.url, subject: 'agent' }], {
      subjectIssuers: [{ issuer: login.url, audiences: ['app'] }],
    });
    const token = await acting({ act: { sub: 'agent', iss: other.url } });
    expect((await signIn(token, [elsewhere], { vouchesFor: [other.url] })).outcome).toBe('known');
    expect((await signIn(token, [elsewhere])).outcome).toBe('invalid');
  });
});
