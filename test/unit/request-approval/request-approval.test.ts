import { beforeEach, expect, test } from 'vitest';
import { makeRequestApproval } from '../../../lambdas/request-approval/request-approval.ts';
import type { ApprovalAsk } from '../../../lambdas/shared/domain/verdict.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { grantedState, NOW } from '../../support/example-state.ts';

const approval: ApprovalAsk = {
  tier: 'access-approvers',
  quorum: { approvals: 1, stepUp: 0 },
  perGrant: [],
  askedAt: NOW.toISOString(),
  deadline: NOW.toISOString(),
  reminded: false,
  waitSeconds: 1,
  nextTiers: [],
  history: [],
};
const vote: Vote = {
  decision: 'approve',
  principalId: 'approver1',
  person: 'abe',
  tier: 'access-approvers',
  proposalDigest: 'sha256:p',
  votedAt: NOW.toISOString(),
  stepUp: false,
};

let done: string[];
let votes: Vote[];
let open: boolean;
beforeEach(() => {
  done = [];
  votes = [];
  open = true;
});

const run = (evidence?: { votes: Vote[] }) => {
  const { verdict, ...state } = grantedState();
  return makeRequestApproval({
    requests: {
      async transition(_, { set }) {
        done.push(`row ${set?.status}`);
        return open;
      },
    },
    approvals: {
      async putToken(_, { taskToken }) {
        done.push(`token ${taskToken}`);
      },
      async listVotes() {
        done.push('votes read');
        return votes;
      },
    },
    wake: async (token) => {
      done.push(`woken ${token}`);
    },
  })({
    taskToken: 'new',
    executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:access-request:x',
    state: {
      ...state,
      ...(evidence && { evidence: { ...evidence, wake: 'woken', discounted: [], requesterActive: true } }),
      verdict: { ...verdict, outcome: 'needs_approval', approval },
    },
  });
};

test('the votes are read once more after the token is stored, so that none falls between two waits', async () => {
  await run();
  expect(done).toEqual(['token new', 'row AWAITING_APPROVAL', 'votes read']);
});

test('a vote that nobody has seen yet ends the wait at once', async () => {
  votes = [vote];
  await run();
  expect(done.at(-1)).toBe('woken new');
});

test('a vote that was counted before does not', async () => {
  votes = [vote];
  await run({ votes: [vote] });
  expect(done.at(-1)).toBe('votes read');
});

test('a request that was closed meanwhile asks nobody', async () => {
  open = false;
  await expect(run()).rejects.toMatchObject({ name: 'RequestClosed' });
});
