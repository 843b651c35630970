import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeySpec } from '../../template/types.ts';
import type { Authorization } from '../authorize.ts';
import { type AwsCall, AwsError, type AwsService } from '../types.ts';

/** The HMAC keys of the template, made anew at each boot: a seal does not outlive the executions it is for. */
export function createKms(specs: readonly KeySpec[]): AwsService {
  const secrets = new Map(specs.map((key) => [key.arn, randomBytes(32)]));
  const keyOf = ({ input }: AwsCall): KeySpec => {
    const id = String(input.KeyId);
    const found = specs.find((key) => key.arn === id || key.id === id || key.aliases.includes(id));
    if (!found) throw new AwsError('NotFoundException', `Key '${id}' does not exist`, 400);
    return found;
  };
  const macOf = (call: AwsCall): Buffer => {
    const key = keyOf(call);
    if (key.usage !== 'GENERATE_VERIFY_MAC' || call.input.MacAlgorithm !== 'HMAC_SHA_256') {
      throw new AwsError('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage}`, 400);
    }
    const secret = secrets.get(key.arn) ?? Buffer.alloc(0);
    return createHmac('sha256', secret)
      .update(Buffer.from(String(call.input.Message), 'base64'))
      .digest();
  };
  return {
    name: 'kms',
    authorizations(call): Authorization[] {
      const { arn, policy } = keyOf(call);
      return [{ action: `kms:${call.operation}`, resource: arn, ...(policy && { resourcePolicy: policy }) }];
    },
    async handle(call) {
      const common = { KeyId: keyOf(call).arn, MacAlgorithm: 'HMAC_SHA_256' };
      if (call.operation === 'GenerateMac') return { ...common, Mac: macOf(call).toString('base64') };
      if (call.operation !== 'VerifyMac')
        throw new AwsError('UnknownOperationException', call.operation, 400);
      const expected = macOf(call);
      const given = Buffer.from(String(call.input.Mac), 'base64');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new AwsError('KMSInvalidMacException', 'The MAC does not match', 400);
      }
      return { ...common, MacValid: true };
    },
  };
}
