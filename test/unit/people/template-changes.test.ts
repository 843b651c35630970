import { describe, expect, it } from 'vitest';
import { makeLoadPolicy } from '../../../lambdas/load-policy/load-policy.ts';
import type { Change } from '../../../lambdas/shared/domain/access-request.ts';
import { refusalOf } from '../../../lambdas/shared/domain/approvals/may-vote.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import { readableProposal } from '../../../lambdas/shared/domain/text/readable-proposal.ts';
import { changeInvalid } from '../../../lambdas/validate-decision/rules/changes/change-invalid.ts';
import { changeOwnPolicy } from '../../../lambdas/validate-decision/rules/changes/change-own-policy.ts';
import {
  analyst,
  approver,
  approversTier,
  configDigests,
  grantedState,
  policy,
} from '../../support/example-state.ts';
import { ISSUER, templateOf } from './people-of-test.ts';

const changeTo = (proposal: string, more: Partial<Change> = {}): Change => ({
  kind: 'template',
  target: 'engineers',
  proposal,
  proposalDigest: digestOf(proposal),
  baseVersion: 0,
  ...more,
});
const rules = {
  issuers: {
    version: 1,
    issuers: [
      { name: 'login', issuer: ISSUER, signIn: { audiences: ['postern'] }, claims: [], vouchesFor: [] },
    ],
  },
  catalog: { digest: 'sha256:c', resources: new Map() },
} as unknown as Parameters<typeof changeInvalid>[1];
const directory = { template: 'engineers', user: crypto.randomUUID(), policyDigest: 'sha256:p' };
const { request } = grantedState();

/** As LoadPolicy loads it, for whoever asks. */
const loadedBy = (principal: Principal, change: Change) =>
  makeLoadPolicy({
    principals: { get: async (id) => (id === request.principalId ? principal : undefined), async *all() {} },
    tiers: () => [],
    policies: { get: async () => policy },
    configDigests: () => configDigests,
    reviews: { get: async () => undefined },
    rememberedReviews: () => undefined,
    clock: () => new Date(0),
    readOutside: async () => [],
  })({ request: { ...request, change } });

describe('a change of a template', () => {
  const change = changeTo(JSON.stringify(templateOf()));

  it('counts as one of how people sign in, and is about everybody of the template', async () => {
    const loaded = await loadedBy(analyst, change);
    expect([loaded.changesSignIn, loaded.targetPersons]).toEqual([true, ['template:engineers']]);
  });

  it.each<[string, Principal, string[]]>([
    ['somebody else', analyst, []],
    ['somebody of another template', { ...analyst, directory: { ...directory, template: 'staff' } }, []],
    ['one of its own', { ...analyst, directory }, ['change_own_policy']],
  ])('is proposed by %s', async (_, principal, codes) => {
    const loaded = await loadedBy(principal, change);
    const decided = { request: { ...request, change }, loaded } as Parameters<typeof changeOwnPolicy>[0];
    expect(changeOwnPolicy(decided, change).map(({ code }) => code)).toEqual(codes);
  });

  it.each<[string, Principal, string | undefined]>([
    ['an approver', approver, undefined],
    ['one of its own', { ...approver, directory }, 'change_about_voter'],
  ])('is voted on by %s', (_, principal, refusal) => {
    const { type, persons } = analyst;
    const votedOn = { requester: { id: 'analyst1', type, persons }, concerned: ['template:engineers'] };
    expect(refusalOf({ principal }, approversTier, votedOn)).toBe(refusal);
  });

  it.each<[string, string, string | undefined]>([
    ['a template', JSON.stringify(templateOf()), undefined],
    ['no JSON', 'engineers', 'no_template'],
    ['another template', JSON.stringify(templateOf({ id: 'staff' })), 'no_template'],
    ['a principal', JSON.stringify(analyst), 'no_template'],
    ['a field that there is not', JSON.stringify({ ...templateOf(), status: 'active' }), 'no_template'],
    ['no policy', JSON.stringify({ ...templateOf(), policy: ' ' }), 'no_template'],
    [
      'a role with the user in it',
      JSON.stringify({
        ...templateOf(),
        identityCenterRoles: ['arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ask_1/jane'],
      }),
      'no_template',
    ],
    [
      'an issuer that nobody listed',
      JSON.stringify(templateOf({ signIn: [{ issuer: 'https://evil.example', subject: 'email' }] })),
      'field',
    ],
  ])('is refused where it holds %s', (_, proposal, fault) => {
    const reasons = changeInvalid(changeTo(proposal), rules);
    expect(reasons.map((reason) => 'fault' in reason && reason.fault)).toEqual(fault ? [fault] : []);
  });

  it('is shown with its policy last, each line marked: none can be taken for a field', () => {
    const template = templateOf({ policy: 'Read.\n  "groups": ["admins"]\npolicy:' });
    const lines = readableProposal(changeTo(JSON.stringify(template)))
      .trimEnd()
      .split('\n');
    expect(lines.slice(-4)).toEqual(['policy:', '  | Read.', '  |   "groups": ["admins"]', '  | policy:']);
    expect(lines.filter((line) => line.includes('admins'))).toHaveLength(1);
  });
});

describe('a principal of the directory', () => {
  const proposalOf = (principal: object) => JSON.stringify(principal);
  it.each<[string, Partial<Change>, boolean]>([
    ['gets no policy of its own', { kind: 'policy', target: 'dir_jane_1', proposal: 'Everything.' }, false],
    [
      'is not made by a change',
      { target: 'dir_jane_1', proposal: proposalOf({ ...analyst, id: 'dir_jane_1' }) },
      false,
    ],
    [
      'is not what somebody else is',
      { target: 'jane', proposal: proposalOf({ ...analyst, id: 'jane', directory }) },
      false,
    ],
    [
      'may be suspended',
      { target: 'dir_jane_1', proposal: proposalOf({ ...analyst, id: 'dir_jane_1', directory }) },
      true,
    ],
  ])('%s', (_, more, allowed) => {
    const change = changeTo('', { kind: 'principal', ...more });
    const reasons = changeInvalid({ ...change, proposalDigest: digestOf(change.proposal) }, rules);
    expect(reasons).toEqual(allowed ? [] : [{ code: 'change_invalid', fault: 'of_directory' }]);
  });
});
