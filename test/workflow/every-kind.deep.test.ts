import { rmSync } from 'node:fs';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runAwsCall } from '../../clients/mcp/run-aws-call.ts';
import { requestAccess } from '../../clients/sdk/postern.ts';
import { REGION } from '../../demo/place.ts';
import { checkConfig } from '../../infra/check-config.ts';
import { grantableActions, resourceKindSchema } from '../../lambdas/shared/domain/catalog/catalog.ts';
import type { Observation } from '../../sandbox/aws/authorize.ts';
import { synthesise } from '../../sandbox/template/synthesise.ts';
import { type Aws, KINDS } from '../support/kinds/kinds.ts';
import { entryOf, writeKindsConfig } from '../support/kinds/kinds-config.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';

type Session = { accessKeyId: string; secretAccessKey: string; sessionToken: string };

const configDir = writeKindsConfig();
let cloud: Cloud;
let admin: Aws;
const observed: Observation[] = [];
const sessions = new Map<string, Session>();

/** Tables are those of the template: whoever has others makes them. */
async function makeTables(): Promise<void> {
  const database = new DynamoDBClient(cloud.clientOptions);
  for (const TableName of ['orders', 'payroll']) {
    await database.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['id', 'day'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byDay',
            KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
  }
  database.destroy();
}

/** Makes calls as `run_aws` does, by the AWS SDK, pointed at the sandbox as a user points it: by the environment. */
const callerWith =
  (keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): Aws =>
  async (service, operation, input = {}) =>
    (await runAwsCall(keys as Required<typeof keys>, {
      service,
      operation,
      input,
      region: REGION,
    })) as Record<string, unknown>;

beforeAll(async () => {
  checkConfig(configDir);
  cloud = await startCloud({ configDir, template: await synthesise(configDir), bundles: bundles() });
  vi.stubEnv('AWS_ENDPOINT_URL', cloud.urls.aws);
  cloud.aws.observe((observation) => observed.push(observation));
  admin = callerWith(cloud.clientOptions.credentials);
  await makeTables();
  cloud.reviewer.says(proposedFor);
  const requests = [...Map.groupBy(Object.values(KINDS), ({ request }) => request)].map(
    async ([request, cases]) =>
      [
        request,
        await granted([...new Set(cases.flatMap(({ grants }) => grants))], cases[0]?.subject),
      ] as const,
  );
  for (const [request, session] of await Promise.all(requests)) sessions.set(request, session);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud?.close();
  rmSync(configDir, { recursive: true, force: true });
});

function sessionOf({ request }: { request: string }): Session {
  const session = sessions.get(request);
  if (!session) throw new Error(`nothing was granted by ${request}`);
  return session;
}

const reasonFor = (keys: readonly string[]) =>
  `The shop's orders have to be looked through: ${keys.join(', ')}.`;

/** Proposes all that the entries which a reason names can give. */
function proposedFor({ reason }: Asked): Line {
  const keys = reason.replace(/^.*: |\.$/g, '').split(', ');
  const grants = keys.map((key) => ({ resource: key, actions: grantableActions(entryOf(key)) }));
  return proposing('', [], { grants });
}

/** Asks for all that these entries can give, as somebody would by the TypeScript client, and claims it. */
async function granted(keys: readonly string[], subject?: string): Promise<Session> {
  const key = cloud.access.principals[subject ? 'customer_support_agent' : 'analyst1'];
  if (!key) throw new Error('the demo has no such principal');
  return requestAccess({
    endpoint: cloud.urls.api,
    identity: { credentials: async () => key, region: async () => REGION },
    reason: reasonFor(keys),
    ...(subject && { subjectToken: () => cloud.subjectToken(subject) }),
  });
}

test('every kind of the catalog is tried', () => {
  const tried = new Set(Object.values(KINDS).flatMap(({ grants }) => grants.map((key) => entryOf(key).kind)));
  expect([...tried].sort()).toEqual([...resourceKindSchema.options].sort());
});

describe.each(Object.entries(KINDS))('%s, granted by the real flow', (_, kind) => {
  const { grants, use, neighbours } = kind;

  test('each of its actions is done by the real SDK', async () => {
    const session = sessionOf(kind);
    await use(callerWith(session), admin);
    const done = observed.filter(
      ({ allowed, caller }) => allowed && caller.accessKeyId === session.accessKeyId,
    );
    const actions = grants.flatMap((key) => grantableActions(entryOf(key)));
    expect([...new Set(done.map(({ action }) => action))]).toEqual(expect.arrayContaining(actions));
  });

  test.each(neighbours)('%s %s %j: refused, though it is there', async (service, operation, input) => {
    const aws = callerWith(sessionOf(kind));
    await expect(aws(service, operation, input)).rejects.toMatchObject({
      $metadata: { httpStatusCode: service === 's3' ? 403 : expect.any(Number) },
      // An answer to HEAD has no body to say it in.
      name: operation === 'HeadObject' ? 'Unknown' : expect.stringMatching(/^AccessDenied/),
    });
    await expect(admin(service, operation, input)).resolves.toBeDefined();
  });
});

test('what the sandbox lacks: told so to whom IAM allows it, and refused to others', async () => {
  const acl = { Bucket: 'shop-exports', Key: 'orders/sample.txt' };
  await expect(admin('s3', 'GetObjectAcl', acl)).rejects.toMatchObject({ name: 'NotImplemented' });
  const aws = callerWith(sessionOf({ request: 'objects' }));
  await expect(aws('s3', 'GetObjectAcl', acl)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(aws('lambda', 'ListFunctions')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
