import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { TokenRefusal } from '../../domain/identity/token-verdict.ts';
import type { IssuerKeys } from './issuer-keys.ts';

/** Asymmetric only: with a symmetric one, anybody who can read the keys could sign. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Seconds by which an issuer's clock and ours may differ. */
export const CLOCK_TOLERANCE_SECONDS = 30;
/** Characters of a token. */
export const MAX_TOKEN_LENGTH = 8_192;

/**
 * What a token may call itself: an ID token, an access token (RFC 9068), a JWT-SVID, or nothing. A logout token or a
 * DPoP proof is signed by the same keys or in the same way, and is none.
 */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt', 'jose']);
/** Headers that bring or name a key of the sender's choice. */
const KEYS_IN_HEADER = ['jwk', 'jku', 'x5u'];

/** A token, verified, with what it says; or why not. */
export type VerifiedJwt =
  | { readonly outcome: 'verified'; readonly claims: JWTPayload & { readonly sub: string } }
  | TokenRefusal;

export const invalid = (because: string): TokenRefusal => ({ outcome: 'invalid', because });

/** What jose's refusals mean to whoever sent the token. Anything else is a failure to fetch keys. */
function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof errors.JWTExpired) return invalid('the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`its "${error.claim}" claim does not fit`);
  if (error instanceof errors.JWKSNoMatchingKey)
    return invalid('it is signed by a key its issuer does not have');
  if (error instanceof errors.JWKSTimeout) return { outcome: 'unavailable', because: 'the issuer timed out' };
  if (error instanceof errors.JWKSInvalid)
    return { outcome: 'unavailable', because: 'the issuer’s keys are invalid' };
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC')
    return invalid('it is malformed or altered');
  return { outcome: 'unavailable', because: 'the issuer’s keys could not be fetched' };
}

/** What a token says before it is verified: enough to know whose keys would verify it. */
export function peekAt(token: string): { readonly claims: JWTPayload } | TokenRefusal {
  if (token.length > MAX_TOKEN_LENGTH) return invalid('it is longer than 8 kB');
  try {
    const { typ, ...header } = decodeProtectedHeader(token);
    if (typ !== undefined && !TYPES.has(typ.toLowerCase())) return invalid('it is a token of another kind');
    if (KEYS_IN_HEADER.some((name) => name in header)) return invalid('it brings a key of its own');
    return { claims: decodeJwt(token) };
  } catch {
    return invalid('it is not a JWT');
  }
}

/** Verifies a token by its issuer's keys: signature, times, and that it has a subject. Not whom it was made for. */
export async function verifyJwt(
  token: string,
  issuer: string,
  deps: { readonly keys: IssuerKeys; readonly clock: () => Date; readonly namesIssuer?: boolean },
): Promise<VerifiedJwt> {
  const now = deps.clock();
  try {
    const { payload } = await jwtVerify(token, await deps.keys.keysOf(issuer), {
      ...(deps.namesIssuer !== false && { issuer }),
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
      requiredClaims: ['sub', 'exp'],
    });
    const { iat, sub } = payload;
    if (iat !== undefined && iat > now.getTime() / 1000 + CLOCK_TOLERANCE_SECONDS)
      return invalid('it was made in the future');
    if (typeof sub !== 'string' || sub.length < 1 || sub.length > 255 || !sub.isWellFormed())
      return invalid('its "sub" is no text of 1 to 255 characters');
    return { outcome: 'verified', claims: { ...payload, sub } };
  } catch (error) {
    return refusalOf(error);
  }
}
