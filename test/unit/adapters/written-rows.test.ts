import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { ZodError } from 'zod';
import { makeAuditTable } from '../../../lambdas/shared/adapters/audit/audit-table.ts';
import { makePutBack } from '../../../lambdas/shared/adapters/audit/put-back.ts';
import { makeFactTable } from '../../../lambdas/shared/adapters/outside/facts-table.ts';
import { makeAccessReviewsTable } from '../../../lambdas/shared/adapters/tables/access-reviews-table.ts';
import { makeApprovalMessages } from '../../../lambdas/shared/adapters/tables/approval-messages-table.ts';
import { makeApprovalsTable } from '../../../lambdas/shared/adapters/tables/approvals-table.ts';
import { makeCallbacksTable } from '../../../lambdas/shared/adapters/tables/callbacks-table.ts';
import { makeCallsTable } from '../../../lambdas/shared/adapters/tables/calls-table.ts';
import { makeDelegationsTable } from '../../../lambdas/shared/adapters/tables/delegations-table.ts';
import { makeDenialsTable } from '../../../lambdas/shared/adapters/tables/denials-table.ts';
import { makeDirectoryTable } from '../../../lambdas/shared/adapters/tables/directory-table.ts';
import { makeIdempotencyTable } from '../../../lambdas/shared/adapters/tables/idempotency-table.ts';
import { makeOnceTable } from '../../../lambdas/shared/adapters/tables/once-table.ts';
import { makePasskeyUses } from '../../../lambdas/shared/adapters/tables/passkey-uses-table.ts';
import { makePoliciesTable } from '../../../lambdas/shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../../../lambdas/shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../../../lambdas/shared/adapters/tables/principals-table.ts';
import { makePublishedEvents } from '../../../lambdas/shared/adapters/tables/published-events.ts';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import { makeReviewsTable } from '../../../lambdas/shared/adapters/tables/reviews-table.ts';
import { makeUsageTable } from '../../../lambdas/shared/adapters/tables/usage-table.ts';
import { makeVersionsTable } from '../../../lambdas/shared/adapters/tables/versions-table.ts';
import { noUsage } from '../../../lambdas/shared/domain/limits/usage.ts';
import type { DirectoryGroup, DirectoryUser } from '../../../lambdas/shared/domain/people/directory.ts';
import { noDenials } from '../../../lambdas/shared/domain/revocation/denials.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { askedRow } from '../../support/asked-row.ts';
import { ofBank } from '../../support/bank.ts';
import { NOW, REQUEST_ID } from '../../support/example-state.ts';

const FOLDERS = ['tables', 'audit', 'outside'].map((folder) => `lambdas/shared/adapters/${folder}`);

/** A client that answers every read with nothing, and takes down what is written. */
function takingDown() {
  const written: string[] = [];
  const send = async (command: object) => {
    const { name } = command.constructor;
    if (/^(Put|Update)/.test(name)) written.push(name);
    return {};
  };
  return { client: { send } as unknown as DynamoDBDocumentClient, written };
}

type Deps = { client: DynamoDBDocumentClient; tableName: string; clock: () => Date };

const vote: Vote = {
  decision: 'approve',
  principalId: 'approver1',
  person: 'abe',
  tier: 'access-approvers',
  proposalDigest: 'sha256:p',
  votedAt: NOW.toISOString(),
  stepUp: false,
};
const window = { ...vote, windowOf: REQUEST_ID };
const stored = {
  id: randomUUID() as string,
  version: 1,
  createdAt: NOW.toISOString(),
  changedAt: NOW.toISOString(),
};
const user: DirectoryUser = { kind: 'user', ...stored, userName: 'jane', active: true };
const group: DirectoryGroup = { kind: 'group', ...stored, displayName: 'Engineering', members: [] };
const message = {
  channel: 'C0ACCESS',
  ts: '1.0',
  tier: 'access-approvers',
  proposalDigest: 'p',
  requestIds: [REQUEST_ID],
};
/** A value that no type lets through, as text from outside can be. */
const odd = <T>(value: unknown) => value as T;

/** By the file of each table: each of its writes, given something that its own reads would not take. */
const WRITES: Record<string, Record<string, (deps: Deps) => Promise<unknown>>> = {
  'approval-messages-table.ts': {
    add: (deps) => makeApprovalMessages(deps).add({ ...message, requestIds: [] }, undefined),
    join: (deps) => makeApprovalMessages(deps).join(message, odd(1)),
  },
  'approvals-table.ts': {
    putToken: (deps) => makeApprovalsTable(deps).putToken(REQUEST_ID, odd({ ttl: 1 })),
    'putVote, of years': (deps) =>
      makeApprovalsTable(deps).putVote(REQUEST_ID, { ...vote, narrowing: { windowSeconds: 1e9 } }, 1),
    'putVote, of half a second': (deps) =>
      makeApprovalsTable(deps).putVote(REQUEST_ID, { ...vote, narrowing: { windowSeconds: 0.5 } }, 1),
    'putVote, of a fraction': (deps) =>
      makeApprovalsTable(deps).putVote(REQUEST_ID, { ...vote, narrowing: { durationSeconds: 900.5 } }, 1),
    'putVote, of an assertion that is none': (deps) =>
      makeApprovalsTable(deps).putVote(REQUEST_ID, { ...vote, assertion: odd({ credentialId: '<b>' }) }, 1),
    putReason: (deps) => makeApprovalsTable(deps).putReason(REQUEST_ID, vote, 'x'.repeat(601)),
    putWindow: (deps) =>
      makeApprovalsTable(deps).putWindow('employee1', { ...window, narrowing: { windowSeconds: 1e9 } }, 1),
  },
  'callbacks-table.ts': {
    putToken: (deps) => makeCallbacksTable(deps).putToken(REQUEST_ID, { taskToken: odd(1), ttl: 1 }),
    settle: (deps) =>
      makeCallbacksTable(deps).settle(REQUEST_ID, { taskToken: 't', ttl: 1 }, odd('maybe'), NOW),
  },
  'denials-table.ts': {
    write: (deps) =>
      makeDenialsTable(deps).write({ ...noDenials('arn'), sessions: [{ userId: 'u', until: 'soon' }] }),
  },
  'directory-table.ts': {
    writeUser: (deps) => makeDirectoryTable(deps).writeUser(odd({ ...user, active: 'False' }), undefined),
    'writeUser, of half a letter': (deps) =>
      makeDirectoryTable(deps).writeUser({ ...user, displayName: '\ud800' }, undefined),
    writeGroup: (deps) =>
      makeDirectoryTable(deps).writeGroup({ ...group, members: Array(5001).fill('x') }, 0),
    remove: (deps) => makeDirectoryTable(deps).remove({ ...group, version: 0.5 }, NOW.toISOString()),
    writeTemplate: (deps) => makeDirectoryTable(deps).writeTemplate(odd({ id: 'engineers' }), 0),
    writeState: (deps) => makeDirectoryTable(deps).writeState(odd({ readAt: 'now' })),
  },
  'idempotency-table.ts': {
    remember: (deps) =>
      makeIdempotencyTable(deps).remember('key', { requestId: REQUEST_ID, bodyDigest: odd(undefined) }),
  },
  'once-table.ts': {
    first: (deps) => makeOnceTable(deps).first('key', 0.5),
    count: (deps) => makeOnceTable(deps).count('', 60),
    prolong: (deps) => makeOnceTable(deps).prolong('key', Number.NaN),
  },
  'passkey-uses-table.ts': {
    keep: (deps) =>
      makePasskeyUses(deps).keep(
        { id: 'key', publicKey: 'of it', label: 'Key' },
        { counter: -1, votedAt: NOW.toISOString(), ballotDigest: 'sha256:b' },
        undefined,
      ),
  },
  'policies-table.ts': {
    write: (deps) =>
      makePoliciesTable(deps).write({ principalId: 'admin', text: 'x'.repeat(16_385), version: 1 }, 0),
  },
  'principal-lookups-table.ts': {
    claim: (deps) =>
      makePrincipalLookups({ ...deps, principals: { get: async () => undefined } }).claim({
        ...ofBank('employee1'),
        id: 'Not an id',
      }),
  },
  'principals-table.ts': {
    write: (deps) => makePrincipalsTable(deps).write({ ...ofBank('employee1'), status: odd('asleep') }, 1),
  },
  'published-events.ts': {
    note: (deps) => makePublishedEvents(deps).note('evt_of nobody'),
  },
  'requests-table.ts': {
    create: (deps) => makeRequestsTable(deps).create({ ...askedRow(), createdAt: 'yesterday' }),
    transition: (deps) =>
      makeRequestsTable(deps).transition(REQUEST_ID, { from: ['PENDING'], set: { claimBy: 'soon' } }),
  },
  'usage-table.ts': {
    write: (deps) => makeUsageTable(deps).write({ ...noUsage('employee1'), minutes: { now: 0.5 } }),
  },
  'versions-table.ts': {
    keep: (deps) =>
      makeVersionsTable(deps).keep({
        kind: 'policy',
        target: 'admin',
        version: 0.5,
        text: '',
        digest: '',
      }),
  },
  'access-reviews-table.ts': {
    setCurrent: (deps) => makeAccessReviewsTable(deps).setCurrent(odd({ reviewId: 'r' }), 0),
    writeReview: (deps) => makeAccessReviewsTable(deps).writeReview(odd({ reviewId: 'r' }), 0),
    writeItem: (deps) =>
      makeAccessReviewsTable(deps).writeItem(odd({ reviewId: 'r', principalId: 'admin' }), 0),
    writeAccess: (deps) =>
      makeAccessReviewsTable(deps).writeAccess('r', odd({ principalId: 'admin' }), odd({})),
  },
  'facts-table.ts': {
    put: (deps) =>
      makeFactTable(deps).put({ kind: 'onCall', id: 'ops', token: 'a.b.c', issuedAt: 0.5, ttl: 1 }),
  },
  'calls-table.ts': {
    append: (deps) => makeCallsTable(deps).append(odd({ session: 's', seq: 0.5 })),
  },
  'delegations-table.ts': {
    create: (deps) => makeDelegationsTable(deps).create(odd({ sessionId: 's' })),
    end: (deps) => makeDelegationsTable(deps).end('s', odd({ at: 'soon' })),
  },
  'reviews-table.ts': {
    keep: (deps) => makeReviewsTable(deps).keep(odd({ key: 'k', requestId: 'r', proposal: {} })),
  },
  'put-back.ts': {
    'of no record': (deps) => makePutBack(deps)({ chain: 'employee1', seq: -1 }),
  },
  'audit-table.ts': {
    append: (deps) =>
      makeAuditTable({ ...deps, mac: async () => 'mac' }).append({
        chain: 'employee1',
        requestId: REQUEST_ID,
        event: odd('dreamt'),
        facts: {},
      }),
  },
};

test('every table that is written to is tried', () => {
  const written = FOLDERS.flatMap((folder) =>
    readdirSync(folder).filter((file) =>
      /new (Put|Update)Command\(/.test(readFileSync(`${folder}/${file}`, 'utf8')),
    ),
  );
  expect(Object.keys(WRITES).sort()).toEqual(written.sort());
});

test.each(
  Object.entries(WRITES).flatMap(([file, writes]) =>
    Object.entries(writes).map(([name, write]) => [file, name, write] as const),
  ),
)('%s: %s writes nothing that could not be read back', async (_, __, write) => {
  const { client, written } = takingDown();
  await expect(write({ client, tableName: 'table', clock: () => NOW })).rejects.toThrow(ZodError);
  expect(written).toEqual([]);
});
