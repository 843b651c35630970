import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { identify } from '../../gateway/identify/identify.ts';
import { openModels } from '../../gateway/identify/read-models.ts';
import { readRawRequest } from '../../gateway/wire/raw-request.ts';
import { verifyRequest } from '../../gateway/wire/verify-request.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { TOOLS } from './support/find-tools.ts';

const tools = inject('tools');
const AGENT = 'customer_support_agent';
const PYTHON = resolve(TOOLS, 'bin/python');
const AWS = resolve(TOOLS, 'bin/aws');

/** Grants what is asked of balances, and nothing of anything else. */
function proposed({ reason }: Asked): Line {
  if (reason.includes('table/bank_balances.'))
    return proposing('bank_balances', ['dynamodb:GetItem', 'dynamodb:Query']);
  const refusal = {
    approved: false,
    grants: [],
    durationSeconds: 900,
    risk: 'low',
    authorization: 'unclear',
  };
  return { text: { ...refusal, reason: 'It fits no rule.' } };
}

describe.skipIf(tools.length === 0)('clients with a token file and three variables', () => {
  let cloud: Cloud;
  let postern: PosternOfCloud;
  let env: Record<string, string>;
  beforeAll(async () => {
    cloud = await startCloud({
      gatewayPort: 0,
      limits: { suspension: { denials: 20, withinSeconds: 60, forSeconds: 60 } },
    });
    postern = posternOf(cloud);
    cloud.reviewer.says(proposed);
    const answer = await fetch(`${cloud.access.principals[AGENT]?.tokenUrl}?for=gateway&subject=c-1042`);
    const { token } = (await answer.json()) as { token: string };
    const file = join(postern.home, 'token');
    writeFileSync(file, token);
    env = {
      ...{
        PATH: `${process.env.PATH}`,
        HOME: postern.home,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_REGION: REGION,
        // What the AWS CLI reads of its first version, and boto3.
        AWS_DEFAULT_REGION: REGION,
      },
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
      AWS_ROLE_ARN: `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`,
      AWS_ENDPOINT_URL: cloud.urls.gateway ?? '',
    };
  });
  afterAll(async () => {
    postern?.close();
    await cloud?.close();
  });

  test('boto3 reads what was granted at the call, and is refused all else in each service’s own words', async () => {
    const { out, err } = await postern.other(PYTHON, ['test/clients/python/use_gateway.py'], env);
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual({
      who: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/postern-gateway/${AGENT}`,
      row: 'c-1042',
      'own row again': 'works',
      'another row': 'AccessDeniedException',
      'in a batch': 'AccessDeniedException',
      'in a transaction': 'AccessDeniedException',
      'in a statement': 'AccessDeniedException',
      'delete table': 'AccessDeniedException',
      'assume role': 'AccessDenied',
      'session token': 'AccessDenied',
      'access key': 'AccessDenied',
      'ecr token': 'AccessDeniedException',
      's3 object': 'AccessDenied',
      's3 upload': 'AccessDenied',
      ec2: 'UnauthorizedOperation',
      lambda: 'AccessDeniedException',
      cloudwatch: 'AccessDeniedException',
      presigned: '403 AccessDenied',
      'presigned, SigV2': '403 MissingAuthenticationTokenException',
    });
  });

  test('the AWS CLI reads it too, and gets no password of ECR', async () => {
    const get = [
      'dynamodb',
      'get-item',
      '--table-name',
      'bank_balances',
      '--key',
      '{"user_id":{"S":"c-1042"}}',
    ];
    const read = await postern.other(AWS, get, env);
    expect([read.code, JSON.parse(read.out || '{}').Item?.user_id]).toEqual([0, { S: 'c-1042' }]);
    const refused = await postern.other(AWS, ['ecr', 'get-login-password'], env);
    expect([refused.code, refused.err]).toEqual([
      expect.any(Number),
      expect.stringContaining('AccessDeniedException'),
    ]);
    expect(refused.code).not.toBe(0);
  });

  test('nothing that the agent has, or was answered, holds a key that AWS would take', async () => {
    const dump = [
      '-c',
      'import boto3; c = boto3.Session().get_credentials().get_frozen_credentials(); print(c)',
    ];
    const { out } = await postern.other(PYTHON, dump, env);
    expect(out).toMatch(/access_key='PSTN[A-Z2-7]{16}'/);
    const seen = [out, ...postern.printed.map(({ text }) => text), ...Object.values(env)].join('\n');
    expect(seen).not.toMatch(/\bA(?:KIA|SIA)[A-Z2-7]{16}\b/);
  });

  test('a token that is expired, or for another purpose, opens nothing', async () => {
    const file = join(postern.home, 'other-token');
    writeFileSync(file, await cloud.subjectToken('c-1042'));
    const who = ['sts', 'get-caller-identity'];
    const { code, err } = await postern.other(AWS, who, { ...env, AWS_WEB_IDENTITY_TOKEN_FILE: file });
    expect([code === 0, err]).toEqual([false, expect.stringContaining('InvalidIdentityToken')]);
  });
});

type SignedOperation = {
  service: string;
  operation: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
};

/** The time of a signature. */
const timeOf = (text: string) =>
  new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

test.skipIf(tools.length === 0)(
  'of all operations that botocore can serialise 99.8 % are named, and 99.8 % of its signatures verified',
  { timeout: 900_000 },
  async () => {
    const file = join('/tmp', `postern-operations-${process.pid}.jsonl`);
    const { execFileSync } = await import('node:child_process');
    execFileSync(PYTHON, ['test/clients/python/sign_operations.py', file], { stdio: 'pipe' });
    const models = openModels();
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SignedOperation);
    const signed = lines.filter(({ headers }) => headers.Authorization?.startsWith('AWS4-'));
    let [named, verified] = [0, 0];
    for (const { operation, method, url, headers, body } of signed) {
      // botocore puts account ids before an IP address, which is no URL any more.
      const [, host = ''] = /^https?:\/\/([^/?]+)/.exec(url) ?? [];
      const target = url.slice(url.indexOf(host) + host.length) || '/';
      const request = readRawRequest(method, target.startsWith('/') ? target : `/${target}`, [
        ...Object.entries(headers).flat(),
        'host',
        host,
      ]);
      const bytes = Buffer.from(body, 'base64');
      const [, signingName = ''] =
        /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.Authorization ?? '') ?? [];
      const call = identify({ request, body: bytes, signingName }, models);
      if (!('notNamed' in call) && call.operation.name === operation) named += 1;
      const known = {
        secretAccessKey: 'of-this-test-alone',
        expiresAt: new Date('2999-01-01'),
        caller: 'botocore',
      };
      try {
        verifyRequest(request, bytes, () => known, timeOf(headers['X-Amz-Date'] ?? ''));
        verified += 1;
      } catch {
        // Counted by what is not.
      }
    }
    expect(signed.length).toBeGreaterThan(19_000);
    expect([named / signed.length > 0.998, verified / signed.length > 0.998]).toEqual([true, true]);
  },
);
