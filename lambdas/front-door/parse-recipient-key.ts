import * as z from 'zod';
import { type RecipientKey, recipientKeySchema } from '../shared/domain/workflow-state.ts';
import { Problem } from '../shared/http/problems.ts';

/** Members of a JWK that are secret, by any key type. */
const PRIVATE_MEMBERS = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

/** As the API's document has it: a public key, with none of these members. */
export const publicKeySchema = z.union(
  recipientKeySchema.options.map((key) => key.meta({ propertyNames: { not: { enum: PRIVATE_MEMBERS } } })),
);

const refused = (detail: string) => {
  const errors = [{ field: 'recipientKey', message: detail }];
  return new Problem('recipient_key_invalid', `recipientKey: ${detail}.`, { errors });
};

/** The key a claim is to be sealed to. Throws where it is none, or where nothing can be sealed to it. */
export async function parseRecipientKey(
  jwk: Record<string, unknown>,
  recipientKeys: { canSealTo(key: RecipientKey): Promise<boolean> },
): Promise<RecipientKey> {
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) {
    throw refused('send the public half only, and make a new key pair: this private key is no longer secret');
  }
  const key = recipientKeySchema.safeParse(jwk);
  if (!key.success || !(await recipientKeys.canSealTo(key.data))) {
    throw refused('send a public JWK on X25519 (kty OKP) or P-256 (kty EC)');
  }
  return key.data;
}

/** The key that a request is claimed with already, where it brings one. Throws as `parseRecipientKey` does. */
export async function claimWithOf(
  jwk: Record<string, unknown> | undefined,
  recipientKeys: {
    canSealTo(key: RecipientKey): Promise<boolean>;
    thumbprintOf(key: RecipientKey): Promise<string>;
  },
): Promise<{ recipientKey: RecipientKey; thumbprint: string } | undefined> {
  if (!jwk) return undefined;
  const recipientKey = await parseRecipientKey(jwk, recipientKeys);
  return { recipientKey, thumbprint: await recipientKeys.thumbprintOf(recipientKey) };
}
