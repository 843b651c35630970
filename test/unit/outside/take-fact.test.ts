import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeFactTable } from '../../../lambdas/shared/adapters/outside/facts-table.ts';
import { makeReadOutside } from '../../../lambdas/shared/adapters/outside/read-facts.ts';
import { verifyFact } from '../../../lambdas/shared/adapters/outside/verify-fact.ts';
import { makeFactApp } from '../../../lambdas/take-fact/serve-fact.ts';
import { ofBank } from '../../support/bank.ts';
import { startTables } from '../../support/start-tables.ts';
import { config, makeKey, NOW, onCall, pager, secondsOf, sign, ticketsKey } from './sign-fact.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables(['facts']);
});
afterAll(() => tables.close());

let now: Date;
let logged: object[];
beforeEach(() => {
  now = NOW;
  logged = [];
});

const table = () => makeFactTable({ client: tables.client, tableName: 'facts' });
const app = () =>
  makeFactApp({
    stored: table(),
    verify: (token) => verifyFact(token, config, now),
    log: (fields) => logged.push(fields),
  });
async function post(body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await app().request('/facts', { method: 'POST', body: text });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const state = async (more: object = {}, options = {}) =>
  post({ fact: await sign({ ...onCall, ...more }, options) });
const analyst = { ...ofBank('analyst1'), persons: ['ana'] };
const read = (principal = analyst, references?: string[], sources = config) =>
  makeReadOutside({ tokensOf: table().tokens, config: sources, clock: () => now })({ principal, references });
const rotas = async (principal = analyst) =>
  (await read(principal)).flatMap(({ name, value }) => (name === 'onCall' ? [value] : []));

it('takes a fact, which then holds for whom it is about, until it ends', async () => {
  expect(await state()).toMatchObject({
    status: 200,
    body: { name: 'onCall', value: 'payments', holds: true },
  });
  expect(await rotas()).toEqual(['payments']);
  expect(await rotas({ ...analyst, persons: ['emma'] })).toEqual([]);
  // An agent is none of those who own it.
  expect(await rotas({ ...analyst, type: 'agent' })).toEqual([]);
  now = new Date(onCall.exp * 1000);
  expect(await rotas()).toEqual([]);
});

it('the newest counts: an older one, or another of the same time, changes nothing', async () => {
  const later = { about: 'person:bob', iat: onCall.iat + 5 };
  expect((await state(later)).status).toBe(200);
  expect((await state(later)).status).toBe(200);
  for (const iat of [onCall.iat, later.iat])
    expect(await state({ ...later, iat, exp: onCall.exp + 60 })).toMatchObject({
      status: 409,
      body: { code: 'fact_superseded' },
    });
});

it('what has ended does not come back by an older fact, however late the row is removed', async () => {
  const about = 'person:eve';
  const eve = { ...analyst, persons: ['eve'] };
  const first = await sign({ ...onCall, about });
  expect((await post({ fact: first })).status).toBe(200);
  expect(await rotas(eve)).toEqual(['payments']);
  const over = { about, iat: secondsOf(NOW), exp: secondsOf(NOW, 60), holds: false };
  expect(await state(over)).toMatchObject({ status: 200, body: { holds: false } });
  expect(await rotas(eve)).toEqual([]);
  expect((await post({ fact: first })).status).toBe(409);
  const row = await tables.client.send(
    new (await import('@aws-sdk/lib-dynamodb')).GetCommand({
      TableName: 'facts',
      Key: { kind: 'onCall', id: `pager#${about}#payments` },
    }),
  );
  // Past the end of whatever older one there may be, which lasts as long as its source may say.
  expect(row.Item?.ttl).toBeGreaterThanOrEqual(over.iat + 43_200);
});

it('a fact of a key that its source gave up since is none any more', async () => {
  const about = 'principal:employee1';
  await state({ about });
  const employee = { ...ofBank('employee1'), persons: [] };
  expect(await read(employee)).toHaveLength(1);
  const renewed = { ...config, sources: [{ ...pager, keys: [makeKey('2026-12').listed] }] };
  expect(await read(employee, undefined, renewed)).toEqual([]);
  expect(await read(employee, undefined, { ...config, sources: [] })).toEqual([]);
});

it('believes no row that nobody signed', async () => {
  const { put } = table();
  const [header, payload] = (await sign({ ...onCall, about: 'person:mallory' })).split('.');
  const token = `${header}.${payload}.${'A'.repeat(86)}`;
  await put({ kind: 'onCall', id: 'pager#person:mallory#payments', token, issuedAt: 1, ttl: 2_000_000_000 });
  expect(await rotas({ ...analyst, persons: ['mallory'] })).toEqual([]);
});

it('open references are found by the request’s own, and incidents by everybody', async () => {
  const ticket = {
    iss: 'tickets',
    fact: 'openReference',
    about: 'reference:OPS-12',
    value: undefined,
    exp: secondsOf(NOW, 600),
  };
  expect((await state(ticket, { key: ticketsKey.privateKey })).status).toBe(200);
  const incident = { fact: 'incident', about: 'organisation', value: 'INC-9', exp: secondsOf(NOW, 600) };
  expect((await state(incident)).status).toBe(200);
  const nobody = { ...ofBank('admin'), persons: [] };
  const names = async (references?: string[]) => (await read(nobody, references)).map(({ name }) => name);
  expect(await names()).toEqual(['incident']);
  expect(await names(['OPS-13'])).toEqual(['incident']);
  expect(await names(['OPS-12', 'OPS-13'])).toEqual(['openReference', 'incident']);
});

describe('the door', () => {
  it('says why a fact is refused, and keeps nothing of it', async () => {
    const forged = await sign({ ...onCall, about: 'person:zoe' }, { key: makeKey('x').privateKey });
    expect(await post({ fact: forged })).toMatchObject({
      status: 403,
      body: { code: 'fact_refused', because: 'signature_wrong' },
    });
    expect(await rotas({ ...analyst, persons: ['zoe'] })).toEqual([]);
    expect(logged).toEqual([{ outcome: 'refused', because: 'signature_wrong' }]);
  });

  it.each([
    ['a megabyte', JSON.stringify({ fact: 'x'.repeat(1024 * 1024) }), 400, 'body_too_large'],
    ['five kilobytes', JSON.stringify({ fact: 'x'.repeat(5_000) }), 400, 'invalid_request'],
    ['no JSON', 'fact', 400, 'invalid_json'],
    ['no fact', '{}', 400, 'invalid_request'],
    ['a field more', '{"fact":"x","source":"pager"}', 400, 'invalid_request'],
    ['what is no fact', '{"fact":"x"}', 403, 'fact_refused'],
  ])('refuses %s', async (_, body, status, code) => {
    expect(await post(body)).toMatchObject({ status, body: { code } });
  });

  it.each([
    ['GET', '/facts', 405],
    ['POST', '/other', 404],
  ])('%s %s', async (method, path, status) => {
    expect((await app().request(path, { method })).status).toBe(status);
  });
});
