import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { tryWrite } from '../lambdas/shared/adapters/runtime/call-aws.ts';
import { makePoliciesTable } from '../lambdas/shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../lambdas/shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../lambdas/shared/adapters/tables/principals-table.ts';
import type { Principal } from '../lambdas/shared/domain/principal.ts';
import type { Row } from './bank-rows.ts';

export type Seeded = { principal: Principal; policy: string };

/** Where an earlier run's issuer was: the same path, on whatever port it had. */
const ISSUER = /^http:\/\/127\.0\.0\.1:\d+\/issuer$/;

/**
 * Adds what is missing. What an earlier run left, and its sessions and approved changes may have altered, stays
 * as it is; only where it is reached, the address of the sandbox's own issuer and its Slack user, is brought up to
 * date.
 */
export async function fillTables(
  client: DynamoDBDocumentClient,
  people: readonly Seeded[],
  rowsOfTables: Readonly<Record<string, readonly Row[]>>,
): Promise<void> {
  const principals = makePrincipalsTable({ client, tableName: 'users_table' });
  const policies = makePoliciesTable({ client, tableName: 'policy_table' });
  const lookups = makePrincipalLookups({ client, tableName: 'postern_aws_principals', principals });

  async function addPerson({ principal, policy }: Seeded): Promise<void> {
    const found = await principals.get(principal.id);
    if (found) {
      const moved = withPlaces(found, principal);
      if (moved && (await principals.write(moved, found.version))) await lookups.claim(moved);
      return;
    }
    await policies.write({ principalId: principal.id, text: policy, version: principal.version }, 0);
    await lookups.claim(principal);
    // Last, so that a run that was cut off begins this person anew.
    await principals.write(principal, 0);
  }

  await Promise.all([
    ...Object.entries(rowsOfTables).flatMap(([table, rows]) => rows.map((row) => addRow(client, table, row))),
    ...people.map(addPerson),
  ]);
}

/** The principal as found, with its issuer's present address and its Slack user; undefined where it has both. */
function withPlaces(found: Principal, seeded: Principal): Principal | undefined {
  const [present] = seeded.subjectIssuers;
  const { slackUserId } = seeded;
  const isStale = ({ issuer }: { issuer: string }) => ISSUER.test(issuer) && issuer !== present?.issuer;
  const hasMoved = slackUserId !== undefined && slackUserId !== found.slackUserId;
  if (!(present && found.subjectIssuers.some(isStale)) && !hasMoved) return undefined;
  return {
    ...found,
    ...(slackUserId && { slackUserId }),
    subjectIssuers: found.subjectIssuers.map((one) =>
      present && isStale(one) ? { ...one, issuer: present.issuer } : one,
    ),
  };
}

/** Adds a row unless there is one of its key. Rows are written with their key first. */
async function addRow(client: DynamoDBDocumentClient, table: string, row: Record<string, unknown>) {
  const [key = ''] = Object.keys(row);
  await tryWrite(table, () =>
    client.send(
      new PutCommand({
        TableName: table,
        Item: row,
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': key },
      }),
    ),
  );
}
