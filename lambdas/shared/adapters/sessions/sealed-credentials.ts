import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, importJWK, type JWK } from 'jose';
import { type SessionCredentials, sessionCredentialsSchema } from '../../domain/session.ts';
import type { RecipientKey } from '../../domain/workflow-state.ts';

const ALGORITHM = 'ECDH-ES';
const ENCRYPTION = 'A256GCM';

/** RFC 7638 thumbprint of a public key: SHA-256, base64url. Only the key's own members count. */
export function thumbprintOf(recipientKey: RecipientKey): Promise<string> {
  return calculateJwkThumbprint(recipientKey, 'sha256');
}

/**
 * Takes up a claim's one-time public key, before there is anything to encrypt to it, and answers what encrypts a
 * session to it: as a compact JWE, bound to its request by a protected header. It, or sealing, throws where the key is
 * not a point that a secret can be agreed on with.
 */
export async function sealerFor(recipientKey: RecipientKey) {
  const [thumbprint, key] = await Promise.all([
    thumbprintOf(recipientKey),
    importJWK(recipientKey, ALGORITHM),
  ]);
  return {
    thumbprint,
    seal: (payload: SessionCredentials, requestId: string): Promise<string> =>
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
