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
