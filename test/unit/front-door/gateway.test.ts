import { beforeEach, describe, expect, test } from 'vitest';
import { deriveKeys } from '../../../gateway/keys/derive-keys.ts';
import { makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { openCredentials } from '../../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { type Delegation, gatewaysSchema } from '../../../lambdas/shared/domain/identity/delegation.ts';
import { principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { callerByDelegation } from '../../../lambdas/shared/http/delegated-caller.ts';
import { heldCall } from '../../support/held-call.ts';
import { makePasskey } from '../../support/make-passkey.ts';
import { AGENT, ISSUER, makeWorld, SESSION } from './world.ts';

const KEYS = deriveKeys(Buffer.alloc(32, 3));
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const gateways = gatewaysSchema.parse(
  ['postern-gateway', 'other-gateway'].map((name) => ({
    roleArn: role(name),
    publicKey: KEYS.publicKey,
    recordKey: KEYS.recordKey,
  })),
);

/** A front door with two gateways. */
function makeGatewayWorld() {
  const delegations = new Map<string, Delegation>();
  const table = {
    create: async (delegation: Delegation) => {
      delegations.set(delegation.sessionId, delegation);
      return true;
    },
    get: async (id: string) => delegations.get(id),
    listByPrincipal: async (principalId: string) =>
      [...delegations.values()].filter((each) => each.principalId === principalId),
    async end(id: string, ended: NonNullable<Delegation['ended']>) {
      const found = delegations.get(id);
      if (!found || found.ended) return false;
      delegations.set(id, { ...found, ended });
      return true;
    },
  };
  const world = makeWorld({ gateways, delegations: table });
  const { ports } = world;
  Object.assign(ports, {
    byDelegation: (token: string, context: unknown) =>
      callerByDelegation(token, context, {
        ...{ gateways, delegations: table, clock: ports.clock },
        principals: ports.principals as never,
      }),
  });
  return { ...world, delegations };
}

let world: ReturnType<typeof makeGatewayWorld>;
beforeEach(() => {
  world = makeGatewayWorld();
});

const REASON = 'The customer asks for the balance of the account.';
const NEED = 'For a call of this session it needs dynamodb:GetItem.';
const open = async (body: object = { reason: REASON, subjectToken: `${ISSUER}#c-1042` }) =>
  (await world.call('POST /delegations', { body })).body as { sessionId: string; delegation: string };
/** A call of the gateway's, by a delegation. */
const byGateway = (target: string, delegation: string, body?: unknown, as = 'postern-gateway') =>
  world.call(target, {
    as,
    headers: { 'x-postern-delegation': delegation },
    ...(body !== undefined && { body }),
  });
const ask = (delegation: string, more: object = {}, as?: string) =>
  byGateway('POST /requests', delegation, { reason: NEED, ...more }, as);

describe('a delegation', () => {
  test('says for whom, for how long and why, and keeps only the digest of its secret', async () => {
    const { sessionId, delegation } = await open();
    const kept = world.delegations.get(sessionId);
    expect(kept).toMatchObject({
      principalId: AGENT,
      subject: { id: 'c-1042' },
      reason: REASON,
      accountId: '123456789012',
    });
    expect(JSON.stringify(kept)).not.toContain(delegation.split('.')[1]);
  });

  test('opens a request with its reason before the gateway’s words, for its subject', async () => {
    const { sessionId, delegation } = await open();
    const { status, body } = await ask(delegation);
    expect(status).toBe(202);
    expect(world.rowOf(body.requestId)).toMatchObject({
      principalId: AGENT,
      reason: `${REASON}\n\n${NEED}`,
      subject: { issuer: ISSUER, id: 'c-1042' },
      gateway: { sessionId },
    });
  });

  test('names what it was opened for in each request, and its gateway names nothing', async () => {
    const { delegation } = await open({
      reason: REASON,
      references: ['OPS-12', 'INC-9'],
      subjectToken: `${ISSUER}#c-1042`,
    });
    const { body } = await ask(delegation);
    expect(world.rowOf(body.requestId)?.references).toEqual(['INC-9', 'OPS-12']);
    const refused = await ask(delegation, { references: ['OPS-13'] });
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request']);
  });

  test.each([
    ['the principal itself', AGENT],
    ['anybody else', 'employee1'],
    ['another gateway', 'other-gateway'],
  ])('is worth nothing to %s', async (_, as) => {
    const { delegation } = await open();
    const { status, body } = await ask(delegation, {}, as);
    expect([status, body.code]).toEqual([403, 'delegation_refused']);
  });

  test('with another secret, ended, or over asks for nothing', async () => {
    const { sessionId, delegation } = await open();
    const codeOf = async (token: string) => (await ask(token)).body.code;
    expect(await codeOf(`${sessionId}.${'A'.repeat(43)}`)).toBe('delegation_refused');
    expect(await codeOf('gateway-x.y')).toBe('delegation_refused');
    await world.call(`POST /gateway-sessions/${sessionId}/end`, { as: 'auditor1', body: {} });
    expect(await codeOf(delegation)).toBe('delegation_refused');
    const short = await open({ reason: REASON, durationSeconds: 900 });
    await world.pass(901_000);
    expect(await codeOf(short.delegation)).toBe('delegation_refused');
  });

  test('without a reason asks for nothing', async () => {
    const { delegation } = await open({});
    expect((await ask(delegation)).body.code).toBe('delegation_refused');
  });

  test('opened for a job asks by its name, in the job’s words and the gateway’s, and for no other job', async () => {
    const { delegation } = await open({ reason: 'job:read-balance' });
    const { body } = await ask(delegation);
    expect(body).toMatchObject({
      job: 'read-balance',
      reason: `Reads the balance of the signed-in customer\n\n${NEED}`,
    });
    expect((await ask(delegation, { job: 'read-balance' })).body.code).toBe('invalid_request');
    const other = await open({ reason: 'job:read-everything' });
    expect((await ask(other.delegation)).body.code).toBe('job_not_found');
  });

  test('takes no other subject, no callback and no long words from the gateway', async () => {
    const { delegation } = await open();
    const tried = [
      { subjectToken: `${ISSUER}#c-2077` },
      { callback: { taskToken: 'x' } },
      { reason: 'x'.repeat(401) },
    ];
    for (const more of tried) expect((await ask(delegation, more)).body.code).toBe('invalid_request');
  });

  test('lets nobody call what is not for gateways', async () => {
    const { delegation } = await open();
    for (const target of ['GET /requests', 'POST /credentials', 'POST /changes', 'POST /delegations']) {
      const body = target.startsWith('POST') ? { reason: REASON } : undefined;
      expect((await byGateway(target, delegation, body)).body.code).toBe('principal_unknown');
    }
  });

  test('is made for a gateway that is registered, and for a principal that is active', async () => {
    const body = { reason: REASON };
    const tried = await Promise.all([
      world.call('POST /delegations', { body: { ...body, gateway: role('nobodys') } }),
      world.call('POST /delegations', { body, as: 'suspended1' }),
      makeWorld().call('POST /delegations', { body }),
    ]);
    expect(tried.map((answer) => answer.body.code)).toEqual([
      'gateway_unknown',
      'principal_suspended',
      'gateway_unknown',
    ]);
  });
});

describe('a call that a gateway holds', () => {
  const { sessionId: _, accountId: __, ...told } = heldCall;
  const hold = (delegation: string, more: object = {}, key = 'one-call') =>
    world.call('POST /calls', {
      as: 'postern-gateway',
      headers: { 'x-postern-delegation': delegation, 'idempotency-key': key },
      body: { ...told, ...more },
    });

  test('is a request for people, in the delegation’s session, with its reason, for its subject', async () => {
    const { sessionId, delegation } = await open();
    const { status, body } = await hold(delegation);
    expect([status, body.status]).toEqual([202, 'PENDING']);
    expect(world.rowOf(body.requestId)).toMatchObject({
      principalId: AGENT,
      reason: REASON,
      subject: { id: 'c-1042' },
      gateway: { sessionId },
      call: { ...told, sessionId, accountId: '123456789012' },
    });
    expect(world.rowOf(body.requestId)).not.toHaveProperty('claimAhead');
  });

  test('asked again with its key is the same request, and with another call a conflict', async () => {
    const { delegation } = await open();
    const { requestId } = (await hold(delegation)).body;
    expect((await hold(delegation)).body.requestId).toBe(requestId);
    expect((await hold(delegation, { digest: 'B'.repeat(43) })).body.code).toBe('idempotency_conflict');
    expect((await hold(delegation, {}, 'another')).body.requestId).not.toBe(requestId);
  });

  test.each([AGENT, 'employee1', 'postern-gateway'])('is taken of %s only by a delegation', async (as) => {
    const { status, body } = await world.call('POST /calls', { as, body: told });
    const codes = as === 'postern-gateway' ? ['principal_unknown'] : ['delegation_refused'];
    expect([status, codes.includes(body.code)]).toEqual([403, true]);
  });

  test('of a session without a reason is asked of nobody', async () => {
    const { delegation } = await open({});
    expect((await hold(delegation)).body.code).toBe('delegation_refused');
  });

  test.each([
    ['another session', { sessionId: 'gateway-01KAE000000000000000000001' }],
    ['another account', { accountId: '999999999999' }],
    ['nobody’s approval', { quorum: { approvals: 0, stepUp: 0 } }],
    ['parameters that nobody could read', { parameters: 'x'.repeat(16_385) }],
    ['no digest', { digest: '' }],
  ])('that names %s is refused', async (_name, more) => {
    const { delegation } = await open();
    expect((await hold(delegation, more)).body.code).toBe('invalid_request');
  });

  const seal = { mac: 'bWFj', expiresAt: '2026-11-20T12:15:00.000Z' };
  /** People have let the call through: approver1, unless a test has the vote otherwise. */
  async function allowed(more: Partial<Vote> = {}, votes = 1) {
    const { delegation } = await open();
    const { requestId } = (await hold(delegation)).body;
    const vote: Vote = {
      ...{ decision: 'approve', principalId: 'approver1', person: 'approver1', tier: 'access-approvers' },
      ...{ proposalDigest: 'sha256:x', votedAt: '2026-11-20T12:00:00.000Z', stepUp: true, ...more },
    };
    Object.assign(world.ports, { votes: { listVotes: async () => Array(votes).fill(vote) } });
    const shown = {
      proposalDigest: 'sha256:x',
      basis: 'x',
      principalType: 'agent' as const,
      persons: [],
      concerned: [],
    };
    world.patch(requestId, { status: 'ALLOWED', seal, asked: { ...shown, grants: [] } });
    return { delegation, requestId };
  }
  const principalsWith = (change: object) => {
    const { principals } = world.ports;
    const get = async (id: string) => {
      const found = await principals.get(id);
      return found && id === 'approver1' ? { ...found, ...change } : found;
    };
    Object.assign(world.ports, { principals: { ...principals, get } });
  };

  test('opens no session, and its seal is for its gateway alone', async () => {
    const { delegation, requestId } = await allowed();
    expect((await byGateway(`GET /requests/${requestId}`, delegation)).body).toMatchObject({
      status: 'ALLOWED',
      seal,
    });
    const seen = await world.call(`GET /requests/${requestId}`, { as: 'auditor1' });
    expect(seen.body).toMatchObject({ status: 'ALLOWED', call: { operation: 'DeleteTable' } });
    expect(seen.body).not.toHaveProperty('seal');
    const claimed = await byGateway(`POST /requests/${requestId}/credentials`, delegation, {
      recipientKey: KEYS.publicKey,
    });
    expect(claimed.body.code).toBe('nothing_to_claim');
  });

  const key = makePasskey();
  const pressed = () =>
    key.press({
      ...{ requestId: 'x', proposalDigest: 'sha256:x', decision: 'approve' as const },
      ...{ tier: 'access-approvers', principalId: 'approver1' },
    });

  test('whose approver has the passkey that proved it has its seal', async () => {
    const { delegation, requestId } = await allowed({ assertion: pressed() });
    principalsWith({ passkeys: [key.passkey] });
    expect((await byGateway(`GET /requests/${requestId}`, delegation)).body.seal).toEqual(seal);
  });

  test.each<[string, object, Partial<Vote>?, number?]>([
    ['was suspended', { status: 'suspended' }],
    ['left the group', { groups: [] }],
    ['is another person now', { persons: ['somebody'] }],
    ['is no principal any more', {}, { principalId: 'nobody' }],
    ['voted in a tier that is gone', {}, { tier: 'gone' }],
    ['gave up the passkey that proved it', {}, { assertion: pressed() }],
    ['has another passkey now', { passkeys: [makePasskey().passkey] }, { assertion: pressed() }],
    ['denied it', {}, { decision: 'deny' }],
    ['is nobody', {}, {}, 0],
  ])('whose approver %s has no seal any more', async (_, change, vote = {}, votes = 1) => {
    const { delegation, requestId } = await allowed(vote, votes);
    principalsWith(change);
    const { body } = await byGateway(`GET /requests/${requestId}`, delegation);
    expect([body.status, body.seal]).toEqual(['ALLOWED', undefined]);
  });

  test('whose approvers cannot be read has no seal either', async () => {
    const { delegation, requestId } = await allowed();
    const listVotes = () => Promise.reject(new Error('the table does not answer'));
    Object.assign(world.ports, { votes: { listVotes } });
    expect((await byGateway(`GET /requests/${requestId}`, delegation)).status).toBe(500);
  });
});

describe('what a gateway asked for', () => {
  test('is sealed to its key, and handed to nobody else', async () => {
    const { delegation } = await open();
    const { requestId } = (await ask(delegation)).body;
    world.ready(requestId);
    const path = `POST /requests/${requestId}/credentials`;
    const stranger = (await makeRecipientKeyPair()).publicKey;
    const own = { headers: { 'x-subject-token': `${ISSUER}#c-1042` } };
    expect((await world.call(path, { ...own, body: {} })).body.code).toBe('gateway_required');
    expect((await world.call(path, { ...own, body: { recipientKey: stranger } })).body.code).toBe(
      'gateway_required',
    );
    expect((await byGateway(path, delegation, { recipientKey: stranger })).body.code).toBe(
      'gateway_required',
    );
    expect((await byGateway(path, delegation, {})).body.code).toBe('gateway_required');
    const { body } = await byGateway(path, delegation, { recipientKey: KEYS.publicKey });
    expect(await openCredentials(KEYS.privateKey, body.sealed, requestId)).toMatchObject(SESSION);
  });

  test('does not exist in another of its sessions, nor does what the principal asked for itself', async () => {
    const [first, second] = [await open(), await open()];
    const { requestId } = (await ask(first.delegation)).body;
    expect((await byGateway(`GET /requests/${requestId}`, first.delegation)).status).toBe(200);
    expect((await byGateway(`GET /requests/${requestId}`, second.delegation)).status).toBe(404);
    const own = await world.ask();
    expect((await byGateway(`GET /requests/${own}`, first.delegation)).status).toBe(404);
  });
});

test('a principal whose sessions go to gateways only claims none itself', async () => {
  const agent = await world.ports.principals.findByAwsArn(role('support-agent'));
  const delivered = principalSchema.parse({ ...agent, delivery: 'gateway' });
  Object.assign(world.ports.principals, { findByAwsArn: async () => delivered });
  const requestId = await world.ask();
  world.ready(requestId);
  const { status, body } = await world.call(`POST /requests/${requestId}/credentials`, { body: {} });
  expect([status, body.code]).toEqual([403, 'gateway_required']);
});

test('sessions of gateways are seen by their principal, auditors and who may revoke, and by nobody else', async () => {
  const { sessionId } = await open();
  const statusOf = async (as: string) =>
    (await world.call(`GET /gateway-sessions/${sessionId}/calls`, { as })).status;
  expect(await Promise.all([AGENT, 'auditor1', 'approver1', 'employee1'].map(statusOf))).toEqual([
    200, 200, 200, 404,
  ]);
  const own = await world.call('GET /gateway-sessions');
  expect(own.body.sessions).toMatchObject([{ sessionId, open: true, reason: REASON }]);
  const others = { as: 'employee1', query: { principal: AGENT } };
  expect((await world.call('GET /gateway-sessions', others)).body.code).toBe('auditor_required');
  expect(
    (await world.call(`POST /gateway-sessions/${sessionId}/end`, { as: 'employee1', body: {} })).status,
  ).toBe(404);
});
