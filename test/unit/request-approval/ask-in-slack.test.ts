import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AskPorts, askInSlack } from '../../../lambdas/request-approval/ask-in-slack.ts';
import {
  type ApprovalMessages,
  makeApprovalMessages,
} from '../../../lambdas/shared/adapters/tables/approval-messages-table.ts';
import type { AskedRow } from '../../../lambdas/shared/messages/message-content.ts';
import { readWording } from '../../../lambdas/shared/messages/read-wording.ts';
import { approvalAsk, askedRow } from '../../support/asked-row.ts';
import { clock } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
let messages: ApprovalMessages;
beforeAll(async () => {
  tables = await startTables();
  messages = makeApprovalMessages({ client: tables.client, tableName: 'messages', clock });
});
afterAll(() => tables.close());

/** The timestamps of the messages that stand in the channel, and the rows that they are drawn from. */
let posted: Set<string>;
let rows: Map<string, AskedRow>;
let nth = 0;
/** Each test's own. */
let firstId: string;
let secondId: string;
let proposalDigest: string;
beforeEach(() => {
  [firstId, secondId, proposalDigest] = [`one-${nth}`, `other-${nth}`, `sha256:${nth}`];
  nth += 1;
  posted = new Set();
  rows = new Map([firstId, secondId].map((requestId) => [requestId, askedRow({ requestId })]));
});

/** Asks for a request; `meanwhile` happens once between the first look for a message to join and what follows it. */
function ask(requestId: string, meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  let happened = false;
  const ports: AskPorts = {
    messages: {
      ...messages,
      async newestFor(...key) {
        const found = await messages.newestFor(...key);
        if (!happened) {
          happened = true;
          await meanwhile();
        }
        return found;
      },
    },
    requests: { get: async (id) => rows.get(id) },
    approvals: { listVotes: async () => [] },
    slack: {
      async post() {
        const ts = `${posted.size + 1}.${nth++}`;
        posted.add(ts);
        return { channel: 'C1', ts };
      },
      update: async () => {},
      remove: async ({ ts }) => void posted.delete(ts),
    },
    wording: readWording,
    consoleUrl: undefined,
    page: async () => {},
    warn: () => {},
  };
  return askInSlack({ requestId, proposalDigest, approval: approvalAsk }, ports);
}

const messageOf = (requestId: string) => messages.ofRequest(requestId, approvalAsk.tier);

test('the very same, asked by two that both found no message: one message, of both', async () => {
  await ask(firstId, () => ask(secondId));
  expect(posted.size).toBe(1);
  expect((await messageOf(firstId))?.requestIds).toEqual([secondId, firstId]);
  expect(await messageOf(secondId)).toEqual(await messageOf(firstId));
});

test('the other was answered meanwhile: a message of its own, which is found again', async () => {
  await ask(firstId, async () => {
    await ask(secondId);
    rows.set(secondId, askedRow({ requestId: secondId, status: 'READY' }));
  });
  expect(posted.size).toBe(2);
  expect((await messageOf(firstId))?.requestIds).toEqual([firstId]);
  expect((await messages.newestFor(approvalAsk.tier, proposalDigest))?.requestIds).toEqual([firstId]);
});

test('asked again, it keeps the message that it has', async () => {
  await ask(firstId);
  await ask(firstId);
  expect(posted.size).toBe(1);
});

test('a message that was noted by an attempt whose answer was lost is not taken for another’s', async () => {
  const ref = { channel: 'C1', ts: `1.${nth++}` };
  const message = { ...ref, tier: approvalAsk.tier, proposalDigest, requestIds: [firstId] };
  expect(await messages.add(message, undefined)).toBe(true);
  expect(await messages.add(message, undefined)).toBe(true);
  expect(await messages.add({ ...message, ts: `2.${nth++}` }, undefined)).toBe(false);
});

test('what is to happen once happens also where the answer that it may was lost', async () => {
  const { client } = tables;
  const losing = { send: (command: never) => client.send(command).then(() => client.send(command)) };
  const ofAttempt = makeApprovalMessages({ client: losing as typeof client, tableName: 'messages', clock });
  const what = `reminder#${firstId}`;
  expect(await ofAttempt.once(what, async () => 'done')).toBe('done');
  expect(await ofAttempt.once(what, async () => 'done again')).toBeUndefined();
});
