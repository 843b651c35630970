import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import type { RecipientKey } from '../../domain/workflow-state.ts';

/** What a sealed session holds, once opened. Secrets: never logged, never stored, never in a workflow state. */
const sessionCredentialsSchema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  expiration: z.iso.datetime(),
  assumedRoleArn: z.string(),
});
export type SessionCredentials = z.infer<typeof sessionCredentialsSchema>;

const ALGORITHM = 'ECDH-ES';
const ENCRYPTION = 'A256GCM';

/** RFC 7638 thumbprint of a public key: SHA-256, base64url. Only the key's own members count. */
export function thumbprintOf(recipientKey: RecipientKey): Promise<string> {
  return calculateJwkThumbprint(recipientKey, 'sha256');
}

/** Encrypts to one claim's key. */
export type Sealer = {
  /** The key's, as `thumbprintOf` answers it. */
  readonly thumbprint: string;
  /** The session as a compact JWE, bound to its request by a protected header. */
  seal(payload: SessionCredentials, requestId: string): Promise<string>;
};

/**
 * Takes up a claim's one-time public key, before there is anything to encrypt to it. It, or sealing, throws where
 * the key is not a point that a secret can be agreed on with.
 */
export async function sealerFor(recipientKey: RecipientKey): Promise<Sealer> {
  const [thumbprint, key] = await Promise.all([
    thumbprintOf(recipientKey),
    importJWK(recipientKey, ALGORITHM),
  ]);
  return {
    thumbprint,
    seal: (payload, requestId) =>
      new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, kid: thumbprint, requestId })
        .encrypt(key),
  };
}

/**
 * Opens a sealed session with the private half of its key. Throws where it was sealed to another key, for
 * another request, or altered.
 */
export async function openCredentials(
  privateKey: JWK,
  jwe: string,
  requestId: string,
): Promise<SessionCredentials> {
  const key = await importJWK(privateKey, ALGORITHM);
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
    keyManagementAlgorithms: [ALGORITHM],
    contentEncryptionAlgorithms: [ENCRYPTION],
  });
  if (protectedHeader.requestId !== requestId) throw new Error('sealed for another request');
  return sessionCredentialsSchema.parse(JSON.parse(new TextDecoder().decode(plaintext)));
}
