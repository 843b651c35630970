import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { KeySpec } from '../../template/types.ts';
import type { AwsCall } from '../types.ts';

/** Bytes that Encrypt takes. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
const MOST_BYTES = 4096;
const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Bytes of the length that a key's ARN has before it. */
const LENGTH_BYTES = 2;

/** The encryption context, as both ends write it: what was encrypted with it opens with it alone. */
const contextIn = ({ input }: AwsCall): Buffer =>
  Buffer.from(
    JSON.stringify(
      Object.entries((input.EncryptionContext ?? {}) as Record<string, string>).sort(([left], [right]) =>
        left < right ? -1 : 1,
      ),
    ),
  );

function seal(call: AwsCall, { arn }: KeySpec, secret: Buffer, plaintext: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, secret, iv).setAAD(contextIn(call));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(arn.length);
  return Buffer.concat([length, Buffer.from(arn), iv, cipher.getAuthTag(), sealed]);
}

const invalid = () => new AwsError('InvalidCiphertextException', 'The ciphertext cannot be opened.', 400);
const blobIn = ({ input }: AwsCall): Buffer => Buffer.from(String(input.CiphertextBlob ?? ''), 'base64');

/** The key that a ciphertext was made with, by its ARN. Throws InvalidCiphertextException. */
export function keyOfCiphertext(call: AwsCall): string {
  const blob = blobIn(call);
  if (blob.length < LENGTH_BYTES) throw invalid();
  const arn = blob.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + blob.readUInt16BE(0));
  if (!/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(arn)) throw invalid();
  return arn;
}

function open(call: AwsCall, { arn }: KeySpec, secret: Buffer): Buffer {
  const blob = blobIn(call);
  const start = LENGTH_BYTES + arn.length;
  if (keyOfCiphertext(call) !== arn || blob.length < start + IV_BYTES + TAG_BYTES) throw invalid();
  const decipher = createDecipheriv(ALGORITHM, secret, blob.subarray(start, start + IV_BYTES))
    .setAAD(contextIn(call))
    .setAuthTag(blob.subarray(start + IV_BYTES, start + IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(blob.subarray(start + IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    throw invalid();
  }
}

const USED_DIRECTLY = new Set(['Encrypt', 'Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']);

/** Whether an operation encrypts or decrypts. */
export const isEncryption = (operation: string): boolean => USED_DIRECTLY.has(operation);

/** Encrypts, decrypts, or makes a data key, by a key that is for that. Throws AwsError. */
export function encryptOrDecrypt(call: AwsCall, key: KeySpec, secret: Buffer): Record<string, unknown> {
  const answer = { KeyId: key.arn };
  if (call.operation === 'Decrypt')
    return { ...answer, Plaintext: open(call, key, secret).toString('base64') };
  if (call.operation === 'Encrypt') {
    const plaintext = Buffer.from(String(call.input.Plaintext ?? ''), 'base64');
    if (plaintext.length < 1 || plaintext.length > MOST_BYTES)
      throw new AwsError('ValidationException', `Plaintext must be 1-${MOST_BYTES} bytes`, 400);
    return { ...answer, CiphertextBlob: seal(call, key, secret, plaintext).toString('base64') };
  }
  const bytes = call.input.KeySpec === 'AES_128' ? 16 : Number(call.input.NumberOfBytes ?? 32);
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > 1024)
    throw new AwsError('ValidationException', 'NumberOfBytes must be between 1 and 1024', 400);
  const dataKey = randomBytes(bytes);
  const sealed = { ...answer, CiphertextBlob: seal(call, key, secret, dataKey).toString('base64') };
  const isHidden = call.operation === 'GenerateDataKeyWithoutPlaintext';
  return isHidden ? sealed : { ...sealed, Plaintext: dataKey.toString('base64') };
}
