import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { subjectSchema } from '../../lambdas/shared/domain/access-request.ts';
import { gatewaySessionIdSchema } from '../../lambdas/shared/domain/identity/gateway-session-id.ts';
import { principalIdSchema } from '../../lambdas/shared/domain/principal.ts';
import type { GatewayKeys } from '../keys/derive-keys.ts';

/** All that placeholder keys stand for. The delegation's token is inside the session token, which nobody else can open. */
export const sessionClaimsSchema = z.strictObject({
  sessionId: gatewaySessionIdSchema,
  delegation: z.string(),
  principalId: principalIdSchema,
  subject: subjectSchema.optional(),
  accountId: z.string(),
  reason: z.string().optional(),
  endsAt: z.iso.datetime(),
});
export type SessionClaims = z.infer<typeof sessionClaimsSchema>;

/** Keys that look like AWS's to an SDK, and are worth nothing there. */
export type PlaceholderKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: string;
};

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** What session tokens begin with: a token of another kind is never tried. */
const PREFIX = 'postern1.';

/** The two keys of a session token: MACs over it, so that any replica can make them again. */
function keysOf(sessionToken: string, { placeholderMac }: Pick<GatewayKeys, 'placeholderMac'>) {
  const id = placeholderMac(`id:${sessionToken}`).subarray(0, 16);
  return {
    // AWS's own begin with A; this one it never gave to anybody.
    accessKeyId: `PSTN${[...id].map((byte) => BASE32[byte % 32]).join('')}`,
    secretAccessKey: placeholderMac(`secret:${sessionToken}`).toString('base64url'),
  };
}

/** Placeholder keys for a session of the gateway. */
export function makePlaceholderKeys(claims: SessionClaims, keys: GatewayKeys): PlaceholderKeys {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keys.tokenKey, iv);
  const text = Buffer.concat([
    cipher.update(JSON.stringify(sessionClaimsSchema.parse(claims))),
    cipher.final(),
  ]);
  const sessionToken = `${PREFIX}${Buffer.concat([iv, text, cipher.getAuthTag()]).toString('base64url')}`;
  return { ...keysOf(sessionToken, keys), sessionToken, expiration: claims.endsAt };
}

/** What a session token says, and the keys that go with it; undefined where this gateway's seed did not make it. */
export function readPlaceholderKeys(
  sessionToken: string | undefined,
  keys: GatewayKeys,
):
  | { readonly claims: SessionClaims; readonly accessKeyId: string; readonly secretAccessKey: string }
  | undefined {
  if (!sessionToken?.startsWith(PREFIX)) return undefined;
  const bytes = Buffer.from(sessionToken.slice(PREFIX.length), 'base64url');
  if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv(CIPHER, keys.tokenKey, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    const claims = sessionClaimsSchema.parse(JSON.parse(text.toString()));
    return { claims, ...keysOf(sessionToken, keys) };
  } catch {
    return undefined;
  }
}

const MOST_REMEMBERED = 1000;

/**
 * Reads session tokens, each of this gateway's once: what one says never changes. What is of nobody is not remembered,
 * so that strangers fill no memory.
 */
export function makeReadPlaceholderKeys(keys: GatewayKeys) {
  const known = new Map<string, NonNullable<ReturnType<typeof readPlaceholderKeys>>>();
  return (sessionToken: string | undefined): ReturnType<typeof readPlaceholderKeys> => {
    const before = known.get(sessionToken ?? '');
    if (before) return before;
    const found = readPlaceholderKeys(sessionToken, keys);
    if (known.size >= MOST_REMEMBERED) known.clear();
    if (found && sessionToken !== undefined) known.set(sessionToken, found);
    return found;
  };
}
