import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { KeySpec } from '../../template/types.ts';
import type { Authorization } from '../authorize.ts';
import { encryptOrDecrypt, isEncryption, keyOfCiphertext } from '../kms/encrypt.ts';
import { keyMaterials } from '../kms/key-materials.ts';
import { publicKeyAnswer, signMessage } from '../kms/sign-message.ts';
import type { AwsCall, AwsService, PolicyDocument } from '../types.ts';

/**
 * Bytes that a MAC may be asked over.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */
const MOST_MESSAGE_BYTES = 4096;
const ALGORITHM = 'HMAC_SHA_256';

/**
 * The template's keys that make MACs or sign, kept in the data folder, because the audit log outlives a run; and those
 * that the catalog names, which encrypt, in memory.
 */
export function createKms(
  own: readonly KeySpec[],
  dataDir?: string,
  brokered: readonly KeySpec[] = [],
): AwsService {
  const materials = keyMaterials(own, dataDir);
  const ofBrokered = keyMaterials(brokered);
  const specs = [...own, ...brokered];
  const keyOf = (call: AwsCall): KeySpec => {
    const { KeyId } = call.input;
    const id = KeyId === undefined && call.operation === 'Decrypt' ? keyOfCiphertext(call) : String(KeyId);
    const alias = /^(?:arn:[^/]+:)?(alias\/.+)$/.exec(id)?.[1];
    const found = specs.find(
      ({ arn, id: own, aliases }) => arn === id || own === id || (alias && aliases.includes(alias)),
    );
    if (!found) throw new AwsError('NotFoundException', `Key '${id}' does not exist`, 400);
    return found;
  };
  const macOf = ({ input }: AwsCall, key: KeySpec): Buffer => {
    if (key.usage !== 'GENERATE_VERIFY_MAC' || input.MacAlgorithm !== ALGORITHM) {
      throw new AwsError('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage}`, 400);
    }
    const message = Buffer.from(String(input.Message ?? ''), 'base64');
    if (message.length < 1 || message.length > MOST_MESSAGE_BYTES) {
      throw new AwsError('ValidationException', `Message must be 1-${MOST_MESSAGE_BYTES} bytes`, 400);
    }
    return createHmac('sha256', materials.secretOf(key)).update(message).digest();
  };
  return {
    name: 'kms',
    authorizations(call): Authorization[] {
      if (LISTS.has(call.operation)) return [{ action: `kms:${call.operation}`, resource: '*' }];
      const key = keyOf(call);
      const { MacAlgorithm, SigningAlgorithm } = call.input;
      const context = {
        ...(MacAlgorithm !== undefined && { 'kms:MacAlgorithm': String(MacAlgorithm) }),
        ...(SigningAlgorithm !== undefined && { 'kms:SigningAlgorithm': String(SigningAlgorithm) }),
      };
      const action = `kms:${call.operation}`;
      return [{ action, resource: key.arn, context, resourcePolicy: key.policy ?? usualPolicy(key) }];
    },
    async handle(call) {
      if (call.operation === 'ListKeys')
        return { Keys: specs.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), Truncated: false };
      if (call.operation === 'ListAliases') {
        const Aliases = specs.flatMap(({ aliases, id }) =>
          aliases.map((name) => ({ AliasName: name, TargetKeyId: id })),
        );
        return { Aliases, Truncated: false };
      }
      const key = keyOf(call);
      if (call.operation === 'DescribeKey') return { KeyMetadata: describe(key) };
      if (isEncryption(call.operation)) {
        if (!brokered.includes(key))
          throw new AwsError('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage}`, 400);
        return encryptOrDecrypt(call, key, ofBrokered.secretOf(key));
      }
      const common = { KeyId: key.arn, MacAlgorithm: ALGORITHM };
      if (call.operation === 'GenerateMac') return { ...common, Mac: macOf(call, key).toString('base64') };
      if (call.operation === 'Sign' || call.operation === 'GetPublicKey') {
        if (key.usage !== 'SIGN_VERIFY')
          throw new AwsError('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage}`, 400);
        return call.operation === 'Sign'
          ? signMessage(materials.privateKeyOf(key), key, call.input)
          : publicKeyAnswer(materials.privateKeyOf(key), key);
      }
      if (call.operation !== 'VerifyMac')
        throw new AwsError('UnknownOperationException', `The sandbox's KMS has no ${call.operation}.`, 400);
      const expected = macOf(call, key);
      const given = Buffer.from(String(call.input.Mac), 'base64');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new AwsError('KMSInvalidMacException', 'The MAC does not match', 400);
      }
      return { ...common, MacValid: true };
    },
  };
}

/** Operations that are about no key. */
const LISTS = new Set(['ListKeys', 'ListAliases']);

const describe = ({ id, arn, spec, usage }: KeySpec) => ({
  KeyId: id,
  Arn: arn,
  Enabled: true,
  KeyState: 'Enabled',
  KeySpec: spec,
  KeyUsage: usage,
  KeyManager: 'CUSTOMER',
});

/**
 * What AWS gives a key that is made without a policy: it leaves it to the account's identity policies.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function usualPolicy({ arn }: Pick<KeySpec, 'arn'>): PolicyDocument {
  const [, partition, , , accountId] = arn.split(':');
  const Principal = { AWS: `arn:${partition}:iam::${accountId}:root` };
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }],
  };
}
