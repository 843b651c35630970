import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import { makeUsageTable } from '../../../lambdas/shared/adapters/tables/usage-table.ts';
import { makeAdmit } from '../../../lambdas/shared/requests/admit.ts';
import { clock } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables(['usage']);
});
afterAll(() => tables.close());

let nth = 0;
/** A door of its own process, with a count of what it reads. */
function door() {
  const usage = makeUsageTable({ client: tables.client, tableName: 'usage', clock });
  let reads = 0;
  const admit = makeAdmit({
    usage: {
      get(id) {
        reads += 1;
        return usage.get(id);
      },
      write: usage.write,
    },
    requests: { get: async () => undefined },
    limits: () => readConfigFiles().limits,
    clock,
  });
  return {
    usage,
    reads: () => reads,
    ask: (id: string, opensSession = true) =>
      admit(
        {
          requestId: `${id}-01JD3Z9Q2N8K4V6B1C5D7E9F${String(nth++).padStart(2, '0')}`,
          opensSession,
        } as never,
        {
          id,
          type: 'human',
        },
      ),
  };
}

test('what one process wrote it need not read again', async () => {
  const { ask, reads } = door();
  await ask('anna');
  await ask('anna');
  expect(reads()).toBe(1);
});

test('where another wrote meanwhile, it is read, and nothing is counted twice or lost', async () => {
  const [first, second] = [door(), door()];
  await first.ask('bert');
  await second.ask('bert');
  await first.ask('bert');
  expect((await first.usage.get('bert')).pending).toHaveLength(3);
});

test.each([
  ['that opens a session', true],
  ['that opens none', false],
])('a suspension that was written meanwhile counts at once, for a request %s', async (_, opensSession) => {
  const { ask, usage } = door();
  const id = opensSession ? 'carl' : 'cora';
  await ask(id);
  const until = new Date(clock().getTime() + 600_000).toISOString();
  await usage.write({
    ...(await usage.get(id)),
    suspension: { until, since: clock().toISOString(), requestIds: [] },
  });
  await expect(ask(id, opensSession)).rejects.toMatchObject({ code: 'requests_suspended' });
});
