import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';
import { makeSource, templateWithFacts } from '../support/with-facts.ts';

const GUARDRAILS = `
@id("metrics-on-call-for-an-open-ticket")
forbid (principal, action, resource == Resource::"bank_operational_metrics")
unless {
  context.onCall.contains("payments") && context.openReferences.containsAny(context.references)
};

@id("profiles-in-an-incident")
forbid (principal, action, resource == Resource::"bank_customer_profiles")
unless { !context.incidents.isEmpty() };
`;

let cloud: Cloud;
let source: ReturnType<typeof makeSource>;
beforeAll(async () => {
  const tier = (name: string, more: object) => ({
    name,
    channel: `#${name}`,
    timeoutSeconds: 600,
    ...more,
  });
  cloud = await startCloud({
    template: templateWithFacts(),
    bundles: bundles(),
    guardrails: GUARDRAILS,
    tiers: [
      tier('on-duty', { onCall: 'payments' }),
      tier('access-approvers', { approverGroup: 'approvers' }),
    ],
  });
  source = makeSource({ url: cloud.urls.facts, access: cloud.access.factSource });
}, 300_000);
afterAll(() => cloud?.close());

const proposes = (resource: string, ...actions: string[]) =>
  cloud.reviewer.says(proposing(resource, actions));
const ask = async (as: string, more: object = {}) => {
  const reason = 'The payments fail, and the metrics say why.';
  return (await cloud.as(as)('POST', '/requests?wait=20', { reason, ...more })).body;
};
const reasonsOf = ({ decision }: Record<string, unknown>) =>
  ((decision as { reasons?: { code: string }[] } | undefined)?.reasons ?? []).map(({ code }) => code);

async function recordOf(requestId: string, wanted: string) {
  const { Items = [] } = await cloud.database.send(
    new QueryCommand({
      TableName: 'postern_audit',
      IndexName: 'byRequest',
      KeyConditionExpression: 'requestId = :request',
      ExpressionAttributeValues: { ':request': requestId },
    }),
  );
  return Items.find(({ event }) => event === wanted)?.facts;
}

const shownTo = async (id: string, requestId: string) =>
  (await cloud.as(id)('GET', `/requests/${requestId}/votes`)).body as {
    proposalDigest: string;
    onCall?: string[];
  };
async function approve(id: string, requestId: string, proposalDigest: string): Promise<number> {
  const code = totpOf(cloud.access.stepUp[id] ?? '').generate();
  const vote = { decision: 'approve', proposalDigest, code };
  return (await cloud.as(id)('POST', `/requests/${requestId}/votes`, vote)).status;
}

const onCall = { fact: 'onCall', about: 'principal:analyst1', value: 'payments' };
const ticket = { fact: 'openReference', about: 'reference:OPS-12' };
const references = ['OPS-12'];

test('a decision goes by what was signed outside, records it, and by nothing that has ended', async () => {
  proposes('bank_operational_metrics', 'dynamodb:Query');
  expect(reasonsOf(await ask('analyst1', { references }))).toEqual(['fact_missing']);

  const yesterday = await source.sign(onCall, { kid: 'yesterday' });
  expect(await source.post(yesterday)).toMatchObject({ status: 403, body: { because: 'key_unknown' } });
  expect(reasonsOf(await ask('analyst1', { references }))).toEqual(['fact_missing']);

  const begun = new Date(Date.now() - 5_000);
  const early = await source.sign(onCall, { issuedAt: begun });
  expect((await source.post(early)).status).toBe(200);
  expect((await source.state(ticket, { issuedAt: begun })).status).toBe(200);
  const granted = await ask('analyst1', { references });
  expect(granted).toMatchObject({ status: 'READY', references });
  const { outside, outsideDigest } = (await recordOf(String(granted.requestId), 'validated')).verdict;
  expect(outside).toMatchObject([
    { source: 'sandbox', name: 'onCall', value: 'payments' },
    { source: 'sandbox', name: 'openReference', about: 'reference:OPS-12' },
  ]);
  expect(outsideDigest).toMatch(/^sha256:/);

  // Of another ticket, or of somebody else, nobody said anything.
  expect(reasonsOf(await ask('analyst1', { references: ['OPS-13'] }))).toEqual(['fact_missing']);
  expect(reasonsOf(await ask('analyst1'))).toEqual(['fact_missing']);

  expect((await source.state({ ...onCall, holds: false })).status).toBe(200);
  expect((await source.post(early)).status).toBe(409);
  expect(reasonsOf(await ask('analyst1', { references }))).toEqual(['fact_missing']);
});

test('an incident that is over while people are asked opens nothing, however many agree', async () => {
  proposes('bank_customer_profiles', 'dynamodb:GetItem');
  const incident = { fact: 'incident', about: 'organisation', value: 'INC-9' };
  expect((await source.state(incident, { issuedAt: new Date(Date.now() - 5_000) })).status).toBe(200);
  const asked = await ask('employee1');
  expect(asked.status).toBe('AWAITING_APPROVAL');
  const requestId = String(asked.requestId);
  const { proposalDigest } = await shownTo('approver1', requestId);
  expect((await source.state({ ...incident, holds: false })).status).toBe(200);
  expect(await approve('approver1', requestId, proposalDigest)).toBe(200);
  const decided = await until(
    async () => (await cloud.as('employee1')('GET', `/requests/${requestId}`)).body,
    ({ status }) => status !== 'AWAITING_APPROVAL',
  );
  expect([decided.status, reasonsOf(decided)]).toEqual(['DENIED', ['fact_missing']]);
});

test('whoever is on call is asked, and nobody else; where nobody is, the next tier is', async () => {
  proposes('bank_customer_profiles', 'dynamodb:GetItem');
  const incident = { fact: 'incident', about: 'organisation', value: 'INC-10' };
  expect((await source.state(incident)).status).toBe(200);
  const duty = { fact: 'onCall', about: 'principal:approver2', value: 'payments' };
  expect((await source.state(duty, { issuedAt: new Date(Date.now() - 5_000) })).status).toBe(200);

  const asked = await ask('employee1', { references: ['OPS-90'] });
  expect(asked).toMatchObject({
    status: 'AWAITING_APPROVAL',
    approval: { tier: 'on-duty', onCall: ['principal:approver2'], history: [] },
  });
  const requestId = String(asked.requestId);
  expect((await cloud.as('approver1')('GET', `/requests/${requestId}/votes`)).status).toBe(404);
  const { proposalDigest, onCall: called } = await shownTo('approver2', requestId);
  expect(called).toEqual(['principal:approver2']);
  expect(await approve('approver1', requestId, proposalDigest)).toBe(404);
  expect(await approve('approver2', requestId, proposalDigest)).toBe(200);
  const decided = await until(
    async () => (await cloud.as('employee1')('GET', `/requests/${requestId}`)).body,
    ({ status }) => status !== 'AWAITING_APPROVAL',
  );
  expect(decided.status).toBe('READY');
  // It is claimed after the shift: who agreed was on call then.
  expect((await source.state({ ...duty, holds: false })).status).toBe(200);
  expect((await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {})).status).toBe(200);

  const later = await ask('employee1', { references: ['OPS-91'] });
  expect(later).toMatchObject({
    status: 'AWAITING_APPROVAL',
    approval: { tier: 'access-approvers', history: [{ tier: 'on-duty', because: 'nobody_on_call' }] },
  });
  expect(await recordOf(String(later.requestId), 'escalated')).toMatchObject({
    from: 'on-duty',
    to: 'access-approvers',
    because: 'nobody_on_call',
  });
});

test('what scripts/post-fact.ts posts is in force', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-fact-'));
  mkdirSync(join(folder, '.sandbox'));
  const access = { facts: cloud.urls.facts, factSource: cloud.access.factSource };
  writeFileSync(join(folder, '.sandbox/access.json'), JSON.stringify(access));
  const run = async (...said: string[]) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [resolve('scripts/post-fact.ts'), ...said],
      {
        cwd: folder,
      },
    );
    return JSON.parse(stdout) as unknown;
  };
  expect(await run('onCall', 'person:emma', 'payments')).toMatchObject({ about: 'person:emma', holds: true });
  expect(await run('openReference', 'reference:OPS-77', '--seconds', '900')).toMatchObject({ holds: true });
  expect(await run('incident', 'organisation', 'INC-77', '--over')).toMatchObject({ holds: false });
  rmSync(folder, { recursive: true });
});

test('the door is the sandbox’s, and refuses what is no fact', async () => {
  expect(await source.post('x')).toMatchObject({ status: 403, body: { because: 'not_a_fact' } });
  expect(await source.post('x'.repeat(1024 * 1024))).toMatchObject({ body: { code: 'body_too_large' } });
});
