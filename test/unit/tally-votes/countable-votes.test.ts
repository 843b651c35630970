import { expect, test } from 'vitest';
import type { ApprovalsConfig } from '../../../lambdas/shared/domain/approvals-config.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { countableVotes } from '../../../lambdas/tally-votes/countable-votes.ts';
import { BANK, ofBank } from '../../support/bank.ts';

const tier = { channel: '#any', timeoutSeconds: 60, ownersOnly: false };
const config: ApprovalsConfig = {
  version: 1,
  tiers: [
    { ...tier, name: 'access-approvers', approverGroup: 'approvers' },
    { ...tier, name: 'security-oncall', approverGroup: 'security' },
  ],
};
const vote = (principalId: string, more: Partial<Vote> = {}): Vote => ({
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
  changes: { requester?: Principal; people?: Record<string, Principal>; concerned?: string[] } = {},
) {
  const voters = new Map(Object.entries({ ...BANK, ...changes.people }));
  const { votes: counted, discounted } = countableVotes(
    votes,
    voters,
    changes.requester ?? ofBank('employee1'),
    config,
    changes.concerned,
  );
  return {
    counted: counted.map(({ principalId }) => principalId),
    because: discounted.map((one) => one.because),
  };
}

test('active people of the group count, each once', () => {
  expect(tally([vote('approver1'), vote('approver2'), vote('approver1')])).toEqual({
    counted: ['approver1', 'approver2'],
    because: ['this person voted before'],
  });
});

const owned: Principal = { ...ofBank('customer_support_agent'), persons: ['abe'] };
const twin: Principal = { ...ofBank('employee1'), id: 'employee1_b', groups: ['approvers'] };

test.each([
  ['of another group', [vote('analyst1')], {}, "the voter is not of the tier's group"],
  [
    'of the other tier only',
    [vote('approver1', { tier: 'security-oncall' })],
    {},
    "the voter is not of the tier's group",
  ],
  [
    'in a tier that is not configured',
    [vote('approver1', { tier: 'gone' })],
    {},
    'the tier is not configured',
  ],
  [
    'suspended',
    [vote('approver1')],
    { people: { approver1: { ...ofBank('approver1'), status: 'suspended' as const } } },
    'the voter is not active',
  ],
  ['under another person', [vote('approver1', { person: 'emma' })], {}, 'the voter is no longer this person'],
  [
    'an agent',
    [vote('approver1')],
    { people: { approver1: { ...ofBank('approver1'), type: 'agent' as const } } },
    'only people vote',
  ],
  ['the requester', [vote('admin')], { requester: ofBank('admin') }, 'whoever asks never approves'],
  [
    'the requester under another name',
    [vote('approver1', { principalId: 'employee1_b', person: 'emma' })],
    { people: { employee1_b: twin } },
    'the voter is the requester under another name',
  ],
  [
    'the owner of the asking agent',
    [vote('approver1')],
    { requester: owned },
    'the voter owns the asking agent',
  ],
  ['whom the change is about', [vote('approver1')], { concerned: ['abe'] }, 'the change is about the voter'],
])('a vote of somebody %s does not count, and says why', (_, votes, changes, because) => {
  expect(tally(votes, changes)).toEqual({ counted: [], because: [because] });
});

test('a second identity of one person is no second person', () => {
  expect(tally([vote('approver1'), vote('approver1b')])).toEqual({
    counted: ['approver1'],
    because: ['this person voted before'],
  });
});

test('a vote that does not count leaves its person the vote that does', () => {
  const stranger = vote('approver2', { tier: 'gone' });
  expect(tally([stranger, vote('approver2')]).counted).toEqual(['approver2']);
});
