import { createHmac } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeApplyChange } from '../../../lambdas/apply-change/apply-change.ts';
import { makeDirectoryTable } from '../../../lambdas/shared/adapters/tables/directory-table.ts';
import { makePoliciesTable } from '../../../lambdas/shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../../../lambdas/shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../../../lambdas/shared/adapters/tables/principals-table.ts';
import {
  makeRequestsTable,
  type RequestsTable,
} from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import { makeVersionsTable } from '../../../lambdas/shared/adapters/tables/versions-table.ts';
import { makeWriteTogether } from '../../../lambdas/shared/adapters/tables/write-together.ts';
import type { Change } from '../../../lambdas/shared/domain/access-request.ts';
import type { AuditEntry, AuditRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { RevocationInput } from '../../../lambdas/shared/domain/revocation/revocation.ts';
import { changeBytes, grantBytes } from '../../../lambdas/shared/domain/seal.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import {
  analyst,
  approver,
  approversTier,
  clock,
  entitlement,
  grantedState,
  NOW,
  rowOf,
  voteBy,
} from '../../support/example-state.ts';
import { makePasskey } from '../../support/make-passkey.ts';
import { startTables } from '../../support/start-tables.ts';

const EXPIRES = new Date(NOW.getTime() + 60_000).toISOString();
const macOf = (bytes: Uint8Array) => createHmac('sha256', 'seal').update(bytes).digest('base64');

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

let target: string;
let id = 0;
let requestIds = 0;
beforeEach(() => {
  id += 1;
  target = `target${id}`;
});

/** Each change is asked for by a request of its own. */
function newRequestId(): string {
  requestIds += 1;
  return `analyst1-01JD3Z9Q2N8K4V6B1C5D7E9${String(requestIds).padStart(3, '0')}`;
}

function changeTo(proposal: string, more: Partial<Change> = {}): Change {
  return { kind: 'policy', target, proposal, proposalDigest: digestOf(proposal), baseVersion: 0, ...more };
}

/** The state after ValidateDecision answered `apply`, sealed over `sealedChange`. */
function approved(change: Change, sealedChange = change, expiresAt = EXPIRES): WorkflowState {
  const request = { ...grantedState().request, requestId: newRequestId(), change };
  return sealedFor(request, sealedChange, expiresAt);
}

/** The same for a request that there is already. */
function sealedFor(
  request: WorkflowState['request'],
  sealedChange = request.change,
  expiresAt = EXPIRES,
): WorkflowState {
  const { loaded, verdict } = grantedState();
  if (!verdict || !loaded || !sealedChange) throw new Error('not decided');
  const { policyIds, proposalDigest, decidedAt } = verdict;
  const mac = macOf(changeBytes(request, sealedChange, loaded.policy.digest, expiresAt));
  const { approvers, evidence } = voteBy(approver);
  return {
    evidence,
    request,
    loaded,
    verdict: {
      outcome: 'apply',
      reasons: [],
      policyIds,
      proposalDigest,
      decidedAt,
      approvers,
      seal: { mac, expiresAt },
    },
  };
}

const arnOf = (name: string) => `arn:aws:iam::123456789012:role/${target}-${name}`;

/** The target, as a principal that calls with a role of its own. */
function callingAs(role: string): Principal {
  const { slackUserId: _, ...others } = analyst;
  return { ...others, id: target, awsPrincipals: [arnOf(role)] };
}

function step(
  more: {
    status?: RequestRow['status'];
    voter?: Principal;
    breaksOff?: boolean;
    requests?: RequestsTable;
  } = {},
) {
  const principals = makePrincipalsTable({ client: tables.client, tableName: 'principals' });
  const policies = makePoliciesTable({ client: tables.client, tableName: 'policies' });
  const people: Record<string, Principal> = { analyst1: analyst, approver1: more.voter ?? approver };
  const lookups = makePrincipalLookups({ client: tables.client, tableName: 'lookups', principals });
  const revoked: RevocationInput[] = [];
  const versions = makeVersionsTable({ client: tables.client, tableName: 'versions' });
  const directory = makeDirectoryTable({ client: tables.client, tableName: 'directory' });
  const recorded: AuditEntry[] = [];
  const requests =
    more.requests ?? makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
  const apply = makeApplyChange({
    requests,
    principals: {
      ...principals,
      get: async (principalId) => people[principalId] ?? principals.get(principalId),
    },
    policies,
    directory,
    lookups,
    versions,
    audit: {
      async append(entry) {
        if (more.breaksOff) throw new Error('the function was ended here');
        recorded.push(entry);
        return { at: NOW.toISOString() } as AuditRecord;
      },
    },
    writeTogether: makeWriteTogether({
      client: tables.client,
      tables: { policies: 'policies', principals: 'principals', directory: 'directory' },
    }),
    revocations: { start: async (input) => void revoked.push(input) },
    sealKey: { verify: async (bytes, mac) => macOf(bytes) === mac },
    tiers: () => [approversTier],
    clock,
  });
  /** Runs the step in the request's own execution, or in one of another name. */
  async function run(state: WorkflowState, executionName = state.request.requestId) {
    await requests.create(rowOf(state, { status: more.status ?? 'AWAITING_APPROVAL' }));
    return apply({ state, executionName });
  }
  return { run, requests, policies, principals, directory, lookups, revoked, versions, recorded };
}

test('a new policy text is written just as it was approved, and once', async () => {
  const { run, policies } = step();
  const state = approved(changeTo('Read metrics only.'));
  expect(await run(state)).toEqual({ kind: 'policy', target, version: 1 });
  expect(await run(state)).toEqual({ kind: 'policy', target, version: 1 });
  expect(await policies.get(target)).toEqual({ principalId: target, text: 'Read metrics only.', version: 1 });
});

test('a stale base is refused, and the current text stays', async () => {
  const { run, policies } = step();
  await policies.write({ principalId: target, text: 'Now.', version: 2 }, 0);
  await expect(run(approved(changeTo('Mine.', { baseVersion: 1 })))).rejects.toMatchObject({
    name: 'ChangeStale',
  });
  expect((await policies.get(target))?.text).toBe('Now.');
});

test('every version is kept, with who asked and who agreed; what was there before any change too', async () => {
  const { run, policies, versions, recorded } = step();
  await policies.write({ principalId: target, text: 'Seeded.', version: 1 }, 0);
  const state = approved(changeTo('Read metrics only.', { baseVersion: 1 }));
  await run(state);
  await run(state);
  const next = approved(changeTo('Read nothing.', { baseVersion: 2 }));
  await run(next);
  const { requestId, reason } = state.request;
  const agreed = (given: WorkflowState) => ({
    requestId: given.request.requestId,
    requestedBy: 'analyst1',
    reason,
    appliedAt: NOW.toISOString(),
    approvers: [{ principalId: 'approver1', person: 'abe', votedAt: NOW.toISOString() }],
  });
  const kept = (version: number, text: string) => ({
    kind: 'policy',
    target,
    version,
    text,
    digest: digestOf(text),
  });
  expect(await versions.list({ kind: 'policy', target })).toEqual([
    { ...kept(3, 'Read nothing.'), change: agreed(next) },
    { ...kept(2, 'Read metrics only.'), change: agreed(state) },
    kept(1, 'Seeded.'),
  ]);
  expect(recorded[0]).toMatchObject({
    chain: target,
    requestId,
    event: 'policy_changed',
    facts: { version: 2, baseVersion: 1, requestedBy: 'analyst1', digest: digestOf('Read metrics only.') },
  });
});

test('a run that breaks off loses nothing of what was there before: the next finds its writing only', async () => {
  const { run, policies, versions } = step();
  await policies.write({ principalId: target, text: 'Seeded.', version: 1 }, 0);
  const state = approved(changeTo('Read metrics only.', { baseVersion: 1 }));
  await expect(step({ breaksOff: true }).run(state)).rejects.toThrow();
  await run(state);
  const kept = await versions.list({ kind: 'policy', target });
  expect(kept.map(({ version, text }) => [version, text])).toEqual([
    [2, 'Read metrics only.'],
    [1, 'Seeded.'],
  ]);
});

test('of a change that is refused nothing is kept and nothing recorded', async () => {
  const { run, policies, versions, recorded } = step();
  await policies.write({ principalId: target, text: 'Now.', version: 2 }, 0);
  await expect(run(approved(changeTo('Mine.', { baseVersion: 1 })))).rejects.toMatchObject({
    name: 'ChangeStale',
  });
  expect([await versions.list({ kind: 'policy', target }), recorded]).toEqual([[], []]);
});

test.each([
  ['another text', { proposal: 'Everything.' }],
  ['another target', { target: 'admin' }],
  ['another base', { baseVersion: 7 }],
])('a seal over %s is refused', async (_, other) => {
  const { run, policies } = step();
  const change = changeTo('Read metrics only.');
  await expect(run(approved({ ...change, ...other }, change))).rejects.toMatchObject({ name: 'SealRefused' });
  expect(await policies.get(target)).toBeUndefined();
});

describe('a seal is consumed once', () => {
  test('presented by another execution: refused', async () => {
    const { run, policies } = step();
    await expect(run(approved(changeTo('Mine.')), newRequestId())).rejects.toMatchObject({
      name: 'SealRefused',
      message: 'the seal is of another execution',
    });
    expect(await policies.get(target)).toBeUndefined();
  });

  test("presented for another request, whose execution it is: refused, the seal is not over that one's act", async () => {
    const { run, policies } = step();
    const state = approved(changeTo('Mine.'));
    const replayed = { ...state, request: { ...state.request, requestId: newRequestId() } };
    await expect(run(replayed)).rejects.toMatchObject({ name: 'SealRefused' });
    expect(await policies.get(target)).toBeUndefined();
  });

  test('presented a second time, once its request is closed: refused, and what came later stays', async () => {
    const { run, requests, policies } = step();
    const state = approved(changeTo('First.'));
    await run(state);
    await policies.write({ principalId: target, text: 'Later.', version: 2 }, 1);
    await expect(run(state)).rejects.toMatchObject({ name: 'ChangeStale' });
    const { requestId } = state.request;
    await requests.transition(requestId, { from: ['AWAITING_APPROVAL'], set: { status: 'APPLIED' } });
    await expect(run(state)).rejects.toMatchObject({ name: 'RequestClosed' });
    expect((await policies.get(target))?.text).toBe('Later.');
  });

  test('another seal of the same request, after one was consumed: refused', async () => {
    const { run, policies } = step();
    const first = approved(changeTo('First.'));
    await run(first);
    const { request } = first;
    const second = sealedFor({ ...request, change: changeTo('Second.', { baseVersion: 1 }) });
    await expect(run(second)).rejects.toMatchObject({
      name: 'SealRefused',
      message: 'another seal of this request was used before',
    });
    expect((await policies.get(target))?.text).toBe('First.');
  });

  test('the request is closed between the look at it and the mark: refused', async () => {
    const { requests, policies } = step();
    const state = approved(changeTo('Mine.'));
    const { requestId } = state.request;
    const closing = {
      ...requests,
      async transition(...call: Parameters<typeof requests.transition>) {
        await requests.transition(requestId, { from: ['AWAITING_APPROVAL'], set: { status: 'CANCELLED' } });
        return requests.transition(...call);
      },
    };
    await expect(step({ requests: closing }).run(state)).rejects.toMatchObject({ name: 'RequestClosed' });
    expect(await policies.get(target)).toBeUndefined();
  });

  test("a grant's seal, over the same request: refused", async () => {
    const state = approved(changeTo('Mine.'));
    const { request, loaded, verdict } = state;
    if (verdict?.outcome !== 'apply' || !loaded) throw new Error('not a change');
    const mac = macOf(grantBytes(request, entitlement, loaded.policy.digest, EXPIRES));
    const forged = { ...state, verdict: { ...verdict, seal: { mac, expiresAt: EXPIRES } } };
    await expect(step().run(forged)).rejects.toMatchObject({ name: 'SealRefused' });
    expect(await step().policies.get(target)).toBeUndefined();
  });
});

test('an expired seal, a closed request and a suspended approver are refused', async () => {
  const change = changeTo('Read metrics only.');
  const expired = approved(change, change, NOW.toISOString());
  await expect(step().run(expired)).rejects.toMatchObject({ name: 'SealRefused' });
  const cancelled = step({ status: 'CANCELLED' }).run(approved(change));
  await expect(cancelled).rejects.toMatchObject({ name: 'RequestClosed' });
  const voter: Principal = { ...approver, status: 'suspended' };
  await expect(step({ voter }).run(approved(change))).rejects.toMatchObject({ name: 'StandingChanged' });
  expect(await step().policies.get(target)).toBeUndefined();
});

test('a principal is written whole, with its lookups', async () => {
  const { run, principals, lookups } = step();
  const proposed = callingAs('new');
  await run(approved(changeTo(JSON.stringify(proposed), { kind: 'principal' })));
  expect(await principals.get(target)).toEqual({ ...proposed, version: 1 });
  expect((await lookups.findByAwsArn(arnOf('new')))?.id).toBe(target);
});

test('what a principal no longer calls with leads to nobody', async () => {
  const { run, lookups } = step();
  await run(approved(changeTo(JSON.stringify(callingAs('old')), { kind: 'principal' })));
  const moved = changeTo(JSON.stringify(callingAs('moved')), { kind: 'principal', baseVersion: 1 });
  await run(approved(moved));
  expect(await lookups.claim({ ...callingAs('old'), id: `${target}_heir` })).toBe(true);
  expect(await lookups.claim({ ...callingAs('moved'), id: `${target}_heir` })).toBe(false);
});

test('a change that would take what another calls with changes nothing, and can be proposed anew', async () => {
  const { run, principals, lookups, revoked, recorded } = step();
  const standing = { ...callingAs('own'), version: 1 };
  await principals.write(standing, 0);
  await lookups.claim(standing);
  await lookups.claim({ ...callingAs('taken'), id: `${target}_other` });
  const proposed = {
    ...standing,
    status: 'suspended',
    groups: ['admins'],
    awsPrincipals: [arnOf('own'), arnOf('free'), arnOf('taken')],
  };
  const change = changeTo(JSON.stringify(proposed), { kind: 'principal', baseVersion: 1 });
  await expect(run(approved(change))).rejects.toMatchObject({ name: 'ChangeStale' });
  expect(await principals.get(target)).toEqual(standing);
  expect([revoked, recorded]).toEqual([[], []]);
  expect((await lookups.findByAwsArn(arnOf('own')))?.id).toBe(target);
  expect(await lookups.claim({ ...callingAs('free'), id: `${target}_other` })).toBe(true);
});

test('a change that comes second takes away nothing of the first', async () => {
  const { run, lookups } = step();
  const change = changeTo(JSON.stringify(callingAs('shared')), { kind: 'principal' });
  await run(approved(change));
  const second = changeTo(JSON.stringify({ ...callingAs('shared'), groups: ['staff'] }), {
    kind: 'principal',
  });
  await expect(run(approved(second))).rejects.toMatchObject({ name: 'ChangeStale' });
  expect((await lookups.findByAwsArn(arnOf('shared')))?.id).toBe(target);
});

test('a principal that is suspended loses its sessions; one that stays active keeps them', async () => {
  const { run, revoked } = step();
  const active = callingAs('active');
  await run(approved(changeTo(JSON.stringify(active), { kind: 'principal' })));
  expect(revoked).toEqual([]);
  const suspended = JSON.stringify({ ...active, status: 'suspended' });
  await run(approved(changeTo(suspended, { kind: 'principal', baseVersion: 1 })));
  expect(revoked).toEqual([{ principalId: target, by: 'analyst1', because: 'the principal was suspended' }]);
});

test('a proposal that is another principal than its target is refused', async () => {
  const { run, principals } = step();
  const proposal = JSON.stringify({ ...analyst, id: 'somebody_else' });
  const state = approved(changeTo(proposal, { kind: 'principal' }));
  await expect(run(state)).rejects.toMatchObject({ name: 'SealRefused' });
  expect(await principals.get('somebody_else')).toBeUndefined();
});

describe('how a principal signs in', () => {
  const LOGIN = 'https://login.bank.example';
  const signingIn = (signIn: Principal['signIn'], version = 1): Principal => ({
    ...callingAs(`signs-in-${version}`),
    version,
    signIn,
  });
  const proposed = (principal: Principal, baseVersion = 0) =>
    approved(changeTo(JSON.stringify(principal), { kind: 'principal', baseVersion }));
  const token = (claims: Record<string, unknown>) => ({ issuer: LOGIN, claims });

  test('is found by a token’s subject and by its claims, and no longer once it is changed', async () => {
    const { run, lookups } = step();
    const own = `${target}:app`;
    await run(
      proposed(
        signingIn([
          { issuer: LOGIN, subject: target },
          { issuer: LOGIN, claims: { sub: `${own}:*`, team: ['a', 'b'] } },
        ]),
      ),
    );
    const ids = async (claims: Record<string, unknown>) =>
      (await lookups.findBySignIn(token(claims))).map(({ id }) => id);
    expect(await ids({ sub: target })).toEqual([target]);
    expect(await ids({ sub: `${own}:1`, team: 'b' })).toEqual([target]);
    expect(await ids({ sub: `${own}:1`, team: 'c' })).toEqual([]);
    expect(await ids({ sub: [target] })).toEqual([]);
    await run(proposed(signingIn([{ issuer: LOGIN, subject: `${target}2` }], 2), 1));
    expect(await ids({ sub: target })).toEqual([]);
    expect(await ids({ sub: `${own}:1`, team: 'b' })).toEqual([]);
    expect(await ids({ sub: `${target}2` })).toEqual([target]);
    const { Item } = await tables.client.send(
      new GetCommand({ TableName: 'lookups', Key: { arn: `claims:${LOGIN}` } }),
    );
    expect(Object.keys(Item ?? {}).filter((name) => name.startsWith(`${target}#`))).toEqual([]);
  });

  test('as another already does changes nothing', async () => {
    const { run, principals, lookups } = step();
    await run(proposed(signingIn([{ issuer: LOGIN, claims: { sub: `${target}:*` } }])));
    const first = target;
    target = `${target}_other`;
    const same = proposed(signingIn([{ issuer: LOGIN, subject: `${first}:main` }]));
    await expect(run(same)).rejects.toMatchObject({ name: 'ChangeStale' });
    expect(await principals.get(target)).toBeUndefined();
    const found = await lookups.findBySignIn(token({ sub: `${first}:main` }));
    expect(found.map(({ id }) => id)).toEqual([first]);
  });
});

describe('a template', () => {
  const textOf = (more: object = {}) =>
    JSON.stringify({
      id: target,
      group: { displayName: 'All' },
      groups: ['employees'],
      policy: 'Read.',
      ...more,
    });

  test('is written as it was approved, once, and recorded in the chain of templates', async () => {
    const { run, directory, recorded, versions } = step();
    const state = approved(changeTo(textOf(), { kind: 'template' }));
    expect(await run(state)).toEqual({ kind: 'template', target, version: 1 });
    expect(await run(state)).toEqual({ kind: 'template', target, version: 1 });
    expect(await directory.template(target)).toMatchObject({ id: target, version: 1, policy: 'Read.' });
    expect(recorded[0]).toMatchObject({ chain: '_templates', event: 'template_changed' });
    expect(await versions.list({ kind: 'template', target })).toHaveLength(1);
  });

  test('is refused on a stale base, and as another than its target', async () => {
    const { run, directory } = step();
    await run(approved(changeTo(textOf(), { kind: 'template' })));
    const stale = changeTo(textOf({ groups: ['admins'] }), { kind: 'template' });
    await expect(run(approved(stale))).rejects.toMatchObject({ name: 'ChangeStale' });
    const other = changeTo(textOf({ id: 'another' }), { kind: 'template' });
    await expect(run(approved(other))).rejects.toMatchObject({ name: 'SealRefused' });
    expect((await directory.template(target))?.groups).toEqual(['employees']);
  });
});

describe('a principal that the directory made', () => {
  const source = {
    template: 'engineers',
    user: '7c1f2a90-3f0e-4a86-9d0c-2b7a5b1f8a11',
    policyDigest: 'sha256:p',
  };
  const person = (more: Partial<Principal> = {}): Principal => ({
    ...callingAs('x'),
    id: `dir_${target}`,
    directory: source,
    ...more,
  });
  const changeOf = (proposed: Principal, baseVersion: number) =>
    changeTo(JSON.stringify(proposed), { kind: 'principal', target: proposed.id, baseVersion });

  test('is suspended by a change, and loses what it holds', async () => {
    const { run, principals, revoked } = step();
    await principals.write(person(), 0);
    const state = approved(changeOf(person({ status: 'suspended' }), 1));
    expect(await run(state)).toMatchObject({ version: 2 });
    expect(await run(state)).toMatchObject({ version: 2 });
    expect(revoked[0]).toMatchObject({ principalId: `dir_${target}` });
  });

  test('enrols a passkey of theirs, and gives it up', async () => {
    const { run, principals } = step();
    const { passkey } = makePasskey();
    await principals.write(person(), 0);
    await run(approved(changeOf(person({ passkeys: [passkey] }), 1)));
    expect(await principals.get(`dir_${target}`)).toMatchObject({ passkeys: [passkey], version: 2 });
    await run(approved(changeOf(person(), 2)));
    expect(await principals.get(`dir_${target}`)).toEqual(person({ version: 3 }));
  });

  test.each<[string, Partial<Principal>, Partial<Principal>]>([
    ['nothing else is changed', {}, { groups: ['admins'] }],
    [
      'nobody is made active who left',
      { status: 'suspended', directory: { ...source, out: 'left' } },
      { status: 'active' },
    ],
    [
      'nobody is taken to be in who left',
      { status: 'suspended', directory: { ...source, out: 'left' } },
      { directory: source },
    ],
    [
      'nobody who left is suspended in name alone, and back when they return',
      { status: 'suspended', directory: { ...source, out: 'left' } },
      {},
    ],
  ])('%s', async (_, before, after) => {
    const { run, principals } = step();
    await principals.write(person(before), 0);
    const change = changeOf(person({ ...before, ...after }), 1);
    await expect(run(approved(change))).rejects.toMatchObject({ name: 'ChangeStale' });
    expect(await principals.get(`dir_${target}`)).toEqual(person(before));
  });

  test('is kept suspended for when they return', async () => {
    const { run, principals } = step();
    const out = { ...source, out: 'left' as const };
    await principals.write(person({ status: 'suspended', directory: out }), 0);
    const stopped = person({ status: 'suspended', directory: { ...out, stopped: true } });
    const state = approved(changeOf(stopped, 1));
    expect(await run(state)).toMatchObject({ version: 2 });
    expect(await run(state)).toMatchObject({ version: 2 });
    expect(await principals.get(`dir_${target}`)).toEqual({ ...stopped, version: 2 });
  });

  test('is not made by a change', async () => {
    const { run, principals } = step();
    await expect(run(approved(changeOf(person(), 0)))).rejects.toMatchObject({ name: 'ChangeStale' });
    expect(await principals.get(`dir_${target}`)).toBeUndefined();
  });
});
