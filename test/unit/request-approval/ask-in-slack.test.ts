import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AskPorts, askInSlack } from '../../../lambdas/request-approval/ask-in-slack.ts';
import {
  type ApprovalMessages,
  makeApprovalMessages,
} from '../../../lambdas/shared/adapters/tables/approval-messages-table.ts';
import type { AskedRow } from '../../../lambdas/shared/messages/message-facts.ts';
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
let one: string;
let other: string;
let proposalDigest: string;
beforeEach(() => {
  [one, other, proposalDigest] = [`one-${nth}`, `other-${nth}`, `sha256:${nth}`];
  nth += 1;
  posted = new Set();
  rows = new Map([one, other].map((requestId) => [requestId, askedRow({ requestId })]));
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
  await ask(one, () => ask(other));
  expect(posted.size).toBe(1);
  expect((await messageOf(one))?.requestIds).toEqual([other, one]);
  expect(await messageOf(other)).toEqual(await messageOf(one));
});

test('the other was answered meanwhile: a message of its own, which is found again', async () => {
  await ask(one, async () => {
    await ask(other);
    rows.set(other, askedRow({ requestId: other, status: 'READY' }));
  });
  expect(posted.size).toBe(2);
  expect((await messageOf(one))?.requestIds).toEqual([one]);
  expect((await messages.newestFor(approvalAsk.tier, proposalDigest))?.requestIds).toEqual([one]);
});

test('asked again, it keeps the message that it has', async () => {
  await ask(one);
  await ask(one);
  expect(posted.size).toBe(1);
});

test('a message that was noted by an attempt whose answer was lost is not taken for another’s', async () => {
  const ref = { channel: 'C1', ts: `1.${nth++}` };
  const message = { ...ref, tier: approvalAsk.tier, proposalDigest, requestIds: [one] };
  expect(await messages.add(message, undefined)).toBe(true);
  expect(await messages.add(message, undefined)).toBe(true);
  expect(await messages.add({ ...message, ts: `2.${nth++}` }, undefined)).toBe(false);
});

test('what is to happen once happens also where the answer that it may was lost', async () => {
  const { client } = tables;
  const losing = { send: (command: never) => client.send(command).then(() => client.send(command)) };
  const ofAttempt = makeApprovalMessages({ client: losing as typeof client, tableName: 'messages', clock });
  const what = `reminder#${one}`;
  expect(await ofAttempt.once(what, async () => 'done')).toBe('done');
  expect(await ofAttempt.once(what, async () => 'done again')).toBeUndefined();
});
