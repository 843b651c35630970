import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeHeadsKey } from '../../../lambdas/shared/adapters/audit/heads-key.ts';
import { makeMacKey } from '../../../lambdas/shared/adapters/audit/mac-key.ts';
import type { KeySpec } from '../../../sandbox/template/types.ts';
import { ACCOUNT, allow, type Small, startSmall } from '../../sandbox/aws/small-endpoint.ts';

const key = (id: string, spec: string, usage: string): KeySpec => ({
  logicalId: id,
  id,
  arn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/${id}`,
  aliases: [],
  spec,
  usage,
});

let small: Small;
const clients: KMSClient[] = [];
const clientOf = (credentials: Small['admin']): KMSClient => {
  const client = new KMSClient({
    endpoint: small.aws.url,
    region: 'eu-central-1',
    credentials,
    maxAttempts: 1,
  });
  clients.push(client);
  return client;
};
beforeAll(async () => {
  small = await startSmall({
    keys: [
      key('seal', 'HMAC_256', 'GENERATE_VERIFY_MAC'),
      key('other', 'HMAC_256', 'GENERATE_VERIFY_MAC'),
      key('heads', 'ECC_NIST_P256', 'SIGN_VERIFY'),
      key('forger', 'ECC_NIST_P256', 'SIGN_VERIFY'),
    ],
  });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await small.aws.close();
});

const BYTES = Buffer.from('the grant, as it was decided');
const altered = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;

describe('the key that seals grants', () => {
  test('verifies what it sealed, and neither other bytes, another MAC nor one of another key', async () => {
    const client = clientOf(small.admin);
    const seal = makeMacKey({ client, keyId: 'seal' });
    const mac = await seal.mac(BYTES);
    expect(await seal.verify(BYTES, mac)).toBe(true);
    expect(await seal.verify(Buffer.from('a wider grant'), mac)).toBe(false);
    expect(await seal.verify(BYTES, altered(mac))).toBe(false);
    expect(await seal.verify(BYTES, '')).toBe(false);
    expect(await makeMacKey({ client, keyId: 'other' }).verify(BYTES, mac)).toBe(false);
  });

  test('who may only verify cannot seal; where KMS refuses nothing is said of the MAC', async () => {
    const mac = await makeMacKey({ client: clientOf(small.admin), keyId: 'seal' }).mac(BYTES);
    const verifier = makeMacKey({
      client: clientOf(small.user('verifier', [allow('kms:VerifyMac')])),
      keyId: 'seal',
    });
    expect(await verifier.verify(BYTES, mac)).toBe(true);
    await expect(verifier.mac(BYTES)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    const nobody = makeMacKey({ client: clientOf(small.user('nobody', [])), keyId: 'seal' });
    await expect(nobody.verify(BYTES, mac)).rejects.toMatchObject({
      name: 'DependencyUnavailable',
      message: 'KMS: AccessDeniedException',
    });
  });
});

describe('the key that signs the heads of the audit log', () => {
  test('its public half verifies what it signed, without KMS, and nothing else', async () => {
    const client = clientOf(small.admin);
    const heads = makeHeadsKey({ client, keyId: 'heads' });
    const signature = await heads.sign(BYTES);
    const isSigned = await heads.verifier();
    expect(isSigned(BYTES, signature)).toBe(true);
    expect(isSigned(Buffer.from('another head'), signature)).toBe(false);
    expect(isSigned(BYTES, '')).toBe(false);
    const forged = await makeHeadsKey({ client, keyId: 'forger' }).sign(BYTES);
    expect(isSigned(BYTES, forged)).toBe(false);
  });
});
