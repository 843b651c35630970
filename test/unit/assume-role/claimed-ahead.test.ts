import { createHmac } from 'node:crypto';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeAssumeRole } from '../../../lambdas/assume-role/assume-role.ts';
import { makeAuditTable } from '../../../lambdas/shared/adapters/audit/audit-table.ts';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { grantBytes } from '../../../lambdas/shared/domain/seal.ts';
import type { SessionAnswer } from '../../../lambdas/shared/domain/session.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import { readReference } from '../../../policy/prove/prove-session.ts';
import {
  analyst,
  approversTier,
  clock,
  configDigests,
  entitlement,
  grantedState,
  NOW,
  policy,
  REQUEST_ID,
  rowOf,
} from '../../support/example-state.ts';
import { testMacs } from '../../support/record-macs.ts';
import { startTables } from '../../support/start-tables.ts';

const recipientKey = { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) } as const;
const otherKey = { ...recipientKey, x: 'B'.repeat(43) } as const;
const claimAhead = { thumbprint: recipientKey.x, recipientKey, claimedAt: NOW.toISOString() };
const EXPIRES = new Date(NOW.getTime() + 60_000).toISOString();
const macOf = (bytes: Uint8Array) => createHmac('sha256', 'seal').update(bytes).digest('base64');

/** A grant whose seal says that it was claimed ahead with this key; `shown` is what the state says of that. */
function granted(sealedFor: string | undefined, shown: string | undefined = sealedFor): WorkflowState {
  const state = grantedState();
  if (state.verdict?.outcome !== 'grant' || !state.loaded) throw new Error('not a grant');
  const bytes = grantBytes(state.request, entitlement, state.loaded.policy.digest, EXPIRES, sealedFor);
  return {
    ...state,
    request: { ...state.request, claimAhead: claimAhead.thumbprint },
    verdict: {
      ...state.verdict,
      ...(shown && { claimAhead: shown }),
      seal: { mac: macOf(bytes), expiresAt: EXPIRES },
    },
  };
}

const MINTED: SessionAnswer = {
  kind: 'minted',
  assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered/x',
  assumedRoleId: 'AROAEXAMPLE:x',
  credentials: {
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'the-secret',
    sessionToken: 'the-token',
    expiration: NOW.toISOString(),
  },
};

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

let mints = 0;
let answers: SessionAnswer[] = [];
beforeEach(() => {
  mints = 0;
  answers = [];
});

async function arrange(more: Partial<RequestRow>, requestId = REQUEST_ID) {
  const requests = makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
  const row = { ...rowOf(grantedState(), more), requestId };
  await tables.client.send(new PutCommand({ TableName: 'requests', Item: row }));
  const mint = makeAssumeRole({
    requests,
    audit: makeAuditTable({ client: tables.client, tableName: 'audit', mac: testMacs.make, clock }),
    principals: { get: async () => analyst },
    policies: { get: async () => policy },
    configDigests: () => configDigests,
    grantedEntries: () => ({ bank_operational_metrics: 'sha256:entry' }),
    roleOf: () => entitlement.roleArn,
    tiers: () => [approversTier],
    sealKey: { verify: async (bytes, mac) => macOf(bytes) === mac },
    sessions: {
      async mint() {
        mints += 1;
        return answers.shift() ?? MINTED;
      },
    },
    sealerFor: async (key) => ({ thumbprint: key.x, seal: async () => `sealed to ${key.x}` }),
    gatewayKeys: async () => [],
    brokeredRoles: () => ({
      digest: 'sha256:roles',
      referenceOf: () => readReference([[{ type: 'identity', text: entitlement.sessionPolicy }]]),
    }),
    milliseconds: () => 0,
    clock,
  });
  const run = (state: WorkflowState) => mint({ state, executionName: REQUEST_ID });
  return { run, row: () => requests.get(requestId) };
}

test('is minted from PENDING, sealed to the key that came with the request, and the row says who claimed', async () => {
  const { run, row } = await arrange({ claimAhead });
  expect(await run(granted(claimAhead.thumbprint))).toMatchObject({ accessKeyId: 'ASIAEXAMPLE' });
  expect(await row()).toMatchObject({
    status: 'READY',
    claim: claimAhead,
    session: { sealed: `sealed to ${recipientKey.x}` },
  });
});

test('all that was asked and decided is recorded before STS is asked', async () => {
  const { run } = await arrange({ claimAhead });
  await run(granted(claimAhead.thumbprint));
  const { Items = [] } = await tables.client.send(
    new QueryCommand({
      TableName: 'audit',
      KeyConditionExpression: '#chain = :chain',
      ExpressionAttributeNames: { '#chain': 'chain' },
      ExpressionAttributeValues: { ':chain': 'analyst1' },
    }),
  );
  const events = Items.map((item) => item.event);
  expect(events.slice(0, 5)).toEqual(['requested', 'validated', 'decided', 'claimed', 'issuing']);
});

test('run twice it answers the one session', async () => {
  const { run } = await arrange({ claimAhead });
  expect(await run(granted(claimAhead.thumbprint))).toEqual(await run(granted(claimAhead.thumbprint)));
  expect(mints).toBe(1);
});

test('after STS refused, the next try is made with the same claim', async () => {
  const { run, row } = await arrange({ claimAhead });
  answers = [{ kind: 'refused', code: 'Throttling' }];
  await expect(run(granted(claimAhead.thumbprint))).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  await run(granted(claimAhead.thumbprint));
  expect([mints, (await row())?.session?.accessKeyId]).toEqual([2, 'ASIAEXAMPLE']);
});

test.each<[string, string, Partial<RequestRow>, WorkflowState]>([
  [
    'the seal does not say so, though the state does',
    'SealRefused',
    { claimAhead },
    granted(undefined, claimAhead.thumbprint),
  ],
  ['the seal says so of another key', 'ClaimRefused', { claimAhead }, granted(otherKey.x)],
  [
    'the state says another key than the seal',
    'SealRefused',
    { claimAhead },
    granted(recipientKey.x, otherKey.x),
  ],
  ['the row holds no such claim', 'ClaimRefused', {}, granted(claimAhead.thumbprint)],
  [
    'the row holds another’s key under this thumbprint',
    'ClaimRefused',
    { claimAhead: { ...claimAhead, recipientKey: otherKey } },
    granted(claimAhead.thumbprint),
  ],
  [
    'the request was cancelled',
    'RequestClosed',
    { claimAhead, status: 'CANCELLED' },
    granted(claimAhead.thumbprint),
  ],
  [
    'people are asked meanwhile',
    'RequestClosed',
    { claimAhead, status: 'AWAITING_APPROVAL' },
    granted(claimAhead.thumbprint),
  ],
  ['it is a dry run', 'RequestClosed', { claimAhead, dryRun: true }, granted(claimAhead.thumbprint)],
  ['the grant waits for a claim as any other', 'ClaimRefused', { claimAhead }, granted(undefined)],
])('nothing is minted where %s', async (_, name, more, state) => {
  const { run } = await arrange(more);
  await expect(run(state)).rejects.toMatchObject({ name });
  expect(mints).toBe(0);
});

test('a grant that waits for its claim is none for the key that came with the request', async () => {
  const { run } = await arrange({ claimAhead, status: 'READY' });
  await expect(run({ ...granted(undefined), claim: { recipientKey } })).rejects.toMatchObject({
    name: 'ClaimRefused',
  });
  expect(mints).toBe(0);
});
