import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningGateway } from '../../../gateway/serve/start-gateway.ts';
import { type FakeBroker, READY, startFakeBroker } from './fake-broker.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { dynamodb } from './signed.ts';
import { makeTables, openTestSession, startTestGateway } from './start-test-gateway.ts';

const [HOME, MEMBER] = ['123456789012', '111122223333'];
const tables = makeTables();
let broker: FakeBroker;
let upstream: FakeUpstream;
let gateway: RunningGateway;
beforeAll(async () => {
  [broker, upstream] = await Promise.all([startFakeBroker(), startFakeUpstream()]);
  gateway = await startTestGateway(tables, { api: broker.url, upstream: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([broker.close(), upstream.close()]);
});
beforeEach(() => {
  broker.says(READY);
  broker.exchanged.length = 0;
  upstream.seen.length = 0;
  tables.records.length = 0;
});

type Keys = ReturnType<typeof openTestSession>;
async function read(keys: Keys, TableName = 'one_table'): Promise<number> {
  const { host } = new URL(gateway.url);
  const { request, body } = dynamodb('GetItem', { TableName }, { keys, now: new Date(), host });
  const headers = Object.fromEntries([...request.headers].filter(([name]) => name !== 'host'));
  return (await fetch(gateway.url, { method: 'POST', headers, body })).status;
}
const assume = async (RoleArn: string) => {
  const form = { Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleSessionName: 'agent' };
  const body = new URLSearchParams({ ...form, RoleArn, WebIdentityToken: 'a.token.here' });
  const answer = await fetch(gateway.url, { method: 'POST', body });
  return { status: answer.status, text: await answer.text() };
};
const roleOf = (account: string) => `arn:aws:iam::${account}:role/postern-gateway`;

describe('the account of a session', () => {
  test.each([HOME, MEMBER])('is the one of the role that is named, %s', async (accountId) => {
    broker.exchanges(openTestSession(tables, { accountId }).delegation);
    const { status, text } = await assume(roleOf(accountId));
    expect(status).toBe(200);
    expect(text).toContain(`arn:aws:sts::${accountId}:assumed-role/postern-gateway/agent1`);
    expect(broker.exchanged).toEqual([{ accountId }]);
  });

  test.each([
    ['another role', `arn:aws:iam::${HOME}:role/admin`],
    ['another partition', `arn:aws-cn:iam::${HOME}:role/postern-gateway`],
    ['no account', 'arn:aws:iam::1234:role/postern-gateway'],
    ['more behind it', `${roleOf(HOME)}/x`],
  ])('is said by no ARN with %s', async (_, arn) => {
    const { status, text } = await assume(arn);
    expect([status, text, broker.exchanged]).toEqual([400, expect.stringContaining('ValidationError'), []]);
  });
});

test('calls of several sessions and accounts at once are each made with the access of their own', async () => {
  const sessions = [HOME, MEMBER, HOME, MEMBER].map((accountId) => openTestSession(tables, { accountId }));
  const statuses = await Promise.all(sessions.flatMap((keys) => [read(keys), read(keys), read(keys)]));
  expect(statuses).toEqual(Array(12).fill(200));
  const intents = tables.records.filter(({ event }) => event === 'intent');
  const usedBy = sessions.map(({ sessionId }) => [
    ...new Set(intents.filter(({ session }) => session === sessionId).map(({ facts }) => facts.requestId)),
  ]);
  expect(usedBy.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
  expect(new Set(usedBy.flat()).size).toBe(4);
  const resources = (sessionId: string) =>
    intents.find(({ session }) => session === sessionId)?.facts.needs?.map(({ resource }) => resource);
  expect(sessions.map(({ sessionId }) => resources(sessionId))).toEqual(
    [HOME, MEMBER, HOME, MEMBER].map((account) => [
      `arn:aws:dynamodb:eu-central-1:${account}:table/one_table`,
    ]),
  );
  expect(broker.asked).toHaveLength(4);
});

test('what is granted in another account is not used, however much it allows', async () => {
  broker.says({ ...READY, account: HOME });
  expect(await read(openTestSession(tables, { accountId: MEMBER }))).toBe(403);
  expect(upstream.seen).toEqual([]);
});
