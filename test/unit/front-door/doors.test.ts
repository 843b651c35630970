import { describe, expect, it, test } from 'vitest';
import { OPERATIONS } from '../../../lambdas/front-door/front-door.ts';
import { makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import type { SignInAnswer } from '../../../lambdas/shared/domain/identity/sign-in/signed-in.ts';
import type { TokenPorts } from '../../../lambdas/shared/http/identify-by-token.ts';
import { heldCall } from '../../support/held-call.ts';
import { makePasskey } from '../../support/make-passkey.ts';
import { AGENT, ISSUER, makeWorld } from './world.ts';

const signed = OPERATIONS.filter((operation) => operation.signed);
const LOGIN = 'https://login.bank.example';

/** Tokens that say of themselves who they are of: `employee1.device.x`, `agent.for.c-1042`. */
function tokensOf(world: () => ReturnType<typeof makeWorld>): TokenPorts {
  return {
    async signIn(token): Promise<SignInAnswer> {
      const [id = '', kind = '', subject = ''] = token.split('.');
      if (id === 'bad') return { outcome: 'invalid', because: 'the token has expired' };
      if (id === 'down') return { outcome: 'unavailable', because: 'the issuer timed out' };
      if (id === 'twice') return { outcome: 'ambiguous', because: 'it is of more than one principal' };
      const principal = await world().ports.principals.get(id === 'agent' ? AGENT : id);
      if (!principal) return { outcome: 'unknown', because: 'it is of no principal' };
      return {
        outcome: 'known',
        principal,
        tokenOf: { issuer: LOGIN, id },
        askOnly: kind === 'device',
        redirectOnly: kind === 'console',
        expiresAt: new Date(0),
        ...(kind === 'for' && { actsFor: { issuer: ISSUER, id: subject } }),
        ...(kind === 'bound' && { boundTo: 'thumbprint' }),
      };
    },
    checkProof: async ({ proof }) => (proof === 'used' || proof === 'proved' ? proof : 'refused'),
  };
}

/** A broker at which `employee1` has a request that is ready, and the agent one for a customer. */
async function arranged() {
  const world: ReturnType<typeof makeWorld> = makeWorld({ tokens: tokensOf(() => world) });
  const own = await world.ask({ as: 'employee1' });
  world.ready(own);
  const body = { reason: 'Show the customer her balance', subjectToken: `${ISSUER}#c-1042` };
  const forCustomer = await world.ask({ body });
  world.ready(forCustomer);
  return { ...world, own, forCustomer };
}
type Arranged = Awaited<ReturnType<typeof arranged>>;

/** Who calls, and how, by what the table calls them. */
type Caller = (world: Arranged, target: string, body: unknown) => ReturnType<Arranged['call']>;
const signing =
  (as: string | null): Caller =>
  (world, target, body) =>
    world.call(target, { as, body });
const bringing =
  (token: string | undefined, headers: Record<string, string> = {}): Caller =>
  (world, target, body) =>
    world.callWithToken(target, token, { body, headers });

const CALLERS: Record<string, Caller> = {
  'signed: its requester': signing('employee1'),
  'signed: another': signing('approver1'),
  'signed: an auditor': signing('auditor1'),
  'signed: one suspended': signing('suspended1'),
  'signed: nobody known': signing('stranger1'),
  'signed: by nobody': signing(null),
  'token: its requester': bringing('employee1.x.x'),
  'token: another': bringing('approver1.x.x'),
  'token: an auditor': bringing('auditor1.x.x'),
  'token: one suspended': bringing('suspended1.x.x'),
  'token: nobody known': bringing('stranger1.x.x'),
  'token: none': bringing(undefined),
  'token: of a device': bringing('employee1.device.x'),
  'token: of a console': bringing('employee1.console.x'),
  'token: bad': bringing('bad.x.x'),
  'token: of two': bringing('twice.x.x'),
  'token: of an issuer that is down': bringing('down.x.x'),
  'token: bound, not proved': bringing('employee1.bound.x'),
  'token: bound, proved': bringing('employee1.bound.x', { dpop: 'proved' }),
  'token: bound, proved again': bringing('employee1.bound.x', { dpop: 'used' }),
};

const { sessionId: _, accountId: __, ...NEW_CALL } = heldCall;

const INPUT: Record<string, unknown> = {
  createRequest: { reason: 'Show the customer her balance' },
  createCredentials: { reason: 'Show the customer her balance' },
  claimCredentials: {},
  holdCall: NEW_CALL,
  enrolPasskey: { passkey: makePasskey().passkey, reason: 'A new phone to vote with.' },
  revokePasskey: { reason: 'That phone was sold.' },
  reviewSession: { remarks: 'The queries fit the incident of that night.' },
  proposeChange: { kind: 'policy', target: 'analyst1', proposal: 'Read.', reason: 'A new rule.' },
};
const idFor = (operationId: string, world: Arranged) =>
  operationId === 'getPolicy' ? 'employee1' : world.own;

async function answerTo(caller: Caller, { id, method, path }: (typeof signed)[number]): Promise<string> {
  const world = await arranged();
  const target = `${method} ${path.replace('{id}', idFor(id, world))}`;
  const { status, body } = await caller(world, target, method === 'GET' ? undefined : INPUT[id]);
  return [status, body?.code].filter(Boolean).join(' ');
}

test('every operation, of every caller, at every door, answers as the table says', async () => {
  const lines: string[] = [];
  for (const operation of signed) {
    lines.push(`${operation.method} ${operation.path}`);
    const answers = new Map<string, string>();
    for (const [name, caller] of Object.entries(CALLERS))
      answers.set(name, await answerTo(caller, operation));
    for (const [name, answer] of answers) lines.push(`  ${name.padEnd(34)}${answer}`);
    // A caller is answered alike at both doors.
    for (const who of ['its requester', 'another', 'an auditor', 'one suspended', 'nobody known'])
      expect([operation.id, who, answers.get(`token: ${who}`)]).toEqual([
        operation.id,
        who,
        answers.get(`signed: ${who}`),
      ]);
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../cases/doors.txt');
});

test('a token that only asks brings no key to claim with: nothing is recorded', async () => {
  const world = await arranged();
  const before = world.rows.size;
  const { publicKey: recipientKey } = await makeRecipientKeyPair();
  const body = { reason: 'Show the customer her balance', recipientKey };
  const refused = await world.callWithToken('POST /requests', 'employee1.device.x', { body });
  expect([refused.status, refused.body.code, world.rows.size]).toEqual([403, 'token_only_asks', before]);
  const taken = await world.callWithToken('POST /requests', 'employee1.x.x', { body });
  expect(taken.status).toBe(202);
});

describe('a console’s token', () => {
  const claim = (world: Arranged, token: string, body: unknown) =>
    world.callWithToken(`POST /requests/${world.own}/credentials`, token, { body });

  it('brings no key to claim with: nothing is recorded', async () => {
    const world = await arranged();
    const before = world.rows.size;
    const { publicKey: recipientKey } = await makeRecipientKeyPair();
    const body = { reason: 'Show the customer her balance', recipientKey };
    const refused = await world.callWithToken('POST /requests', 'employee1.console.x', { body });
    expect([refused.status, refused.body.code, world.rows.size]).toEqual([
      403,
      'token_only_redirects',
      before,
    ]);
    const sealed = await claim(world, 'employee1.console.x', { recipientKey });
    expect([sealed.status, sealed.body.code]).toEqual([403, 'token_only_redirects']);
    const both = await claim(world, 'employee1.console.x', { recipientKey, delivery: 'redirect' });
    expect([both.status, both.body.code]).toEqual([400, 'invalid_request']);
    expect(world.rows.get(world.own)?.claim).toBeUndefined();
  });

  it.each(['console', 'x'])('claims where to sign in at AWS, and nothing else: %s', async (kind) => {
    const world = await arranged();
    const { status, body } = await claim(world, `employee1.${kind}.x`, { delivery: 'redirect' });
    expect([status, Object.keys(body).sort()]).toEqual([200, ['assumedRoleArn', 'consoleUrl']]);
    expect(JSON.stringify(body)).not.toMatch(/secretAccessKey|sessionToken/);
  });

  it('claims nothing for an agent, which has no AWS console', async () => {
    const world = await arranged();
    const { status, body } = await world.callWithToken(
      `POST /requests/${world.forCustomer}/credentials`,
      'agent.for.c-1042',
      { body: { delivery: 'redirect' } },
    );
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(world.rows.get(world.forCustomer)?.claim).toBeUndefined();
  });
});

describe('a token in which the agent acts for a customer', () => {
  const about = ['GET ', 'POST /cancel', 'POST /credentials'];
  const targetOf = (call: string, id: string) => {
    const [method = '', path = ''] = call.split(' ');
    return `${method} /requests/${id}${path}`;
  };

  it.each(about)('reaches the request that was made for that customer: %s', async (call) => {
    const world = await arranged();
    const body = call === 'POST /credentials' ? {} : undefined;
    const answer = await world.callWithToken(targetOf(call, world.forCustomer), 'agent.for.c-1042', { body });
    expect(answer.status).toBe(200);
  });

  it.each(about)('reaches no other customer’s: %s', async (call) => {
    const world = await arranged();
    const body = call === 'POST /credentials' ? {} : undefined;
    for (const token of ['agent.for.c-2077'])
      expect((await world.callWithToken(targetOf(call, world.forCustomer), token, { body })).body.code).toBe(
        'request_not_found',
      );
    const without = await world.callWithToken(targetOf(call, world.forCustomer), 'agent.x.x', { body });
    expect(without.body.code).toBe('subject_token_invalid');
  });

  it('asks on behalf of that customer, and lists their requests alone', async () => {
    const world = await arranged();
    const body = { reason: 'Show the customer her balance' };
    const asked = await world.callWithToken('POST /requests', 'agent.for.c-2077', { body });
    expect(world.rowOf(asked.body.requestId).subject).toEqual({ issuer: ISSUER, id: 'c-2077' });
    const ids = async (token: string) =>
      (await world.callWithToken('GET /requests', token)).body.requests.map(
        ({ requestId }: { requestId: string }) => requestId,
      );
    expect(await ids('agent.for.c-2077')).toEqual([asked.body.requestId]);
    expect(await ids('agent.for.c-1042')).toEqual([world.forCustomer]);
    expect(await ids('agent.x.x')).toEqual([]);
  });

  it('takes no other subject’s token besides', async () => {
    const world = await arranged();
    const body = { reason: 'Show the customer her balance', subjectToken: `${ISSUER}#c-1042` };
    const both = await world.callWithToken('POST /requests', 'agent.for.c-2077', { body });
    expect(both).toMatchObject({ status: 401, body: { code: 'subject_token_invalid' } });
    const same = await world.callWithToken('POST /requests', 'agent.for.c-1042', { body });
    expect(same.status).toBe(401);
  });
});

describe('who calls is known in one way', () => {
  const READ = 'GET /requests';
  it.each<[string, string | undefined, Record<string, string>, Record<string, string>]>([
    ['a token and a signature', 'employee1.x.x', { 'x-amz-date': '20261120T220000Z' }, {}],
    ['a token and a session’s token', 'employee1.x.x', { 'x-amz-security-token': 'x' }, {}],
    [
      'a token and a signed address',
      'employee1.x.x',
      {},
      { 'X-Amz-Signature': 'abc', 'X-Amz-Credential': 'x' },
    ],
    ['a token and a delegation', 'employee1.x.x', { 'x-postern-delegation': `gs-${'0'.repeat(26)}.x` }, {}],
    ['a token and what a gateway was shown', 'employee1.x.x', { 'x-web-identity-token': 'analyst1.x.x' }, {}],
    ['two tokens', 'employee1.x.x,Bearer analyst1.x.x', {}, {}],
    ['two tokens in one', 'employee1.x.x analyst1.x.x', {}, {}],
    ['a token of 1 MB', `employee1.x.${'x'.repeat(1024 * 1024)}!`, {}, {}],
    ['a name and a password', undefined, { authorization: 'Basic YWRhOmFkYQ==' }, {}],
    ['a signature instead', undefined, { authorization: 'AWS4-HMAC-SHA256 Credential=AKIA' }, {}],
    [
      'a proof of a token that is bound to nothing',
      undefined,
      { authorization: 'DPoP employee1.x.x', dpop: 'proved' },
      {},
    ],
  ])('%s: refused', async (_, token, headers, query) => {
    const world = await arranged();
    const answer = await world.callWithToken(READ, token, { headers, query });
    expect(answer).toMatchObject({ status: 401, body: { code: 'token_refused' } });
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(answer.text).not.toContain('employee1');
  });

  it('a token beside a signature, at the door for those, is refused too', async () => {
    const world = await arranged();
    for (const headers of [{ Authorization: 'Bearer employee1.x.x' }, { dpop: 'proved' }]) {
      const answer = await world.call(READ, { as: 'employee1', headers });
      expect(answer.body.code).toBe('signature_refused');
    }
  });

  it('no token makes a caller of a function that takes none', async () => {
    const world = makeWorld();
    const answer = await world.callWithToken(READ, 'employee1.x.x');
    expect(answer.body.code).toBe('signature_refused');
  });

  it('nothing that a caller writes says at which door it is', async () => {
    const world = await arranged();
    const event = world.fixture('iam-user');
    event.httpMethod = 'GET';
    event.body = JSON.stringify({ requestContext: { http: { method: 'GET', path: '/' }, domainName: 'x' } });
    event.requestContext.identity.userArn = null;
    event.headers.Authorization = 'Bearer employee1.x.x';
    event.multiValueHeaders.Authorization = ['Bearer employee1.x.x'];
    expect((await world.send(event)).body.code).toBe('signature_refused');
  });

  it('a path without a door, and one that climbs out of it, are served to nobody', async () => {
    const world = await arranged();
    const event = (rawPath: string) => ({
      version: '2.0',
      rawPath,
      rawQueryString: '',
      headers: { authorization: 'Bearer employee1.x.x' },
      requestContext: { domainName: 'x', http: { method: 'GET', path: rawPath } },
      isBase64Encoded: false,
    });
    for (const path of ['/requests', 'requests', '/', '/OIDC/requests', '/../requests'])
      expect((await world.send(event(path))).status).toBeGreaterThanOrEqual(400);
  });
});

test('a claim with a token needs no signature to be new, and links lead to the same door', async () => {
  const world = await arranged();
  const asked = await world.callWithToken('POST /requests', 'employee1.x.x', {
    body: { reason: 'Show the customer her balance' },
  });
  expect(asked.body.links.self).toBe(`/oidc/requests/${asked.body.requestId}`);
  expect(asked.headers.location).toBe(asked.body.links.self);
});
