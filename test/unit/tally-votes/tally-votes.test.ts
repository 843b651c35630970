import { expect, test } from 'vitest';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import { makeTallyVotes } from '../../../lambdas/tally-votes/tally-votes.ts';
import { BANK } from '../../support/bank.ts';
import { clock, grantedState, NOW } from '../../support/example-state.ts';

const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000).toISOString();

/** A state that waits for people, asked a while ago. */
function waiting(
  times: { remindAt?: string; deadline: string; reminded?: boolean },
  wake?: unknown,
): WorkflowState {
  const { verdict, ...state } = grantedState();
  if (!verdict) throw new Error('not decided');
  return {
    ...state,
    wake,
    verdict: {
      outcome: 'needs_approval',
      reasons: [],
      policyIds: [],
      approvers: [],
      proposalDigest: 'sha256:p',
      decidedAt: NOW.toISOString(),
      approval: {
        tier: 'access-approvers',
        quorum: { approvals: 1, stepUp: 0 },
        perGrant: [],
        askedAt: after(-600),
        waitSeconds: 1,
        nextTiers: [],
        history: [],
        reminded: false,
        ...times,
      },
    },
  };
}

const tally = (state: WorkflowState, people = BANK) =>
  makeTallyVotes({
    approvals: { listVotes: async () => [], listWindows: async () => [] },
    principals: { get: async (id) => people[id] },
    passkeyPlace: () => undefined,
    passkeyUses: { last: async () => undefined, keep: async () => true },
    approvalsConfig: () => ({ version: 1, tiers: [] }),
    readOutside: async () => [],
    clock,
  })(state);

test.each([
  ['before the reminder', { remindAt: after(1), deadline: after(60) }, { by: 'token' }, 'woken'],
  [
    'at the reminder',
    { remindAt: after(0), deadline: after(60) },
    { Error: 'States.Timeout', Cause: '' },
    'timed_out',
  ],
  [
    'reminded, before the deadline',
    { remindAt: after(-9), deadline: after(60), reminded: true },
    { by: 'token' },
    'woken',
  ],
  ['at the deadline', { deadline: after(0) }, { Error: 'States.Timeout', Cause: '' }, 'timed_out'],
  [
    'a forged timeout before the deadline',
    { deadline: after(60) },
    { Error: 'States.Timeout', Cause: '' },
    'woken',
  ],
  ['a forged wake-up after the deadline', { deadline: after(-1) }, { by: 'token' }, 'timed_out'],
  [
    'the channel was down',
    { deadline: after(60) },
    { Error: 'ApprovalChannelUnavailable', Cause: '' },
    'unreachable',
  ],
] as const)('%s: %s', async (_, times, wake, expected) => {
  expect((await tally(waiting(times, wake))).wake).toBe(expected);
});

test('the requester is looked at anew', async () => {
  const state = waiting({ deadline: after(60) });
  expect((await tally(state)).requesterActive).toBe(true);
  expect((await tally(state, {})).requesterActive).toBe(false);
});
