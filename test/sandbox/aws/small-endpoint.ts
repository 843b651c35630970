import type { CatalogResource } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { startAwsEndpoint } from '../../../sandbox/aws/start-aws-endpoint.ts';
import type { AwsCaller, AwsService, PolicyDocument } from '../../../sandbox/aws/types.ts';
import type { ResolvedTemplate, RoleSpec, TableSpec } from '../../../sandbox/template/types.ts';
import type { Keys } from './signed-call.ts';

export const ACCOUNT = '123456789012';
export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const userArn = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;
export const document = (...Statement: unknown[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
export const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

export function role(name: string, trust: PolicyDocument, ...statements: unknown[]): RoleSpec {
  return {
    logicalId: name,
    name,
    arn: roleArn(name),
    id: `AROA${name.toUpperCase()}`,
    trust,
    policies: [{ name: 'own', document: document(...statements) }],
    managedPolicyArns: [],
    maxSessionSeconds: 7200,
  };
}

/** A table of notes by owner, with an index by owner and one by topic. */
export const NOTES: TableSpec = {
  logicalId: 'Notes',
  name: 'notes',
  arn: `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/notes`,
  properties: {
    AttributeDefinitions: ['owner_id', 'at', 'topic'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'owner_id', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byTopic',
        KeySchema: [{ AttributeName: 'topic', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'byOwnersTopic',
        KeySchema: [
          { AttributeName: 'owner_id', KeyType: 'HASH' },
          { AttributeName: 'topic', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
};

/** The endpoint on what a test says is there, and nothing else. */
export async function startSmall(
  parts: Partial<Pick<ResolvedTemplate, 'roles' | 'tables' | 'keys' | 'secrets'>>,
  services: AwsService[] = [],
  catalog: readonly CatalogResource[] = [],
) {
  const aws = await startAwsEndpoint({
    port: 0,
    services,
    catalog,
    template: {
      tables: [],
      functions: [],
      roles: [],
      stateMachines: [],
      keys: [],
      secrets: [],
      routes: [],
      streams: [],
      queues: [],
      queueMappings: [],
      topicArns: [],
      webSockets: [],
      tokenRoutes: [],
      pipes: [],
      outputs: {},
      ...parts,
    },
  });
  /** Keys of a user with these policies. */
  function user(name: string, statements: unknown[], more: Partial<AwsCaller> = {}): Keys {
    const keys = {
      accessKeyId: `AKIA${name.toUpperCase().padEnd(16, 'X')}`,
      secretAccessKey: `secret-of-${name}`,
    };
    aws.credentials.add({
      ...keys,
      caller: {
        accountId: ACCOUNT,
        arn: userArn(name),
        userId: `AIDA${name.toUpperCase()}`,
        accessKeyId: keys.accessKeyId,
        identityPolicies: statements.length === 0 ? [] : [document(...statements)],
        principalTags: {},
        ...more,
      },
    });
    return keys;
  }
  return { aws, user, admin: user('admin', [allow('*')]) };
}
export type Small = Awaited<ReturnType<typeof startSmall>>;
