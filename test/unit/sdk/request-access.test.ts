import { describe, expect, it } from 'vitest';
import { jobOf } from '../../../clients/sdk/job-of.ts';
import { type PosternOptions, posternCredentials, requestAccess } from '../../../clients/sdk/postern.ts';
import { makeMemoryHandles } from '../../../clients/sdk/request-handles.ts';
import type { Fetch } from '../../../clients/sdk/signed-fetch.ts';
import { makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { ISSUER, makeWorld, SESSION } from '../front-door/world.ts';
import { ENDPOINT, identity, serveWorld } from './served-world.ts';

const reason = 'Show the customer her balance';

/** A broker whose workflow grants after a second, and a caller whose pauses move its clock. */
function makeBroker(options: Partial<PosternOptions> = {}) {
  const world = makeWorld();
  const served = serveWorld(world);
  const newest = () => [...world.rows.keys()].at(-1) ?? '';
  const ask: PosternOptions = {
    reason,
    endpoint: ENDPOINT,
    identity,
    fetch: served.fetch,
    pause: (milliseconds) => world.pass(milliseconds),
    now: () => world.ports.clock().getTime(),
    ...options,
  };
  return { world, served, ask, newest, grantLater: () => world.after(1_000, () => world.ready(newest())) };
}

describe('requestAccess', () => {
  it('asks, waits, claims with a key of its own, and opens the session here', async () => {
    const { ask, served, grantLater, world, newest } = makeBroker();
    grantLater();
    const access = await requestAccess(ask);
    expect(access).toMatchObject({
      accessKeyId: SESSION.accessKeyId,
      secretAccessKey: SESSION.secretAccessKey,
      sessionToken: SESSION.sessionToken,
      assumedRoleArn: SESSION.assumedRoleArn,
      requestId: newest(),
    });
    expect(access.expiration).toEqual(new Date(SESSION.expiration));
    expect(world.rowOf(newest()).claim?.recipientKey.kty).toBe('OKP');
    expect(served.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /requests',
      `GET /requests/${newest()}`,
      `POST /requests/${newest()}/credentials`,
    ]);
  });

  it('asks with the key that it claims with, so that the session can be sealed at once', async () => {
    const { ask, grantLater, world, newest } = makeBroker();
    grantLater();
    await requestAccess(ask);
    const { claimAhead, claim } = world.rowOf(newest());
    expect(claimAhead?.recipientKey).toEqual(claim?.recipientKey);
    expect(JSON.stringify(claimAhead)).not.toContain('"d"');
  });

  it('fetches what was claimed ahead and not answered, in the same process', async () => {
    const { ask, served, world, newest } = makeBroker();
    const cut: Fetch = async (url, init) => {
      if (init.method === 'GET') throw new TypeError('fetch failed');
      return served.fetch(url, init);
    };
    await expect(requestAccess({ ...ask, fetch: cut })).rejects.toMatchObject({ code: 'broker_unreachable' });
    await world.issueAhead(newest());
    expect((await requestAccess(ask)).requestId).toBe(newest());
    expect(world.rows.size).toBe(1);
  });

  it('asks anew where what it asked before was sealed to the key of a process that is gone', async () => {
    const { ask, world, newest } = makeBroker();
    const handles = makeMemoryHandles();
    const { publicKey: recipientKey } = await makeRecipientKeyPair();
    const lost = await world.ask({ body: { reason, recipientKey } });
    const held = await handles.hold(await jobOf(ask, { endpoint: ENDPOINT, identity }), {
      idempotencyKey: 'of-a-process-that-is-gone',
      requestId: lost,
    });
    await held.letGo();
    await world.issueAhead(lost);
    for (let second = 1; second <= 600; second += 1)
      world.after(second * 1_000, () => void (newest() !== lost && world.ready(newest())));
    expect((await requestAccess({ ...ask, handles })).requestId).not.toBe(lost);
  });

  it('signs every call, and sends no secret', async () => {
    const { ask, served, grantLater } = makeBroker();
    grantLater();
    await requestAccess(ask);
    for (const { headers } of served.calls) {
      expect(headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE000000000\/\d{8}\/eu-central-1\/execute-api/,
      );
      expect(JSON.stringify(headers)).not.toContain('caller-secret');
    }
  });

  it('waits for people, looking now and then, and says so', async () => {
    const seen: string[] = [];
    const { ask, world, newest } = makeBroker({ onProgress: ({ status }) => seen.push(status) });
    world.after(1_000, () => world.patch(newest(), { status: 'AWAITING_APPROVAL' }));
    world.after(90_000, () => world.ready(newest()));
    await requestAccess(ask);
    expect(seen).toEqual(['PENDING', 'AWAITING_APPROVAL', 'READY']);
  });

  it('gives up waiting in time; the request still stands', async () => {
    const { ask, world, newest } = makeBroker({ timeout: 60_000 });
    world.after(1_000, () => world.patch(newest(), { status: 'AWAITING_APPROVAL' }));
    const error = await requestAccess(ask).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'wait_timed_out', requestId: newest() });
    expect(world.rowOf(newest()).status).toBe('AWAITING_APPROVAL');
  });

  it('throws the denial with its reasons', async () => {
    const { ask, world, newest } = makeBroker();
    const forbidden = {
      resource: 'bank_customer_profiles',
      action: 'dynamodb:GetItem',
      policyIds: ['not-agents'],
    };
    const reasons = [{ code: 'guardrail_forbids' as const, ...forbidden }];
    const decision = { outcome: 'deny' as const, reasons, policyIds: [], decidedAt: SESSION.expiration };
    world.after(500, () => world.patch(newest(), { status: 'DENIED', decision }));
    const detail = 'The guardrails forbid this (not-agents), whoever approves it.';
    await expect(requestAccess(ask)).rejects.toMatchObject({
      name: 'PosternError',
      code: 'request_denied',
      status: 403,
      reasons: [{ code: 'guardrail_forbids', detail }],
      message: detail,
    });
  });

  it('fetches a lost session again with the same key', async () => {
    const { ask, served, grantLater } = makeBroker();
    grantLater();
    let lost = 0;
    const losing: Fetch = async (url, init) => {
      const response = await served.fetch(url, init);
      if (!url.pathname.endsWith('/credentials') || lost++ > 1) return response;
      throw new TypeError('fetch failed');
    };
    expect((await requestAccess({ ...ask, fetch: losing })).sessionToken).toBe(SESSION.sessionToken);
    expect(lost).toBe(3);
  });

  it('makes one request, though the answer to asking is lost', async () => {
    const { ask, served, grantLater, world } = makeBroker();
    grantLater();
    let lost = 0;
    const losing: Fetch = async (url, init) => {
      const response = await served.fetch(url, init);
      if (!url.pathname.endsWith('/requests') || lost++ > 0) return response;
      throw new TypeError('fetch failed');
    };
    await requestAccess({ ...ask, fetch: losing });
    expect(world.rows.size).toBe(1);
  });

  it('sends a fresh subject token each time', async () => {
    let tokens = 0;
    const { ask, served, grantLater } = makeBroker({
      subjectToken: async () => `${ISSUER}#user_1#${tokens++}`,
    });
    grantLater();
    await requestAccess(ask);
    expect(served.calls.map(({ headers }) => headers['x-subject-token'])).toEqual([
      undefined,
      `${ISSUER}#user_1#2`,
      `${ISSUER}#user_1#3`,
    ]);
  });

  it.each<[string, Fetch]>([
    ['broker_unreachable', () => Promise.reject(new TypeError('fetch failed'))],
    ['unexpected_answer', async () => new Response('<html>Bad gateway</html>', { status: 502 })],
    ['unexpected_answer', async () => Response.json({ hello: 'world' })],
    [
      'signature_refused',
      async () => Response.json({ code: 'signature_refused', detail: 'Check the clock.' }, { status: 403 }),
    ],
  ])('says %s plainly', async (code, fetch) => {
    const { ask } = makeBroker({ fetch });
    await expect(requestAccess(ask)).rejects.toMatchObject({ name: 'PosternError', code });
  });

  const refusing = (headers: Record<string, string>) => async () =>
    Response.json({ code: 'signature_refused', detail: 'Sign it.' }, { status: 403, headers });

  it.each([-600, 600])(
    'says that the clock is %i s off, where that is what a signature is refused for',
    async (off) => {
      const date = new Date(Date.now() - off * 1000).toUTCString();
      const refused = requestAccess(makeBroker({ fetch: refusing({ date }) }).ask);
      await expect(refused).rejects.toMatchObject({
        code: 'clock_off',
        message: expect.stringMatching(off < 0 ? /(599|600|601) s behind/ : /(599|600|601) s ahead/),
      });
    },
  );

  it('says which region it should be, where the endpoint tells', async () => {
    const endpoint = 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/api';
    const date = new Date().toUTCString();
    const refused = (brokerUrl: string) =>
      requestAccess(makeBroker({ endpoint: brokerUrl, fetch: refusing({ date }) }).ask);
    await expect(refused(endpoint)).rejects.toMatchObject({
      code: 'wrong_region',
      message: 'Calls are signed for eu-central-1, the broker is in eu-west-1: set the region to eu-west-1.',
    });
    const right = endpoint.replace('eu-west-1', 'eu-central-1');
    await expect(refused(right)).rejects.toMatchObject({ code: 'signature_refused' });
  });

  it('says that there is nothing to sign with, or no endpoint', async () => {
    const none = Object.assign(new Error('no providers'), { name: 'CredentialsProviderError' });
    const nobody = { credentials: () => Promise.reject(none), region: async () => 'eu-central-1' };
    await expect(requestAccess(makeBroker({ identity: nobody }).ask)).rejects.toMatchObject({
      code: 'no_credentials',
    });
    await expect(requestAccess(makeBroker({ endpoint: '' }).ask)).rejects.toMatchObject({
      code: 'no_endpoint',
    });
  });

  it('stops when it is told to', async () => {
    const { ask, world, newest } = makeBroker({ signal: AbortSignal.abort(new Error('enough')) });
    world.after(1_000, () => world.patch(newest(), { status: 'AWAITING_APPROVAL' }));
    await expect(
      requestAccess({ ...ask, fetch: async (_, init) => Promise.reject(init.signal?.reason) }),
    ).rejects.toThrow('enough');
  });
});

describe('a caller with less patience than people', () => {
  /** A broker whose people decide when they are told to. */
  const waiting = (options: Partial<PosternOptions> = {}) => {
    const broker = makeBroker({ timeout: 60_000, handles: makeMemoryHandles(), ...options });
    const asked = () =>
      broker.world.after(500, () => broker.world.patch(broker.newest(), { status: 'AWAITING_APPROVAL' }));
    return { ...broker, asked };
  };
  const inVain = (options: PosternOptions) =>
    expect(requestAccess(options)).rejects.toMatchObject({ code: 'wait_timed_out' });

  it('goes on with what it asked: open, then granted; nobody is asked again', async () => {
    const { ask, asked, world, newest } = waiting();
    asked();
    await inVain(ask);
    await inVain(ask);
    expect(world.rows.size).toBe(1);
    world.ready(newest());
    expect((await requestAccess(ask)).requestId).toBe(newest());
    expect(world.rows.size).toBe(1);
  });

  it.each<Partial<PosternOptions>>([
    { reason: 'Show the customer her other balance' },
    { durationSeconds: 1800 },
    { subjectToken: `${ISSUER}#user_1` },
  ])('asks for itself where the job is another: %j', async (other) => {
    const { ask, asked, world, grantLater } = waiting();
    asked();
    await inVain(ask);
    await world.pass(10);
    grantLater();
    await requestAccess({ ...ask, ...other } as PosternOptions);
    expect(world.rows.size).toBe(2);
  });

  it('is told of a denial that came meanwhile, once; then asks anew', async () => {
    const { ask, asked, world, newest, grantLater } = waiting();
    asked();
    await inVain(ask);
    const reasons = [{ code: 'approval_denied' as const, principalId: 'approver1' }];
    const decision = { outcome: 'deny' as const, reasons, policyIds: [], decidedAt: SESSION.expiration };
    world.patch(newest(), { status: 'DENIED', decision });
    await expect(requestAccess(ask)).rejects.toMatchObject({ code: 'request_denied' });
    await world.pass(10);
    grantLater();
    await requestAccess(ask);
    expect(world.rows.size).toBe(2);
  });

  it.each(['EXPIRED', 'CANCELLED', 'ISSUED'] as const)('asks anew after one that is %s', async (status) => {
    const { ask, asked, world, newest, grantLater } = waiting();
    asked();
    await inVain(ask);
    world.patch(newest(), { status });
    await world.pass(10);
    grantLater();
    await requestAccess(ask);
    expect(world.rows.size).toBe(2);
  });

  it('side by side with another, has a request and a session of its own', async () => {
    const { ask, world } = waiting();
    const grantAll = () => {
      for (const id of world.rows.keys()) if (world.rowOf(id).status === 'PENDING') world.ready(id);
    };
    // The second may be asked after the first has waited.
    for (let second = 1; second <= 600; second += 1) world.after(second * 1_000, grantAll);
    const both = await Promise.all([requestAccess(ask), requestAccess(ask)]);
    expect(new Set(both.map(({ requestId }) => requestId)).size).toBe(2);
  });

  it('that was ended before it heard the id, asks with the same key: it is one request', async () => {
    const { ask, served, world, grantLater } = waiting();
    const deaf: Fetch = async (url, init) => {
      await served.fetch(url, init);
      throw new TypeError('fetch failed');
    };
    await expect(requestAccess({ ...ask, fetch: deaf })).rejects.toMatchObject({
      code: 'broker_unreachable',
    });
    grantLater();
    await requestAccess(ask);
    expect(world.rows.size).toBe(1);
  });
});

describe('a token that ends while people decide, and an issuer that is down for a while', () => {
  it('leave the request to be gone on with', async () => {
    const { ask, served, world, newest } = makeBroker({ timeout: 60_000, handles: makeMemoryHandles() });
    const refusing: Fetch = async (url, init) =>
      init.method === 'GET'
        ? Response.json({ code: 'token_refused', detail: 'The token has expired.' }, { status: 401 })
        : served.fetch(url, init);
    await expect(requestAccess({ ...ask, fetch: refusing })).rejects.toMatchObject({ code: 'token_refused' });
    world.ready(newest());
    let isDown = true;
    const recovering: Fetch = async (url, init) => {
      if (!isDown) return served.fetch(url, init);
      isDown = false;
      return Response.json(
        { code: 'token_keys_unavailable', detail: 'It does not answer.' },
        { status: 503 },
      );
    };
    expect((await requestAccess({ ...ask, fetch: recovering })).requestId).toBe(newest());
    expect(world.rows.size).toBe(1);
  });
});

describe('posternCredentials', () => {
  it('asks once for many callers, and again before the session ends', async () => {
    const { ask, world, grantLater } = makeBroker();
    const provide = posternCredentials(ask);
    grantLater();
    const first = await Promise.all([provide(), provide(), provide()]);
    expect(new Set(first.map(({ requestId }) => requestId)).size).toBe(1);
    await provide();
    expect(world.rows.size).toBe(1);
    await world.pass(11 * 60 * 1000);
    grantLater();
    const [again, same] = await Promise.all([provide(), provide()]);
    expect(again.requestId).not.toBe(first[0]?.requestId);
    expect(same.requestId).toBe(again.requestId);
    expect(world.rowOf(again.requestId).reason).toBe(reason);
  });

  it('asks anew after a failure', async () => {
    const { ask, world, newest, grantLater } = makeBroker();
    const provide = posternCredentials(ask);
    world.after(500, () => world.patch(newest(), { status: 'EXPIRED' }));
    await expect(provide()).rejects.toMatchObject({ code: 'request_expired' });
    grantLater();
    expect((await provide()).accessKeyId).toBe(SESSION.accessKeyId);
  });
});
