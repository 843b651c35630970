import { describe, expect, it } from 'vitest';
import { readParts } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { makeWorld } from './world.ts';

const reason = 'The quarterly review of who may ask for what';
const principal = {
  id: 'analyst2',
  type: 'human',
  status: 'active',
  groups: ['analysts'],
  awsPrincipals: ['arn:aws:iam::123456789012:user/analyst2'],
  persons: ['ann'],
};
const policy = { kind: 'policy', target: 'analyst1', proposal: 'Analysts read metrics.\n', baseVersion: 7 };
const added = { kind: 'principal', target: 'analyst2', proposal: principal, baseVersion: 0 };
const addedPolicy = { kind: 'policy', target: 'analyst2', proposal: 'Reads metrics.', baseVersion: 7 };
const propose = (parts: unknown, options = {}, world = makeWorld()) =>
  world.call('POST /changes', { as: 'employee1', body: { kind: 'bundle', parts, reason }, ...options });

describe('POST /changes of a bundle', () => {
  it('records all parts as one change, to the letter and in one order', async () => {
    const world = makeWorld();
    const { status, body } = await propose([policy, added, addedPolicy], {}, world);
    expect([status, body.status]).toEqual([202, 'PENDING']);
    const { change } = world.rowOf(body.requestId);
    expect(change).toMatchObject({ kind: 'bundle', target: 'bundle', baseVersion: 0 });
    expect(
      readParts(change?.proposal ?? '')?.map(({ kind, target, baseVersion }) => [kind, target, baseVersion]),
    ).toEqual([
      ['policy', 'analyst1', 7],
      ['principal', 'analyst2', 0],
      ['policy', 'analyst2', 7],
    ]);
    const again = await propose([addedPolicy, added, policy], {}, world);
    expect(world.rowOf(again.body.requestId).change?.proposalDigest).toBe(change?.proposalDigest);
  });

  it('names each part that somebody changed since, and records nothing', async () => {
    const world = makeWorld();
    const { status, body } = await propose(
      [{ ...policy, baseVersion: 6 }, { ...added, baseVersion: 2 }, addedPolicy],
      {},
      world,
    );
    expect([status, body.code]).toEqual([409, 'change_stale']);
    expect(body.detail).toContain('policy analyst1, principal analyst2.');
    expect(world.started).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no parts', [], 'parts'],
    ['no list', 'policy', 'parts'],
    ['a bundle in it', [{ kind: 'bundle', parts: [policy] }], 'parts'],
    [
      'a part without the version it was written against',
      [{ kind: 'policy', target: 'analyst1', proposal: 'x' }],
      'baseVersion',
    ],
    ['a target that is a path', [{ ...policy, target: '../../admin' }], 'target'],
    ['a part twice', [policy, policy], 'policy analyst1 is in it twice'],
    [
      'two principals that call as one',
      [added, { ...added, target: 'analyst3', proposal: { ...principal, id: 'analyst3' } }],
      'one AWS principal',
    ],
    ['a part that is another principal', [{ ...added, target: 'analyst3' }], 'principal analyst3'],
    [
      'a principal that the directory makes',
      [{ ...added, target: 'dir_kim_1', proposal: { ...principal, id: 'dir_kim_1' } }],
      'principal dir_kim_1',
    ],
    [
      'a policy of one whom the directory makes',
      [{ ...policy, target: 'dir_kim_1', baseVersion: 0 }],
      'policy dir_kim_1',
    ],
    ['half a surrogate pair', [{ ...policy, proposal: 'a\ud800' }], 'Unicode'],
    [
      'more than one transaction takes',
      Array.from({ length: 101 }, (_, nth) => ({ ...policy, target: `p${nth}`, baseVersion: 0 })),
      'one transaction',
    ],
    [
      'more bytes than the workflow carries',
      Array.from({ length: 7 }, (_, nth) => ({ ...policy, target: `p${nth}`, proposal: 'x'.repeat(16_000) })),
      'bytes',
    ],
  ])('refuses %s', async (_, parts, named) => {
    const { status, body } = await propose(parts);
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(JSON.stringify(body)).toContain(named);
  });
});
