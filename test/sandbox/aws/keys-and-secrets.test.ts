import { GenerateMacCommand, KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeySpec } from '../../../sandbox/template/types.ts';
import { ACCOUNT, allow, document, type Small, startSmall, userArn } from './small-endpoint.ts';

const key = (id: string, usage: string, more: Partial<KeySpec> = {}): KeySpec => ({
  logicalId: id,
  id,
  arn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/${id}`,
  aliases: [`alias/${id}`],
  spec: 'HMAC_256',
  usage,
  ...more,
});
const ONLY_ADMIN = document({
  Effect: 'Allow',
  Principal: { AWS: userArn('admin') },
  Action: 'kms:*',
  Resource: '*',
});

let small: Small;
let kms: KMSClient;
let secrets: SecretsManagerClient;
beforeAll(async () => {
  small = await startSmall({
    keys: [
      key('seal', 'GENERATE_VERIFY_MAC'),
      key('other', 'GENERATE_VERIFY_MAC'),
      key('own', 'GENERATE_VERIFY_MAC', { policy: ONLY_ADMIN }),
      key('data', 'ENCRYPT_DECRYPT', { spec: 'SYMMETRIC_DEFAULT' }),
    ],
    secrets: [
      {
        logicalId: 'Empty',
        name: 'empty',
        arn: `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:empty-AbCdEf`,
      },
    ],
  });
  kms = new KMSClient(clientOptions(small.admin));
  secrets = new SecretsManagerClient(clientOptions(small.admin));
});
afterAll(async () => {
  kms.destroy();
  secrets.destroy();
  await small.aws.close();
});
const clientOptions = (credentials: Small['admin']) => ({
  endpoint: small.aws.url,
  region: 'eu-central-1',
  credentials,
  maxAttempts: 1,
});

describe('KMS', () => {
  const MacAlgorithm = 'HMAC_SHA_256' as const;
  const bytes = (length: number) => new Uint8Array(length).fill(7);
  const generate = (KeyId: string, Message = bytes(10), client = kms) =>
    client.send(new GenerateMacCommand({ KeyId, Message, MacAlgorithm }));

  test.each([
    'seal',
    'alias/seal',
    `arn:aws:kms:eu-central-1:${ACCOUNT}:key/seal`,
    `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/seal`,
  ])('a key by %s: the same key', async (KeyId) => {
    const { Mac } = await generate(KeyId);
    const verified = await kms.send(
      new VerifyMacCommand({ KeyId: 'alias/seal', Message: bytes(10), Mac, MacAlgorithm }),
    );
    expect(verified.MacValid).toBe(true);
  });
  test.each([
    ['of another key', 'other', 10],
    ['of another message', 'seal', 11],
  ])('a MAC %s: refused', async (_, KeyId, length) => {
    const { Mac } = await generate('seal');
    const verify = new VerifyMacCommand({ KeyId, Message: bytes(length), Mac, MacAlgorithm });
    await expect(kms.send(verify)).rejects.toMatchObject({ name: 'KMSInvalidMacException' });
  });
  test('a message holds up to 4,096 bytes', async () => {
    expect((await generate('seal', bytes(4096))).Mac).toHaveLength(32);
    await expect(generate('seal', bytes(4097))).rejects.toMatchObject({ name: 'ValidationException' });
  });
  test.each([
    ['there is not', 'nothing', 'NotFoundException'],
    ['for something else', 'data', 'InvalidKeyUsageException'],
  ])('a key %s: refused', async (_, KeyId, name) => {
    await expect(generate(KeyId)).rejects.toMatchObject({ name });
  });
  test("a key's own policy decides, not the caller's", async () => {
    await generate('own');
    const client = new KMSClient(clientOptions(small.user('other', [allow('kms:*')])));
    await expect(generate('own', bytes(10), client)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    client.destroy();
  });
});

describe('Secrets Manager', () => {
  const get = (SecretId: string) => secrets.send(new GetSecretValueCommand({ SecretId }));

  test('a secret is made, read by name and ARN, and given another value', async () => {
    const made = await secrets.send(new CreateSecretCommand({ Name: 'made', SecretString: 'first' }));
    expect(made.ARN).toBe(`arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:made-AbCdEf`);
    expect((await get('made')).SecretString).toBe('first');
    await secrets.send(new PutSecretValueCommand({ SecretId: made.ARN, SecretString: 'second' }));
    const read = await get(made.ARN?.slice(0, -7) ?? '');
    expect(read).toMatchObject({ Name: 'made', SecretString: 'second', VersionStages: ['AWSCURRENT'] });
    const again = secrets.send(new CreateSecretCommand({ Name: 'made', SecretString: 'third' }));
    await expect(again).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect((await get('made')).SecretString).toBe('second');
  });
  test.each([
    ['there is not', 'nothing'],
    ['that nobody gave a value', 'empty'],
  ])('a secret %s has no value', async (_, name) => {
    await expect(get(name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
  test('a value for a secret there is not: refused, and none is made', async () => {
    const put = secrets.send(new PutSecretValueCommand({ SecretId: 'nothing', SecretString: 'x' }));
    await expect(put).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(get('nothing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
  test('a permission for one secret is for that one', async () => {
    await secrets.send(new CreateSecretCommand({ Name: 'team/one', SecretString: 'x' }));
    await secrets.send(new CreateSecretCommand({ Name: 'team/two', SecretString: 'y' }));
    const arn = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:team/one-??????`;
    const mine = new SecretsManagerClient(
      clientOptions(small.user('one', [allow('secretsmanager:GetSecretValue', arn)])),
    );
    const read = (SecretId: string) => mine.send(new GetSecretValueCommand({ SecretId }));
    expect((await read('team/one')).SecretString).toBe('x');
    await expect(read('team/two')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    mine.destroy();
  });
});
