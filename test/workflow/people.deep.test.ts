import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiCaller } from '../../demo/call-api.ts';
import { makeSession } from '../../demo/use-session.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { idleRightsOf } from '../support/idle-rights.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';
import { makeTokenCaller } from '../support/token-caller.ts';
import { unusedCodes } from '../support/unused-codes.ts';
import { makeProvider, templateWithScim } from '../support/with-scim.ts';

const CHANNEL = '#access-approvals';
const METRICS = 'The weekly report needs the operational metrics of this week.';

let cloud: Cloud;
let slack: SlackOfCloud;
let postern: PosternOfCloud;
let provider: ReturnType<typeof makeProvider>;
beforeAll(async () => {
  const tier = {
    name: 'access-approvers',
    channel: CHANNEL,
    approverGroup: 'approvers',
    timeoutSeconds: 600,
  };
  cloud = await startCloud({ template: templateWithScim(), bundles: bundles(), tiers: [tier] });
  slack = slackOf(cloud);
  postern = posternOf(cloud);
  provider = makeProvider({ url: cloud.urls.scim, token: cloud.access.scimToken });
  cloud.reviewer.says(proposedTo);
  // Half a minute is counted below, and none for loading functions.
  await cloud.warm();
}, 300_000);
afterAll(async () => {
  postern?.close();
  await cloud?.close();
});

function proposedTo({ principal, change }: Asked): Line {
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    return { text: { ...judged, reason: 'A person should look.' } };
  }
  return principal.id.startsWith('dir_')
    ? proposing('bank_operational_metrics', ['dynamodb:GetItem', 'dynamodb:Query'])
    : proposing('bank_customer_profiles', ['dynamodb:GetItem'], { durationSeconds: slack.ownDuration() });
}

const templateOf = (more: object = {}) => ({
  id: 'analysts',
  group: { displayName: 'Analysts' },
  groups: ['analysts'],
  also: [{ group: { displayName: 'On call' }, groups: ['approvers'] }],
  signIn: [{ issuer: `${cloud.urls.console}/issuer`, subject: 'userName' }],
  slackByEmail: true,
  policy: 'Analysts may read operational metrics.\nNothing else.',
  ...more,
});

const codeOf = unusedCodes(() => cloud.access.stepUp);
/** Approves as two people, each with a code that was not used yet. */
async function agree(requestId: string): Promise<void> {
  for (const id of ['approver1', 'approver2'] as const) {
    const code = codeOf(id);
    const as = cloud.as(id);
    const { body } = await as('GET', `/requests/${requestId}/votes`);
    const { proposalDigest } = body;
    const voted = await as('POST', `/requests/${requestId}/votes`, {
      decision: 'approve',
      proposalDigest,
      code,
    });
    expect(voted.status).toBe(200);
  }
}

const propose = (proposal: object, as = 'admin', kind = 'template', target = 'analysts') =>
  cloud.as(as)('POST', '/changes?wait=20', {
    kind,
    target,
    proposal,
    reason: 'People of the directory come in.',
  });

async function principalNamed(person: string): Promise<Principal | undefined> {
  const { Items = [] } = await cloud.database.send(
    new ScanCommand({ TableName: 'users_table', ConsistentRead: true }),
  );
  return (Items as Principal[]).find(
    ({ id, directory, persons }) => directory && (id === person || persons.includes(person)),
  );
}
const email = (name: string) => `${name}@bank.example`;
const isIn = (name: string) =>
  until(
    () => principalNamed(email(name)),
    (found) => found?.status === 'active' && !found.directory?.out,
  ) as Promise<Principal>;
const isOut = (id: string) =>
  until(
    () => principalNamed(id),
    (found) => found?.status === 'suspended' && found.directory?.out !== undefined && !found.directory.ending,
  ) as Promise<Principal>;

/** Calls as somebody of the directory, by a token of the sandbox's issuer. */
function as(userName: string): ApiCaller {
  const tokenUrl = (cloud.access.principals.admin?.tokenUrl ?? '').replace(/[^/]+$/, userName);
  return makeTokenCaller(cloud.urls.oidcApi, { tokenUrl });
}

const recordsOf = async (chain: string) =>
  (
    await cloud.database.send(
      new QueryCommand({
        TableName: 'postern_audit',
        KeyConditionExpression: '#chain = :chain',
        ExpressionAttributeNames: { '#chain': 'chain' },
        ExpressionAttributeValues: { ':chain': chain },
      }),
    )
  ).Items ?? [];

async function session(userName: string) {
  const call = as(userName);
  const asked = await call('POST', '/requests?wait=20', { reason: METRICS });
  const requestId = String(asked.body.requestId);
  await until(
    async () => (await call('GET', `/requests/${requestId}`)).body.status,
    (status) => status === 'READY',
  );
  const claimed = await call('POST', `/requests/${requestId}/credentials`, {});
  const made = makeSession(cloud.urls.aws, claimed.body);
  const read = () =>
    made.try((client) =>
      client.send(
        new GetItemCommand({
          TableName: 'bank_operational_metrics',
          Key: { metric: { S: 'calls_waiting' }, day: { S: '2026-11-20' } },
        }),
      ),
    );
  expect(await read()).toBe('works');
  return { requestId, read };
}

let dana: string;
let analysts: string;
let onCall: string;

test('a template is approved by two people with codes, who see its diff; then whoever is in the group asks and gets', async () => {
  dana = await provider.user('dana', { displayName: 'Dana <!channel> \u202E*x*' });
  analysts = await provider.group('Analysts', [dana]);
  onCall = await provider.group('On call');
  // Nobody is anybody by being in a directory.
  expect((await as('dana')('POST', '/requests', { reason: METRICS })).status).toBe(403);

  const { body } = await propose(templateOf());
  const requestId = String(body.requestId);
  const shown = JSON.stringify((await slack.message(CHANNEL, requestId)).blocks);
  for (const part of ['the template of analysts', 'Analysts may read operational metrics.', 'On call'])
    expect(shown).toContain(part);
  await agree(requestId);
  expect((await slack.ended(requestId)).status).toBe('APPLIED');

  const person = await isIn('dana');
  expect(person).toMatchObject({ groups: ['analysts'], persons: [email('dana')], type: 'human' });
  await session('dana');
  expect((await recordsOf(person.id))[0]).toMatchObject({
    event: 'person_joined',
    facts: { template: 'analysts' },
  });
  expect((await recordsOf('_templates')).map(({ event }) => event)).toEqual(['template_changed']);
});

test('a leaver loses a live session, what they asked for and their vote, within a minute, and is on record', async () => {
  const erin = await provider.user('erin');
  await provider.patch(`/Groups/${analysts}`, { op: 'add', path: 'members', value: [{ value: erin }] });
  await provider.patch(`/Groups/${onCall}`, { op: 'add', path: 'members', value: [{ value: erin }] });
  const person = await isIn('erin');
  await until(
    () => principalNamed(person.id),
    (found) => found?.groups.includes('approvers') === true,
  );
  const { read } = await session('erin');
  // A vote of theirs on what somebody else asks, and an open request of their own.
  const waiting = await slack.ask('employee1');
  const voter = as('erin');
  const { proposalDigest } = (await voter('GET', `/requests/${waiting}/votes`)).body;
  expect(proposalDigest).toMatch(/^sha256:/);
  const own = String((await voter('POST', '/requests?wait=20', { reason: METRICS })).body.requestId);

  const started = Date.now();
  expect(
    (await provider.patch(`/Users/${erin}`, { op: 'replace', path: 'active', value: false })).status,
  ).toBe(200);
  await until(read, (answer) => answer === 'AccessDeniedException');
  expect(Date.now() - started).toBeLessThan(60_000);
  await isOut(person.id);
  expect((await slack.ended(own)).status).toBe('CANCELLED');
  expect((await voter('GET', `/requests/${waiting}/votes`)).status).toBe(403);
  expect((await voter('POST', '/requests', { reason: METRICS })).status).toBe(403);
  expect((await recordsOf(person.id)).map(({ event }) => event)).toContain('person_left');
  await cloud.as('employee1')('POST', `/requests/${waiting}/cancel`);
});

test('two calls at once for one group, and for one name: both members, one user', async () => {
  const [fay, gus] = [await provider.user('fay'), await provider.user('gus')];
  const add = (value: string) =>
    provider.patch(`/Groups/${analysts}`, { op: 'add', path: 'members', value: [{ value }] });
  expect((await Promise.all([add(fay), add(gus)])).map(({ status }) => status)).toEqual([200, 200]);
  const { body } = await provider.send('GET', `/Groups/${analysts}`);
  expect(body.members.map(({ value }: { value: string }) => value)).toEqual(
    expect.arrayContaining([fay, gus]),
  );
  const twice = await Promise.all(
    [1, 2, 3].map(() => provider.send('POST', '/Users', { userName: 'Hal', active: true })),
  );
  expect(twice.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  const found = await provider.send('GET', '/Users?filter=userName%20eq%20%22HAL%22');
  expect(found.body.totalResults).toBe(1);
  const hal = `/Users/${found.body.Resources[0].id}`;
  await provider.patch(hal, { op: 'replace', path: 'userName', value: 'harold' });
  expect((await provider.send('GET', '/Users?filter=userName%20eq%20%22hal%22')).body.totalResults).toBe(0);
  expect((await provider.send('DELETE', hal)).status).toBe(204);
  expect((await provider.send('POST', '/Users', { userName: 'harold', active: true })).status).toBe(201);
  await Promise.all(['fay', 'gus'].map(isIn));
});

test('two with one e-mail: named, and neither is in; the one who was loses what they had', async () => {
  const ida = await provider.user('ida');
  await provider.patch(`/Groups/${analysts}`, { op: 'add', path: 'members', value: [{ value: ida }] });
  const person = await isIn('ida');
  const { read } = await session('ida');
  const twin = await provider.user('twin', {
    emails: [{ value: 'IDA@bank.example' }],
    displayName: '\u202Eadmin',
  });
  await provider.patch(`/Groups/${analysts}`, { op: 'add', path: 'members', value: [{ value: twin }] });
  expect((await isOut(person.id)).directory?.out).toBe('email_shared');
  await until(read, (answer) => answer === 'AccessDeniedException');
  const listed = await until(
    () => postern.run('admin', ['directory']),
    ({ out }) => out.includes('twin'),
  );
  expect(listed.out).toContain('ida is kept out: has the e-mail of another active user');
  expect(listed.out).toContain('twin is kept out');
  await provider.send('DELETE', `/Users/${twin}`);
  expect((await isIn('ida')).id).toBe(person.id);
});

test('nobody of a template proposes or approves what it says, and nobody writes its people by hand', async () => {
  const own = await as('dana')('POST', '/changes?wait=20', {
    ...{ kind: 'template', target: 'analysts', reason: 'We would like to be admins ourselves.' },
    proposal: templateOf({ groups: ['admins'] }),
  });
  expect((await slack.ended(String(own.body.requestId))).status).toBe('DENIED');
  const person = await isIn('dana');
  const { Item } = await cloud.database.send(
    new GetCommand({ TableName: 'users_table', Key: { id: person.id } }),
  );
  const widened = await propose({ ...Item, groups: ['admins'] }, 'admin', 'principal', person.id);
  await agree(String(widened.body.requestId));
  expect(await slack.ended(String(widened.body.requestId))).toMatchObject({ status: 'DENIED' });
  const policy = await propose('Everything.' as never, 'admin', 'policy', person.id);
  expect([policy.status, policy.body.code]).toEqual([400, 'invalid_request']);
  const invented = { ...Item, id: 'dir_invented_1', directory: undefined };
  expect((await propose(invented, 'admin', 'principal', 'dir_invented_1')).status).toBe(400);
});

test('the command line reads a template, and proposes another', async () => {
  const got = await postern.run('admin', ['template', 'get', 'analysts']);
  expect(JSON.parse(got.out)).toMatchObject({ id: 'analysts', version: 1, slackByEmail: true });
  const file = join(postern.home, 'analysts.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(got.out), policy: 'Analysts read metrics.' }));
  const why = ['-r', 'The policy of analysts is put into fewer words.'];
  const set = await postern.run('admin', [
    '--json',
    'template',
    'set',
    'analysts',
    '-f',
    file,
    ...why,
    '--no-wait',
  ]);
  const proposed = JSON.parse(set.out);
  expect([proposed.status, set.code]).toEqual(['AWAITING_APPROVAL', 0]);
  await cloud.as('admin')('POST', `/requests/${proposed.requestId}/cancel`);
  const missing = await postern.run('admin', ['template', 'get', 'nobodys']);
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('no such template')]);
  expect((await postern.run('employee1', ['directory'])).err).toContain('auditors');
});

test('who is suspended by a change stays so, whatever the directory says', async () => {
  const person = await isIn('gus');
  const { Item } = await cloud.database.send(
    new GetCommand({ TableName: 'users_table', Key: { id: person.id } }),
  );
  const { body } = await propose({ ...Item, status: 'suspended' }, 'admin', 'principal', person.id);
  await agree(String(body.requestId));
  expect((await slack.ended(String(body.requestId))).status).toBe('APPLIED');
  await provider.send('PUT', `/Users/${person.directory?.user}`, {
    ...{ userName: 'gus', active: true, displayName: 'Gus again' },
    emails: [{ value: 'gustav@bank.example', primary: true }],
  });
  const moved = await until(
    () => principalNamed(person.id),
    (found) => found?.persons.includes('gustav@bank.example') === true,
  );
  expect([moved?.status, moved?.persons]).toEqual(['suspended', [email('gus'), 'gustav@bank.example']]);
});

test('the provider, and the reader of the directory, may do nothing that they never do', async () => {
  expect((await provider.send('GET', '/Users')).body.totalResults).toBeGreaterThan(1);
  await provider.send('DELETE', `/Groups/${onCall}`);
  for (const name of ['scim', 'sync-people'])
    expect([name, await idleRightsOf(name, cloud.template, cloud.calls())]).toEqual([name, []]);
  const token = cloud.access.scimToken;
  expect(cloud.logs.text()).not.toContain(token);
});
