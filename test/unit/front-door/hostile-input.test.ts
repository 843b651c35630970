import { describe, expect, it } from 'vitest';
import { AGENT, makeWorld } from './world.ts';

const reason = 'Show the customer her balance';
const post = (options: Parameters<ReturnType<typeof makeWorld>['call']>[1], world = makeWorld()) =>
  world.call('POST /requests', options);

describe('a body that is not as documented', () => {
  it.each([
    [{}, 'reason'],
    [{ reason: 'too short' }, 'reason'],
    [{ reason: ' '.repeat(50) }, 'reason'],
    [{ reason: 'x'.repeat(2001) }, 'reason'],
    [{ reason: 17 }, 'reason'],
    [{ reason: [reason] }, 'reason'],
    [{ reason: `${reason} \ud800` }, 'reason'],
    [{ reason, durationSeconds: 899 }, 'durationSeconds'],
    [{ reason, durationSeconds: 3601 }, 'durationSeconds'],
    [{ reason, durationSeconds: 900.5 }, 'durationSeconds'],
    [{ reason, durationSeconds: '900' }, 'durationSeconds'],
    [{ reason, durationSeconds: null }, 'durationSeconds'],
    [{ reason, subjectToken: {} }, 'subjectToken'],
    [{ reason, subjectToken: 'x'.repeat(8193) }, 'subjectToken'],
    [{ reason, subjectToken: 'a.token.of\n' }, 'subjectToken'],
    [{ reason, subjectToken: 'a.token.öf' }, 'subjectToken'],
    [{ reason, callback: { taskToken: 't', extra: 1 } }, 'callback.extra'],
    [{ reason, principal: 'admin' }, 'principal'],
    [{ reason, Reason: reason }, 'Reason'],
    [[], 'body'],
    ['text', 'body'],
    [null, 'body'],
    [42, 'body'],
  ])('%j: 400 naming %s', async (body, field) => {
    const world = makeWorld();
    const answer = await post({ body }, world);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect(answer.body.detail).toContain(field);
    expect(world.rows.size).toBe(0);
  });

  it.each(['resource', 'actions', 'userId', 'isStaff'])('%s: 400 grant_not_selectable', async (field) => {
    const world = makeWorld();
    for (const value of ['x', ['x'], true, null]) {
      const answer = await post({ body: { reason, [field]: value } }, world);
      expect([answer.status, answer.body.code]).toEqual([400, 'grant_not_selectable']);
      expect(answer.body.errors).toMatchObject([{ field }]);
    }
    const unsaid = await world.call('POST /credentials', { body: { [field]: 'x' } });
    expect(unsaid.body.code).toBe('grant_not_selectable');
    expect(world.rows.size).toBe(0);
  });

  it.each(['', '{', '{"reason":}', 'reason=x', "{'reason':'x'}", '{"reason":"a"}{}', '[[[[', '\u0000'])(
    'the text %j: 400',
    async (rawBody) => {
      const answer = await post({ rawBody });
      expect(answer.status).toBe(400);
      expect(['invalid_json', 'invalid_request']).toContain(answer.body.code);
      expect(answer.body.errors[0].field).toBe('body');
    },
  );

  it('bytes that are not UTF-8: 400 invalid_json', async () => {
    const world = makeWorld();
    const event = world.fixture('assumed-role');
    event.body = Buffer.from([
      ...Buffer.from('{"reason":"Show her the bal'),
      0xff,
      0xfe,
      0x22,
      0x7d,
    ]).toString('base64');
    event.isBase64Encoded = true;
    const answer = await world.send(event);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_json']);
  });

  it('over 16 kB: 400 body_too_large, though it would be valid', async () => {
    for (const rawBody of [
      JSON.stringify({ reason: 'x'.repeat(20_000) }),
      `${' '.repeat(17_000)}{"reason":"${reason}"}`,
      `{"reason":"${'ж'.repeat(9_000)}"}`,
    ]) {
      const answer = await post({ rawBody });
      expect([answer.status, answer.body.code, answer.body.errors[0].field]).toEqual([
        400,
        'body_too_large',
        'body',
      ]);
    }
  });

  it('pollutes no prototype', async () => {
    const world = makeWorld();
    for (const rawBody of [
      `{"reason":"${reason}","__proto__":{"isAdmin":true}}`,
      `{"reason":"${reason}","constructor":{"prototype":{"isAdmin":true}}}`,
      `{"__proto__":{"reason":"${reason}"}}`,
    ]) {
      const answer = await post({ rawBody }, world);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(world.rows.size).toBe(0);
  });

  it('names a field of the caller’s own choice only in part', async () => {
    const answer = await post({ body: { reason, [`${'k'.repeat(3_000)}`]: 1 } });
    expect(answer.text.length).toBeLessThan(1_000);
  });

  it('takes text of every script, as it is', async () => {
    const world = makeWorld();
    const text = 'Сальдо показать 余额を見せて 👩‍👩‍👧 ‮evil‬ "; DROP TABLE <!channel>';
    const answer = await post({ body: { reason: text } }, world);
    expect(answer.body.reason).toBe(text);
  });
});

describe('a query that is not as documented', () => {
  it.each([
    { wait: '26' },
    { wait: '-1' },
    { wait: '1.5' },
    { wait: 'soon' },
    { wait: '' },
    { wait: ['1', '2'] },
    { dryRun: 'yes' },
    { dryrun: 'true' },
    { __proto__x: '1' },
  ])('%j: 400, and nothing is asked', async (query) => {
    const world = makeWorld();
    const answer = await post({ body: { reason }, query: query as Record<string, string> }, world);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(world.rows.size).toBe(0);
  });

  it('may carry the parameters of a presigned URL', async () => {
    const answer = await post({
      body: { reason },
      query: { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', wait: '0' },
    });
    expect(answer.status).toBe(202);
  });
});

describe('who calls', () => {
  it('is read from the verified signature, whatever the caller writes', async () => {
    const world = makeWorld();
    const id = await world.ask({
      as: 'employee1',
      headers: {
        'X-Principal': AGENT,
        'X-Amzn-Iam-Arn': 'arn:aws:iam::123456789012:role/support-agent',
        'X-Amz-Security-Token': 'x',
        'X-Forwarded-User': AGENT,
      },
    });
    expect(world.rowOf(id).principalId).toBe('employee1');
  });

  it.each([
    ['assumed-role', AGENT],
    ['iam-user', 'employee1'],
    ['identity-center', 'analyst1'],
  ])('from the event of %s is %s', async (name, principalId) => {
    const world = makeWorld();
    const { body } = await world.send(world.fixture(name));
    expect(world.rowOf(body.requestId).principalId).toBe(principalId);
  });

  it.each([
    'arn:aws:sts::999999999999:assumed-role/support-agent/s-1',
    'arn:aws:sts::123456789012:assumed-role/other/support-agent',
    'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Analyst_0123456789abcdef/other@bank.example',
    'arn:aws:iam::123456789012:root',
    'arn:aws:sts::123456789012:federated-user/employee1',
    'arn:aws:iam::123456789012:role/support-agent',
    'arn:aws-cn:sts::123456789012:assumed-role/support-agent/s-1',
    'not an arn',
    '__proto__',
  ])('as %s is nobody', async (userArn) => {
    const world = makeWorld();
    const event = world.fixture('assumed-role');
    event.requestContext.identity.userArn = userArn;
    const answer = await world.send(event);
    expect([answer.status, answer.body.code]).toEqual([403, 'principal_unknown']);
  });

  it.each([null, undefined, '', 7, {}, []])('is nobody where the gateway names %j', async (userArn) => {
    const world = makeWorld();
    const event = world.fixture('assumed-role');
    event.requestContext.identity.userArn = userArn;
    const answer = await world.send(event);
    expect([answer.status, answer.body.code]).toEqual([403, 'signature_refused']);
  });
});

describe('the HTTP around it', () => {
  it.each([
    'GET /',
    'GET /request',
    'POST /requests/x/y/z',
    'GET /catalogue',
    'GET //requests',
    'GET /requests/',
  ])('%s: 404', async (target) => {
    const answer = await makeWorld().call(target);
    expect([answer.status, answer.body.code]).toEqual([404, 'route_not_found']);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['PUT /requests', 'POST, GET'],
    ['DELETE /requests/x', 'GET'],
    ['GET /credentials', 'POST'],
    ['OPTIONS /changes', 'POST'],
    ['POST /healthz', 'GET'],
  ])('%s: 405, with Allow', async (target, allow) => {
    const answer = await makeWorld().call(target);
    expect([answer.status, answer.body.code, answer.headers.allow]).toEqual([
      405,
      'method_not_allowed',
      allow,
    ]);
  });

  it('answers health and its document to unsigned calls, and nothing else', async () => {
    const world = makeWorld();
    expect((await world.call('GET /healthz', { as: null })).body).toEqual({ status: 'ok' });
    expect((await world.call('GET /openapi.json', { as: null })).body.openapi).toBe('3.1.0');
    expect((await world.call('GET /requests', { as: null })).body.code).toBe('signature_refused');
  });

  it('ignores the body of a GET', async () => {
    expect((await makeWorld().call('GET /requests', { rawBody: '{"resource":"x"}' })).status).toBe(200);
  });

  it.each([undefined, null, 'x', {}, { httpMethod: 'GET' }, { httpMethod: 'GET', path: 'x' }])(
    'the event %j: 400',
    async (event) => {
      expect((await makeWorld().send(event)).status).toBe(400);
    },
  );

  it('says of a defect where to look, and nothing of what was sent', async () => {
    const world = makeWorld();
    world.ports.requests.create = async () => {
      throw new TypeError(`cannot store ${reason}`);
    };
    const answer = await post({ body: { reason } }, world);
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect(answer.body.instance).toBe('urn:uuid:c6af9ac6-7b61-11e6-9a41-93e8deadbeef');
    expect(answer.text + JSON.stringify(world.logged)).not.toContain(reason);
  });

  it('takes its links from the gateway’s path, never from a header', async () => {
    const world = makeWorld();
    const { body } = await post(
      { body: { reason }, headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' } },
      world,
    );
    expect(body.links.self).toBe(`/prod/requests/${body.requestId}`);
  });

  it.each([
    ['Idempotency-Key', 'ü'],
    ['Idempotency-Key', 'two\nlines'],
    ['X-Subject-Token', 'a.token.öf'],
    ['x-subject-token', 'a.token\n'],
  ])('refuses a header %s of %j rather than rewrite it', async (name, value) => {
    const world = makeWorld();
    const answer = await post({ body: { reason }, headers: { [name]: value } }, world);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(world.rows.size).toBe(0);
  });

  it('logs a line a call: no body, no header', async () => {
    const world = makeWorld();
    await post({ body: { reason }, headers: { 'Idempotency-Key': 'my-key' } }, world);
    expect(world.logged).toEqual([
      expect.objectContaining({ method: 'POST', route: '/requests', status: 202, principalId: AGENT }),
    ]);
    expect(JSON.stringify(world.logged)).not.toMatch(/my-key|balance|AWS4/);
  });
});
