import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { logger } from '../../../lambdas/shared/adapters/runtime/logger.ts';
import { makeApprovalsTable } from '../../../lambdas/shared/adapters/tables/approvals-table.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { NOW, REQUEST_ID } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
let approvals: ReturnType<typeof makeApprovalsTable>;
beforeAll(async () => {
  tables = await startTables(['approvals']);
  approvals = makeApprovalsTable({ client: tables.client, tableName: 'approvals' });
});
afterAll(() => tables.close());
afterEach(() => vi.restoreAllMocks());

const TTL = 1_900_000_000;
const vote = (person: string): Vote => ({
  decision: 'approve',
  principalId: person,
  person,
  tier: 'access-approvers',
  proposalDigest: 'sha256:p',
  votedAt: NOW.toISOString(),
  stepUp: false,
});

/** Rows as earlier versions, or another hand, may have left them. */
const UNREADABLE: Record<string, object> = {
  'a window of years': { narrowing: { windowSeconds: 1e9 } },
  'a window of a fraction': { narrowing: { windowSeconds: 0.5 } },
  'a session of a fraction': { narrowing: { durationSeconds: 900.5 } },
  'a reason of pages': { reason: 'x'.repeat(601) },
  'no decision': { decision: 'maybe' },
  'no time': { votedAt: 'yesterday' },
};

test.each(Object.entries(UNREADABLE))('a row with %s is no vote, and hides none', async (what, changed) => {
  const told = vi.spyOn(logger, 'error').mockImplementation(() => {});
  const requestId = `${REQUEST_ID}-${what}`;
  const rowUnder = (key: string) =>
    tables.client.send(
      new PutCommand({
        TableName: 'approvals',
        Item: { requestId: key, item: 'vote#sha256:p#abe', ...vote('abe'), ...changed },
      }),
    );
  await rowUnder(requestId);
  await rowUnder(`window#${requestId}`);
  await approvals.putVote(requestId, vote('bea'), TTL);
  await approvals.putWindow(requestId, { ...vote('bea'), windowOf: REQUEST_ID }, TTL);
  const persons = (votes: readonly Vote[]) => votes.map(({ person }) => person);
  expect(persons(await approvals.listVotes(requestId, 'sha256:p'))).toEqual(['bea']);
  expect(persons(await approvals.listWindows(requestId, 'sha256:p'))).toEqual(['bea']);
  const key = { requestId, item: 'vote#sha256:p#abe' };
  expect(told).toHaveBeenCalledWith('row not readable', expect.objectContaining({ table: 'approvals', key }));
  expect(told).toHaveBeenCalledTimes(2);
});

test.each(Object.entries(UNREADABLE))(
  'a row with %s does not stop its person from voting',
  async (what, changed) => {
    vi.spyOn(logger, 'error').mockImplementation(() => {});
    const requestId = `${REQUEST_ID}-blocked-${what}`;
    for (const key of [requestId, `window#${requestId}`]) {
      const Item = { requestId: key, item: 'vote#sha256:p#abe', note: 'left', ...vote('abe'), ...changed };
      await tables.client.send(new PutCommand({ TableName: 'approvals', Item }));
    }
    const cast = { ...vote('abe'), decision: 'deny' as const };
    expect(await approvals.putVote(requestId, cast, TTL)).toBe(true);
    expect(await approvals.listVotes(requestId, 'sha256:p')).toEqual([cast]);
    expect(await approvals.putVote(requestId, vote('abe'), TTL)).toBe(false);
    expect(await approvals.listVotes(requestId, 'sha256:p')).toEqual([cast]);
    const window = { ...vote('abe'), windowOf: REQUEST_ID };
    expect(await approvals.putWindow(requestId, window, TTL)).toBe(true);
    expect(await approvals.putWindow(requestId, window, TTL)).toBe(false);
    expect(await approvals.listWindows(requestId, 'sha256:p')).toEqual([window]);
  },
);

test('of votes that replace one row that cannot be read, many at once, one is taken', async () => {
  const requestId = `${REQUEST_ID}-raced`;
  const Item = {
    requestId,
    item: 'vote#sha256:p#abe',
    ...vote('abe'),
    decision: 'maybe',
    narrowing: { grants: [] },
  };
  await tables.client.send(new PutCommand({ TableName: 'approvals', Item }));
  const decisions = ['approve', 'deny', 'approve', 'deny', 'approve'] as const;
  const taken = await Promise.all(
    decisions.map((decision) => approvals.putVote(requestId, { ...vote('abe'), decision }, TTL)),
  );
  expect(taken.filter(Boolean)).toHaveLength(1);
  const [kept] = await approvals.listVotes(requestId, 'sha256:p');
  expect(kept?.decision).toBe(decisions[taken.indexOf(true)]);
});
