import { randomUUID } from 'node:crypto';
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeApprovalsTable } from '../../lambdas/shared/adapters/tables/approvals-table.ts';
import { makeWakeExecution } from '../../lambdas/shared/adapters/workflows/wake-execution.ts';
import { ballotDigestOf } from '../../lambdas/shared/domain/approvals/ballot.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import type { Vote } from '../../lambdas/shared/domain/vote.ts';
import { createMovableClock } from '../../sandbox/movable-clock.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, statesIn, until } from '../support/start-cloud.ts';

/** Half a minute and more for every step, however busy the machine is; silence passes when a test says so. */
const TIER_SECONDS = 100;
const REMINDER_SECONDS = 50;

const clock = createMovableClock();
let cloud: Cloud;
beforeAll(async () => {
  const tier = { timeoutSeconds: TIER_SECONDS, channel: '#any' };
  cloud = await startCloud({
    clock,
    tiers: [
      {
        ...tier,
        name: 'access-approvers',
        approverGroup: 'approvers',
        reminderSeconds: REMINDER_SECONDS,
      },
      { ...tier, name: 'security-oncall', approverGroup: 'security' },
    ],
  });
});
afterEach(() => clock.reset());
beforeAll(() => cloud.reviewer.says(proposedTo));
afterAll(() => cloud.close());
/** What each principal is proposed: the tests run side by side, each waiting for tiers of its own request. */
function proposedTo({ principal, change }: Asked): Line {
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    return { text: { ...judged, reason: 'A person should look.' } };
  }
  if (principal.id === 'admin') return proposing('policy_table', ['dynamodb:GetItem']);
  if (principal.id === 'analyst1') return proposing('bank_operational_metrics', ['dynamodb:Query']);
  return proposing('bank_customer_profiles', ['dynamodb:GetItem', 'dynamodb:Query']);
}

const reason = 'I need the profile of a customer for the case at hand.';

async function rowOf(requestId: string): Promise<RequestRow> {
  const { Item } = await cloud.database.send(
    new GetCommand({ TableName: 'postern_requests', Key: { requestId } }),
  );
  return Item as RequestRow;
}

/** Asks for what takes an approval, and waits until somebody is asked. */
async function askForApproval(
  as = 'employee1',
  call = 'requests',
  body: Record<string, unknown> = {},
): Promise<string> {
  const { body: asked } = await cloud.as(as)('POST', `/${call}?wait=20`, { reason, ...body });
  expect(asked.status).toBe('AWAITING_APPROVAL');
  return String(asked.requestId);
}

type Ballot = Partial<Vote> & Pick<Vote, 'principalId' | 'person'>;

async function tokenOf(
  requestId: string,
): Promise<{ taskToken: string; proposalDigest: string; tier: string }> {
  const Key = { requestId: `token#${requestId}`, item: 'token' };
  const { Item } = await cloud.database.send(new GetCommand({ TableName: 'postern_approvals', Key }));
  return Item as { taskToken: string; proposalDigest: string; tier: string };
}

const wake = (taskToken: string, output = '{}') =>
  cloud.stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output }));

/** Waits until the flow has tallied, and waits for people once more: each wait has a token of its own. */
const askedAgain = (requestId: string, { taskToken: before }: { taskToken: string }) =>
  until(
    () => tokenOf(requestId),
    ({ taskToken }) => taskToken !== before,
  );

/** Lets the time of each tier pass: the reminder of the first, its deadline, and that of the second. */
async function nobodyAnswers(requestId: string): Promise<RequestRow> {
  for (const seconds of [REMINDER_SECONDS, TIER_SECONDS - REMINDER_SECONDS]) {
    const before = await tokenOf(requestId);
    clock.pass(seconds);
    await askedAgain(requestId, before);
  }
  clock.pass(TIER_SECONDS);
  return ended(requestId);
}

/** Votes, and waits until the vote was tallied and did not end the wait for people. */
async function voteInVain(requestId: string, ballot: Ballot): Promise<void> {
  const before = await tokenOf(requestId);
  await vote(requestId, ballot);
  await askedAgain(requestId, before);
}

/** Votes as the Slack app does: the vote into the table, then the wake-up. */
async function vote(requestId: string, ballot: Ballot): Promise<void> {
  const { taskToken, proposalDigest, tier } = await tokenOf(requestId);
  const approvals = makeApprovalsTable({ client: cloud.database, tableName: 'postern_approvals' });
  const cast = {
    decision: 'approve' as const,
    tier,
    proposalDigest,
    votedAt: new Date().toISOString(),
    stepUp: false,
    ...ballot,
  };
  const ballotDigest = ballotDigestOf(requestId, cast);
  await approvals.putVote(requestId, { ballotDigest, ...cast }, 2_000_000_000);
  // As the Slack app does: a wait that ended meanwhile finds the vote in the table by itself.
  await makeWakeExecution({ client: cloud.stepFunctions })(taskToken);
}

const ended = (requestId: string) =>
  until(
    () => rowOf(requestId),
    (row) => !['PENDING', 'AWAITING_APPROVAL'].includes(row.status),
  );

const ABE = { principalId: 'approver1', person: 'abe' };
const BEA = { principalId: 'approver2', person: 'bea' };

const CHANGE = { kind: 'policy', target: 'analyst1', proposal: 'Analysts read metrics, and nothing else.' };
const SILENCE = { status: 'DENIED', closedBecause: 'approval_timed_out' };

// One after the other: the time that passes is everybody's.
describe('where nobody answers whose vote counts', () => {
  test('every tier silent: reminded, moved on, denied', async () => {
    const requestId = await askForApproval();
    expect(await nobodyAnswers(requestId)).toMatchObject(SILENCE);
    const asked = statesIn(await cloud.historyOf(requestId)).filter((name) => name === 'RequestApproval');
    expect(asked).toHaveLength(3);
  });

  test('votes that do not count open nothing, together no more than each alone', async () => {
    const requestId = await askForApproval();
    const ballots: [string, Ballot][] = [
      ['a stranger to the group', { principalId: 'analyst1', person: 'ana' }],
      ['a suspended principal', { principalId: 'suspended1', person: 'sue' }],
      ['nobody that is registered', { principalId: 'ghost', person: 'gus' }],
      ['a voter under a name that is not theirs', { principalId: 'approver1', person: 'emma' }],
      ['a voter on another proposal', { ...ABE, proposalDigest: 'sha256:another' }],
      ['a voter of whose ballot something was changed', { ...BEA, ballotDigest: 'sha256:denied' }],
    ];
    for (const [who, ballot] of ballots) {
      await voteInVain(requestId, ballot);
      expect([who, (await rowOf(requestId)).status]).toEqual([who, 'AWAITING_APPROVAL']);
    }
    expect(await nobodyAnswers(requestId)).toMatchObject(SILENCE);
  });

  test('whoever asks never approves', async () => {
    const requestId = await askForApproval('admin');
    await voteInVain(requestId, { principalId: 'admin', person: 'ada' });
    expect(await nobodyAnswers(requestId)).toMatchObject(SILENCE);
  });

  test('a forged completion of the wait mints nothing, whatever it says', async () => {
    const requestId = await askForApproval();
    const forged = {
      wake: 'woken',
      votes: [ABE],
      requesterActive: true,
      verdict: { outcome: 'grant' },
      Error: 'States.Timeout',
    };
    const before = await tokenOf(requestId);
    await wake(before.taskToken, JSON.stringify(forged));
    await askedAgain(requestId, before);
    const row = await nobodyAnswers(requestId);
    expect(row).toMatchObject(SILENCE);
    expect(row.session).toBeUndefined();
  });

  test('a change is not applied by one person alone', async () => {
    const requestId = await askForApproval('admin', 'changes', { ...CHANGE, target: 'employee1' });
    await voteInVain(requestId, { ...ABE, stepUp: true });
    expect(await nobodyAnswers(requestId)).toMatchObject(SILENCE);
  });
});

describe.concurrent('access that takes an approval', () => {
  test('cancelled while people are asked: a vote afterwards changes nothing', async () => {
    const requestId = await askForApproval();
    const { taskToken } = await tokenOf(requestId);
    await cloud.as('employee1')('POST', `/requests/${requestId}/cancel`);
    await expect(wake(taskToken)).rejects.toMatchObject({
      name: /TaskTimedOut|InvalidToken|TaskDoesNotExist/,
    });
    expect((await rowOf(requestId)).status).toBe('CANCELLED');
  });
});

describe.concurrent('a forged completion', () => {
  test('of the claim wait mints nothing, with another key or none', async () => {
    for (const output of [
      '{}',
      JSON.stringify({ recipientKey: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) } }),
    ]) {
      const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason });
      const { claimToken = '' } = await rowOf(String(body.requestId));
      await wake(claimToken, output);
      const row = await until(
        () => rowOf(String(body.requestId)),
        ({ status }) => status !== 'READY',
      );
      expect(row).toMatchObject({ status: 'FAILED', closedBecause: 'claim_refused' });
      expect([row.session, row.issuing]).toEqual([undefined, undefined]);
    }
  });
});

describe.concurrent('a change', () => {
  test('is applied to the letter when two people agreed, one with a code', async () => {
    const proposal = `${CHANGE.proposal} ${randomUUID()}`;
    const requestId = await askForApproval('admin', 'changes', { ...CHANGE, proposal });
    await voteInVain(requestId, { ...ABE, stepUp: true });
    await vote(requestId, BEA);
    expect((await ended(requestId)).status).toBe('APPLIED');
    const Key = { principalId: 'analyst1' };
    const { Item } = await cloud.database.send(new GetCommand({ TableName: 'policy_table', Key }));
    expect(Item).toMatchObject({ text: proposal });
    expect(statesIn(await cloud.historyOf(requestId)).at(-1)).toBe('Applied');
  });
});
