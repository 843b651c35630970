import { expect, test } from 'vitest';
import type { ApprovalsConfig } from '../../../lambdas/shared/domain/approvals/approvals-config.ts';
import { ballotDigestOf } from '../../../lambdas/shared/domain/approvals/ballot.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { countableVotes } from '../../../lambdas/tally-votes/countable-votes.ts';
import type { Proofs } from '../../../lambdas/tally-votes/prove-votes.ts';
import { BANK, ofBank } from '../../support/bank.ts';

const tier = { channel: '#any', timeoutSeconds: 60, ownersOnly: false };
const config: ApprovalsConfig = {
  version: 1,
  tiers: [
    { ...tier, name: 'access-approvers', approverGroup: 'approvers' },
    { ...tier, name: 'security-oncall', approverGroup: 'security', slackUserGroup: 'S0ONCALL' },
  ],
};
const REQUEST_ID = 'employee1-01K0000000000000000000000B';

/** A vote as it is cast. */
const vote = (principalId: string, more: Partial<Vote> = {}): Vote => {
  const cast = uncast(principalId, more);
  return { ...cast, ballotDigest: ballotDigestOf(cast.windowOf ?? REQUEST_ID, cast) };
};

const uncast = (principalId: string, more: Partial<Vote> = {}): Vote => ({
  decision: 'approve',
  principalId,
  person: ofBank(principalId).persons[0] ?? '',
  tier: 'access-approvers',
  proposalDigest: 'sha256:p',
  votedAt: '2026-11-20T12:00:00.000Z',
  stepUp: false,
  ...more,
});

function tally(
  votes: Vote[],
  changes: {
    requester?: Principal;
    people?: Record<string, Principal>;
    concerned?: string[];
    proofs?: Proofs;
  } = {},
) {
  const voters = new Map(Object.entries({ ...BANK, ...changes.people }));
  const { votes: counted, discounted } = countableVotes(votes, {
    requestId: REQUEST_ID,
    voters,
    requester: changes.requester ?? ofBank('employee1'),
    concerned: changes.concerned ?? [],
    approvals: config,
    basis: 'sha256:rules',
    proofs: changes.proofs ?? new Map(),
    now: new Date('2026-11-20T12:30:00.000Z'),
  });
  return {
    counted: counted.map(({ principalId }) => principalId),
    because: discounted.map((discount) => discount.because),
  };
}

test('active people of the group count, each once', () => {
  expect(tally([vote('approver1'), vote('approver2'), vote('approver1')])).toEqual({
    counted: ['approver1', 'approver2'],
    because: ['voted_before'],
  });
});

const owned: Principal = { ...ofBank('customer_support_agent'), persons: ['abe'] };
const twin: Principal = { ...ofBank('employee1'), id: 'employee1_b', groups: ['approvers'] };

test.each([
  ['of another group', [vote('analyst1')], {}, 'not_in_group'],
  ['of the other tier only', [vote('approver1', { tier: 'security-oncall' })], {}, 'not_in_group'],
  ['in a tier that is not configured', [vote('approver1', { tier: 'gone' })], {}, 'tier_not_configured'],
  [
    'suspended',
    [vote('approver1')],
    { people: { approver1: { ...ofBank('approver1'), status: 'suspended' as const } } },
    'not_active',
  ],
  ['under another person', [vote('approver1', { person: 'emma' })], {}, 'another_person'],
  [
    'an agent',
    [vote('approver1')],
    { people: { approver1: { ...ofBank('approver1'), type: 'agent' as const } } },
    'not_human',
  ],
  ['the requester', [vote('admin')], { requester: ofBank('admin') }, 'asks_for_it'],
  [
    'the requester under another name',
    [vote('approver1', { principalId: 'employee1_b', person: 'emma' })],
    { people: { employee1_b: twin } },
    'same_person',
  ],
  ['the owner of the asking agent', [vote('approver1')], { requester: owned }, 'owns_asking_agent'],
  ['whom the change is about', [vote('approver1')], { concerned: ['abe'] }, 'change_about_voter'],
])('a vote of somebody %s does not count, and says why', (_, votes, changes, because) => {
  expect(tally(votes, changes)).toEqual({ counted: [], because: [because] });
});

test.each<[string, Vote]>([
  ['whose decision was changed', { ...vote('approver1', { decision: 'deny' }), decision: 'approve' }],
  [
    'whose terms were widened',
    { ...vote('approver1', { narrowing: { durationSeconds: 900 } }), narrowing: undefined },
  ],
  ['that was given a window', { ...vote('approver1'), narrowing: { windowSeconds: 14_400 } }],
  ['that was given a code', { ...vote('approver1'), stepUp: true }],
  ['of another proposal', { ...vote('approver1'), proposalDigest: 'sha256:other' }],
  ['in the name of somebody else', { ...vote('approver1'), principalId: 'approver2', person: 'bea' }],
  ['of another request', { ...vote('approver1'), windowOf: 'employee1-01K0000000000000000000000C' }],
  ['with another time', { ...vote('approver1'), votedAt: '2026-11-20T12:29:00.000Z' }],
  ['that nobody cast', uncast('approver1')],
])('a vote %s does not count', (_, changed) => {
  expect(tally([changed])).toEqual({ counted: [], because: ['ballot_changed'] });
});

test('a second identity of one person is no second person', () => {
  expect(tally([vote('approver1'), vote('approver1b')])).toEqual({
    counted: ['approver1'],
    because: ['voted_before'],
  });
});

test.each<[string, string[], string[]]>([
  ['by a name that the other had second', ['bea', 'abe.roe@bank.example'], ['abe.roe@bank.example']],
  ['by a name that the other had first', ['abe.roe@bank.example'], ['bea', 'abe.roe@bank.example']],
  ['by one in capitals', ['abe@bank.example'], ['Abe@Bank.example']],
  ['by one in wide letters', ['abe@bank.example'], ['ａｂｅ@bank.example ']],
])('an approver who has two identities is one person %s', (_, first, second) => {
  const people = {
    approver1: { ...ofBank('approver1'), persons: first },
    approver2: { ...ofBank('approver2'), persons: second },
  };
  const cast = ['approver1', 'approver2'].map((id) =>
    vote(id, { person: people[id as keyof typeof people].persons[0] ?? '' }),
  );
  expect(tally(cast, { people })).toEqual({ counted: ['approver1'], because: ['voted_before'] });
});

test('who asks is known however their name is written', () => {
  const requester = { ...ofBank('employee1'), persons: ['Abe'] };
  expect(tally([vote('approver1')], { requester })).toEqual({ counted: [], because: ['same_person'] });
  expect(tally([vote('approver1')], { concerned: ['ABE'] })).toEqual({
    counted: [],
    because: ['change_about_voter'],
  });
});

test('a vote that does not count leaves its person the vote that does', () => {
  const stranger = vote('approver2', { tier: 'gone' });
  expect(tally([stranger, vote('approver2')]).counted).toEqual(['approver2']);
});

test('a member of the Slack user group counts, where the tier names that group', () => {
  const member = (tier: string) => vote('analyst1', { slackUserGroup: 'S0ONCALL', tier });
  expect(tally([member('security-oncall')]).counted).toEqual(['analyst1']);
  expect(tally([member('access-approvers')]).because).toEqual(['not_in_group']);
});

const kept = (more: Partial<Vote> = {}) =>
  vote('approver1', {
    windowOf: 'employee1-01K0000000000000000000000A',
    basis: 'sha256:rules',
    narrowing: { windowSeconds: 3600 },
    ...more,
  });

test('an approval for a window counts for the very same again', () => {
  expect(tally([kept()]).counted).toEqual(['approver1']);
});

test.each([
  ['that is over', { narrowing: { windowSeconds: 1800 } }, 'window_over'],
  ['under other rules', { basis: 'sha256:older' }, 'rules_changed'],
  ['that is a denial', { decision: 'deny' as const }, 'window_not_of_approval'],
])('an approval for a window %s does not count', (_, more, because) => {
  expect(tally([kept(more)])).toEqual({ counted: [], because: [because] });
});
