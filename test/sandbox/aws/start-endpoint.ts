import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startAwsEndpoint } from '../../../sandbox/aws/start-aws-endpoint.ts';
import type { AwsCaller } from '../../../sandbox/aws/types.ts';
import { resolveTemplate } from '../../../sandbox/template/resolve-template.ts';
import { template } from '../../support/template.ts';

export const ACCOUNT = '123456789012';
export const BROKERED = `arn:aws:iam::${ACCOUNT}:role/postern-brokered-restricted`;

/** The endpoint on the real template, with an admin, a nobody, and assume-role's own session. */
export async function startEndpoint() {
  const aws = await startAwsEndpoint({
    port: 0,
    template: resolveTemplate(template(), { accountId: ACCOUNT, region: 'eu-central-1' }),
    services: [],
  });
  const user = (name: string, statements: unknown[]) => {
    const caller: AwsCaller = {
      accountId: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
      userId: `AIDA${name.toUpperCase()}`,
      accessKeyId: `AKIA${name.toUpperCase().padEnd(16, 'X')}`,
      identityPolicies: [{ Version: '2012-10-17', Statement: statements }],
      principalTags: {},
    };
    const keys = { accessKeyId: caller.accessKeyId, secretAccessKey: `secret-of-${name}` };
    aws.credentials.add({ ...keys, caller });
    return { endpoint: aws.url, region: 'eu-central-1', credentials: keys, maxAttempts: 1 };
  };
  const admin = user('admin', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  const nobody = user('nobody', []);
  const session = aws.credentials.issueForRole(
    `arn:aws:iam::${ACCOUNT}:role/postern-assume-role`,
    'assume-role',
  );
  const broker = { ...admin, credentials: session };
  const database = new DynamoDBClient(admin);
  for (const id of ['c-1042', 'c-2077']) {
    await database.send(
      new PutItemCommand({ TableName: 'bank_balances', Item: { user_id: { S: id }, balance: { N: '10' } } }),
    );
  }
  database.destroy();
  return { aws, admin, nobody, broker };
}
export type Endpoint = Awaited<ReturnType<typeof startEndpoint>>;
