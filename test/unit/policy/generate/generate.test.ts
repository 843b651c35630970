import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ALL_PATHS } from '../../../../policy/check/escalation/all-paths.ts';
import { COMPANIONS, NEEDED_SOMETIMES, PASSES_ROLE_TO } from '../../../../policy/data/dependent-actions.ts';
import { FORWARD_ACCESS } from '../../../../policy/data/forward-access.ts';
import { actionFacts } from '../../../../policy/data/iam-data.ts';
import { ROLE_TAKERS } from '../../../../policy/data/service-principals.ts';
import { answerWhy } from '../../../../policy/generate/answer-why.ts';
import { generate } from '../../../../policy/generate/generate.ts';
import type { Intent } from '../../../../policy/generate/intent.ts';
import { refinedFrom } from '../../../../policy/generate/refine.ts';
import { data, policyOf } from '../../../support/policy/check-case.ts';
import { ACCOUNT, intent, KEY } from '../../../support/policy/make-intent.ts';

function made(wanted: Intent) {
  const answer = generate(wanted, data);
  if (answer.kind !== 'generated') throw new Error(JSON.stringify(answer));
  return answer.generated;
}
/** Statements without what is the same in all. */
const shortOf = (wanted: Intent) =>
  made(wanted).permissions.Statement.map(({ Action, Resource, Condition }) => ({
    Action,
    Resource,
    ...(Condition && { Condition }),
  }));
const idsOf = (wanted: Intent): string[] => {
  const answer = generate(wanted, data);
  return answer.kind === 'questions' ? answer.questions.map(({ id }) => id) : [];
};
const problemsOf = (wanted: Intent): string => {
  const answer = generate(wanted, data);
  return answer.kind === 'problems' ? answer.problems.join('\n') : '';
};

describe('permissions', () => {
  test('are on the kind that each action takes', () => {
    expect(shortOf(intent(['s3 object reports: GetObject ListBucket'], { 'key.1': 'no' }))).toEqual([
      { Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::reports/*'] },
      { Action: ['s3:ListBucket'], Resource: ['arn:aws:s3:::reports'] },
    ]);
  });

  test('of some objects list no others', () => {
    const [, list] = shortOf(intent(['s3 object reports/2026/*: GetObject ListBucket'], { 'key.1': 'no' }));
    expect(list).toEqual({
      Action: ['s3:ListBucket'],
      Resource: ['arn:aws:s3:::reports'],
      Condition: { StringLike: { 's3:prefix': ['2026/*'] } },
    });
  });

  test('use a key through its service alone, by what the service does with it', () => {
    const statements = shortOf(
      intent(['s3 object reports: GetObject PutObject', 'sqs queue jobs: SendMessage'], {
        'key.1': KEY,
        'key.2': 'no',
      }),
    );
    expect(statements).toContainEqual({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [KEY],
      Condition: { StringEquals: { 'kms:ViaService': ['s3.eu-central-1.amazonaws.com'] } },
    });
    expect(statements.flatMap(({ Action }) => Action).filter((name) => name.startsWith('kms:'))).toHaveLength(
      2,
    );
  });

  test('a key of two services is one statement', () => {
    const statements = shortOf(
      intent(['s3 object reports: GetObject', 'dynamodb table orders: GetItem'], {
        'key.1': KEY,
        'key.2': KEY,
      }),
    ).filter(({ Action }) => Action.includes('kms:Decrypt'));
    expect(statements).toEqual([
      {
        Action: ['kms:Decrypt'],
        Resource: [KEY],
        Condition: {
          StringEquals: {
            'kms:ViaService': ['dynamodb.eu-central-1.amazonaws.com', 's3.eu-central-1.amazonaws.com'],
          },
        },
      },
    ]);
  });

  test('a grant of a table’s key is for AWS alone', () => {
    const statements = shortOf(intent(['dynamodb table orders: CreateTable'], { 'key.1': KEY }));
    expect(statements).toContainEqual(
      expect.objectContaining({
        Action: ['kms:CreateGrant'],
        Condition: expect.objectContaining({ Bool: { 'kms:GrantIsForAWSResource': ['true'] } }),
      }),
    );
  });

  test('hand over one role, to the services that the action hands it to', () => {
    expect(
      shortOf(intent(['lambda function orders: CreateFunction'], { 'role.1': 'orders-role' })),
    ).toContainEqual({
      Action: ['iam:PassRole'],
      Resource: [`arn:aws:iam::${ACCOUNT}:role/orders-role`],
      Condition: { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com'] } },
    });
  });

  test('what takes no resource is limited to the region, and stands apart', () => {
    expect(shortOf(intent(['ec2 instance i-0123456789abcdef0: DescribeInstances StartInstances']))).toEqual([
      {
        Action: ['ec2:DescribeInstances'],
        Resource: ['*'],
        Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-central-1'] } },
      },
      {
        Action: ['ec2:StartInstances'],
        Resource: ['arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0'],
      },
    ]);
  });

  test('name what a call has to name besides, an index without its table', () => {
    const [run] = shortOf(intent(['ec2 subnet subnet-1: RunInstances'], { 'role.1': 'none' }));
    expect(run?.Resource).toContain('arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-1');
    expect(run?.Resource).toContain('arn:aws:ec2:eu-central-1::image/*');
    expect(shortOf(intent(['dynamodb index orders/index/by-day: Query'], { 'key.1': 'no' }))).toEqual([
      {
        Action: ['dynamodb:Query'],
        Resource: ['arn:aws:dynamodb:eu-central-1:123456789012:table/orders/index/by-day'],
      },
    ]);
  });

  test.each([
    [
      'secretsmanager Secret db: GetSecretValue',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-??????',
    ],
    ['ssm parameter /app/db: GetParameter', 'arn:aws:ssm:eu-central-1:123456789012:parameter/app/db'],
    ['logs log-group /app: FilterLogEvents', 'arn:aws:logs:eu-central-1:123456789012:log-group:/app:*'],
    [
      'logs log-group /app: PutLogEvents',
      'arn:aws:logs:eu-central-1:123456789012:log-group:/app:log-stream:*',
    ],
    ['sqs queue arn:aws:sqs:us-east-1:999999999999:q: SendMessage', 'arn:aws:sqs:us-east-1:999999999999:q'],
  ])('write %s as IAM has it', (text, arn) => {
    expect(shortOf(intent([text], { 'key.1': 'no' }))[0]?.Resource).toContain(arn);
  });

  test('are in the partition of their region', () => {
    const [statement] = shortOf(intent(['sqs queue q: DeleteMessage'], { region: 'cn-north-1' }));
    expect(statement?.Resource).toEqual(['arn:aws-cn:sqs:cn-north-1:123456789012:q']);
  });

  test('say no statement twice, and each why it is there', () => {
    const { permissions, statements } = made(
      intent(['sqs queue q: DeleteMessage', 'sqs queue q: DeleteMessage', 'sqs queue *: DeleteMessage']),
    );
    expect(permissions.Statement).toHaveLength(1);
    expect(statements[0]?.because).toHaveLength(2);
  });

  test('have what others cannot do without, and tell what they might lack', () => {
    const pull = made(intent(['ecr repository app: BatchGetImage']));
    expect(pull.permissions.Statement.flatMap(({ Action }) => Action)).toContain('ecr:GetAuthorizationToken');
    const { notes } = made(intent(['lambda function f: CreateFunction'], { 'role.1': 'none' }));
    expect(notes.join()).toContain('ecr:BatchGetImage');
  });

  test('what a check finds stands beside the words that asked for it', () => {
    const { findings } = made(intent(['iam role deployer: PutRolePolicy']));
    expect(findings.map(({ id }) => id)).toContain('P35');
    for (const { because } of findings) expect(because.join()).toContain('iam role deployer: PutRolePolicy');
  });
});

describe('trust', () => {
  const trustOf = (assumedBy: string, more = {}) =>
    made(intent(['sqs queue q: DeleteMessage'], { assumedBy, ...more })).trust;

  test.each([
    ['service:lambda', { Principal: { Service: 'lambda.amazonaws.com' }, Condition: undefined }],
    ['service:scheduler', { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }],
    ['service:pods.eks', { Action: ['sts:AssumeRole', 'sts:TagSession'] }],
    ['arn:aws:iam::123456789012:user/ann', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }],
    ['123456789012', { Principal: { AWS: 'arn:aws:iam::123456789012:root' } }],
    [
      'github:org/repo:environment:prod',
      {
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:org/repo:environment:prod',
          },
        },
      },
    ],
  ])('of %s', (assumedBy, expected) => {
    const [statement] = trustOf(assumedBy)?.document.Statement ?? [];
    expect({ Condition: undefined, ...statement }).toMatchObject(expected);
    expect(made(intent(['sqs queue q: DeleteMessage'], { assumedBy })).findings).toEqual([]);
  });

  test('of another account asks for its ExternalId, and holds it', () => {
    const wanted = intent(['sqs queue q: DeleteMessage'], { assumedBy: '999999999999' });
    expect(idsOf(wanted)).toEqual(['externalId']);
    expect(trustOf('999999999999', { externalId: 'orders-1' })?.document.Statement[0]).toMatchObject({
      Condition: { StringEquals: { 'sts:ExternalId': 'orders-1' } },
    });
  });

  test('of nobody is none', () => expect(trustOf('none')).toBeUndefined());
});

describe('questions', () => {
  test('are about what is open, three at once, the names first', () => {
    const open = {
      accesses: intent(['s3 object: GetObject', 'sqs queue: SendMessage']).accesses,
      answers: {},
    };
    expect(idsOf(open)).toEqual(['name.1', 'name.2', 'account']);
    expect(idsOf({ ...open, answers: { 'name.1': 'a', 'name.2': 'b', account: ACCOUNT } })).toEqual([
      'region',
      'key.1',
      'key.2',
    ]);
  });

  test('are not asked where nothing rests on the answer', () => {
    expect(idsOf({ ...intent(['s3 bucket b: ListBucket']), answers: {} })).toEqual(['assumedBy']);
  });

  test.each([
    ['account', '12345'],
    ['account', '1234567890123'],
    ['region', 'eu-centrl-1'],
    ['region', 'aws-global'],
    ['name.1', 'a b'],
    ['name.1', 'q"},{"Effect":"Allow'],
    ['name.1', '${aws:username}'],
    ['name.1', 'arn:aws:s3:::q'],
    ['name.1', 'arn:aws:sqs:nowhere-1:123456789012:q'],
    ['name.1', 'arn:aws:sqs:eu-central-1:12:q'],
    ['name.1', 'a/../b'],
    ['name.1', 'a*b'],
    ['name.2', 'q'],
    ['name.01', 'q'],
    ['key.1', 'alias/mine'],
    ['key.1', 'arn:aws:kms:eu-central-1:123456789012:key/*'],
    ['key.1', 'yes'],
    ['role.1', 'a b'],
    ['role.1', 'arn:aws:iam::123456789012:role/*'],
    ['assumedBy', '*'],
    ['assumedBy', 'service:nobody'],
    ['assumedBy', 'github:org/*:ref:refs/heads/main'],
    ['assumedBy', 'github:org/repo'],
    ['externalId', '*'],
    ['__proto__', 'x'],
    ['constructor', 'x'],
  ])('%s is not answered by %s', (id, value) => {
    const { accesses, answers } = intent(['sqs queue q: SendMessage']);
    expect(
      problemsOf({
        accesses,
        answers: {
          ...answers,
          'key.1': 'no',
          ...JSON.parse(`{${JSON.stringify(id)}:${JSON.stringify(value)}}`),
        },
      }),
    ).toContain(id);
  });
});

describe('an intent is refused', () => {
  test.each([
    ['of no service', 's4 object b: GetObject', 's4 is no service'],
    ['of no kind', 's3 folder b: GetObject', 'no kind of resource folder'],
    ['of no action', 's3 object b: GetObjekt', 'did you mean s3:GetObject?'],
    ['of a pattern', 's3 object b: GetObject s3:*', 'not one action'],
    ['of another service’s action', 's3 object b: sqs:SendMessage', 'is not one action'],
    ['of an action on another kind', 's3 job b: GetObject', 'is not about a job'],
    ['of an action whose kind is not said', 's3: GetObject', 'name its kind'],
  ])('%s', (_, text, problem) => expect(problemsOf(intent([text]))).toContain(problem));

  test('that is a whole service, or more than one job', () => {
    const all = Object.keys(data.serviceOf('sqs')?.actions ?? {}).join(' ');
    expect(problemsOf(intent([`sqs queue q: ${all}`]))).toContain('more than a job needs');
    const most = Object.keys(data.serviceOf('s3')?.actions ?? {})
      .slice(0, 41)
      .join(' ');
    expect(problemsOf(intent([`s3 object q: ${most}`]))).toContain('more than a job needs');
    expect(problemsOf(intent(Array.from({ length: 21 }, () => 'sqs queue q: SendMessage')))).toContain(
      'one job',
    );
    expect(problemsOf(intent([]))).toContain('no access');
  });

  test('that AWS would not take for its size', () => {
    const long = Array.from({ length: 20 }, (_, nth) => `sqs queue ${'q'.repeat(400)}${nth}: DeleteMessage`);
    expect(problemsOf(intent(long))).toContain('G12');
  });
});

describe('refining', () => {
  const last = policyOf(
    made(intent(['sqs queue q: DeleteMessage ReceiveMessage'], { 'key.1': 'no' })).permissions,
  );

  test('to less is proved to be within the last', () => {
    const narrower = made(intent(['sqs queue q: ReceiveMessage'], { 'key.1': 'no' }));
    expect(refinedFrom(last, narrower, data.known)).toEqual({ proof: { verdict: 'within' }, widerBy: [] });
  });

  test('to more is said to be wider, by which statement and why', () => {
    const wider = made(
      intent(['sqs queue q: ReceiveMessage', 'sqs queue r: SendMessage'], { 'key.1': 'no', 'key.2': 'no' }),
    );
    const { proof, widerBy } = refinedFrom(last, wider, data.known);
    expect(proof).toMatchObject({ verdict: 'wider', request: { action: 'sqs:SendMessage' } });
    expect(widerBy).toEqual([{ sid: 'WriteSqs', because: ['it was asked for: “sqs queue r: SendMessage”'] }]);
  });
});

test('why is answered in words', () => {
  const before = made(intent(['s3 object reports: GetObject'], { 'key.1': KEY }));
  expect(answerWhy(['kms:Decrypt'], before, data).join()).toMatch(
    /is allowed on arn:aws:kms.*rights: kms:Decrypt for s3:GetObject/,
  );
  expect(answerWhy(['s3:PutObject'], before, data).join()).toContain('nothing that was asked for needs it');
  expect(answerWhy(['s3:Nothing'], undefined, data)).toEqual(['s3:Nothing is no action of AWS.']);
  expect(answerWhy([], before, data)).toHaveLength(2);
});

describe('what is known', () => {
  const known = (action: string) => actionFacts(data, action)?.name;

  test('names actions that AWS has', () => {
    const names = [
      ...PASSES_ROLE_TO.keys(),
      ...Object.keys(FORWARD_ACCESS),
      ...Object.values(FORWARD_ACCESS).flat(),
      ...Object.keys(COMPANIONS),
      ...Object.values(COMPANIONS).flatMap((all) => all.map(({ action }) => action)),
      ...Object.keys(NEEDED_SOMETIMES),
    ];
    expect(names.filter((name) => known(name) !== name)).toEqual([]);
  });

  test('hands roles to services that take them', () => {
    expect([...PASSES_ROLE_TO.values()].flat().filter((name) => !ROLE_TAKERS.has(name))).toEqual([]);
  });

  test('agrees with the ways to escalate by a role that is handed over', () => {
    const disagreeing = ALL_PATHS.filter(({ category }) => category === 'new-passrole').filter(
      ({ needs }) => {
        const [pass] = needs.flat().filter(({ action }) => action === 'iam:PassRole');
        const services = pass?.carries?.['iam:PassedToService'] ?? [];
        const takers = needs
          .flat()
          .flatMap(({ action }) => PASSES_ROLE_TO.get(action) ?? [])
          .map((taker) => `${taker}.amazonaws.com`);
        return pass && takers.length > 0 && !takers.some((taker) => services.includes(taker));
      },
    );
    expect(disagreeing.map(({ id, needs }) => [id, ...needs.flat().map(({ action }) => action)])).toEqual([]);
  });

  const folder = process.env.POSTERN_POLICY_DATA;
  test.skipIf(!folder)('agrees with the maps of forward access', () => {
    const AS_ACTIONS: Record<string, string> = {
      HeadObject: 'GetObject',
      CopyObject: 'PutObject',
      CreateMultipartUpload: 'PutObject',
      UploadPart: 'PutObject',
      UploadPartCopy: 'PutObject',
      PublishBatch: 'Publish',
      SendMessageBatch: 'SendMessage',
    };
    const found: Record<string, Set<string>> = {};
    for (const service of ['dynamodb', 'kinesis', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm']) {
      const { Operations } = JSON.parse(readFileSync(`${folder}/fas-maps/${service}.json`, 'utf8')) as {
        Operations: { Name: string; FasOperations?: { Operation: string; Service: string }[] }[];
      };
      for (const { Name, FasOperations = [] } of Operations)
        for (const { Operation, Service } of FasOperations) {
          const action = `${service}:${AS_ACTIONS[Name] ?? Name}`;
          found[action] = (found[action] ?? new Set()).add(`${Service}:${Operation}`);
        }
    }
    expect(Object.fromEntries(Object.entries(found).map(([name, all]) => [name, [...all].sort()]))).toEqual(
      FORWARD_ACCESS,
    );
  });
});
