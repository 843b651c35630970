import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { tryWrite } from '../../lambdas/shared/adapters/call-aws.ts';
import { makePoliciesTable } from '../../lambdas/shared/adapters/policies-table.ts';
import { lookupKeysOf, makePrincipalLookups } from '../../lambdas/shared/adapters/principal-lookups-table.ts';
import { makePrincipalsTable } from '../../lambdas/shared/adapters/principals-table.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { BANK_ROWS } from './bank-rows.ts';

type Seeded = { principal: Principal; policy: string };

/** Where an earlier run's issuer was: the same path, on whatever port it had. */
const ISSUER = /^http:\/\/127\.0\.0\.1:\d+\/issuer$/;

/**
 * Adds what is missing. What an earlier run left, and its sessions and approved changes may have altered, stays
 * as it is; only the address of the sandbox's own issuer, which depends on its port, is brought up to date.
 */
export async function fillTables(client: DynamoDBDocumentClient, people: readonly Seeded[]): Promise<void> {
  const principals = makePrincipalsTable({ client, tableName: 'users_table' });
  const policies = makePoliciesTable({ client, tableName: 'policy_table' });
  const lookups = makePrincipalLookups({ client, tableName: 'postern_aws_principals', principals });

  async function addPerson({ principal, policy }: Seeded): Promise<void> {
    const found = await principals.get(principal.id);
    if (found) {
      const moved = withIssuer(found, principal.subjectIssuers);
      if (moved) await principals.write(moved, found.version);
      return;
    }
    await policies.write({ principalId: principal.id, text: policy, version: principal.version }, 0);
    await Promise.all(lookupKeysOf(principal).map((key) => lookups.write(key, principal.id)));
    // Last, so that a run that was cut off begins this person anew.
    await principals.write(principal, 0);
  }

  await Promise.all([
    ...Object.entries(BANK_ROWS).flatMap(([table, rows]) => rows.map((row) => addRow(client, table, row))),
    ...people.map(addPerson),
  ]);
}

/** The principal with the issuer's present address; undefined where it has it, or trusts no such issuer. */
function withIssuer(found: Principal, [present]: Principal['subjectIssuers']): Principal | undefined {
  if (!present) return undefined;
  const isStale = ({ issuer }: { issuer: string }) => ISSUER.test(issuer) && issuer !== present.issuer;
  if (!found.subjectIssuers.some(isStale)) return undefined;
  return {
    ...found,
    subjectIssuers: found.subjectIssuers.map((one) =>
      isStale(one) ? { ...one, issuer: present.issuer } : one,
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
