import { describe, expect, it, vi } from 'vitest';
import { requestViewSchema } from '../../../lambdas/front-door/request-views.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { AGENT, ISSUER, makeWorld, ROLE, SESSION } from './world.ts';

const onBehalf = (user: string) => ({
  body: { reason: 'Show the customer her balance', subjectToken: `${ISSUER}#${user}` },
});
const token = (user: string) => ({ headers: { 'X-Subject-Token': `${ISSUER}#${user}` } });

describe('GET /requests/{id}', () => {
  it('shows what DESIGN names, and none of the row’s tokens or ciphertext', async () => {
    const world = makeWorld();
    const id = await world.ask();
    world.ready(id);
    world.patch(id, {
      status: 'ISSUED',
      claim: {
        thumbprint: 't',
        recipientKey: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) },
        claimedAt: SESSION.expiration,
      },
      session: {
        ...ROLE,
        assumedRoleArn: SESSION.assumedRoleArn,
        accessKeyId: SESSION.accessKeyId,
        expiration: SESSION.expiration,
        sessionName: 's',
        sourceIdentity: AGENT,
        sealed: 'ciphertext',
      },
    });
    const { status, body, text } = await world.call(`GET /requests/${id}`);
    expect(status).toBe(200);
    expect(requestViewSchema.strict().parse(body)).toMatchObject({ requestId: id, status: 'ISSUED' });
    for (const hidden of ['ciphertext', `token-of-${id}`, 'thumbprint', 'ttl'])
      expect(text).not.toContain(hidden);
  });

  it('holds the answer while PENDING', async () => {
    const world = makeWorld();
    const id = await world.ask();
    world.after(2_000, () => world.ready(id));
    expect((await world.call(`GET /requests/${id}`, { query: { wait: '5' } })).body.status).toBe('READY');
  });

  it('says who denied it, and in their words why', async () => {
    const vote = { principalId: 'approver1', person: 'abe', tier: 'access-approvers', stepUp: false };
    const cast = { ...vote, proposalDigest: 'sha256:p', votedAt: '2026-11-20T12:03:00.000Z' };
    const listVotes = vi.fn(async () => [
      { ...cast, principalId: 'approver2', decision: 'approve' as const },
      { ...cast, decision: 'deny' as const, reason: 'Not without <b>a ticket</b>.' },
    ]);
    const world = makeWorld({ votes: { listVotes } });
    const id = await world.ask();
    const asked = { proposalDigest: 'sha256:p' } as RequestRow['asked'];
    world.patch(id, { status: 'DENIED', closedBecause: 'approval_denied', asked });
    const { body } = await world.call(`GET /requests/${id}`);
    expect(body.deniedBy).toEqual([
      { by: 'approver1', at: cast.votedAt, because: 'Not without <b>a ticket</b>.' },
    ]);
    world.patch(id, { closedBecause: 'approval_timed_out' });
    expect((await world.call(`GET /requests/${id}`)).body.deniedBy).toBeUndefined();
    expect(listVotes.mock.calls).toEqual([[id, 'sha256:p']]);
  });

  it('does not exist for other principals', async () => {
    const world = makeWorld();
    const answer = await world.call(`GET /requests/${await world.ask()}`, { as: 'employee1' });
    expect([answer.status, answer.body.code]).toEqual([404, 'request_not_found']);
  });

  it('shows auditors everybody’s, without a subject token', async () => {
    const world = makeWorld();
    const id = await world.ask(onBehalf('user_1'));
    expect((await world.call(`GET /requests/${id}`, { as: 'auditor1' })).status).toBe(200);
  });

  it('exists only on behalf of the subject it was made for', async () => {
    const world = makeWorld();
    const id = await world.ask(onBehalf('user_1'));
    const read = (options = {}) => world.call(`GET /requests/${id}`, options);
    expect((await read()).body.code).toBe('subject_token_invalid');
    expect((await read(token('user_2'))).status).toBe(404);
    expect((await read(token('user_1'))).status).toBe(200);
  });

  it.each([
    'x',
    '..%2F..%2Fetc',
    `${AGENT}-01KAE0000000000000000000ZZ`,
    '%00',
    '__proto__',
    'a'.repeat(5_000),
    '%E0%A4%A',
  ])('answers 404 to the id %s', async (id) => {
    const answer = await makeWorld().call(`GET /requests/${id}`);
    expect(answer.status).toBe(404);
  });
});

describe('GET /requests', () => {
  it('lists own requests, newest first, a page at a time', async () => {
    const world = makeWorld();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await world.ask());
    await world.ask({ as: 'employee1' });
    const first = await world.call('GET /requests', { query: { limit: '3' } });
    const rest = await world.call('GET /requests', { query: { limit: '3', cursor: first.body.nextCursor } });
    const seen = [...first.body.requests, ...rest.body.requests].map(({ requestId }) => requestId);
    expect(seen).toEqual(ids);
    expect(rest.body).not.toHaveProperty('nextCursor');
  });

  it('filters by status, across pages of the index', async () => {
    const world = makeWorld();
    const wanted = await world.ask();
    for (let n = 0; n < 5; n++) world.patch(await world.ask(), { status: 'DENIED' });
    const { body } = await world.call('GET /requests', { query: { status: 'PENDING', limit: '2' } });
    expect(body.requests.map(({ requestId }: { requestId: string }) => requestId)).toEqual([wanted]);
  });

  it('ends, however much is filtered out', async () => {
    const world = makeWorld();
    for (let n = 0; n < 30; n++) await world.ask();
    const { body } = await world.call('GET /requests', { query: { status: 'ISSUED', limit: '1' } });
    expect(body.requests).toEqual([]);
    expect(body.nextCursor).toBeTypeOf('string');
  });

  it('leaves out what was asked for other subjects', async () => {
    const world = makeWorld();
    const plain = await world.ask();
    const first = await world.ask(onBehalf('user_1'));
    await world.ask(onBehalf('user_2'));
    const idsWith = async (options = {}) =>
      (await world.call('GET /requests', options)).body.requests.map(
        ({ requestId }: { requestId: string }) => requestId,
      );
    expect(await idsWith()).toEqual([plain]);
    expect(await idsWith(token('user_1'))).toEqual([first, plain]);
    expect((await world.call('GET /requests', { headers: { 'X-Subject-Token': 'x' } })).status).toBe(401);
  });

  it('lists another principal’s for auditors alone', async () => {
    const world = makeWorld();
    const id = await world.ask(onBehalf('user_1'));
    const query = { principal: AGENT };
    const audit = await world.call('GET /requests', { as: 'auditor1', query });
    expect(audit.body.requests).toMatchObject([{ requestId: id }]);
    const other = await world.call('GET /requests', { as: 'employee1', query });
    expect([other.status, other.body.code]).toEqual([403, 'auditor_required']);
  });

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    { cursor: 'garbage' },
    { cursor: encoded({ after: 'employee1-01KAE000000000000000000000' }) },
    { cursor: encoded({ after: `${AGENT}-01KAE000000000000000000000`, more: 1 }) },
    { cursor: encoded(['x']) },
    { cursor: 'x'.repeat(401) },
    { limit: '0' },
    { limit: '101' },
    { limit: '1e1' },
    { status: 'SOMETIMES' },
    { principal: '../x' },
    { unknown: '1' },
    { limit: ['1', '2'] },
  ])('refuses the query %j', async (query) => {
    const answer = await makeWorld().call('GET /requests', { query });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors[0].field).toBe(Object.keys(query)[0]);
  });
});

describe('POST /requests/{id}/cancel', () => {
  const cancel = (world: ReturnType<typeof makeWorld>, id: string, options = {}) =>
    world.call(`POST /requests/${id}/cancel`, options);

  it.each(['PENDING', 'AWAITING_APPROVAL', 'READY'] as const)('cancels one that is %s', async (status) => {
    const world = makeWorld();
    const id = await world.ask();
    world.patch(id, { status });
    expect((await cancel(world, id)).body.status).toBe('CANCELLED');
    expect(world.ports.stateMachine.stop).toHaveBeenCalledWith(id, expect.any(String));
    expect((await cancel(world, id)).status).toBe(200);
  });

  it.each(['ISSUED', 'DENIED', 'EXPIRED', 'FAILED', 'APPLIED'] as const)(
    'cannot cancel one that is %s',
    async (status) => {
      const world = makeWorld();
      const id = await world.ask();
      world.patch(id, { status });
      const answer = await cancel(world, id);
      expect([answer.status, answer.body.code, answer.body.requestStatus]).toEqual([
        409,
        'not_cancellable',
        status,
      ]);
      expect(world.ports.stateMachine.stop).not.toHaveBeenCalled();
    },
  );

  it('cannot cancel one that is claimed', async () => {
    const world = makeWorld();
    const id = await world.ask();
    world.ready(id);
    world.ports.stateMachine.completeTask = async () => 'completed';
    await world.call(`POST /requests/${id}/credentials`);
    expect((await cancel(world, id)).body.code).toBe('not_cancellable');
  });

  it('is its requester’s alone, and its subject’s', async () => {
    const world = makeWorld();
    const id = await world.ask(onBehalf('user_1'));
    expect((await cancel(world, id, { as: 'auditor1' })).status).toBe(404);
    expect((await cancel(world, id)).status).toBe(401);
    expect((await cancel(world, id, token('user_2'))).status).toBe(404);
    expect((await cancel(world, id, token('user_1'))).status).toBe(200);
  });
});
