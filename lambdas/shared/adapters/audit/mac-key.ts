import { GenerateMacCommand, type KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms';
import { callAws } from '../runtime/call-aws.ts';

/**
 * A KMS HMAC key, which never leaves KMS. Of the one that seals grants, validate-decision may only make a MAC,
 * assume-role and apply-change only verify one.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
 */
export function makeMacKey(deps: { client: KMSClient; keyId: string }) {
  const common = { KeyId: deps.keyId, MacAlgorithm: 'HMAC_SHA_256' } as const;
  return {
    /** The MAC of the bytes, base64. */
    async mac(bytes: Uint8Array): Promise<string> {
      const { Mac } = await callAws('KMS', () =>
        deps.client.send(new GenerateMacCommand({ ...common, Message: bytes })),
      );
      if (!Mac) throw new Error('KMS answered without a MAC');
      return Buffer.from(Mac).toString('base64');
    },

    /** Whether the MAC is this key's over exactly these bytes. */
    async verify(bytes: Uint8Array, mac: string): Promise<boolean> {
      return callAws('KMS', async () => {
        try {
          const Mac = Buffer.from(mac, 'base64');
          const { MacValid } = await deps.client.send(
            new VerifyMacCommand({ ...common, Message: bytes, Mac }),
          );
          return MacValid === true;
        } catch (error) {
          if (error instanceof Error && error.name === 'KMSInvalidMacException') return false;
          throw error;
        }
      });
    },
  };
}
