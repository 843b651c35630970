import { createHmac } from 'node:crypto';
import type { ApprovalMessage } from '../../../lambdas/shared/adapters/tables/approval-messages-table.ts';
import type { AccessRequest } from '../../../lambdas/shared/domain/access-request.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { readWording } from '../../../lambdas/shared/messages/read-wording.ts';
import type { SlackAppPorts } from '../../../slack-app/app.ts';
import { askedRow } from '../../support/asked-row.ts';
import { ofBank } from '../../support/bank.ts';
import { NOW } from '../../support/example-state.ts';

export const SIGNING_SECRET = 'the-signing-secret-of-the-test';

export const people: Record<string, Principal> = {
  U0APPROVER1: ofBank('approver1'),
  U0APPROVER2: ofBank('approver2'),
  U0ANALYST1: ofBank('analyst1'),
  U0EMPLOYEE1: ofBank('employee1'),
  U0SUSPENDED1: { ...ofBank('suspended1'), groups: ['approvers'] },
  U0SAM: { ...ofBank('employee1'), id: 'sam', persons: ['sam'], groups: ['approvers'] },
  U0AGENT: ofBank('customer_support_agent'),
};

/** The one message that asks: for the world's row, and for nothing else. */
export const messageOf = (row: RequestRow): ApprovalMessage => ({
  channel: 'C0ACCESS',
  ts: '1.0',
  tier: 'access-approvers',
  proposalDigest: 'sha256:p',
  requestIds: [row.requestId],
});

/** What the Slack app can reach, and what it did: each effect as a line, each line of its log. */
export type SlackWorld = {
  effects: string[];
  logs: Record<string, unknown>[];
  row: RequestRow;
  seen: Set<string>;
  now: Date;
};

export const newWorld = (): SlackWorld => ({
  effects: [],
  logs: [],
  row: askedRow(),
  seen: new Set(),
  now: NOW,
});

/** The app's ports over a world, in which these votes were cast before. */
export function portsOver(world: SlackWorld, before: readonly Vote[] = []): SlackAppPorts {
  const { effects, seen } = world;
  const votes = [...before];
  return {
    requests: { get: async (id) => (id === world.row.requestId ? world.row : undefined) },
    approvals: {
      getToken: async () => ({
        tier: 'access-approvers',
        taskToken: 'the-token',
        proposalDigest: 'sha256:p',
        ttl: 1,
      }),
      async putVote(_, vote) {
        const { decision, principalId, stepUp, narrowing, reason } = vote;
        votes.push(vote);
        effects.push(`vote ${JSON.stringify({ decision, principalId, stepUp, narrowing, reason })}`);
        return true;
      },
      listVotes: async () => votes,
      async putReason(_, { person }, reason) {
        effects.push(`reason of ${person}: ${reason}`);
        return true;
      },
      putWindow: async () => true,
    },
    messages: { ofRequest: async () => messageOf(world.row), get: async () => messageOf(world.row) },
    principals: {
      get: async (id) => Object.values(people).find((person) => person.id === id),
      findBySlackUser: async (id) => people[id],
    },
    once: {
      async first(key) {
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      },
      count: async () => 1,
      prolong: async () => {},
      forget: async () => {},
    },
    // Its code at NOW is the one in submit-code.json.
    stepUpSecret: async (id) => (id === 'approver2' ? 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' : undefined),
    slack: {
      async whisper({ userId }, text) {
        effects.push(`whispered to ${userId}: ${text}`);
      },
      async tell(userId, text) {
        effects.push(`told ${userId}: ${text}`);
      },
      async openModal(_, view) {
        effects.push(`opened ${view.callback_id}`);
      },
      async update() {
        effects.push('drew the message');
      },
      membersOf: async () => [],
    },
    wake: async (token) => {
      effects.push(`woke ${token}`);
    },
    opening: {
      requests: { create: async () => true, get: async () => undefined },
      admit: async () => {},
      idempotency: { remember: async (_, entry) => entry },
      stateMachine: {
        start: async (request: AccessRequest) => {
          effects.push(`started for ${request.principalId}: ${request.reason}`);
        },
      },
      clock: () => world.now,
      newUlid: () => '01JD3Z9Q2N8K4V6B1C5D7E9F0H',
    },
    revoking: {
      denials: { get: async () => undefined },
      revocations: {
        start: async (input) => {
          effects.push(`revoking ${JSON.stringify(input)}`);
        },
      },
      clock: () => world.now,
    },
    wording: readWording,
    consoleUrl: undefined,
    teamId: async () => 'T0BANK',
    clock: () => world.now,
    log: (event, fields) => {
      world.logs.push({ event, ...fields });
    },
  };
}

/** A call as API Gateway hands it over, signed as Slack signs, at the time that the tests begin. */
export function signedCall(
  contentType: string,
  body: string,
  change: (signature: string) => string = (it) => it,
) {
  const timestamp = String(NOW.getTime() / 1000);
  const digest = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    path: '/slack/events',
    headers: {
      'Content-Type': contentType,
      'X-Slack-Request-Timestamp': timestamp,
      'X-Slack-Signature': change(`v0=${digest}`),
    },
    body,
    isBase64Encoded: false,
  };
}
