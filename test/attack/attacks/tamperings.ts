import assert from 'node:assert/strict';
import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { openAudit } from '../../../clients/audit/open-audit.ts';
import { isIntact, verifyAudit } from '../../../clients/audit/verify-audit.ts';
import { prefixOfChain } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
import { type AuditRecord, hashOfRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { until } from '../../support/start-cloud.ts';
import type { Attack } from '../attack.ts';
import type { Stage } from '../start-stage.ts';

const TableName = 'postern_audit';
const CHAIN = 'analyst1';

const keyOf = ({ chain, seq }: AuditRecord) => ({ chain, seq });

/** What somebody does who can write the table; `test/unit/audit/tamperings.test.ts` has many more, and the archive's. */
const TAMPERINGS: Record<string, (record: AuditRecord) => object[]> = {
  'its facts edited': (record) => [new PutCommand({ TableName, Item: { ...record, facts: {} } })],
  'edited, its hash recomputed': (record) => {
    const edited = { ...record, facts: {} };
    return [new PutCommand({ TableName, Item: { ...edited, hash: hashOfRecord(edited) } })];
  },
  'its time changed': (record) => [
    new PutCommand({ TableName, Item: { ...record, at: '2020-01-01T00:00:00.000Z' } }),
  ],
  'its MAC changed': (record) => [new PutCommand({ TableName, Item: { ...record, mac: 'AAAA' } })],
  deleted: (record) => [new DeleteCommand({ TableName, Key: keyOf(record) })],
};

async function recordsOf({ cloud }: Stage): Promise<AuditRecord[]> {
  const { Items = [] } = await cloud.database.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: '#chain = :chain',
      ExpressionAttributeNames: { '#chain': 'chain' },
      ExpressionAttributeValues: { ':chain': CHAIN },
      ConsistentRead: true,
    }),
  );
  return Items as AuditRecord[];
}

export const TAMPERING: readonly Attack[] = [
  {
    kind: 'tampering',
    what: 'audit records changed in the table, the oldest and the youngest: audit verify names each',
    async play(stage) {
      const { cloud, ready } = stage;
      await ready();
      const { archiveUrl, region, credentials } = cloud.access.audit;
      const identity = { credentials: async () => credentials, region: async () => region };
      const opened = await openAudit({ archiveUrl, endpoint: cloud.urls.aws, identity });
      const send = (command: object) => cloud.database.send(command as PutCommand);
      let tries = 0;
      try {
        await cloud.invoke('postern-sign-heads', { 'detail-type': 'Scheduled Event' });
        const records = await until(
          () => recordsOf(stage),
          (found) => found.length > 0,
        );
        await until(
          () => Array.fromAsync(opened.archive.versionsOf(prefixOfChain(CHAIN))),
          (archived) => archived.length >= records.length,
        );
        assert.ok(isIntact(await verifyAudit(opened)), 'found something where nothing was done');
        for (const record of [records[0], records.at(-1)]) {
          for (const [what, tamper] of Object.entries(TAMPERINGS)) {
            if (!record) throw new Error('no record');
            for (const command of tamper(record)) await send(command);
            assert.equal(
              isIntact(await verifyAudit(opened)),
              false,
              `not found: record ${record.seq} ${what}`,
            );
            await send(new PutCommand({ TableName, Item: record }));
            tries += 1;
          }
        }
      } finally {
        opened.close();
      }
      return tries;
    },
  },
];
