import { describe, expect, test } from 'vitest';
import {
  type Asked,
  consoleOver,
  cookieOf,
  EMPTY,
  HOSTILE,
  NOW,
  own,
  problem,
  quiet,
  REASON,
  SECRET,
  SESSION,
  URL_OF_CONSOLE,
} from '../../support/console/console-over.ts';

describe('who is there', () => {
  test('is whose token the cookie has, and nobody else', async () => {
    const { call, asked } = consoleOver(quiet);
    const page = await call('/', { headers: { cookie: await cookieOf(SESSION) } });
    expect([page.status, asked.every(({ authorization }) => authorization === 'Bearer a.b.c')]).toEqual([
      200,
      true,
    ]);
    expect(await page.text()).toContain('<strong>analyst1</strong>');
  });

  test.each([
    ['none', async () => ''],
    ['of another key', () => cookieOf(SESSION, 'the secret of another console altogether')],
    ['for another purpose', () => cookieOf(SESSION, SECRET, 'started')],
    ['that was cut', async () => (await cookieOf(SESSION)).slice(0, -9)],
    [
      'that was changed',
      // Of its last letter only the first two bits are read.
      async () => (await cookieOf(SESSION)).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
    ],
    ['of another version', () => cookieOf({ token: 'a.b.c' })],
    ['of no use', async () => '__Host-postern0=%00; __Host-postern3=x'],
  ])('a cookie %s signs nobody in', async (_, cookie) => {
    const { call, asked } = consoleOver(quiet);
    const page = await call('/ask?x=1', { headers: { cookie: await cookie() } });
    expect([page.status, page.headers.get('location')]).toEqual([302, '/sign-in?to=%2Fask%3Fx%3D1']);
    expect(asked).toEqual([]);
  });

  test('a cookie signs nobody in once its key is another, however long these pages have run', async () => {
    let secret = SECRET;
    const { call } = consoleOver(quiet, () => secret);
    const cookie = await cookieOf(SESSION);
    expect((await call('/ask', { headers: { cookie } })).status).toBe(200);
    secret = 'another one, which whoever took a cookie does not know';
    expect((await call('/ask', { headers: { cookie } })).status).toBe(302);
    const anew = await cookieOf(SESSION, secret);
    expect((await call('/ask', { headers: { cookie: anew } })).status).toBe(200);
  });

  test('a cookie cannot be read, and goes to this host alone', async () => {
    const sealed = await cookieOf({ ...SESSION, token: `long.${'token'.repeat(1200)}.x` });
    expect(sealed).not.toContain('token');
    expect(sealed.split('; ').length).toBeGreaterThan(1);
    const { call } = consoleOver(quiet);
    expect((await call('/ask', { headers: { cookie: sealed } })).status).toBe(200);
    const out = await call('/sign-out', {
      headers: { cookie: sealed, ...own },
      form: { csrf: SESSION.csrf },
    });
    for (const set of out.headers.getSetCookie())
      expect(set).toMatch(/^__Host-postern\d=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(out.headers.getSetCookie()).toHaveLength(4);
  });

  test('an answer to a sign-in that nobody began here is not taken', async () => {
    const { call, asked } = consoleOver(quiet);
    const page = await call(`/signed-in?code=stolen&state=${HOSTILE}`);
    expect([page.status, asked]).toEqual([400, []]);
    expect(await page.text()).not.toContain(HOSTILE);
  });

  test('an identity provider that is down is said', async () => {
    const { call } = consoleOver(quiet);
    expect((await call('/sign-in?to=//evil.example')).status).toBe(503);
  });
});

describe('forms', () => {
  const form = { csrf: SESSION.csrf, reason: REASON, key: 'k' };
  test.each([
    ['of another site', { origin: 'https://evil.example' }, form, 403],
    ['of another host of this site', { origin: URL_OF_CONSOLE, 'sec-fetch-site': 'same-site' }, form, 403],
    ['of nobody knows where', {}, form, 403],
    ['without the word of this sign-in', own, { ...form, csrf: '' }, 403],
    ['with the word of another', own, { ...form, csrf: 'of-that-session' }, 403],
  ])('%s do nothing', async (_, headers, fields, status) => {
    const { call, asked } = consoleOver(quiet);
    const page = await call('/ask', {
      headers: { cookie: await cookieOf(SESSION), ...headers },
      form: fields,
    });
    expect([page.status, asked]).toEqual([status, []]);
  });

  test('whoever comes by another name of the host is sent to its own, and no form with them', async () => {
    const { call } = consoleOver(quiet);
    const page = await call('/ask', { headers: { host: 'evil.example' } });
    expect([page.status, page.headers.get('location')]).toEqual([307, `${URL_OF_CONSOLE}/ask`]);
    expect((await call('/ask', { headers: { host: 'evil.example', ...own }, form })).status).toBe(421);
  });
});

describe('when the API', () => {
  const post = async (answer: (asked: Asked) => Response | Promise<Response>) => {
    const { call } = consoleOver(answer);
    const page = await call('/ask', {
      headers: { cookie: await cookieOf(SESSION), ...own },
      form: { csrf: SESSION.csrf, reason: `${REASON} ${HOSTILE}`, key: 'k' },
    });
    return { status: page.status, text: await page.text() };
  };
  const kept = 'The weekly report needs the metrics of this week. &#39;&quot;&gt;&lt;script&gt;';

  test('is down, that is said, and what was typed is kept', async () => {
    const { status, text } = await post(() => Promise.reject(new TypeError('fetch failed')));
    expect([status, text.includes('The broker does not answer'), text.includes(kept)]).toEqual([
      503,
      true,
      true,
    ]);
    expect(text).not.toContain(HOSTILE);
  });

  test('answers what is no answer, it is taken for down', async () => {
    expect((await post(() => new Response('<html>gateway timeout</html>', { status: 504 }))).status).toBe(
      503,
    );
    expect((await post(() => Response.json({ requestId: HOSTILE }))).status).toBe(503);
  });

  test('takes the token no more, one signs in again, and what was typed is kept', async () => {
    const { status, text } = await post(() => problem(401, 'token_refused'));
    expect([status, text.includes('Your sign-in has ended'), text.includes(kept)]).toEqual([401, true, true]);
  });

  test('refuses, its words are shown beside the form, as text', async () => {
    const { status, text } = await post(() => problem(429, 'limit_reached', HOSTILE));
    expect([status, text.includes('&lt;script&gt;alert(1)'), text.includes(kept)]).toEqual([422, true, true]);
    expect(text).not.toContain(HOSTILE);
  });

  test('knows nobody by the sign-in, that is said', async () => {
    const { call } = consoleOver(() => problem(403, 'principal_unknown'));
    const page = await call('/ask', { headers: { cookie: await cookieOf(SESSION) } });
    expect([page.status, (await page.text()).includes('Not registered')]).toEqual([403, true]);
  });

  test('is not asked with a token that has ended and cannot be renewed', async () => {
    const over = { ...SESSION, endsAtMs: NOW.getTime() - 1, refreshToken: 'spent' };
    const { call, asked } = consoleOver(quiet);
    const page = await call('/ask', { headers: { cookie: await cookieOf(over) } });
    expect([page.status, asked]).toEqual([302, []]);
    const sent = await call('/ask', {
      headers: { cookie: await cookieOf(over), ...own },
      form: { csrf: SESSION.csrf, reason: REASON },
    });
    expect([sent.status, (await sent.text()).includes(REASON), asked]).toEqual([401, true, []]);
  });
});

describe('a request that is followed', () => {
  const ID = 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G';
  const moment = (seconds: number) => new Date(NOW.getTime() + seconds * 1000).toISOString();
  const request = {
    ...{ requestId: ID, status: 'PENDING', reason: REASON, createdAt: moment(0), updatedAt: moment(0) },
    links: { self: '/x', credentials: '/x', cancel: '/x', revoke: '/x' },
  };
  const answering = (row: object) =>
    consoleOver(
      ({ path }) =>
        path.endsWith('/execution')
          ? problem(404, 'request_not_found')
          : Response.json(path === `/requests/${ID}` ? row : (EMPTY[path] ?? {})),
      undefined,
      {
        streams: true,
      },
    );
  const toldOf = async (row: object, path: string, headers: Record<string, string> = {}) => {
    const { call } = answering(row);
    const reader = (
      await call(path, { headers: { cookie: await cookieOf(SESSION), ...headers } })
    ).body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    return new TextDecoder().decode(value);
  };
  const shown = async () => {
    const { call } = answering(request);
    const page = await (
      await call(`/requests/${ID}`, { headers: { cookie: await cookieOf(SESSION) } })
    ).text();
    return /data-changes="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  };

  test('what changed between its page and the first look is told, once', async () => {
    const changed = { ...request, status: 'AWAITING_APPROVAL', updatedAt: moment(1) };
    const changes = await shown();
    expect(await toldOf(changed, changes)).toMatch(/^event: changed\ndata: AWAITING_APPROVAL\n/);
    // A browser that comes back says what it was told last.
    const ended = { ...changed, status: 'DENIED', updatedAt: moment(2) };
    expect(await toldOf(ended, changes, { 'last-event-id': `AWAITING_APPROVAL ${moment(1)}` })).toContain(
      'DENIED',
    );
  });
});

describe('a session for the AWS console', () => {
  const claimed = {
    credentials: { secretAccessKey: 'never shown' },
    assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/reader/analyst1',
    consoleUrl: 'https://signin.aws.amazon.com/federation?x=1',
  };
  test('is a redirect, and of what was claimed nothing else is told', async () => {
    const { call, asked } = consoleOver(() => Response.json(claimed));
    const page = await call('/requests/analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G/open', {
      headers: { cookie: await cookieOf(SESSION), ...own },
      form: { csrf: SESSION.csrf },
    });
    expect([page.status, page.headers.get('location')]).toEqual([303, claimed.consoleUrl]);
    expect(await page.text()).toBe('');
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/requests/analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G/credentials',
        body: { delivery: 'redirect' },
      },
    ]);
  });
});

describe('on behalf of somebody', () => {
  const ID = 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G';
  const TOKEN = 'of.the-customer.only';
  const person = {
    ...{ id: 'analyst1', type: 'human', status: 'active', groups: [], awsPrincipals: [], persons: ['ana'] },
    subjectIssuers: [{ issuer: 'https://customers.example', audiences: ['app'] }],
  };
  const request = {
    requestId: ID,
    status: 'AWAITING_APPROVAL',
    reason: REASON,
    subject: { issuer: 'https://customers.example', id: HOSTILE },
    createdAt: NOW.toISOString(),
    updatedAt: NOW.toISOString(),
    links: { self: '/x', credentials: '/x', cancel: '/x', revoke: '/x' },
  };
  const over = (subjectIssuers: object[], answers: Record<string, () => Response> = {}) =>
    consoleOver(({ method, path }) => {
      const answer = answers[`${method} ${path}`];
      if (answer) return answer();
      if (path !== '/principals') return Response.json(EMPTY[path] ?? {});
      const caller = {
        id: 'analyst1',
        mayProposePolicies: false,
        mayProposePrincipals: false,
        auditor: false,
      };
      return Response.json({ principals: [{ ...person, subjectIssuers }], caller });
    });
  const send = async (call: ReturnType<typeof over>['call'], path: string, fields: Record<string, string>) =>
    call(path, {
      headers: { cookie: await cookieOf(SESSION), ...own },
      form: { csrf: SESSION.csrf, ...fields },
    });

  test.each([
    ['whoever may ask for customers is asked for a token', person.subjectIssuers, true],
    ['whoever may not is told so', [], false],
  ])('%s', async (_, issuers, isAsked) => {
    const { call } = over(issuers);
    const text = await (await call('/ask', { headers: { cookie: await cookieOf(SESSION) } })).text();
    expect([text.includes('name="subjectToken"'), text.includes('You ask for yourself')]).toEqual([
      isAsked,
      !isAsked,
    ]);
  });

  test('the token goes to the API, and neither into a page nor into an address', async () => {
    const { call, asked } = over(person.subjectIssuers, {
      'POST /requests': () => Response.json(request, { status: 202 }),
    });
    const page = await send(call, '/ask', { reason: REASON, key: 'k', subjectToken: ` ${TOKEN}\n` });
    const text = await page.text();
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({
      reason: REASON,
      subjectToken: TOKEN,
    });
    expect([page.status, text.includes('Waiting for approval')]).toEqual([200, true]);
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain(HOSTILE);
    expect(text).not.toContain('data-live');
  });

  test('one that is not taken is a fault of the form, and the sign-in goes on', async () => {
    const refuse = () => problem(401, 'subject_token_invalid', 'Send a fresh token of the signed-in user.');
    const { call } = over(person.subjectIssuers, {
      'POST /requests': refuse,
      [`GET /requests/${ID}`]: refuse,
    });
    const page = await send(call, '/ask', { reason: REASON, key: 'k', subjectToken: TOKEN });
    const text = await page.text();
    expect([page.status, text.includes('Send a fresh token'), text.includes(REASON)]).toEqual([
      422,
      true,
      true,
    ]);
    expect(text).not.toContain(TOKEN);
    const again = await call(`/requests/${ID}`, { headers: { cookie: await cookieOf(SESSION) } });
    expect([again.status, (await again.text()).includes('Asked on behalf of somebody')]).toEqual([200, true]);
  });

  test.each([
    ['look', `GET /requests/${ID}`],
    ['cancel', `POST /requests/${ID}/cancel`],
    ['open', `POST /requests/${ID}/credentials`],
  ])('%s brings the token beside one’s own', async (name, called) => {
    const { call, asked } = over(person.subjectIssuers);
    await send(call, `/requests/${ID}/${name}`, { subjectToken: TOKEN });
    expect(asked.find(({ method, path }) => `${method} ${path}` === called)).toMatchObject({
      subjectToken: TOKEN,
      authorization: `Bearer ${SESSION.token}`,
    });
  });
});

describe('a passkey', () => {
  const ID = 'employee1-01JD3Z9Q2N8K4V6B1C5D7E9F0G';
  const asked = {
    requestId: ID,
    principalId: 'employee1',
    reason: HOSTILE,
    grants: [{ resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem', 'dynamodb:Query'] }],
    durationSeconds: 3600,
    tier: HOSTILE,
    deadline: NOW.toISOString(),
    proposalDigest: `sha256:${'0'.repeat(64)}`,
    quorum: { approvals: 1, stepUp: 0 },
    votes: [],
    createdAt: NOW.toISOString(),
  };
  const key = { id: 'a'.repeat(22), publicKey: 'b'.repeat(103), label: 'Phone' };
  const opened = {
    ...{ nonce: 'n', challenge: 'c', rpId: 'bank.example', credentialIds: [key.id] },
    ...{ tier: 'access-approvers', voter: 'analyst1', expiresAt: NOW.toISOString() },
  };
  const over = (passkeys: object, more: Record<string, Response> = {}) =>
    consoleOver(({ method, path }) => {
      const answer = more[`${method} ${path}`];
      if (answer) return answer;
      return Response.json(path === '/passkeys' ? { principalId: 'analyst1', ...passkeys } : asked);
    });
  const here = { passkeys: [key], origin: URL_OF_CONSOLE };
  const cardOf = async (passkeys: object) => {
    const { call } = over(passkeys);
    const page = await call(`/approvals/${ID}`, { headers: { cookie: await cookieOf(SESSION) } });
    return page.text();
  };

  test.each([
    ['is offered to whoever has one here', here, true],
    ['is not where it is taken elsewhere', { ...here, origin: 'https://other.example' }, false],
    ['is not where no page takes any', { passkeys: [key] }, false],
    ['is not to whoever has none', { passkeys: [], origin: URL_OF_CONSOLE }, false],
  ])('%s, and a code always', async (_, passkeys, isOffered) => {
    const text = await cardOf(passkeys);
    expect([text.includes('data-passkey="approve"'), text.includes('name="code"')]).toEqual([
      isOffered,
      true,
    ]);
    expect(text).not.toContain(HOSTILE);
  });

  test('signs a challenge over what the form says, without what proves it or says why', async () => {
    const path = `POST /requests/${ID}/votes/challenge`;
    const { call, asked: sent } = over(here, { [path]: Response.json(opened) });
    const answer = await call(`/approvals/${ID}/challenge`, {
      headers: { cookie: await cookieOf(SESSION), ...own },
      form: {
        ...{ csrf: SESSION.csrf, decision: 'approve_less', proposalDigest: asked.proposalDigest },
        ...{ part: '["bank_customer_profiles","dynamodb:GetItem"]', durationSeconds: '900' },
        ...{ code: '123456', assertion: '{}', reason: 'Less will do.' },
      },
    });
    expect([answer.status, await answer.json()]).toEqual([200, opened]);
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({
      decision: 'approve_less',
      proposalDigest: asked.proposalDigest,
      narrowing: {
        grants: [{ resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem'] }],
        durationSeconds: 900,
      },
    });
  });

  test('that the API opens no challenge for is told to the script', async () => {
    const path = `POST /requests/${ID}/votes/challenge`;
    const { call } = over(here, { [path]: problem(409, 'vote_too_late', 'It is decided already.') });
    const answer = await call(`/approvals/${ID}/challenge`, {
      headers: { cookie: await cookieOf(SESSION), ...own },
      form: { csrf: SESSION.csrf, decision: 'approve', proposalDigest: 'x' },
    });
    expect([answer.status, await answer.json()]).toEqual([409, { say: 'It is decided already.' }]);
  });

  test('of somebody else is not changed here', async () => {
    const { call, asked: sent } = over(here);
    for (const path of ['/people/approver1/passkeys', `/people/approver1/passkeys/${key.id}/revoke`]) {
      const page = await call(path, {
        headers: { cookie: await cookieOf(SESSION), ...own },
        form: { csrf: SESSION.csrf, passkey: JSON.stringify(key), reason: REASON, key: 'k' },
      });
      expect(page.status).toBe(404);
    }
    expect(sent).toEqual([]);
  });
});

test('every page has the headers that keep others out, and loads nothing of anybody else', async () => {
  const { call } = consoleOver(quiet);
  const cookie = await cookieOf(SESSION);
  for (const path of ['/', '/ask', '/approvals', '/findings', '/generate', '/nowhere']) {
    const page = await call(path, { headers: { cookie } });
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self' https://signin.aws.amazon.com; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    const text = await page.text();
    expect([...text.matchAll(/(?:src|href)="(?!\/|#)[^"]*"/g)].map(([found]) => found)).toEqual([]);
    expect(text).not.toMatch(/<script(?! type="module" src="\/assets\/)|\sstyle="|\son\w+="/);
    for (const [, asset] of text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g))
      expect((await call(asset ?? '')).headers.get('cache-control')).toContain('immutable');
  }
});
