import { describe, expect, it } from 'vitest';
import { makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { openCredentials } from '../../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { showReason } from '../../../lambdas/shared/domain/text/say-reason.ts';
import { ISSUER, makeWorld, ROLE, SESSION } from './world.ts';

type World = ReturnType<typeof makeWorld>;

async function readyRequest(world: World, options: Parameters<World['ask']>[0] = {}) {
  const id = await world.ask(options);
  world.ready(id);
  return id;
}
const claim = (world: World, id: string, options: Parameters<World['call']>[1] = {}) =>
  world.call(`POST /requests/${id}/credentials`, options);

const { assumedRoleArn, ...credentials } = SESSION;

describe('POST /requests/{id}/credentials', () => {
  it('claims, waits for ISSUED, and hands the opened session over', async () => {
    const world = makeWorld();
    const id = await readyRequest(world);
    const answer = await claim(world, id);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ credentials, assumedRoleArn });
    expect(world.ports.stateMachine.completeTask).toHaveBeenCalledWith(`token-of-${id}`, {
      recipientKey: world.rowOf(id).claim?.recipientKey,
    });
  });

  it('keeps no secret: neither in the row, nor in a log line', async () => {
    const world = makeWorld();
    const id = await readyRequest(world);
    await claim(world, id);
    const kept = JSON.stringify([world.rowOf(id), world.logged]);
    expect(kept).not.toContain(SESSION.secretAccessKey);
    expect(kept).not.toContain(SESSION.sessionToken);
    expect(JSON.stringify(world.rowOf(id).claim)).not.toContain('"d"');
  });

  it('adds a sign-in URL for a human, and for a human only', async () => {
    const world = makeWorld();
    const human = await claim(world, await readyRequest(world, { as: 'employee1' }), { as: 'employee1' });
    expect(human.body.consoleUrl).toBe('https://signin.example/federation?x=1');
    const agent = await claim(world, await readyRequest(world));
    expect(agent.body).not.toHaveProperty('consoleUrl');
  });

  it('does without the URL where the federation endpoint is down', async () => {
    const world = makeWorld({ consoleSignIn: { urlFor: async () => undefined } });
    const answer = await claim(world, await readyRequest(world, { as: 'employee1' }), { as: 'employee1' });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('consoleUrl');
  });

  it('seals to the caller’s key, also for a human, and lets that key fetch it again for five minutes', async () => {
    const world = makeWorld();
    const { publicKey, privateKey } = await makeRecipientKeyPair();
    const id = await readyRequest(world, { as: 'employee1' });
    const options = { as: 'employee1', body: { recipientKey: { ...publicKey, use: 'enc', kid: 'mine' } } };
    const first = await claim(world, id, options);
    expect(Object.keys(first.body)).toEqual(['sealed']);
    expect(await openCredentials(privateKey, first.body.sealed, id)).toEqual(SESSION);
    const again = await claim(world, id, options);
    expect(again.body).toEqual(first.body);
    expect(world.ports.stateMachine.completeTask).toHaveBeenCalledTimes(1);
    await world.pass(6 * 60 * 1000);
    expect((await claim(world, id, options)).body.code).toBe('already_claimed');
  });

  it('is for one key: a second claim is refused, with or without a key', async () => {
    const world = makeWorld();
    const id = await readyRequest(world);
    await claim(world, id);
    const { publicKey } = await makeRecipientKeyPair();
    for (const body of [undefined, {}, { recipientKey: publicKey }]) {
      const answer = await claim(world, id, { body });
      expect([answer.status, answer.body.code]).toEqual([409, 'already_claimed']);
    }
    expect(world.ports.stateMachine.completeTask).toHaveBeenCalledTimes(1);
  });

  it('lets one of many racing claims win', async () => {
    const world = makeWorld();
    const id = await readyRequest(world);
    const answers = await Promise.all(Array.from({ length: 8 }, () => claim(world, id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'already_claimed')).toHaveLength(7);
  });

  it('redeems again for the same key: the first call may have died in between', async () => {
    const world = makeWorld();
    const { publicKey } = await makeRecipientKeyPair();
    const id = await readyRequest(world);
    const redeem = world.ports.stateMachine.completeTask;
    world.ports.stateMachine.completeTask = async () => {
      throw new Error('killed');
    };
    expect((await claim(world, id, { body: { recipientKey: publicKey } })).status).toBe(500);
    world.ports.stateMachine.completeTask = redeem;
    expect((await claim(world, id, { body: { recipientKey: publicKey } })).body).toHaveProperty('sealed');
  });

  it('says to fetch it later where the session takes long', async () => {
    const world = makeWorld();
    world.ports.stateMachine.completeTask = async () => 'completed';
    const { publicKey } = await makeRecipientKeyPair();
    const sealed = await claim(world, await readyRequest(world), { body: { recipientKey: publicKey } });
    expect([sealed.status, sealed.body.code, sealed.headers['retry-after']]).toEqual([
      409,
      'claim_in_progress',
      '2',
    ]);
    const opened = await claim(world, await readyRequest(world));
    expect([opened.status, opened.body.code]).toEqual([503, 'claim_timed_out']);
  });

  it('answers the denial where the standing changed while it was minted', async () => {
    const world = makeWorld();
    const id = await readyRequest(world);
    world.ports.stateMachine.completeTask = async () => {
      world.patch(id, { status: 'DENIED', closedBecause: 'standing_changed' });
      return 'completed';
    };
    const answer = await claim(world, id);
    expect([answer.status, answer.body.code]).toEqual([403, 'request_denied']);
  });

  it('hands over nothing before ISSUED, though the ciphertext is there', async () => {
    const world = makeWorld();
    const { publicKey } = await makeRecipientKeyPair();
    const id = await readyRequest(world);
    world.ports.stateMachine.completeTask = async () => {
      world.patch(id, {
        session: { ...SESSION, ...ROLE, sessionName: id, sourceIdentity: 'x', sealed: 'ciphertext' },
      });
      return 'completed';
    };
    const answer = await claim(world, id, { body: { recipientKey: publicKey } });
    expect([answer.status, answer.body.code]).toEqual([409, 'claim_in_progress']);
    expect(answer.text).not.toContain('ciphertext');
  });

  const reasons = [{ code: 'no_grants' as const }];
  const decision = { outcome: 'deny' as const, reasons, policyIds: [], decidedAt: SESSION.expiration };
  it.each<[Partial<RequestRow>, number, string]>([
    [{ status: 'PENDING' }, 409, 'not_ready'],
    [{ status: 'AWAITING_APPROVAL' }, 409, 'not_ready'],
    [{ status: 'DENIED', decision }, 403, 'request_denied'],
    [{ status: 'DENIED', closedBecause: 'principal_suspended' }, 403, 'request_denied'],
    [{ status: 'EXPIRED' }, 410, 'request_expired'],
    [{ status: 'CANCELLED' }, 410, 'request_cancelled'],
    [{ status: 'FAILED', closedBecause: 'reviewer_unavailable' }, 503, 'reviewer_unavailable'],
    [{ status: 'FAILED', closedBecause: 'seal_refused' }, 500, 'request_failed'],
    [{ status: 'CANCELLED', dryRun: true }, 409, 'nothing_to_claim'],
  ])('of a request that is %j answers %i %s', async (state, status, code) => {
    const world = makeWorld();
    const id = await world.ask();
    world.patch(id, state);
    const answer = await claim(world, id);
    expect([answer.status, answer.body.code, answer.body.requestStatus]).toEqual([
      status,
      code,
      state.status,
    ]);
    expect(answer.body.requestId).toBe(id);
    if (state.decision) expect(answer.body.reasons).toEqual(reasons.map(showReason));
    expect(world.rowOf(id)).not.toHaveProperty('claim');
  });

  it.each([
    ['a private key', async () => (await makeRecipientKeyPair()).privateKey],
    ['an RSA key', async () => ({ kty: 'RSA', n: 'AQAB', e: 'AQAB' })],
    ['another curve', async () => ({ kty: 'EC', crv: 'P-384', x: 'AQAB', y: 'AQAB' })],
    [
      'a point off the curve',
      async () => ({ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }),
    ],
    ['a point of small order', async () => ({ kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) })],
    ['an empty object', async () => ({})],
  ])('refuses %s before anything is claimed', async (_, makeKey) => {
    const world = makeWorld();
    const id = await readyRequest(world);
    const answer = await claim(world, id, { body: { recipientKey: await makeKey() } });
    expect([answer.status, answer.body.code]).toEqual([400, 'recipient_key_invalid']);
    expect(answer.body.errors[0].field).toBe('recipientKey');
    expect(world.rowOf(id)).not.toHaveProperty('claim');
  });

  it('asks for a key where the broker hands out sealed sessions only', async () => {
    const world = makeWorld({ settings: { requireRecipientKey: true, callbacksAllowed: false } });
    const answer = await claim(world, await readyRequest(world));
    expect([answer.status, answer.body.code]).toEqual([400, 'recipient_key_required']);
  });

  it('is closed to a principal suspended since', async () => {
    const world = makeWorld();
    const id = await readyRequest(world, { as: 'suspended1' });
    const answer = await claim(world, id, { as: 'suspended1' });
    expect([answer.status, answer.body.code]).toEqual([403, 'principal_suspended']);
  });

  it('needs a fresh token of the same subject', async () => {
    const world = makeWorld();
    const id = await readyRequest(world, {
      body: { reason: 'Show the customer her balance', subjectToken: `${ISSUER}#user_1` },
    });
    const as = (token: string) => claim(world, id, { headers: { 'X-Subject-Token': token } });
    const missing = await claim(world, id);
    expect([missing.status, missing.body.code]).toEqual([401, 'subject_token_invalid']);
    expect((await as('https://evil.example#user_1')).status).toBe(401);
    expect([(await as('down')).status, (await as('down')).body.code]).toEqual([
      503,
      'subject_keys_unavailable',
    ]);
    const other = await as(`${ISSUER}#user_2`);
    expect([other.status, other.body.code]).toEqual([404, 'request_not_found']);
    expect((await as(`${ISSUER}#user_1`)).status).toBe(200);
  });

  it('does not exist for anybody else, auditors included', async () => {
    const world = makeWorld();
    const id = await readyRequest(world);
    for (const as of ['employee1', 'auditor1']) {
      const answer = await claim(world, id, { as });
      expect([answer.status, answer.body.code]).toEqual([404, 'request_not_found']);
    }
  });
});

describe('POST /credentials', () => {
  const body = { reason: 'Show the customer her balance' };
  const whenAsked = (world: World, run: (id: string) => void) =>
    world.after(300, () => run([...world.rows.keys()].at(-1) ?? ''));

  it('asks, waits and claims in one call', async () => {
    const world = makeWorld();
    whenAsked(world, world.ready);
    const answer = await world.call('POST /credentials', { body });
    expect([answer.status, answer.body]).toEqual([200, { credentials, assumedRoleArn }]);
  });

  it('answers 202 with links where people have to approve', async () => {
    const world = makeWorld();
    whenAsked(world, (id) => world.patch(id, { status: 'AWAITING_APPROVAL' }));
    const answer = await world.call('POST /credentials', { body });
    expect([answer.status, answer.headers['retry-after']]).toEqual([202, '15']);
    expect(answer.body.links.credentials).toContain(answer.body.requestId);
  });

  it('answers 403 with the reasons where it is denied', async () => {
    const world = makeWorld();
    whenAsked(world, (id) => world.patch(id, { status: 'DENIED', closedBecause: 'principal_suspended' }));
    const answer = await world.call('POST /credentials', { body, as: 'suspended1' });
    expect([answer.status, answer.body.code]).toEqual([403, 'request_denied']);
  });

  it('answers 202 rather than begin a claim that it could not finish', async () => {
    const world = makeWorld();
    world.after(24_000, () => world.ready([...world.rows.keys()][0] ?? ''));
    const answer = await world.call('POST /credentials', { body, query: { wait: '25' } });
    expect([answer.status, answer.body.status]).toEqual([202, 'READY']);
    expect(world.ports.stateMachine.completeTask).not.toHaveBeenCalled();
  });

  it('gives the same sealed session to a repeat with the same idempotency key', async () => {
    const world = makeWorld();
    whenAsked(world, world.ready);
    const { publicKey } = await makeRecipientKeyPair();
    const options = { body: { ...body, recipientKey: publicKey }, headers: { 'Idempotency-Key': 'k1' } };
    const first = await world.call('POST /credentials', options);
    expect(first.body).toHaveProperty('sealed');
    expect((await world.call('POST /credentials', options)).body).toEqual(first.body);
  });

  it('makes one session of a signed call that is sent twice, and opens it to the first alone', async () => {
    const world = makeWorld();
    whenAsked(world, world.ready);
    expect((await world.call('POST /credentials', { body })).status).toBe(200);
    const again = await world.call('POST /credentials', { body });
    expect([again.status, again.body.code]).toEqual([409, 'signature_used']);
    expect(world.rows.size).toBe(1);
    expect(world.ports.stateMachine.completeTask).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['another idempotency key', { headers: { 'Idempotency-Key': 'of-the-thief' } }],
    ['a header more', { headers: { 'X-Forwarded-For': '203.0.113.66' } }],
  ])('is not talked into a second session by %s', async (_, added) => {
    const world = makeWorld();
    whenAsked(world, world.ready);
    await world.call('POST /credentials', { body });
    const again = await world.call('POST /credentials', { body, ...added });
    expect([again.status, again.body.code]).toEqual([409, 'signature_used']);
  });

  it('takes the same call signed anew', async () => {
    const world = makeWorld();
    whenAsked(world, world.ready);
    await world.call('POST /credentials', { body });
    whenAsked(world, world.ready);
    const headers = { 'X-Amz-Date': '20261120T220001Z' };
    expect((await world.call('POST /credentials', { body, headers })).status).toBe(200);
    expect(world.rows.size).toBe(2);
  });

  it('takes no call that does not say in a header when it was signed, unless its answer is sealed', async () => {
    const world = makeWorld();
    whenAsked(world, world.ready);
    const headers = { 'X-Amz-Date': '' };
    const open = await world.call('POST /credentials', { body, headers });
    expect([open.status, open.body.code, world.rows.size]).toEqual([409, 'signature_used', 0]);
    const { publicKey } = await makeRecipientKeyPair();
    const sealed = await world.call('POST /credentials', {
      body: { ...body, recipientKey: publicKey },
      headers,
    });
    expect([sealed.status, Object.keys(sealed.body)]).toEqual([200, expect.arrayContaining(['sealed'])]);
  });

  it('records nothing for a key that cannot be used', async () => {
    const world = makeWorld();
    const answer = await world.call('POST /credentials', { body: { ...body, recipientKey: {} } });
    expect(answer.body.code).toBe('recipient_key_invalid');
    expect(world.rows.size).toBe(0);
  });
});
