import { beforeEach, describe, expect, test } from 'vitest';
import type { ApprovalsConfig, Tier } from '../../../lambdas/shared/domain/approvals/approvals-config.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { type Ballot, castVote, type VotingPorts } from '../../../slack-app/cast-vote.ts';
import { findVoter } from '../../../slack-app/find-voter.ts';
import { readPress, readSubmission } from '../../../slack-app/listeners/read-press.ts';
import { screenPresser } from '../../../slack-app/screen-presser.ts';
import { approvalAsk, askedRow, voteOf } from '../../support/asked-row.ts';
import { ofBank } from '../../support/bank.ts';
import { NOW } from '../../support/example-state.ts';
import { messageOf, newWorld, people, portsOver } from './slack-world.ts';

const TARGET = { requestId: askedRow().requestId, tier: 'access-approvers', proposalDigest: 'sha256:p' };
const PRESSER = { userId: 'U0APPROVER1', teamId: 'T0BANK' };
const TTL = NOW.getTime() / 1000 + 30 * 24 * 60 * 60;
const idOf = (last: string) => `${TARGET.requestId.slice(0, -1)}${last}`;

let rows: Map<string, RequestRow>;
let stored: [string, Vote, number][];
let windows: [string, Vote & { windowOf: string }, number][];
let woken: string[];
let logs: unknown[];
let before: Vote[];
let ports: VotingPorts;
beforeEach(() => {
  const shared = portsOver(newWorld());
  const row = askedRow();
  rows = new Map([[row.requestId, row]]);
  [stored, windows, woken, logs, before] = [[], [], [], [], []];
  ports = {
    ...shared,
    requests: { get: async (id) => rows.get(id) },
    approvals: {
      async putVote(requestId, vote, ttl) {
        stored.push([requestId, vote, ttl]);
        return true;
      },
      async putWindow(principalId, vote, ttl) {
        windows.push([principalId, vote, ttl]);
        return true;
      },
      listVotes: async () => [...before, ...stored.slice(0, 1).map(([, vote]) => vote)],
      getToken: async (requestId) => ({ taskToken: `token of ${requestId}`, proposalDigest: 'sha256:p' }),
    },
    wake: async (token) => {
      woken.push(token);
    },
    log: (event, fields) => {
      logs.push({ event, ...fields });
    },
  };
});
const approve: Ballot = { decision: 'approve', stepUp: false };
const cast = (ballot: Ballot = approve) => castVote(TARGET, PRESSER, ballot, ports);

describe('a vote', () => {
  test('is stored for thirty days, as whose it is, under the rules that it was asked under', async () => {
    await cast({ decision: 'approve', stepUp: true, reason: 'Fine.' });
    expect(stored).toEqual([
      [
        TARGET.requestId,
        {
          decision: 'approve',
          principalId: 'approver1',
          person: 'abe',
          tier: 'access-approvers',
          proposalDigest: 'sha256:p',
          votedAt: NOW.toISOString(),
          stepUp: true,
          slackUserId: 'U0APPROVER1',
          slackTeamId: 'T0BANK',
          basis: 'sha256:rules',
          reason: 'Fine.',
          ballotDigest: expect.stringMatching(/^sha256:/),
        },
        TTL,
      ],
    ]);
    expect(windows).toEqual([]);
    expect(woken).toEqual([`token of ${TARGET.requestId}`]);
  });

  test('of a principal without persons is that principal’s', async () => {
    ports = {
      ...ports,
      principals: { findBySlackUser: async () => ({ ...ofBank('approver1'), persons: [] }) },
    };
    await cast();
    expect(stored[0]?.[1].person).toBe('approver1');
  });

  test('counts approvals alone among those that are there', async () => {
    before = [voteOf('approver2', 'bea'), voteOf('owner1', 'olga', { decision: 'deny' })];
    rows.set(
      TARGET.requestId,
      askedRow({ approval: { ...approvalAsk, quorum: { approvals: 3, stepUp: 0 } } }),
    );
    expect(await cast()).toEqual({
      kind: 'recorded',
      requestId: TARGET.requestId,
      decision: 'approve',
      given: 2,
      needed: 3,
    });
    expect(logs).toEqual([{ event: 'voted', ...TARGET, principalId: 'approver1', decision: 'approve' }]);
  });

  test('a second time changes nothing, answers the first, and wakes what may have missed it', async () => {
    const first = voteOf('approver1b', 'abe', { decision: 'deny' });
    before = [voteOf('approver2', 'bea'), first];
    ports = { ...ports, approvals: { ...ports.approvals, putVote: async () => false } };
    expect(await cast({ ...approve, narrowing: { windowSeconds: 3600 } })).toEqual({
      kind: 'voted_before',
      vote: first,
    });
    expect(windows).toEqual([]);
    expect(woken).toHaveLength(1);
    expect(logs).toEqual([]);
  });

  test('for a window is kept for the requester’s next requests too', async () => {
    await cast({ ...approve, narrowing: { windowSeconds: 3600 } });
    expect(windows).toEqual([
      ['customer_support_agent', { ...stored[0]?.[1], windowOf: TARGET.requestId }, TTL],
    ]);
  });

  test('that leaves less and names no window is kept for nothing else', async () => {
    await cast({ ...approve, narrowing: { durationSeconds: 900 } });
    expect(windows).toEqual([]);
    expect(stored[0]?.[1].narrowing).toEqual({ durationSeconds: 900 });
  });

  test('wakes no wait for another proposal, nor one that is over', async () => {
    ports = {
      ...ports,
      approvals: {
        ...ports.approvals,
        getToken: async () => ({ taskToken: 'another', proposalDigest: 'sha256:q' }),
      },
    };
    await cast();
    ports = { ...ports, approvals: { ...ports.approvals, getToken: async () => undefined } };
    expect(await cast()).toMatchObject({ kind: 'recorded' });
    expect(woken).toEqual([]);
  });

  test('that cannot count is logged by ids, and not stored', async () => {
    rows.set(TARGET.requestId, askedRow({ status: 'CANCELLED' }));
    expect(await cast()).toMatchObject({ kind: 'closed' });
    expect(logs).toEqual([{ event: 'vote refused', ...TARGET, userId: 'U0APPROVER1', because: 'closed' }]);
    expect(stored).toEqual([]);
  });
});

describe('a message that several requests share', () => {
  const others: Readonly<Record<string, Partial<RequestRow>>> = {
    [idOf('A')]: {},
    [idOf('B')]: { status: 'CANCELLED' },
    [idOf('C')]: { approval: { ...approvalAsk, tier: 'security-oncall' } },
    [idOf('D')]: { asked: { ...askedRow().asked, proposalDigest: 'sha256:q' } },
    [idOf('E')]: { asked: undefined as never },
    [idOf('F')]: {},
  };
  beforeEach(() => {
    for (const [requestId, more] of Object.entries(others))
      rows.set(requestId, askedRow({ requestId, ...more }));
    const requestIds = [...Object.keys(others), TARGET.requestId, idOf('Z')];
    ports = {
      ...ports,
      messages: {
        ofRequest: async (requestId, tier) =>
          requestId === TARGET.requestId && tier === TARGET.tier
            ? { ...messageOf(askedRow()), requestIds }
            : undefined,
      },
    };
  });

  test('is one question: the vote is cast on, and wakes, each that still waits for the very same', async () => {
    await cast();
    expect(stored.map(([requestId]) => requestId)).toEqual([TARGET.requestId, idOf('A'), idOf('F')]);
    expect(woken).toEqual([TARGET.requestId, idOf('A'), idOf('F')].map((id) => `token of ${id}`));
    const digests = stored.map(([, vote]) => vote.ballotDigest);
    expect(new Set(digests).size).toBe(3);
    expect(stored.map(([, , ttl]) => ttl)).toEqual([TTL, TTL, TTL]);
  });

  test('that is gone leaves the one request', async () => {
    ports = { ...ports, messages: { ofRequest: async () => undefined } };
    await cast();
    expect(stored.map(([requestId]) => requestId)).toEqual([TARGET.requestId]);
  });
});

const tier: ApprovalsConfig['tiers'][number] = {
  name: 'access-approvers',
  channel: '#access',
  approverGroup: 'approvers',
  timeoutSeconds: 900,
  ownersOnly: false,
};

describe('a voter', () => {
  const find = (userId: string, more: Partial<Tier> = {}, members: readonly string[] = []) => {
    const asked: string[] = [];
    const found = findVoter(
      { userId, teamId: 'T0BANK' },
      { ...tier, ...more },
      {
        principals: { findBySlackUser: async (id) => people[id] },
        slack: {
          async membersOf(group) {
            asked.push(group);
            return [...members];
          },
        },
      },
    );
    return found.then((voter) => ({ voter, asked }));
  };
  const group = { slackUserGroup: 'S0APPROVERS' };

  test('is the principal of the Slack user', async () => {
    expect(await find('U0EMPLOYEE1')).toEqual({ voter: { principal: ofBank('employee1') }, asked: [] });
    expect(await find('U0NOBODY', group)).toEqual({ voter: undefined, asked: [] });
  });

  test('whose own groups admit them needs no Slack user group, and none is asked for', async () => {
    expect(await find('U0APPROVER1', group, ['U0APPROVER1'])).toEqual({
      voter: { principal: ofBank('approver1') },
      asked: [],
    });
  });

  test('is admitted by the tier’s Slack user group as its member alone', async () => {
    expect(await find('U0EMPLOYEE1', group, ['U0OTHER', 'U0EMPLOYEE1'])).toEqual({
      voter: { principal: ofBank('employee1'), ...group },
      asked: ['S0APPROVERS'],
    });
    expect((await find('U0EMPLOYEE1', group, ['U0OTHER'])).voter).toEqual({ principal: ofBank('employee1') });
  });

  test('who was admitted by a Slack user group is stored with it', async () => {
    ports = {
      ...ports,
      wording: () => ({ tiers: [{ ...tier, ...group }] }),
      slack: { membersOf: async () => ['U0EMPLOYEE1'] },
    };
    await castVote(TARGET, { userId: 'U0EMPLOYEE1', teamId: 'T0BANK' }, approve, ports);
    expect(stored[0]?.[1]).toMatchObject({ principalId: 'employee1', slackUserGroup: 'S0APPROVERS' });
  });

  test('is screened by the tier that is asked, and by no other', async () => {
    const oncall = { ...tier, name: 'security-oncall', approverGroup: 'security' };
    rows.set(TARGET.requestId, askedRow({ approval: { ...approvalAsk, tier: 'security-oncall' } }));
    const target = { ...TARGET, tier: 'security-oncall' };
    const tiers = (...list: ApprovalsConfig['tiers']) => ({ ...ports, wording: () => ({ tiers: list }) });
    expect(await screenPresser(target, PRESSER, tiers(tier, oncall))).toEqual({
      kind: 'refused',
      because: 'not_in_group',
    });
    expect(await screenPresser(target, PRESSER, tiers(tier))).toEqual({ kind: 'unknown_request' });
  });
});

describe('a payload', () => {
  const press = {
    user: { id: 'U1', team_id: 'T1' },
    team: { id: 'T2' },
    channel: { id: 'C1' },
    trigger_id: '1.2',
    actions: [{ value: JSON.stringify(TARGET) }],
  };

  test('of a press says who pressed, where, and what about', () => {
    expect(readPress(press)).toEqual({
      presser: { userId: 'U1', teamId: 'T1' },
      channelId: 'C1',
      triggerId: '1.2',
      target: TARGET,
    });
  });

  test.each([
    ['the user’s own, before that of the workspace', { user: { id: 'U1', team_id: 'T1' } }, 'T1'],
    ['the workspace’s where the user names none', { user: { id: 'U1' } }, 'T2'],
    ['none where neither names one', { user: { id: 'U1' }, team: null }, ''],
    ['none where there is no workspace', { user: { id: 'U1' }, team: undefined }, ''],
  ])('has a team: %s', (_, more, teamId) => {
    expect(readPress({ ...press, ...more }).presser).toEqual({ userId: 'U1', teamId });
  });

  test('of a button that is not ours is about nothing', () => {
    for (const action of [{}, { value: '{}' }, { value: 'no JSON' }])
      expect(readPress({ ...press, actions: [action] }).target).toBeUndefined();
  });

  test('of another form is refused', () => {
    for (const more of [
      { actions: [] },
      { actions: [{}, {}] },
      { user: {} },
      { channel: null },
      { trigger_id: '' },
    ])
      expect(() => readPress({ ...press, ...more })).toThrow();
    expect(() => readSubmission({ ...press, view: {} })).toThrow();
  });
});
