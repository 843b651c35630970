import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import { makeWorld } from './world.ts';

const reason = 'Analysts now also read the support statistics';
const policy = { kind: 'policy', target: 'analyst1', proposal: 'Analysts read metrics.\n', reason };
const principal = {
  id: 'analyst2',
  type: 'human',
  status: 'active',
  groups: ['analysts'],
  awsPrincipals: ['arn:aws:iam::123456789012:user/analyst2'],
  persons: ['ann'],
};
const newPrincipal = { kind: 'principal', target: 'analyst2', proposal: principal, reason };
const propose = (body: unknown, options = {}, world = makeWorld()) =>
  world.call('POST /changes', { as: 'employee1', body, ...options });

describe('POST /changes', () => {
  it('records exactly the text, its digest, and the version it was written against', async () => {
    const world = makeWorld();
    const { status, body } = await propose(policy, {}, world);
    expect([status, body.status]).toEqual([202, 'PENDING']);
    const text = policy.proposal;
    expect(world.rowOf(body.requestId).change).toEqual({
      kind: 'policy',
      target: 'analyst1',
      proposal: text,
      proposalDigest: digestOf(text),
      baseVersion: 7,
    });
    expect(world.started).toEqual([body.requestId]);
    expect(
      (await world.call(`GET /requests/${body.requestId}`, { as: 'employee1' })).body.change.proposal,
    ).toBe(text);
  });

  it('takes a principal as an object or as its JSON text, new ones over version 0', async () => {
    const world = makeWorld();
    const asObject = await propose(newPrincipal, {}, world);
    const { change } = world.rowOf(asObject.body.requestId);
    expect(JSON.parse(change?.proposal ?? '')).toEqual(principal);
    expect(change?.baseVersion).toBe(0);
    const asText = await propose({ ...newPrincipal, proposal: JSON.stringify(principal) }, {}, world);
    expect(world.rowOf(asText.body.requestId).change?.proposal).toBe(JSON.stringify(principal));
    const existing = await propose({
      ...newPrincipal,
      target: 'analyst1',
      proposal: { ...principal, id: 'analyst1' },
    });
    expect(existing.status).toBe(202);
  });

  it.each<[object, string]>([
    [{ 'nightly report': {} }, 'a name that is none'],
    [
      { nightly: { purpose: 'Reads the metrics', grants: [], durationSeconds: 900, onBehalfOf: 'nobody' } },
      'no grant',
    ],
    [
      {
        nightly: {
          purpose: 'Reads the metrics',
          grants: [{ resource: 'metrics', actions: ['dynamodb:Query'] }],
          durationSeconds: 7200,
          onBehalfOf: 'nobody',
        },
      },
      'too long',
    ],
  ])('refuses a principal with a job of %j: %s', async (jobs) => {
    const { status, body } = await propose({ ...newPrincipal, proposal: { ...principal, jobs } });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(JSON.stringify(body.errors)).toContain('jobs');
  });

  it.each<[object, string]>([
    [{ ...policy, kind: 'catalog' }, 'kind'],
    [{ ...policy, target: '../admin' }, 'target'],
    [{ ...policy, target: undefined }, 'target'],
    [{ ...policy, proposal: '' }, 'proposal'],
    [{ ...policy, proposal: '   ' }, 'proposal'],
    [{ ...policy, proposal: 'x'.repeat(16_385) }, 'proposal'],
    [{ ...policy, proposal: { text: 'x' } }, 'proposal'],
    [{ ...policy, reason: 'short' }, 'reason'],
    [{ ...policy, baseVersion: 1 }, 'baseVersion'],
    [{ ...newPrincipal, proposal: 'not json' }, 'proposal'],
    [{ ...newPrincipal, proposal: { ...principal, id: 'admin' } }, 'proposal'],
    [{ ...newPrincipal, proposal: { ...principal, type: 'robot' } }, 'proposal.type'],
    [{ ...newPrincipal, proposal: { ...principal, isAdmin: true } }, 'proposal.isAdmin'],
    [{ ...newPrincipal, proposal: '[]' }, 'proposal'],
    [
      {
        ...newPrincipal,
        proposal: { ...principal, awsPrincipals: ['arn:aws:iam::123456789012:role/team/analyst2'] },
      },
      'proposal.awsPrincipals.0',
    ],
    [{ ...newPrincipal, proposal: { ...principal, persons: ['\ud800'] } }, 'proposal'],
    [
      {
        ...newPrincipal,
        proposal: {
          ...principal,
          subjectIssuers: [{ issuer: 'https://login.example', audiences: ['x'.repeat(17_000)] }],
        },
      },
      'proposal',
    ],
  ])('%j: 400 naming %s', async (body, field) => {
    const world = makeWorld();
    const answer = await propose(body, {}, world);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect(world.rows.size).toBe(0);
  });

  it('takes a policy text of 16 kB, in any script', async () => {
    expect((await propose({ ...policy, proposal: 'ж'.repeat(16_384) })).status).toBe(202);
    expect((await propose({ ...policy, proposal: '\u0001'.repeat(22_000) })).body.code).toBe(
      'body_too_large',
    );
  });

  it('is the same change for the same idempotency key, though its target moved on meanwhile', async () => {
    const world = makeWorld();
    const headers = { 'Idempotency-Key': 'c1' };
    const first = await propose(policy, { headers }, world);
    world.ports.policies.get = async (principalId) => ({ principalId, text: 'newer', version: 8 });
    expect((await propose(policy, { headers }, world)).body.requestId).toBe(first.body.requestId);
    const other = await propose({ ...policy, proposal: 'Another text.' }, { headers }, world);
    expect(other.body.code).toBe('idempotency_conflict');
  });

  it('has no session to claim', async () => {
    const world = makeWorld();
    const { body } = await propose(policy, {}, world);
    world.patch(body.requestId, { status: 'APPLIED' });
    const answer = await world.call(`POST /requests/${body.requestId}/credentials`, { as: 'employee1' });
    expect([answer.status, answer.body.code]).toEqual([409, 'nothing_to_claim']);
  });
});
