import { Sha256 } from '@aws-crypto/sha256-js';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GenerateMacCommand, KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, type Endpoint, startEndpoint } from './start-endpoint.ts';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.aws.close());

type Change = {
  headers?: Record<string, string>;
  body?: string;
  signedAt?: Date;
  secret?: string;
  path?: string;
};

/** A signed GetItem by hand, changed after it was signed. */
async function call({
  headers = {},
  body,
  signedAt = new Date(),
  secret,
  path = '/',
}: Change = {}): Promise<Response> {
  const { hostname, port } = new URL(endpoint.aws.url);
  const content = JSON.stringify({ TableName: 'bank_balances', Key: { user_id: { S: 'c-1042' } } });
  const { accessKeyId, secretAccessKey } = endpoint.admin.credentials;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey: secret ?? secretAccessKey },
    region: 'eu-central-1',
    service: 'dynamodb',
    sha256: Sha256,
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: '/',
      query: {},
      headers: {
        host: `${hostname}:${port}`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.GetItem',
      },
      body: content,
    },
    { signingDate: signedAt },
  );
  const { host: _, ...sent } = { ...signed.headers, ...headers };
  return fetch(`${endpoint.aws.url}${path}`, { method: 'POST', headers: sent, body: body ?? content });
}
const codeOf = async (response: Response) => ((await response.json()) as { __type?: string }).__type;

describe('a signature', () => {
  test('as sent: accepted', async () => {
    expect((await call()).status).toBe(200);
  });
  const minutes = (n: number) => new Date(Date.now() + n * 60_000);
  test.each([
    ['with another secret', { secret: 'guess' }, 'InvalidSignatureException'],
    [
      'over another body',
      { body: '{"TableName":"users_table","Key":{"id":{"S":"admin"}}}' },
      'InvalidSignatureException',
    ],
    [
      'over another operation',
      { headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' } },
      'InvalidSignatureException',
    ],
    ['over another path', { path: '/?x=1' }, 'InvalidSignatureException'],
    ['six minutes old', { signedAt: minutes(-6) }, 'InvalidSignatureException'],
    ['six minutes ahead', { signedAt: minutes(6) }, 'InvalidSignatureException'],
    ['that is no SigV4 header', { headers: { authorization: 'Bearer x' } }, 'IncompleteSignatureException'],
    [
      'with a token that nobody issued',
      { headers: { 'x-amz-security-token': 'x' } },
      'UnrecognizedClientException',
    ],
  ])('%s: refused', async (_, change, code) => {
    const response = await call(change as Change);
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe(code);
  });
  test('none at all: refused', async () => {
    const response = await fetch(endpoint.aws.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'X.Y' },
      body: '{}',
    });
    expect([response.status, await codeOf(response)]).toEqual([400, 'MissingAuthenticationTokenException']);
  });
  test('of a session whose time is over: refused', async () => {
    const session = endpoint.aws.credentials.issueForRole(
      `arn:aws:iam::${ACCOUNT}:role/postern-load-policy`,
      'old',
    );
    endpoint.aws.credentials.add({ ...session, expiresAt: new Date(0) });
    const database = new DynamoDBClient({ ...endpoint.admin, credentials: session });
    const read = database.send(new GetItemCommand({ TableName: 'users_table', Key: { id: { S: 'admin' } } }));
    await expect(read).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    database.destroy();
  });
});

/** A client's options as one function of the template has them. */
const as = (name: string) => ({
  ...endpoint.admin,
  credentials: endpoint.aws.credentials.issueForRole(`arn:aws:iam::${ACCOUNT}:role/postern-${name}`, name),
});

describe("a function's own role", () => {
  const KeyId = 'alias/postern-seal';
  const Message = new TextEncoder().encode('grant');

  test('validate-decision makes a seal, assume-role verifies it, and neither does the other', async () => {
    const [maker, checker] = [new KMSClient(as('validate-decision')), new KMSClient(as('assume-role'))];
    const generate = (client: KMSClient) =>
      client.send(new GenerateMacCommand({ KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' }));
    const { Mac } = await generate(maker);
    const verify = (client: KMSClient, message = Message) =>
      client.send(new VerifyMacCommand({ KeyId, Message: message, Mac, MacAlgorithm: 'HMAC_SHA_256' }));
    expect((await verify(checker)).MacValid).toBe(true);
    const other = new TextEncoder().encode('another grant');
    await expect(verify(checker, other)).rejects.toMatchObject({ name: 'KMSInvalidMacException' });
    await expect(verify(maker)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(generate(checker)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    maker.destroy();
    checker.destroy();
  });

  test("only review-request reads the reviewer's key", async () => {
    endpoint.aws.secrets.put('postern/openai', 'sk-test');
    const read = async (name: string) => {
      const client = new SecretsManagerClient(as(name));
      try {
        return (await client.send(new GetSecretValueCommand({ SecretId: 'postern/openai' }))).SecretString;
      } finally {
        client.destroy();
      }
    };
    expect(await read('review-request')).toBe('sk-test');
    await expect(read('front-door')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
