import { beforeEach, expect, test } from 'vitest';
import { makeRequestApproval } from '../../../lambdas/request-approval/request-approval.ts';
import type { ApprovalMessage } from '../../../lambdas/shared/adapters/tables/approval-messages-table.ts';
import { ApprovalChannelUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import type { Wording } from '../../../lambdas/shared/messages/message-content.ts';
import { readWording } from '../../../lambdas/shared/messages/read-wording.ts';
import { approvalAsk, wordingWithPager } from '../../support/asked-row.ts';
import { grantedState, NOW } from '../../support/example-state.ts';

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
let windows: Vote[];
let open: boolean;
let fail: string | undefined;
let row: RequestRow | undefined;
let messages: ApprovalMessage[];
let wording: Wording;
const told = new Set<string>();

beforeEach(() => {
  done = [];
  votes = [];
  windows = [];
  open = true;
  fail = undefined;
  row = undefined;
  messages = [];
  wording = readWording();
  told.clear();
});

const slackCall = async (what: string) => {
  if (fail === what) throw new ApprovalChannelUnavailable(`Slack ${what}: down`);
  done.push(what);
};

/** The same request, for a job that is there for emergencies. */
function breakingGlass<State extends Pick<ReturnType<typeof grantedState>, 'request' | 'loaded'>>(
  state: State,
): State {
  const { request, loaded } = state;
  if (!loaded) throw new Error('not loaded');
  const job = {
    purpose: 'Something is on fire.',
    grants: [],
    durationSeconds: 900,
    onBehalfOf: 'nobody' as const,
  };
  const principal = { ...loaded.principal, jobs: { emergency: { ...job, breakGlass: true as const } } };
  return { ...state, request: { ...request, job: 'emergency' }, loaded: { ...loaded, principal } };
}

type Change = { evidence?: { votes: Vote[] }; approval?: Partial<typeof approvalAsk>; emergency?: boolean };

function run({ evidence, approval, emergency = false }: Change = {}) {
  const { verdict, ...granted } = grantedState();
  const state = emergency ? breakingGlass(granted) : granted;
  if (verdict?.outcome !== 'grant') throw new Error('not granted');
  return makeRequestApproval({
    requests: {
      async get() {
        return row;
      },
      async transition(requestId, { set }) {
        done.push(`row ${set?.status}`);
        const { principalId, reason, dryRun, createdAt } = state.request;
        row = {
          ...{ requestId, principalId, reason, dryRun, createdAt, updatedAt: createdAt, version: 1, ttl: 1 },
          ...(set as Pick<RequestRow, 'status'>),
        };
        return open;
      },
    },
    approvals: {
      async putToken(_, { taskToken }) {
        done.push(`token ${taskToken}`);
      },
      async listVotes() {
        return votes;
      },
      async listWindows() {
        return windows;
      },
    },
    messages: {
      get: async ({ ts }) => messages.find((message) => message.ts === ts),
      ofRequest: async (id, tier) =>
        messages.find((message) => message.tier === tier && message.requestIds.includes(id)),
      newestFor: async (tier) => messages.find((message) => message.tier === tier),
      async add(message) {
        messages.push(message);
        return true;
      },
      async join(message, requestId) {
        done.push('joined');
        messages = messages.map((stored) =>
          stored.ts === message.ts ? { ...stored, requestIds: [...stored.requestIds, requestId] } : stored,
        );
        return true;
      },
      async once(what, act) {
        if (told.has(what)) return undefined;
        told.add(what);
        return act();
      },
    },
    slack: {
      async post({ channel, threadTs }) {
        await slackCall(threadTs ? 'reminded' : `posted in ${channel}`);
        return { channel: 'C1', ts: `${messages.length + 1}.0` };
      },
      update: ({ ts }) => slackCall(`drew ${ts}`),
      remove: () => slackCall('removed'),
    },
    currentText: async () => '',
    wording: () => wording,
    consoleUrl: undefined,
    page: async (topicArn) => {
      done.push(`paged ${topicArn}`);
    },
    warn: ({ tier }) => {
      done.push(`warned of ${tier}`);
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
      verdict: { ...verdict, outcome: 'needs_approval', approval: { ...approvalAsk, ...approval } },
    },
  });
}

test('the token first, then the row, then the message: who answers at once finds both', async () => {
  await run();
  expect(done).toEqual(['token new', 'row AWAITING_APPROVAL', 'posted in #access-approvals']);
});

test.each([
  ['a vote', () => votes.push(vote)],
  ['an approval for a window', () => windows.push({ ...vote, windowOf: 'employee1-01K' })],
])('%s that nobody tallied yet ends the wait at once, and troubles nobody', async (_, arrange) => {
  arrange();
  await run();
  expect(done.slice(2)).toEqual(['woken new']);
});

test('a vote that was tallied before does not: the message is drawn anew, with it', async () => {
  await run();
  votes = [vote];
  await run({ evidence: { votes: [vote] } });
  expect(done.slice(3)).toEqual(['token new', 'row AWAITING_APPROVAL', 'drew 1.0']);
});

test('run twice, it posts once', async () => {
  await run();
  await run();
  expect(done.filter((effect) => effect.startsWith('posted'))).toHaveLength(1);
});

test('a request that was closed meanwhile asks nobody', async () => {
  open = false;
  await expect(run()).rejects.toMatchObject({ name: 'RequestClosed' });
  expect(done).toEqual(['token new', 'row AWAITING_APPROVAL']);
});

test('a tier that cannot be told fails the state, which goes on to the next', async () => {
  fail = 'posted in #access-approvals';
  await expect(run()).rejects.toMatchObject({ name: 'ApprovalChannelUnavailable' });
});

test('the next tier is asked, and the message of the one before is drawn anew', async () => {
  await run();
  const escalated = {
    tier: 'security-oncall',
    history: [
      {
        tier: 'access-approvers',
        askedAt: NOW.toISOString(),
        endedAt: NOW.toISOString(),
        because: 'timed_out' as const,
      },
    ],
  };
  await run({ approval: escalated });
  expect(done.slice(5)).toEqual(['posted in #security-oncall', 'drew 1.0']);
  fail = 'drew 1.0';
  await run({ approval: escalated });
  expect(done.at(-1)).toBe('warned of access-approvers');
});

test('the reminder is said once', async () => {
  await run({ approval: { reminded: true } });
  await run({ approval: { reminded: true } });
  expect(done.filter((effect) => effect === 'reminded')).toHaveLength(1);
});

test('a tier with a pager is paged once, before Slack is tried', async () => {
  fail = 'posted in #access-approvals';
  wording = wordingWithPager('arn:aws:sns:eu-central-1:123456789012:pager');
  await expect(run()).rejects.toThrow();
  await expect(run()).rejects.toThrow();
  expect(done.filter((effect) => effect.startsWith('paged'))).toEqual([
    'paged arn:aws:sns:eu-central-1:123456789012:pager',
  ]);
});

test('an emergency tells every tier’s topic, at each asking, and Slack begins with it', async () => {
  wording = wordingWithPager('arn:aws:sns:eu-central-1:123456789012:oncall');
  await run({ emergency: true });
  await run({ emergency: true, approval: { reminded: true } });
  const paged = done.filter((what) => what.startsWith('paged'));
  expect(paged.length).toBeGreaterThanOrEqual(2);
  expect(row?.asked?.breakGlass).toBe(true);
});

test('an emergency waits on where Slack is down, and no window of another lets it through', async () => {
  wording = wordingWithPager('arn:aws:sns:eu-central-1:123456789012:oncall');
  fail = 'posted in #access-approvals';
  windows = [vote];
  await run({ emergency: true });
  expect(row?.status).toBe('AWAITING_APPROVAL');
  expect(done).not.toContain('woken');
  await expect(run()).resolves.toBeUndefined();
});

test('another request ends its wait where Slack is down', async () => {
  fail = 'posted in #access-approvals';
  await expect(run()).rejects.toMatchObject({ name: 'ApprovalChannelUnavailable' });
});
