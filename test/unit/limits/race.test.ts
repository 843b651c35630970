import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import { makeUsageTable } from '../../../lambdas/shared/adapters/tables/usage-table.ts';
import type { Subject } from '../../../lambdas/shared/domain/access-request.ts';
import type { AuditEntry, AuditEvent } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { DependencyUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import { subjectKeyOf } from '../../../lambdas/shared/domain/limits/usage.ts';
import { Problem } from '../../../lambdas/shared/http/problems.ts';
import { makeAdmit } from '../../../lambdas/shared/requests/admit.ts';
import { countAgainstRequester } from '../../../lambdas/write-log/count-against-requester.ts';
import { clock, REQUEST_ID } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const ids = Array.from({ length: 8 }, (_, n) => `${REQUEST_ID.slice(0, -1)}${n}`);
const LIMITS = { requestsPerHour: 5, openRequests: 50, liveSessions: 50 };
const TERMS = { denials: 5, withinSeconds: 600, forSeconds: 900 };
const limits = () => ({ version: 1 as const, human: LIMITS, agent: LIMITS, suspension: TERMS });
const usageTable = () => makeUsageTable({ client: tables.client, tableName: 'usage', clock });

function admitOf(id: string) {
  const requests = makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
  const admit = makeAdmit({ usage: usageTable(), requests, limits, clock });
  return (requestId: string) => admit({ requestId, opensSession: true }, { id, type: 'human' });
}

test.each([
  ['one process', 'racing1', (): number => 0],
  ['two processes', 'racing2', (nth: number): number => nth % 2],
])(
  'of eight requests at once in %s, as many are let in as an hour allows, and each is counted',
  async (_, principal, processOf) => {
    const processes = [admitOf(principal), admitOf(principal)];
    const answers = await Promise.allSettled(ids.map((id, nth) => processes[processOf(nth)]?.(id)));
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(refused).toHaveLength(3);
    for (const problem of refused) {
      expect(problem).toBeInstanceOf(Problem);
      expect(problem).toMatchObject({ code: 'limit_reached', extras: { retryAfterSeconds: 3600 } });
    }
    expect(await usageTable().get(principal)).toMatchObject({ version: 5, pending: { length: 5 } });
  },
);

test('a repeat writes nothing', async () => {
  const admit = admitOf('repeating1');
  await admit(REQUEST_ID);
  await admit(REQUEST_ID);
  expect(await usageTable().get('repeating1')).toMatchObject({ version: 1 });
});

test('of eight denials at once, the fifth suspends, and is recorded once, however often it runs', async () => {
  const recorded: [AuditEvent, string][] = [];
  const count = (requestId: string) =>
    countAgainstRequester(
      { requestId, reason: 'guardrail_forbids' },
      { principalId: 'denied1' },
      {
        usage: usageTable(),
        suspension: () => TERMS,
        clock,
        audit: {
          async append({ event, requestId: recordedId }) {
            recorded.push([event, recordedId]);
            return {} as never;
          },
        },
      },
    );
  await Promise.all(ids.map(count));
  const { suspension } = await usageTable().get('denied1');
  const last = suspension?.requestIds.at(-1) ?? '';
  expect(suspension?.requestIds).toHaveLength(5);
  expect(recorded).toEqual([['suspended', last]]);
  // The record could not be written the first time: the second run finds what is to be recorded.
  await count(last);
  expect(recorded).toEqual([
    ['suspended', last],
    ['suspended', last],
  ]);
  expect((await usageTable().get('denied1')).version).toBe(5);
  await expect(admitOf('denied1')(REQUEST_ID)).rejects.toMatchObject({
    code: 'requests_suspended',
    extras: { retryAfterSeconds: 900 },
  });
});

test('so many for one customer are recorded with the customer, and stop nobody else', async () => {
  const subject = { issuer: 'https://bank.example/issuer', id: 'c-1042' };
  const recorded: unknown[] = [];
  const audit = {
    async append({ facts }: AuditEntry) {
      recorded.push(facts.subject);
      return {} as never;
    },
  };
  const ports = { usage: usageTable(), suspension: () => TERMS, clock, audit };
  for (const requestId of ids.slice(0, 5)) {
    const denied = { requestId, reason: 'review_not_approved' as const };
    await countAgainstRequester(denied, { principalId: 'talked_to1', subject }, ports);
  }
  expect(recorded).toEqual([subject]);
  const admit = makeAdmit({ usage: usageTable(), requests: { get: async () => undefined }, limits, clock });
  const ask = (asker: Subject) =>
    admit(
      { requestId: REQUEST_ID, opensSession: true, subject: subjectKeyOf(asker) },
      { id: 'talked_to1', type: 'agent' },
    );
  await expect(ask(subject)).rejects.toMatchObject({ code: 'requests_suspended' });
  await ask({ ...subject, id: 'c-2077' });
});

test('a suspension is recorded as what it is: since when, until when, after which denials', async () => {
  const recorded: unknown[] = [];
  const audit = {
    async append({ facts }: AuditEntry) {
      recorded.push(facts);
      return {} as never;
    },
  };
  const ports = { usage: usageTable(), suspension: () => TERMS, clock, audit };
  for (const requestId of ids.slice(0, 5))
    await countAgainstRequester(
      { requestId, reason: 'review_not_approved' },
      { principalId: 'kept1' },
      ports,
    );
  expect(recorded).toEqual([(await usageTable().get('kept1')).suspension]);
  expect(recorded[0]).toMatchObject({ requestIds: ids.slice(0, 5) });
});

test('a denial that says nothing against whoever asked leaves no trace', async () => {
  const usage = usageTable();
  const outcome = { requestId: REQUEST_ID, outcome: 'denied', reason: 'approval_timed_out' } as const;
  const audit = { append: () => Promise.reject(new Error('recorded')) };
  await countAgainstRequester(
    outcome,
    { principalId: 'patient1' },
    { usage, suspension: () => TERMS, clock, audit },
  );
  expect(await usage.get('patient1')).toMatchObject({ version: 0 });
});

test('whoever loses every race is told that the broker is busy', async () => {
  const usage = { ...usageTable(), write: async () => false };
  const requests = { get: async () => undefined };
  const admit = makeAdmit({ usage, requests, limits, clock });
  await expect(
    admit({ requestId: REQUEST_ID, opensSession: true }, { id: 'unlucky1', type: 'agent' }),
  ).rejects.toBeInstanceOf(DependencyUnavailable);
});
