import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { lookupKeysOf } from '../../lambdas/shared/adapters/principal-lookups-table.ts';
import type { SeedOptions } from '../sandbox-parts.ts';
import { BANK_ROWS } from './bank-rows.ts';
import { type DemoKeys, demoKeys } from './demo-keys.ts';
import { demoPrincipals, SUBJECTS } from './principals.ts';

const ACCOUNT_ID = '123456789012';
const REGION = 'eu-central-1';

/** Who may call the sandbox, and where end users get their tokens. */
export type Access = {
  principals: DemoKeys;
  subjects: Record<string, { tokenUrl: string }>;
};

/** Callers hold this permission and no other: to ask. */
const MAY_ASK = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
};

/** Fills the bank's and the broker's tables, and makes the principals' keys. Run again, it changes nothing. */
export async function seed({ aws, edge, env, dataDir }: SeedOptions): Promise<Access> {
  const people = demoPrincipals(`${edge.url}/issuer`, ACCOUNT_ID);
  const keys = demoKeys(
    people.map(({ principal }) => principal.id),
    dataDir,
  );
  for (const [id, key] of Object.entries(keys)) {
    const arn = `arn:aws:iam::${ACCOUNT_ID}:user/${id}`;
    aws.credentials.add({
      ...key,
      caller: {
        accountId: ACCOUNT_ID,
        arn,
        userId: `AIDA${key.accessKeyId.slice(4)}`,
        accessKeyId: key.accessKeyId,
        identityPolicies: [MAY_ASK],
        principalTags: {},
      },
    });
  }
  aws.secrets.put('postern/openai', env.OPENAI_API_KEY ?? 'the offline reviewer takes no key');
  await fillTables(aws, people);
  return {
    principals: keys,
    subjects: Object.fromEntries(SUBJECTS.map((id) => [id, { tokenUrl: `${edge.url}/issuer/token/${id}` }])),
  };
}

/** Writes as an administrator that exists only while this runs. */
async function fillTables(aws: SeedOptions['aws'], people: ReturnType<typeof demoPrincipals>): Promise<void> {
  const [key] = Object.values(demoKeys(['seed'], undefined));
  if (!key) throw new Error('no key to seed with');
  const caller = {
    accountId: ACCOUNT_ID,
    arn: `arn:aws:iam::${ACCOUNT_ID}:user/seed`,
    userId: 'AIDASEED',
    accessKeyId: key.accessKeyId,
    identityPolicies: [
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }] },
    ],
    principalTags: {},
  };
  aws.credentials.add({ ...key, caller });
  const raw = new DynamoDBClient({ endpoint: aws.url, region: REGION, credentials: key });
  const client = DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } });
  const put = (TableName: string, Item: Record<string, unknown>) =>
    client.send(new PutCommand({ TableName, Item }));
  await Promise.all([
    ...Object.entries(BANK_ROWS).flatMap(([table, rows]) => rows.map((row) => put(table, row))),
    ...people.flatMap(({ principal, policy }) => [
      put('users_table', principal),
      put('policy_table', { principalId: principal.id, text: policy, version: 1 }),
      ...lookupKeysOf(principal).map((arn) =>
        put('postern_aws_principals', { arn, principalId: principal.id }),
      ),
    ]),
  ]);
  raw.destroy();
  aws.credentials.add({ ...key, expiresAt: new Date(0), caller: { ...caller, identityPolicies: [] } });
}
