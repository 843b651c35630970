import { parseArgs } from 'node:util';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  RestoreTableToPointInTimeCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { TABLE_NAMES } from '../../names.ts';
import { runCommand } from '../../run-command.ts';
import { readSettings } from '../../settings.ts';
import { makeAwsAccount } from '../aws-account.ts';
import { findPlace } from '../find-place.ts';
import { NotReady } from '../not-ready.ts';
import { compareRows, nameOfRow, type RowChanges, writeRows } from './restore-rows.ts';

/**
 * Who may ask and by which rules, together: a principal of one time beside a policy of another is nobody's decision.
 * No other table is put back to an earlier time: a code, a signature, a claim or a vote would count once more.
 */
const RESTORED = [
  TABLE_NAMES.principals,
  TABLE_NAMES.policies,
  TABLE_NAMES.awsPrincipals,
  TABLE_NAMES.versions,
];

/** Seconds that AWS may take for a restored table of this size. */
const MOST_SECONDS = 3_600;

/** Puts principals, policies and their versions back to what they were at a time. Without `--yes` it only says what changes. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, yes: { type: 'boolean', default: false } },
  });
  if (!values.to || Number.isNaN(Date.parse(values.to)))
    throw new NotReady('name a time: npm run restore -- --to 2026-11-29T04:00:00Z [--yes]');
  const to = new Date(values.to);
  await findPlace(makeAwsAccount(), readSettings());
  const dynamodb = new DynamoDBClient({});
  const client = DynamoDBDocumentClient.from(dynamodb);
  const changes: { table: string; keys: string[]; rows: RowChanges }[] = [];
  for (const table of RESTORED) {
    const copy = `${table}-at-${to.toISOString().replaceAll(/[^0-9TZ]/g, '')}`;
    console.log(`${table}: AWS restores a copy of it, which takes minutes`);
    await dynamodb.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName: table,
        TargetTableName: copy,
        RestoreDateTime: to,
      }),
    );
    try {
      await waitUntilTableExists({ client: dynamodb, maxWaitTime: MOST_SECONDS }, { TableName: copy });
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
      const keys = (Table?.KeySchema ?? []).map(({ AttributeName = '' }) => AttributeName);
      changes.push({ table, keys, rows: await compareRows(client, { from: copy, into: table, keys }) });
    } finally {
      await dynamodb.send(new DeleteTableCommand({ TableName: copy }));
    }
  }
  for (const { table, keys, rows } of changes) {
    for (const row of rows.put) console.log(`  put    ${table} ${visibleText(nameOfRow(row, keys))}`);
    for (const row of rows.remove) console.log(`  remove ${table} ${visibleText(nameOfRow(row, keys))}`);
  }
  if (!values.yes) throw new NotReady('nothing was written: --yes does it');
  for (const { table, keys, rows } of changes) await writeRows(client, table, keys, rows);
  const written = changes.flatMap(({ rows }) => [...rows.put, ...rows.remove]).length;
  console.log(`Rows written or removed: ${written}. Now: npm run rejoin, which records it`);
});
