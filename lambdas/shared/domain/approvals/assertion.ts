import * as z from 'zod';
import { credentialIdSchema } from './passkey.ts';

const bytes = (most: number) =>
  z
    .base64url()
    .min(1)
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/, 'base64url without padding');

/**
 * What an authenticator answered when a vote was pressed, as it is stored with the vote. It proves that vote and no other,
 * and opens nothing: it is no secret.
 * @see https://www.w3.org/TR/webauthn-3/#iface-authenticatorassertionresponse
 */
export const assertionSchema = z.strictObject({
  credentialId: credentialIdSchema,
  nonce: bytes(64).describe('That of the challenge that was answered.'),
  clientDataJSON: bytes(2048),
  authenticatorData: bytes(1024),
  signature: bytes(1024),
});
export type Assertion = z.infer<typeof assertionSchema>;
