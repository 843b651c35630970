import { createHmac } from 'node:crypto';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeAssumeRole } from '../../../lambdas/assume-role/assume-role.ts';
import { makeAuditTable } from '../../../lambdas/shared/adapters/audit/audit-table.ts';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import { IssueInDoubt } from '../../../lambdas/shared/domain/errors.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { changeBytes, grantBytes } from '../../../lambdas/shared/domain/seal.ts';
import type { SessionAnswer, SessionRequest } from '../../../lambdas/shared/domain/session.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import { readReference } from '../../../policy/prove/prove-session.ts';
import {
  agreedBy,
  analyst,
  approver,
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
const EXPIRES = new Date(NOW.getTime() + 60_000).toISOString();
const macOf = (bytes: Uint8Array) => createHmac('sha256', 'seal').update(bytes).digest('base64');

function sealed(state = grantedState(), expiresAt = EXPIRES): WorkflowState {
  if (state.verdict?.outcome !== 'grant' || !state.loaded) throw new Error('not a grant');
  const mac = macOf(
    grantBytes(state.request, state.verdict.entitlement, state.loaded.policy.digest, expiresAt),
  );
  return { ...state, claim: { recipientKey }, verdict: { ...state.verdict, seal: { mac, expiresAt } } };
}

/** Alters the sealed grant of a state, leaving its seal. */
function altered(change: Partial<typeof entitlement>): WorkflowState {
  const state = sealed();
  if (state.verdict?.outcome !== 'grant') throw new Error('not a grant');
  return { ...state, verdict: { ...state.verdict, entitlement: { ...entitlement, ...change } } };
}

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const sealer = { thumbprint: 'thumb', seal: async () => 'eyJ.ciphertext' };
const claim = { thumbprint: 'thumb', recipientKey, claimedAt: NOW.toISOString() };
const minted: SessionAnswer = {
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

/** A role that may query the table of the example, and no other. */
const plannedRoles = {
  digest: 'sha256:roles',
  referenceOf: (roleArn: string) =>
    roleArn === entitlement.roleArn
      ? readReference([[{ type: 'identity', text: entitlement.sessionPolicy }]])
      : undefined,
};

const GATEWAY_SESSION = 'gateway-01KAE00000000000000000AAAA';

let mints: SessionRequest[];
let answers: (SessionAnswer | Error)[];
let people: Record<string, typeof analyst>;

function step(more: Partial<Parameters<typeof makeAssumeRole>[0]> = {}) {
  const requests = makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
  const mint = makeAssumeRole({
    requests,
    audit: makeAuditTable({ client: tables.client, tableName: 'audit', mac: testMacs.make, clock }),
    principals: { get: async (id) => people[id] },
    policies: { get: async () => policy },
    configDigests: () => configDigests,
    tiers: () => [approversTier],
    grantedEntries: () => ({ bank_operational_metrics: 'sha256:entry' }),
    roleOf: () => entitlement.roleArn,
    sealKey: { verify: async (bytes, mac) => macOf(bytes) === mac },
    sessions: {
      async mint(request) {
        mints.push(request);
        const answer = answers.shift() ?? minted;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    sealerFor: async () => sealer,
    gatewayKeys: async () => [],
    brokeredRoles: () => plannedRoles,
    milliseconds: () => 0,
    clock,
    ...more,
  });
  /** Runs the step in the request's own execution, or in one of another name. */
  const run = (state: WorkflowState, executionName = state.request.requestId) =>
    mint({ state, executionName });
  return { run, requests };
}

async function keep(row: RequestRow) {
  await tables.client.send(new PutCommand({ TableName: 'requests', Item: row }));
}

beforeEach(async () => {
  mints = [];
  answers = [];
  people = { analyst1: analyst, approver1: approver };
  await keep(rowOf(grantedState(), { status: 'READY', claim }));
});

/** A grant that is sealed as it stands: whatever is wrong with it, the seal does not tell. */
function sealedGrant(change: Partial<typeof entitlement>): WorkflowState {
  const state = grantedState();
  if (state.verdict?.outcome !== 'grant') throw new Error('not a grant');
  return sealed({ ...state, verdict: { ...state.verdict, entitlement: { ...entitlement, ...change } } });
}

describe('the proof that a session is within its role', () => {
  test.each([
    ['opens another table', entitlement.sessionPolicy.replace('bank_operational_metrics', 'users_table')],
    ['opens every table', entitlement.sessionPolicy.replace('bank_operational_metrics', '*')],
    ['opens another action', entitlement.sessionPolicy.replace('dynamodb:Query', 'dynamodb:Scan')],
  ])('a session policy that %s is refused, sealed or not, and STS is not asked', async (_, sessionPolicy) => {
    await expect(step().run(sealedGrant({ sessionPolicy }))).rejects.toMatchObject({
      name: 'SessionTooWide',
      message: expect.stringMatching(/^the session would allow dynamodb:/),
    });
    expect(mints).toEqual([]);
  });

  test.each([
    ['is no policy', { sessionPolicy: 'not JSON' }],
    ['is of a role that was not planned', { roleArn: 'arn:aws:iam::123456789012:role/admin' }],
  ])('a grant that %s is not proved: a malfunction', async (_, change) => {
    await expect(step().run(sealedGrant(change))).rejects.toMatchObject({ name: 'SessionNotProved' });
    expect(mints).toEqual([]);
  });

  test('is recorded before STS is asked', async () => {
    await step().run(sealed());
    const { Items = [] } = await tables.client.send(new ScanCommand({ TableName: 'audit' }));
    expect(Items.filter(({ event }) => event === 'issuing').at(-1)).toMatchObject({
      facts: { proof: { verdict: 'within', referenceDigest: 'sha256:roles', milliseconds: 0 } },
    });
  });
});

describe('the seal', () => {
  const noSeal = { ...grantedState(), claim: { recipientKey } };
  test.each([
    ['missing', noSeal, 'SealRefused'],
    ['over another session policy', altered({ sessionPolicy: '{"Statement":"*"}' }), 'SealRefused'],
    ['over another role', altered({ roleArn: 'arn:aws:iam::123456789012:role/admin' }), 'SealRefused'],
    ['over another duration', altered({ durationSeconds: 3600 }), 'SealRefused'],
    ['expired', sealed(grantedState(), NOW.toISOString()), 'SealRefused'],
  ])('%s: refused, and STS is not asked', async (_, state, name) => {
    await expect(step().run(state)).rejects.toMatchObject({ name });
    expect(mints).toEqual([]);
  });

  test('presented by another execution: refused, and STS is not asked', async () => {
    const other = `${REQUEST_ID.slice(0, -1)}H`;
    await expect(step().run(sealed(), other)).rejects.toMatchObject({
      name: 'SealRefused',
      message: 'the seal is of another execution',
    });
    expect(mints).toEqual([]);
  });

  test('presented a second time, once its session was handed over: refused, and STS is not asked again', async () => {
    const { run, requests } = step();
    await run(sealed());
    await requests.transition(REQUEST_ID, { from: ['READY'], set: { status: 'ISSUED' } });
    await expect(run(sealed())).rejects.toMatchObject({ name: 'RequestClosed' });
    expect(mints).toHaveLength(1);
  });

  test("a change's, over the same request: refused", async () => {
    const state = sealed();
    const { request, loaded, verdict } = state;
    if (verdict?.outcome !== 'grant' || !loaded) throw new Error('not a grant');
    const change = {
      kind: 'policy',
      target: 'x1',
      proposal: 'x',
      proposalDigest: 'x',
      baseVersion: 1,
    } as const;
    const mac = macOf(changeBytes(request, change, loaded.policy.digest, EXPIRES));
    const forged = { ...state, verdict: { ...verdict, seal: { mac, expiresAt: EXPIRES } } };
    await expect(step().run(forged)).rejects.toMatchObject({ name: 'SealRefused' });
    expect(mints).toEqual([]);
  });

  test("another request's: refused", async () => {
    const state = sealed();
    const requestId = `${REQUEST_ID.slice(0, -1)}H`;
    await keep({ ...rowOf(state, { status: 'READY', claim }), requestId });
    await expect(step().run({ ...state, request: { ...state.request, requestId } })).rejects.toMatchObject({
      name: 'SealRefused',
    });
    expect(mints).toEqual([]);
  });
});

/** A grant to the analyst, whose sessions go to gateways alone. */
function deliveredGrant(): WorkflowState {
  const state = grantedState();
  if (!state.loaded) throw new Error('nothing is loaded');
  const delivered = { ...analyst, delivery: 'gateway' as const };
  people.analyst1 = delivered;
  const digests = { ...state.loaded.digests, principal: digestOf(delivered) };
  return sealed({ ...state, loaded: { ...state.loaded, digests } });
}

describe('a principal whose sessions go to gateways only', () => {
  test('gets none with a key of its own, whoever handed the claim on', async () => {
    await expect(step().run(deliveredGrant())).rejects.toMatchObject({ name: 'ClaimRefused' });
    expect(mints).toEqual([]);
  });

  test('gets one with the key of a gateway that is registered', async () => {
    await step({ gatewayKeys: async () => [claim.thumbprint] }).run(deliveredGrant());
    expect(mints).toHaveLength(1);
  });
});

describe('the row', () => {
  test.each([
    ['cancelled meanwhile', { status: 'CANCELLED', claim }, 'RequestClosed'],
    ['still pending', { status: 'PENDING', claim }, 'RequestClosed'],
    ['a dry run', { status: 'READY', claim, dryRun: true }, 'RequestClosed'],
    ['never claimed', { status: 'READY' }, 'ClaimRefused'],
    [
      'claimed with another key',
      { status: 'READY', claim: { ...claim, thumbprint: 'other' } },
      'ClaimRefused',
    ],
    ["another principal's", { status: 'READY', claim, principalId: 'employee1' }, 'ClaimRefused'],
    [
      'asked for by a gateway that has another key',
      { status: 'READY', claim, gateway: { sessionId: GATEWAY_SESSION, keyThumbprint: 'other' } },
      'ClaimRefused',
    ],
  ] as [string, Partial<RequestRow>, string][])(
    '%s: refused, and STS is not asked',
    async (_, more, name) => {
      await keep({ ...rowOf(grantedState()), ...more });
      await expect(step().run(sealed())).rejects.toMatchObject({ name });
      expect(mints).toEqual([]);
    },
  );
});

test.each([
  [undefined],
  [null],
  [{}],
  ['{}'],
  [{ recipientKey: {} }],
  [{ recipientKey: { ...recipientKey, d: 'x' } }],
])('a forged completion %j: refused by name, and STS is not asked', async (forged) => {
  const named = step({ sealerFor: async () => ({ ...sealer, thumbprint: 'forged' }) });
  await expect(named.run({ ...sealed(), claim: forged })).rejects.toMatchObject({ name: 'ClaimRefused' });
  expect(mints).toEqual([]);
});

test('a completion with a key that nothing can be sealed to is refused by name, before STS is asked', async () => {
  const { run } = step({ sealerFor: () => Promise.reject(new Error('Invalid point')) });
  await expect(run(sealed())).rejects.toMatchObject({ name: 'ClaimRefused' });
  expect(mints).toEqual([]);
});

describe('standing', () => {
  test.each([
    ['requester suspended', () => (people.analyst1 = { ...analyst, status: 'suspended' as const }), {}],
    ['requester changed', () => (people.analyst1 = { ...analyst, groups: [] }), {}],
    ['policy changed', () => {}, { policies: { get: async () => ({ ...policy, text: 'Other rules.' }) } }],
    [
      'catalog deployed anew',
      () => {},
      { configDigests: () => ({ ...configDigests, catalog: 'sha256:new' }) },
    ],
  ])('%s: refused, and STS is not asked', async (_, arrange, more) => {
    arrange();
    await expect(step(more).run(sealed())).rejects.toMatchObject({ name: 'StandingChanged' });
    expect(mints).toEqual([]);
  });

  const now = { ...configDigests, catalog: 'sha256:new' };
  const pins = {
    entries: { bank_operational_metrics: 'sha256:entry' },
    guardrails: 'sha256:relevant',
    guardrailsFile: now.guardrails,
  };
  const pinned = () => {
    const state = sealed();
    return { ...state, ...(state.verdict && { verdict: { ...state.verdict, pins } }) };
  };

  test('the catalog deployed anew with the same entry, in the same role: minted', async () => {
    await step({ configDigests: () => now }).run(pinned());
    expect(mints).toHaveLength(1);
  });

  test.each([
    ['the entry is another', { grantedEntries: () => ({ bank_operational_metrics: 'sha256:other' }) }],
    ['the entry is gone', { grantedEntries: () => ({}) }],
    [
      'its role is another',
      { roleOf: () => 'arn:aws:iam::123456789012:role/postern-brokered-internal-part2' },
    ],
    ['no role reaches it', { roleOf: () => undefined }],
    ['the guardrails are others', { configDigests: () => ({ ...now, guardrails: 'sha256:new' }) }],
    ['the tiers are others', { configDigests: () => ({ ...now, approvals: 'sha256:new' }) }],
  ])('the catalog deployed anew, and %s: refused', async (_, more) => {
    await expect(step({ configDigests: () => now, ...more }).run(pinned())).rejects.toMatchObject({
      name: 'StandingChanged',
    });
    expect(mints).toEqual([]);
  });

  test('who agreed may still agree: minted', async () => {
    await step().run(sealed(agreedBy(approver)));
    expect(mints).toHaveLength(1);
  });

  test.each([
    ['suspended', { status: 'suspended' as const }],
    ['taken out of the group', { groups: ['staff'] }],
    ['another person', { persons: ['bea'] }],
    ['found to be the requester', { persons: ['abe', ...analyst.persons] }],
  ])('an approver who is, after voting, %s: refused', async (_, change) => {
    people.approver1 = { ...approver, ...change };
    await expect(step().run(sealed(agreedBy(approver)))).rejects.toMatchObject({ name: 'StandingChanged' });
    expect(mints).toEqual([]);
  });

  test('an approver whose vote nobody found: refused', async () => {
    const { evidence: _, ...state } = agreedBy(approver);
    await expect(step().run(sealed(state))).rejects.toMatchObject({ name: 'StandingChanged' });
    expect(mints).toEqual([]);
  });
});

describe('minting', () => {
  test('one session, named and tagged for its request, and no secret in the answer', async () => {
    const { run, requests } = step();
    const answer = await run(sealed());
    expect(mints).toEqual([
      {
        roleArn: entitlement.roleArn,
        sessionName: REQUEST_ID,
        sourceIdentity: 'analyst1',
        sessionPolicy: entitlement.sessionPolicy,
        durationSeconds: 900,
        tags: { 'postern:request-id': REQUEST_ID, 'postern:principal': 'analyst1' },
      },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/the-secret|the-token|ciphertext/);
    expect((await requests.get(REQUEST_ID))?.session?.sealed).toBe('eyJ.ciphertext');
  });

  test('what the request names is in the session’s tags', async () => {
    await keep(rowOf(grantedState(), { status: 'READY', claim, references: ['INC-9', 'OPS-12'] }));
    await step().run(sealed());
    expect(mints[0]?.tags).toMatchObject({ 'postern:references': 'INC-9 OPS-12' });
  });

  test('run again after it succeeded: the same session', async () => {
    const { run } = step();
    const first = await run(sealed());
    expect(await run(sealed())).toEqual(first);
    expect(mints).toHaveLength(1);
  });

  test('two at once: one session', async () => {
    const { run } = step();
    const ends = await Promise.allSettled([run(sealed()), run(sealed())]);
    expect(mints).toHaveLength(1);
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
  });

  test('STS says no: the attempt is given back, and a retry mints', async () => {
    answers = [{ kind: 'refused', code: 'Throttling' }];
    const { run } = step();
    await expect(run(sealed())).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    await run(sealed());
    expect(mints).toHaveLength(2);
  });

  test('the answer of STS is lost: never a second try', async () => {
    answers = [new IssueInDoubt('no answer')];
    const { run } = step();
    await expect(run(sealed())).rejects.toMatchObject({ name: 'IssueInDoubt' });
    await expect(run(sealed())).rejects.toMatchObject({ name: 'IssueInDoubt' });
    expect(mints).toHaveLength(1);
  });

  test('the answers of the table are lost: what was written is recognised, and the one session is kept', async () => {
    const { requests } = step();
    /** Writes, and then is told what the SDK's repeat is told. */
    const losing: typeof requests = {
      ...requests,
      async transition(...call) {
        await requests.transition(...call);
        return requests.transition(...call);
      },
    };
    const { run } = step({ requests: losing });
    expect(await run(sealed())).toMatchObject({ accessKeyId: 'ASIAEXAMPLE' });
    expect(await requests.get(REQUEST_ID)).toMatchObject({ session: { sealed: 'eyJ.ciphertext' } });
    expect(await run(sealed())).toMatchObject({ accessKeyId: 'ASIAEXAMPLE' });
    expect(mints).toHaveLength(1);
  });

  test('cancelled between its mark and its session: nothing is kept', async () => {
    const { requests, run } = step({
      sessions: {
        async mint() {
          await requests.transition(REQUEST_ID, { from: ['READY'], set: { status: 'CANCELLED' } });
          return minted;
        },
      },
    });
    await expect(run(sealed())).rejects.toMatchObject({ name: 'RequestClosed' });
    expect((await requests.get(REQUEST_ID))?.session).toBeUndefined();
  });

  test('packed policy too large: a denial that says what to do', async () => {
    answers = [{ kind: 'too_large', code: 'PackedPolicyTooLargeException' }];
    await expect(step().run(sealed())).rejects.toMatchObject({
      name: 'SessionPolicyTooLarge',
      message: expect.stringContaining('ask for less'),
    });
  });

  test('the audit log cannot be written: STS is not asked', async () => {
    const audit = { look: async () => [], appendLooked: () => Promise.reject(new Error('down')) };
    await expect(step({ audit }).run(sealed())).rejects.toThrow('down');
    expect(mints).toEqual([]);
  });
});
