import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { KeySpec } from '../../template/types.ts';
import type { Authorization } from '../authorize.ts';
import { keyMaterials } from '../kms/key-materials.ts';
import { publicKeyAnswer, signMessage } from '../kms/sign-message.ts';
import type { AwsCall, AwsService, PolicyDocument } from '../types.ts';

/**
 * Bytes that a MAC may be asked over.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */
const MOST_MESSAGE_BYTES = 4096;
const ALGORITHM = 'HMAC_SHA_256';

/** The template's keys that make MACs or sign. Kept in the data folder, because the audit log outlives a run. */
export function createKms(specs: readonly KeySpec[], dataDir?: string): AwsService {
  const materials = keyMaterials(specs, dataDir);
  const keyOf = ({ input }: AwsCall): KeySpec => {
    const id = String(input.KeyId);
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
      const key = keyOf(call);
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

/**
 * What AWS gives a key that is made without a policy: it leaves it to the account's identity policies.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function usualPolicy({ arn }: KeySpec): PolicyDocument {
  const [, partition, , , accountId] = arn.split(':');
  const Principal = { AWS: `arn:${partition}:iam::${accountId}:root` };
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }],
  };
}
