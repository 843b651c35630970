import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import * as z from 'zod';
import { isTrustworthy } from '../../domain/identity/issuers.ts';
import { ALGORITHMS } from './verify-jwt.ts';

type Proof = {
  readonly proof: string;
  readonly token: string;
  readonly thumbprint: string;
  readonly method: string;
  readonly place: string;
};
type Deps = {
  readonly clock: () => Date;
  readonly once: {
    /** True for the first who brings this key. */
    first(key: string, seconds: number): Promise<boolean>;
  };
};

/** Seconds by which a proof may be older, or newer, than it arrives. */
const MOST_SECONDS_APART = 60;
/** Characters of a proof. */
const MAX_PROOF_LENGTH = 4_096;

const claimsSchema = z.object({
  jti: z.string().min(1).max(256),
  htm: z.string(),
  htu: z.url(),
  iat: z.number(),
  ath: z.string(),
});

/** Whether an address is the one that was called: its query does not count (RFC 9449, section 4.3). */
function isPlace(htu: string, place: string): boolean {
  const { host, pathname } = new URL(htu);
  return isTrustworthy(htu) && `${host}${pathname}` === place;
}

/**
 * Checks that whoever sends a token holds the key that it is bound to. Each proof is taken once: it is remembered for
 * longer than it is good.
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export function makeCheckProof({ clock, once }: Deps) {
  return async ({
    proof,
    token,
    thumbprint,
    method,
    place,
  }: Proof): Promise<'proved' | 'refused' | 'used'> => {
    if (proof.length > MAX_PROOF_LENGTH) return 'refused';
    let claims: z.infer<typeof claimsSchema>;
    try {
      const verified = await jwtVerify(proof, EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: ALGORITHMS,
        currentDate: clock(),
      });
      claims = claimsSchema.parse(verified.payload);
      const { jwk } = verified.protectedHeader;
      if (!jwk || (await calculateJwkThumbprint(jwk)) !== thumbprint) return 'refused';
    } catch {
      return 'refused';
    }
    const { htm, htu, iat, ath, jti } = claims;
    const secondsApart = Math.abs(clock().getTime() / 1000 - iat);
    if (htm !== method || !isPlace(htu, place) || secondsApart > MOST_SECONDS_APART) return 'refused';
    if (ath !== createHash('sha256').update(token).digest('base64url')) return 'refused';
    const key = `dpop#${thumbprint}#${createHash('sha256').update(jti).digest('base64url')}`;
    return (await once.first(key, 3 * MOST_SECONDS_APART)) ? 'proved' : 'used';
  };
}
