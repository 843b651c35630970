import { describe, expect, test } from 'vitest';
import { makeLoadPolicy } from '../../../lambdas/load-policy/load-policy.ts';
import type { Change, ChangePart } from '../../../lambdas/shared/domain/access-request.ts';
import { textOfBundle } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import { analyst, configDigests, grantedState, policy } from '../../support/example-state.ts';
import { makePasskey } from '../../support/make-passkey.ts';

const { request } = grantedState();
/** Where reviews are not remembered, none is looked for. */
const noMemory = {
  reviews: { get: () => Promise.reject(new Error('looked for where none is remembered')) },
  rememberedReviews: () => undefined,
  clock: () => new Date(0),
  readOutside: async () => [],
};
const load = (principal: Principal | undefined, text: typeof policy | undefined = policy, change?: Change) =>
  makeLoadPolicy({
    principals: { get: async (id) => (id === 'analyst1' ? principal : undefined), async *all() {} },
    tiers: () => [],
    policies: { get: async () => text },
    configDigests: () => configDigests,
    ...noMemory,
  })({ request: { ...request, ...(change && { change }) } });

describe('a change of one’s own entry', () => {
  const [phone, laptop] = [makePasskey('Phone').passkey, makePasskey('Laptop').passkey];
  const held = { ...analyst, passkeys: [phone] };
  test.each<[string, Partial<Principal>, object]>([
    ['that adds a passkey', { passkeys: [phone, laptop] }, { changesSignIn: true, ownPasskeys: 'enrols' }],
    [
      'that takes the only one away',
      { passkeys: undefined },
      { changesSignIn: false, ownPasskeys: 'revokes' },
    ],
    [
      'that changes its label',
      { passkeys: [{ ...phone, label: 'Other' }] },
      { changesSignIn: true, ownPasskeys: 'enrols' },
    ],
    ['that adds one and a group', { passkeys: [phone, laptop], groups: ['admins'] }, { changesSignIn: true }],
    [
      'that takes one away and lets it sign in',
      { passkeys: undefined, signIn: [{ issuer: 'https://a.example', subject: 'x' }] },
      { changesSignIn: true },
    ],
    [
      'that lets a role of AWS act as it',
      { awsPrincipals: ['arn:aws:iam::123456789012:role/anybody'] },
      { changesSignIn: true },
    ],
    ['that lets somebody of Slack vote as it', { slackUserId: 'U0SOMEBODY' }, { changesSignIn: true }],
    ['that gives it a group', { groups: ['admins'] }, { changesSignIn: false }],
    ['that changes nothing', {}, { changesSignIn: false }],
    [
      'of another version',
      { passkeys: [phone, laptop], version: 9 },
      { changesSignIn: true, ownPasskeys: 'enrols' },
    ],
  ])('%s is known as what it is', async (_, more, found) => {
    const proposal = JSON.stringify({ ...held, ...more });
    const change = {
      kind: 'principal' as const,
      target: 'analyst1',
      proposal,
      proposalDigest: '',
      baseVersion: 1,
    };
    const { changesSignIn, ownPasskeys } = await load(held, policy, change);
    expect({ changesSignIn, ...(ownPasskeys && { ownPasskeys }) }).toEqual(found);
    const stale = await load(held, policy, { ...change, baseVersion: 2 });
    expect(stale.ownPasskeys).toBeUndefined();
    const byAnother = await load({ ...held, id: 'analyst2' }, policy, change);
    expect(byAnother.ownPasskeys).toBeUndefined();
  });
});

test('pins the digests of everything that decides', async () => {
  expect(await load(analyst)).toEqual({
    principal: analyst,
    policy: { text: policy.text, version: 3, digest: digestOf(policy.text) },
    digests: { principal: digestOf(analyst), ...configDigests },
  });
});

test.each([
  ['unknown', undefined, policy, 'PrincipalUnknown'],
  ['suspended', { ...analyst, status: 'suspended' }, policy, 'PrincipalSuspended'],
] as const)('a principal that is %s goes no further', async (_, principal, text, name) => {
  await expect(load(principal, text)).rejects.toMatchObject({ name });
});

test('no policy goes no further', async () => {
  const step = makeLoadPolicy({
    principals: { get: async () => analyst, async *all() {} },
    tiers: () => [],
    policies: { get: async () => undefined },
    configDigests: () => configDigests,
    ...noMemory,
  });
  await expect(step({ request })).rejects.toMatchObject({ name: 'PolicyMissing' });
});

test('a change is loaded with the persons it is about, those it would make included', async () => {
  const proposal = JSON.stringify({ ...analyst, id: 'new_one', persons: ['nora'] });
  const change = {
    kind: 'principal' as const,
    target: 'new_one',
    proposal,
    proposalDigest: digestOf(proposal),
    baseVersion: 0,
  };
  expect((await load(analyst, policy, change)).targetPersons).toEqual(['nora']);
});

test.each([
  ['the same', [{ issuer: 'https://a.example', subject: 'x' }], false],
  ['another subject', [{ issuer: 'https://a.example', subject: 'y' }], true],
  ['none any more', undefined, true],
])('a change of a principal that would sign in as %s says so: %s', async (_, signIn, changes) => {
  const standing = { ...analyst, signIn: [{ issuer: 'https://a.example', subject: 'x' }] };
  const proposal = JSON.stringify({ ...analyst, ...(signIn && { signIn }) });
  const change = {
    kind: 'principal' as const,
    target: 'analyst1',
    proposal: signIn ? proposal : JSON.stringify({ ...analyst, signIn: undefined }),
    proposalDigest: '',
    baseVersion: 1,
  };
  expect((await load(standing, policy, change)).changesSignIn).toBe(changes);
});

describe('a bundle', () => {
  const others = { ...analyst, id: 'approver9', persons: ['pia'], groups: ['approvers'] };
  const part = (entry: Principal) => ({
    kind: 'principal' as const,
    target: entry.id,
    proposal: JSON.stringify(entry),
    baseVersion: 1,
  });
  const loadBundle = (parts: readonly ChangePart[]) =>
    makeLoadPolicy({
      principals: {
        get: async (id) => [analyst, others].find((each) => each.id === id),
        async *all() {
          yield* [analyst, others];
        },
      },
      tiers: () => [{ approverGroup: 'approvers' }],
      policies: { get: async () => policy },
      configDigests: () => configDigests,
      ...noMemory,
    })({
      request: {
        ...request,
        change: {
          kind: 'bundle',
          target: 'bundle',
          proposal: textOfBundle(parts),
          proposalDigest: '',
          baseVersion: 0,
        },
      },
    });
  const signingIn = { ...others, signIn: [{ issuer: 'https://a.example', subject: 'x' }] };
  const moved = { ...analyst, groups: ['employees'] };

  test('is about everybody behind each of its parts, those it would make included', async () => {
    const renamed = { ...others, persons: ['pia', 'paul'] };
    const { targetPersons } = await loadBundle([
      part(renamed),
      { kind: 'policy', target: 'analyst1', proposal: 'x', baseVersion: 1 },
    ]);
    expect(targetPersons?.toSorted()).toEqual([...analyst.persons, 'paul', 'pia'].toSorted());
  });

  test.each<[string, ChangePart[], object]>([
    [
      'of policies',
      [{ kind: 'policy', target: 'nora', proposal: 'x', baseVersion: 0 }],
      { changesSignIn: false },
    ],
    ['of somebody who signs in otherwise', [part(signingIn)], { changesSignIn: true }],
    ['of them and somebody else', [part(signingIn), part(moved)], { changesSignIn: true, keepsSignIn: true }],
  ])('%s is known as what it is', async (_, parts, found) => {
    const { changesSignIn, keepsSignIn } = await loadBundle(parts);
    expect({ changesSignIn, ...(keepsSignIn && { keepsSignIn }) }).toEqual(found);
  });

  test('with which nobody could approve is known as one', async () => {
    expect((await loadBundle([part({ ...others, groups: [] })])).leavesNoApprover).toBe(true);
    expect((await loadBundle([part(moved)])).leavesNoApprover).toBeUndefined();
  });

  test('is never a change of one’s own passkeys', async () => {
    const own = { ...analyst, passkeys: [makePasskey('Phone').passkey] };
    expect(await loadBundle([part(own)])).not.toHaveProperty('ownPasskeys');
  });
});
