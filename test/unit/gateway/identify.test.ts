import { cbor } from '@smithy/core/cbor';
import { describe, expect, it, test } from 'vitest';
import { nameNeeds } from '../../../gateway/identify/iam/name-needs.ts';
import { openIamData } from '../../../gateway/identify/iam/open-iam-data.ts';
import { readPartiql } from '../../../gateway/identify/iam/read-partiql.ts';
import { identify } from '../../../gateway/identify/identify.ts';
import { readDeletedKeys } from '../../../gateway/identify/read-deleted-keys.ts';
import { readJson } from '../../../gateway/identify/read-json.ts';
import { openModels } from '../../../gateway/identify/read-models.ts';
import { dynamodb, signed } from './signed.ts';

const models = openModels();
const iam = openIamData();
const PLACE = { partition: 'aws', region: 'eu-central-1', account: '111122223333' };

type Call = ReturnType<typeof signed>;
const name = ({ request, body }: Call, signingName: string, bucketInHost?: string) =>
  identify({ request, body, signingName, bucketInHost }, models);
const form = (service: string, fields: Record<string, string>) =>
  signed({
    service,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(fields).toString(),
  });
const s3 = (method: string, target: string, more: { headers?: Record<string, string>; body?: string } = {}) =>
  signed({ service: 's3', method, target, ...more });

/** What a call needs, as one reads it. */
function needs(call: Call, signingName: string): string[] {
  const named = name(call, signingName);
  if ('notNamed' in named) return [named.notNamed];
  const found = nameNeeds(named, PLACE, iam) ?? [];
  return found.map(
    ({ action, resource }) => `${action} ${resource.kind === 'known' ? resource.arn : resource.kind}`,
  );
}

describe('a call is named', () => {
  it.each([
    ['json', dynamodb('GetItem', { TableName: 'a_table' }), 'dynamodb', 'dynamodb:GetItem'],
    [
      'query',
      form('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' }),
      'sts',
      'sts:GetCallerIdentity',
    ],
    [
      'ec2',
      form('ec2', { Action: 'RunInstances', Version: '2016-11-15', InstanceType: 't3.micro' }),
      'ec2',
      'ec2:RunInstances',
    ],
    [
      'rest-json',
      signed({ service: 'lambda', method: 'GET', target: '/2015-03-31/functions/pay' }),
      'lambda',
      'lambda:GetFunction',
    ],
    ['rest-xml', s3('GET', '/bucket-one/a/key'), 's3', 's3:GetObject'],
    ['a query of S3', s3('GET', '/bucket-one?list-type=2&prefix=a'), 's3', 's3:ListObjectsV2'],
    ['a subresource', s3('PUT', '/bucket-one/key?acl'), 's3', 's3:PutObjectAcl'],
    [
      'rpcv2-cbor',
      signed({
        service: 'monitoring',
        target: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
        headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
        body: cbor.serialize({ Namespace: 'AWS/EC2' }),
      }),
      'monitoring',
      'cloudwatch:ListMetrics',
    ],
  ])('by %s', (_, call, signingName, wanted) => {
    const named = name(call, signingName);
    expect('notNamed' in named ? named.notNamed : `${named.service.id}:${named.operation.name}`).toBe(wanted);
  });

  test('by the bucket in its host', () => {
    const named = name(s3('GET', '/a/key'), 's3', 'bucket-one');
    expect(named).toMatchObject({
      operation: { name: 'GetObject' },
      parameters: { Bucket: 'bucket-one', Key: 'a/key' },
    });
  });

  test('with its parameters, by type', () => {
    const call = form('ec2', {
      ...{
        Action: 'RunInstances',
        Version: '2016-11-15',
        InstanceType: 'p4d.24xlarge',
        MinCount: '1',
        MaxCount: '2',
      },
      ...{ 'SecurityGroupId.1': 'sg-1', 'SecurityGroupId.2': 'sg-2', DryRun: 'false' },
    });
    expect(name(call, 'ec2')).toMatchObject({
      parameters: {
        InstanceType: 'p4d.24xlarge',
        MaxCount: 2,
        SecurityGroupIds: ['sg-1', 'sg-2'],
        DryRun: false,
      },
    });
  });
});

describe('a call is refused', () => {
  it.each([
    ['that names an operation AWS has not', dynamodb('DropEverything', {}), 'dynamodb'],
    ['of another service than it signs for', dynamodb('GetItem', {}), 'sts'],
    [
      'with a key of its JSON twice',
      dynamodb('GetItem', '{"TableName":"a_table","TableName":"secrets"}'),
      'dynamodb',
    ],
    [
      'with a key twice, once escaped',
      dynamodb('GetItem', '{"TableName":"a_table","\\u0054ableName":"b"}'),
      'dynamodb',
    ],
    ['whose body is no JSON object', dynamodb('GetItem', '[1]'), 'dynamodb'],
    [
      'nested a thousand deep',
      dynamodb('GetItem', `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`),
      'dynamodb',
    ],
    [
      'with Action twice',
      signed({
        service: 'sts',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=GetCallerIdentity&Action=AssumeRole&Version=2011-06-15',
      }),
      'sts',
    ],
    [
      'with Action in query and body',
      signed({
        service: 'sts',
        target: '/?Action=AssumeRole',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
      }),
      'sts',
    ],
    [
      'in two protocols',
      dynamodb(
        'GetItem',
        {},
        {
          headers: {
            'x-amz-target': 'DynamoDB_20120810.GetItem',
            'smithy-protocol': 'rpc-v2-cbor',
            'content-type': 'application/x-amz-json-1.0',
          },
        },
      ),
      'dynamodb',
    ],
    [
      'with a query beside its target',
      dynamodb('GetItem', {}, { target: '/?Action=DeleteTable' }),
      'dynamodb',
    ],
    [
      'with dots in its path',
      signed({ service: 'lambda', method: 'GET', target: '/2015-03-31/functions/a/../b' }),
      'lambda',
    ],
    [
      'with encoded dots in its path',
      signed({ service: 'lambda', method: 'GET', target: '/2015-03-31/functions/%2e%2e' }),
      'lambda',
    ],
    [
      'with an encoded slash in its path',
      signed({ service: 'lambda', method: 'GET', target: '/2015-03-31/functions/a%2Fb' }),
      'lambda',
    ],
    ['with two subresources', s3('GET', '/bucket-one/key?acl&tagging'), 's3'],
    ['with a subresource that is not known', s3('GET', '/bucket-one/key?surprise'), 's3'],
    ['with a parameter twice', s3('GET', '/bucket-one/key?versionId=1&versionId=2'), 's3'],
    ['of a service that AWS has not', signed({ service: 'nothing' }), 'nothing'],
    ['of a service named as a property of objects', signed({ service: 'constructor' }), 'constructor'],
  ])('%s', (_, call, signingName) => {
    expect(name(call, signingName)).toHaveProperty('notNamed');
  });

  test('whose deleted keys could hide one', () => {
    const object = '<Object><Key>a</Key></Object>';
    const wrap = (inside: string) =>
      Buffer.from(`<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</Delete>`);
    expect(
      readDeletedKeys(wrap(`${object}<Object><Key>b&amp;c</Key><VersionId>1</VersionId></Object>`)),
    ).toEqual({
      Objects: [{ Key: 'a' }, { Key: 'b&c', VersionId: '1' }],
    });
    const hiding = [
      `${object}<!-- <Object><Key>b</Key></Object> -->`,
      '<Object><Key><![CDATA[b]]></Key></Object>',
      '<Object><Key>a</Key><Key>b</Key></Object>',
      '<Object><Key>&x;</Key></Object>',
      `${object}<Other/>`,
    ];
    expect(hiding.map((inside) => readDeletedKeys(wrap(inside)))).toEqual(hiding.map(() => undefined));
    expect(
      readDeletedKeys(Buffer.from(`<!DOCTYPE x [<!ENTITY x "b">]><Delete>${object}</Delete>`)),
    ).toBeUndefined();
  });
});

const table = (called: string) => `arn:aws:dynamodb:eu-central-1:111122223333:table/${called}`;

describe('what a call needs', () => {
  it.each([
    [
      'a table by its name',
      dynamodb('GetItem', { TableName: 'one' }),
      'dynamodb',
      [`dynamodb:GetItem ${table('one')}`],
    ],
    [
      'a table by its ARN',
      dynamodb('GetItem', { TableName: table('one') }),
      'dynamodb',
      [`dynamodb:GetItem ${table('one')}`],
    ],
    [
      'an index',
      dynamodb('Query', { TableName: 'one', IndexName: 'byDay' }),
      'dynamodb',
      [`dynamodb:Query ${table('one/index/byDay')}`],
    ],
    [
      'each table of a batch',
      dynamodb('BatchGetItem', { RequestItems: { one: {}, two: {} } }),
      'dynamodb',
      [`dynamodb:BatchGetItem ${table('one')}`, `dynamodb:BatchGetItem ${table('two')}`],
    ],
    [
      'each part of a transaction',
      dynamodb('TransactWriteItems', {
        TransactItems: [{ Put: { TableName: 'one' } }, { Delete: { TableName: 'two' } }],
      }),
      'dynamodb',
      [`dynamodb:PutItem ${table('one')}`, `dynamodb:DeleteItem ${table('two')}`],
    ],
    [
      'a statement’s table',
      dynamodb('ExecuteStatement', { Statement: 'SELECT * FROM "one"."byDay" WHERE a = \'from x\'' }),
      'dynamodb',
      [`dynamodb:PartiQLSelect ${table('one/index/byDay')}`],
    ],
    [
      'each statement of a batch',
      dynamodb('BatchExecuteStatement', {
        Statements: [{ Statement: 'SELECT a FROM one' }, { Statement: 'DELETE FROM two WHERE id = ?' }],
      }),
      'dynamodb',
      [`dynamodb:PartiQLSelect ${table('one')}`, `dynamodb:PartiQLDelete ${table('two')}`],
    ],
    ['nothing', dynamodb('ListTables', {}), 'dynamodb', ['dynamodb:ListTables none']],
    ['an object', s3('GET', '/bucket-one/a/b'), 's3', ['s3:GetObject arn:aws:s3:::bucket-one/a/b']],
    [
      'a version of it',
      s3('GET', '/bucket-one/a?versionId=7'),
      's3',
      ['s3:GetObjectVersion arn:aws:s3:::bucket-one/a'],
    ],
    ['a listing', s3('GET', '/bucket-one?list-type=2'), 's3', ['s3:ListBucket arn:aws:s3:::bucket-one']],
    [
      'a copy’s source',
      s3('PUT', '/bucket-one/a', { headers: { 'x-amz-copy-source': '/secrets/b%20c?versionId=1' } }),
      's3',
      ['s3:PutObject arn:aws:s3:::bucket-one/a', 's3:GetObjectVersion arn:aws:s3:::secrets/b c'],
    ],
    [
      'headers that do more',
      s3('PUT', '/bucket-one/a', { headers: { 'x-amz-acl': 'public-read', 'x-amz-tagging': 'a=b' } }),
      's3',
      [
        's3:PutObject arn:aws:s3:::bucket-one/a',
        's3:PutObjectAcl arn:aws:s3:::bucket-one/a',
        's3:PutObjectTagging arn:aws:s3:::bucket-one/a',
      ],
    ],
    [
      'a lock that is passed by',
      s3('DELETE', '/bucket-one/a?versionId=1', { headers: { 'x-amz-bypass-governance-retention': 'true' } }),
      's3',
      [
        's3:DeleteObjectVersion arn:aws:s3:::bucket-one/a',
        's3:BypassGovernanceRetention arn:aws:s3:::bucket-one/a',
      ],
    ],
    [
      'each deleted object',
      s3('POST', '/bucket-one?delete', {
        body: '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><VersionId>1</VersionId></Object></Delete>',
      }),
      's3',
      ['s3:DeleteObject arn:aws:s3:::bucket-one/a', 's3:DeleteObjectVersion arn:aws:s3:::bucket-one/b'],
    ],
    ['no permission at all', form('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' }), 'sts', []],
    [
      'what an alias does not say',
      signed({
        service: 'kms',
        headers: { 'x-amz-target': 'TrentService.Encrypt', 'content-type': 'application/x-amz-json-1.1' },
        body: '{"KeyId":"alias/a"}',
      }),
      'kms',
      ['kms:Encrypt unknown'],
    ],
    [
      'a queue by its URL',
      signed({
        service: 'sqs',
        headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
        body: '{"QueueUrl":"https://sqs.eu-central-1.amazonaws.com/999900001111/jobs"}',
      }),
      'sqs',
      ['sqs:SendMessage arn:aws:sqs:eu-central-1:999900001111:jobs'],
    ],
    [
      'a parameter',
      signed({
        service: 'ssm',
        headers: { 'x-amz-target': 'AmazonSSM.GetParameter', 'content-type': 'application/x-amz-json-1.1' },
        body: '{"Name":"/prod/db"}',
      }),
      'ssm',
      ['ssm:GetParameter arn:aws:ssm:eu-central-1:111122223333:parameter/prod/db'],
    ],
    [
      'a resource by an ARN of its form, whatever the parameter',
      signed({
        service: 'sns',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=ListTagsForResource&Version=2010-03-31&ResourceArn=arn%3Aaws%3Asns%3Aeu-central-1%3A999900001111%3Aa',
      }),
      'sns',
      ['sns:ListTagsForResource arn:aws:sns:eu-central-1:999900001111:a'],
    ],
    [
      'not known by an ARN of another form, or with a wildcard',
      signed({
        service: 'sns',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=ListTagsForResource&Version=2010-03-31&ResourceArn=arn%3Aaws%3Asns%3Aeu-central-1%3A999900001111%3A%2A',
      }),
      'sns',
      ['sns:ListTagsForResource unknown'],
    ],
    [
      'one that is made, under an id that nobody knows yet',
      signed({
        service: 'ec2',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16',
      }),
      'ec2',
      ['ec2:CreateVpc arn:aws:ec2:eu-central-1:111122223333:vpc/*'],
    ],
    [
      'a service of the cluster that is meant where none is named',
      signed({
        service: 'ecs',
        headers: {
          'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DeleteService',
          'content-type': 'application/x-amz-json-1.1',
        },
        body: '{"service":"web"}',
      }),
      'ecs',
      ['ecs:DeleteService arn:aws:ecs:eu-central-1:111122223333:service/default/web'],
    ],
    [
      'a database, as it is stored',
      signed({
        service: 'rds',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=StopDBInstance&Version=2014-10-31&DBInstanceIdentifier=Ledger',
      }),
      'rds',
      ['rds:StopDBInstance arn:aws:rds:eu-central-1:111122223333:db:ledger'],
    ],
    [
      'a function',
      signed({ service: 'lambda', method: 'GET', target: '/2015-03-31/functions/pay' }),
      'lambda',
      ['lambda:GetFunction arn:aws:lambda:eu-central-1:111122223333:function:pay'],
    ],
  ])('is %s', (_, call, signingName, wanted) => {
    expect(needs(call, signingName)).toEqual(wanted);
  });

  it.each([
    'SELECT * FROM one WHERE EXISTS(SELECT * FROM two)',
    'SELECT * FROM one -- FROM two',
    'SELECT * FROM one; DELETE FROM two',
    'SELECT * FROM one JOIN two',
    'UPDATE one SET a = 1 UPDATE two SET a = 1',
    'DROP one',
    '',
  ])('is not known of the statement %s', (statement) => {
    expect(readPartiql(statement)).toBeUndefined();
    const all = needs(dynamodb('ExecuteStatement', { Statement: statement }), 'dynamodb');
    expect(all.every((need) => need.endsWith(' unknown'))).toBe(true);
  });
});

test('JSON is read as every parser reads it, or not at all', () => {
  const texts = [
    '{"a":{"b":1},"c":{"b":2}}',
    '{"a":"\\"a\\":"}',
    '{"a":1,"a":2}',
    '{"a":[{"x":1,"x":2}]}',
    '{"a":',
    'x',
  ];
  expect(texts.map((text) => readJson(Buffer.from(text)) !== undefined)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('an operation that hands out credentials is marked', () => {
  const flagged = (signingName: string, operation: string) =>
    models.of(signingName).some(({ operations }) => operations.get(operation)?.answersCredentials);
  expect([
    flagged('sts', 'AssumeRole'),
    flagged('iam', 'CreateAccessKey'),
    flagged('ecr', 'GetAuthorizationToken'),
    flagged('sso', 'GetRoleCredentials') || flagged('awsssoportal', 'GetRoleCredentials'),
    flagged('dynamodb', 'GetItem'),
  ]).toEqual([true, true, true, true, false]);
});
