import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type RecipientKey, recipientKeySchema } from '../../domain/workflow-state.ts';
import { sealerFor } from './sealed-credentials.ts';

/** A one-time key pair. The private half lives only in the memory of whoever claims. */
export type RecipientKeyPair = { readonly publicKey: RecipientKey; readonly privateKey: JWK };

/** Makes a fresh X25519 key pair for one claim. */
export async function makeRecipientKeyPair(): Promise<RecipientKeyPair> {
  const pair = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
  const publicKey = recipientKeySchema.parse(await exportJWK(pair.publicKey));
  return { publicKey, privateKey: await exportJWK(pair.privateKey) };
}

/**
 * Whether a session can be sealed to this key at all, found by sealing nothing to it: a point off the curve or
 * of small order would otherwise only show once a session is already minted.
 */
export async function canSealTo(recipientKey: RecipientKey): Promise<boolean> {
  const nothing = {
    accessKeyId: '',
    secretAccessKey: '',
    sessionToken: '',
    expiration: '',
    assumedRoleArn: '',
  };
  try {
    await (await sealerFor(recipientKey)).seal(nothing, '');
    return true;
  } catch {
    return false;
  }
}
