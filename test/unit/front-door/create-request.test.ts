import { describe, expect, it } from 'vitest';
import { accessRequestSchema } from '../../../lambdas/shared/domain/access-request.ts';
import { DependencyUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import { Problem } from '../../../lambdas/shared/http/problems.ts';
import { AGENT, ISSUER, makeWorld } from './world.ts';

const body = { reason: 'Show the customer her balance' };

describe('POST /requests', () => {
  it('records the request, starts the execution named after it, and answers 202', async () => {
    const world = makeWorld();
    const { status, body: answer, headers } = await world.call('POST /requests', { body });
    expect(status).toBe(202);
    expect(answer).toMatchObject({ status: 'PENDING', reason: body.reason });
    expect(answer.requestId).toMatch(new RegExp(`^${AGENT}-[0-9A-Z]{26}$`));
    expect(world.started).toEqual([answer.requestId]);
    expect(world.rowOf(answer.requestId)).toMatchObject({ principalId: AGENT, open: 'open', version: 1 });
    expect(headers.location).toBe(`/prod/requests/${answer.requestId}`);
    expect(answer.links.credentials).toBe(`/prod/requests/${answer.requestId}/credentials`);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('asks by a job of the caller’s, whose purpose is the reason unless there is another', async () => {
    const world = makeWorld();
    const ask = (more: object) =>
      world.call('POST /requests', { as: 'employee1', body: { job: 'nightly-report', ...more } });
    const { status, body: answer } = await ask({});
    expect(status).toBe(202);
    const purpose = 'The nightly report needs the metrics';
    expect(answer).toMatchObject({ job: 'nightly-report', reason: purpose });
    expect(world.rowOf(answer.requestId)).toMatchObject({ job: 'nightly-report', reason: purpose });
    const { body: told } = await ask({ reason: 'Last night it broke off' });
    expect(told).toMatchObject({ job: 'nightly-report', reason: 'Last night it broke off' });
  });

  it.each(['weekly-report', 'constructor', 'to-string'])(
    'refuses a job that is not theirs: %s',
    async (job) => {
      const world = makeWorld();
      const { status, body: answer } = await world.call('POST /requests', { as: 'employee1', body: { job } });
      expect([status, answer.code]).toEqual([404, 'job_not_found']);
      expect(answer.detail).toContain('nightly-report');
      const others = await world.call('POST /requests', { as: 'auditor1', body: { job: 'nightly-report' } });
      expect([others.status, others.body.code]).toEqual([404, 'job_not_found']);
      expect(world.started).toEqual([]);
    },
  );

  it.each<[object, string]>([
    [{}, 'reason'],
    [{ job: '../nightly' }, 'job'],
    [{ job: 7 }, 'job'],
    [{ job: 'nightly-report', reason: 'short' }, 'reason'],
  ])('takes a reason or a job, and neither malformed: %j', async (sent, field) => {
    const { status, body: answer } = await makeWorld().call('POST /requests', {
      as: 'employee1',
      body: sent,
    });
    expect([status, answer.errors.map((error: { field: string }) => error.field)]).toEqual([400, [field]]);
  });

  it('takes references, in whatever order, and tells one request from another by them', async () => {
    const world = makeWorld();
    const ask = (references: unknown) =>
      world.call('POST /requests', {
        body: { ...body, references },
        headers: { 'Idempotency-Key': 'the-same-key' },
      });
    const { status, body: answer } = await ask(['OPS-12', 'INC-9']);
    expect([status, answer.references]).toEqual([202, ['INC-9', 'OPS-12']]);
    const [input] =
      (world.ports.stateMachine.start as unknown as { mock: { calls: [unknown][] } }).mock.calls[0] ?? [];
    expect(accessRequestSchema.parse(input).references).toEqual(['INC-9', 'OPS-12']);
    expect((await ask(['INC-9', 'OPS-12'])).body.requestId).toBe(answer.requestId);
    for (const others of [['OPS-12'], ['OPS-13', 'INC-9'], undefined])
      expect((await ask(others)).body.code).toBe('idempotency_conflict');
  });

  it.each([
    [[]],
    [['OPS 12']],
    ['OPS-12'],
    [['a', 'b', 'c', 'd', 'e', 'f']],
    [['x'.repeat(65)]],
    [['a', 'a']],
  ])('refuses references that are none: %j', async (references) => {
    const world = makeWorld();
    const { status, body: answer } = await world.call('POST /requests', { body: { ...body, references } });
    expect([status, answer.errors[0].field.split(/[.[]/)[0], world.started]).toEqual([400, 'references', []]);
  });

  it('starts the execution with an input that the workflow accepts', async () => {
    const world = makeWorld();
    await world.ask({ body: { ...body, durationSeconds: 1200, subjectToken: `${ISSUER}#user_1` } });
    const [input] =
      (world.ports.stateMachine.start as unknown as { mock: { calls: [unknown][] } }).mock.calls[0] ?? [];
    expect(accessRequestSchema.parse(input)).toMatchObject({
      durationSeconds: 1200,
      subject: { issuer: ISSUER, id: 'user_1' },
      dryRun: false,
    });
  });

  it('never keeps a subject token', async () => {
    const world = makeWorld();
    await world.ask({ body: { ...body, subjectToken: `${ISSUER}#user_1` } });
    const kept = JSON.stringify([...world.rows.values(), world.logged]);
    expect(kept).not.toContain(`${ISSUER}#user_1`);
  });

  it('holds the answer while PENDING, with growing pauses', async () => {
    const world = makeWorld();
    world.after(3_000, () => world.patch([...world.rows.keys()][0] ?? '', { status: 'READY' }));
    const { body: answer } = await world.call('POST /requests', { body, query: { wait: '10' } });
    expect(answer.status).toBe('READY');
    expect(world.sleeps).toEqual([...world.sleeps].sort((a, b) => a - b));
    expect(world.sleeps.length).toBeLessThan(15);
  });

  it('answers what there is when the wait is over', async () => {
    const world = makeWorld();
    const {
      status,
      body: answer,
      headers,
    } = await world.call('POST /requests', { body, query: { wait: '25' } });
    expect([status, answer.status, headers['retry-after']]).toEqual([202, 'PENDING', '1']);
    expect(world.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(25_000);
  });

  it('does not hold callers while people decide', async () => {
    const world = makeWorld();
    world.after(100, () => world.patch([...world.rows.keys()][0] ?? '', { status: 'AWAITING_APPROVAL' }));
    const { body: answer, headers } = await world.call('POST /requests', { body, query: { wait: '25' } });
    expect([answer.status, headers['retry-after']]).toEqual(['AWAITING_APPROVAL', '15']);
    expect(world.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(1_000);
  });

  it('answers a dry run with its verdict', async () => {
    const world = makeWorld();
    const decision = {
      outcome: 'deny' as const,
      reasons: [],
      policyIds: [],
      decidedAt: '2026-11-20T22:00:01.000Z',
    };
    world.after(900, () =>
      world.patch([...world.rows.keys()][0] ?? '', {
        status: 'CANCELLED',
        closedBecause: 'dry_run',
        decision,
      }),
    );
    const { status, body: answer } = await world.call('POST /requests', { body, query: { dryRun: 'true' } });
    expect(status).toBe(200);
    expect(answer).toMatchObject({ dryRun: true, decision: { outcome: 'deny' } });
  });

  it('refuses a callback that nobody allow-listed', async () => {
    const world = makeWorld();
    const answer = await world.call('POST /requests', { body: { ...body, callback: { taskToken: 't' } } });
    expect([answer.status, answer.body.code]).toEqual([400, 'callback_not_allowed']);
    expect(world.rows.size).toBe(0);
  });

  const callback = { taskToken: 'token-of-the-first-try' };
  const settings = { requireRecipientKey: false, callbacksAllowed: true };

  it('keeps the token of a callback apart from the request', async () => {
    const world = makeWorld({ settings });
    const id = await world.ask({ body: { ...body, callback } });
    expect(world.taskTokens.get(id)).toBe(callback.taskToken);
    expect(world.rowOf(id).hasCallback).toBe(true);
    const { body: view } = await world.call(`GET /requests/${id}`);
    expect(view.callback).toEqual({ status: 'awaited' });
    const start = world.ports.stateMachine.start as unknown as { mock: { calls: unknown[] } };
    const elsewhere = JSON.stringify([...world.rows.values(), world.logged, start.mock.calls, view]);
    expect(elsewhere).not.toContain(callback.taskToken);
  });

  it('has no token before it lets a request in', async () => {
    const refuse = async () => {
      throw new Problem('limit_reached', 'Not now.');
    };
    const world = makeWorld({ settings, admit: refuse });
    const answer = await world.call('POST /requests', { body: { ...body, callback } });
    expect([answer.status, world.taskTokens.size]).toEqual([429, 0]);
  });

  it('takes the newest token of a task that is tried again, for the same request', async () => {
    const world = makeWorld({ settings });
    const headers = { 'idempotency-key': 'execution-1' };
    const id = await world.ask({ body: { ...body, callback }, headers });
    world.patch(id, { status: 'READY', version: 4 });
    const again = { taskToken: 'token-of-the-second-try' };
    expect(await world.ask({ body: { ...body, callback: again }, headers })).toBe(id);
    expect(world.taskTokens.get(id)).toBe(again.taskToken);
    // The row's change is what calls for the delivery.
    expect(world.rowOf(id)).toMatchObject({ status: 'READY', version: 5 });
    const without = await world.call('POST /requests', { body, headers });
    expect(without.body.code).toBe('idempotency_conflict');
  });

  it('calls nobody back of a dry run', async () => {
    const world = makeWorld({ settings });
    const query = { dryRun: 'true' };
    const answer = await world.call('POST /requests', { body: { ...body, callback }, query });
    expect([answer.body.code, world.rows.size]).toEqual(['callback_not_allowed', 0]);
  });

  it('records what a suspended principal asks for: the flow denies it', async () => {
    const world = makeWorld();
    const id = await world.ask({ as: 'suspended1' });
    expect(world.started).toEqual([id]);
  });

  it('keeps the row when the execution cannot be started, and says to try again', async () => {
    const world = makeWorld();
    world.ports.stateMachine.start = async () => {
      throw new DependencyUnavailable('Step Functions: ThrottlingException');
    };
    const answer = await world.call('POST /requests', { body });
    expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([
      503,
      'unavailable',
      '2',
    ]);
    expect([...world.rows.values()].map(({ open }) => open)).toEqual(['open']);
  });
});

describe('Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'order-66' };

  it('makes a repeat the same request, though its token is fresh', async () => {
    const world = makeWorld();
    const first = await world.ask({ headers, body: { ...body, subjectToken: `${ISSUER}#user_1` } });
    const second = await world.ask({ headers, body: { ...body, subjectToken: `${ISSUER}#user_1#fresh` } });
    expect(second).toBe(first);
    expect(world.rows.size).toBe(1);
  });

  it.each([
    [{ reason: 'Something else entirely' }, {}],
    [{ ...body, durationSeconds: 900 }, {}],
    [{ ...body, subjectToken: `${ISSUER}#user_2` }, {}],
    [body, { dryRun: 'true' }],
  ])('refuses it for another body: %j %j', async (other, query) => {
    const world = makeWorld();
    await world.ask({ headers });
    const answer = await world.call('POST /requests', { headers, body: other, query });
    expect([answer.status, answer.body.code]).toEqual([409, 'idempotency_conflict']);
  });

  it('is the caller’s own', async () => {
    const world = makeWorld();
    expect(await world.ask({ headers })).not.toBe(await world.ask({ headers, as: 'employee1' }));
  });

  it('completes a request whose first call died before the row, or before the execution', async () => {
    const world = makeWorld();
    const first = await world.ask({ headers });
    world.rows.clear();
    expect(await world.ask({ headers })).toBe(first);
    expect(world.started).toEqual([first, first]);
  });

  it('does not start again what is decided', async () => {
    const world = makeWorld();
    const first = await world.ask({ headers });
    world.patch(first, { status: 'DENIED' });
    expect(await world.ask({ headers })).toBe(first);
    expect(world.started).toEqual([first]);
  });

  it.each(['x'.repeat(256), 'two words', 'ключ'])('refuses the key %s', async (key) => {
    const world = makeWorld();
    const answer = await world.call('POST /requests', { body, headers: { 'Idempotency-Key': key } });
    expect(answer.status).toBe(400);
  });
});
