import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsAccount, makeAwsAccount } from '../../../infra/deploy/aws-account.ts';

/** What AWS answers to a call, by its target: a body, or the name of an error. */
const answers = new Map<string, unknown>();
const bodies: string[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    bodies.push(body);
    const answer = answers.get(String(request.headers['x-amz-target'] ?? 'sts'));
    if (request.headers['x-amz-target'] === undefined) {
      response.writeHead(200, { 'content-type': 'text/xml' }).end(String(answer));
      return;
    }
    const failed = typeof answer === 'string';
    response
      .writeHead(failed ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(failed ? { __type: answer, message: 'as scripted' } : answer));
  });
});

let account: AwsAccount;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  account = makeAwsAccount({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
  });
});
afterAll(() => server.close());

test('the account is that of the credentials, the region that of the client', async () => {
  answers.set(
    'sts',
    '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
  );
  expect([await account.account(), await account.region()]).toEqual(['111122223333', 'eu-central-1']);
});

const table = { typeName: 'AWS::DynamoDB::Table', identifier: 'orders' };
test.each([
  ['AmazonSSM.GetParameter', { Parameter: { Value: '21' } }, () => account.isBootstrapped(), true],
  ['AmazonSSM.GetParameter', 'ParameterNotFound', () => account.isBootstrapped(), false],
  ['secretsmanager.DescribeSecret', { ARN: 'arn:x' }, () => account.hasSecret('x'), true],
  ['secretsmanager.DescribeSecret', { ARN: 'arn:x' }, () => account.arnOfSecret('x'), 'arn:x'],
  ['secretsmanager.DescribeSecret', 'ResourceNotFoundException', () => account.hasSecret('x'), false],
  ['CloudApiService.GetResource', { TypeName: table.typeName }, () => account.exists(table), true],
  ['CloudApiService.GetResource', 'ResourceNotFoundException', () => account.exists(table), false],
])('%s that answers %j', async (target, answer, ask, expected) => {
  answers.set(target, answer);
  expect(await ask()).toBe(expected);
});

test('a refusal is no absence', async () => {
  answers.set('CloudApiService.GetResource', 'AccessDeniedException');
  await expect(account.exists(table)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a secret gets the value that it was given', async () => {
  answers.set('secretsmanager.PutSecretValue', {});
  await account.putSecret('postern/openai', 'sk-test');
  expect(JSON.parse(bodies.at(-1) ?? '')).toMatchObject({
    SecretId: 'postern/openai',
    SecretString: 'sk-test',
  });
});
