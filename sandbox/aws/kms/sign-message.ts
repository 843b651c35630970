import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { KeySpec } from '../../template/types.ts';

const ALGORITHM = 'ECDSA_SHA_256';
/** Bytes of a message that is sent as it is. */
const MOST_MESSAGE_BYTES = 4096;

/**
 * Signs a message as KMS does: ECDSA over its SHA-256, as DER. Digests instead of messages it does not take.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export function signMessage(privateKey: KeyObject, { arn }: KeySpec, input: Record<string, unknown>) {
  if (input.SigningAlgorithm !== ALGORITHM || (input.MessageType ?? 'RAW') !== 'RAW') {
    throw new AwsError('UnsupportedOperationException', `The sandbox signs messages by ${ALGORITHM}.`, 400);
  }
  const message = Buffer.from(String(input.Message ?? ''), 'base64');
  if (message.length < 1 || message.length > MOST_MESSAGE_BYTES) {
    throw new AwsError('ValidationException', `Message must be 1-${MOST_MESSAGE_BYTES} bytes`, 400);
  }
  const Signature = sign('sha256', message, privateKey).toString('base64');
  return { KeyId: arn, Signature, SigningAlgorithm: ALGORITHM };
}

/** The public half, as KMS answers it: SPKI in DER. */
export function publicKeyAnswer(privateKey: KeyObject, { arn, spec, usage }: KeySpec) {
  const PublicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  return { KeyId: arn, PublicKey, KeySpec: spec, KeyUsage: usage, SigningAlgorithms: [ALGORITHM] };
}
