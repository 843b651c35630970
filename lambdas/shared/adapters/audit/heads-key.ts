import { createPublicKey, verify } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { callAws } from '../runtime/call-aws.ts';

/**
 * The KMS key that signs chain heads: ECDSA on P-256 over SHA-256. Its private half never leaves KMS; whoever
 * has the public half can verify without AWS.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export function makeHeadsKey({ client, keyId: KeyId }: { client: KMSClient; keyId: string }) {
  return {
    /** The signature over the bytes, base64. KMS takes 4,096 of them at most. */
    async sign(bytes: Uint8Array): Promise<string> {
      const { Signature } = await callAws('KMS', () =>
        client.send(
          new SignCommand({ KeyId, Message: bytes, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }),
        ),
      );
      if (!Signature) throw new Error('KMS answered without a signature');
      return Buffer.from(Signature).toString('base64');
    },

    /** The public half: SubjectPublicKeyInfo, DER, base64. */
    async publicKey(): Promise<string> {
      const { PublicKey } = await callAws('KMS', () => client.send(new GetPublicKeyCommand({ KeyId })));
      if (!PublicKey) throw new Error('KMS answered without a public key');
      return Buffer.from(PublicKey).toString('base64');
    },

    /** Fetches the public half once, and answers whether a signature is the key's over the bytes. */
    async verifier(): Promise<HeadsVerifier> {
      return headsVerifier(await this.publicKey());
    },
  };
}

/** Whether a signature is a heads key's over the bytes. */
export type HeadsVerifier = (bytes: Uint8Array, signature: string) => boolean;

/** Verifies by a public half alone, with no AWS. Throws where it is no key. */
export function headsVerifier(publicKey: string): HeadsVerifier {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return (bytes, signature) => verify('sha256', bytes, key, Buffer.from(signature, 'base64'));
}
