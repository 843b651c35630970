import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { subjectSchema } from '../../domain/access-request.ts';
import { acceptedIssuers, isMadeFor, type SubjectIssuers } from '../../domain/identity/subject-issuers.ts';
import type { TokenVerdict } from '../../domain/identity/token-verdict.ts';

type KeySet = ReturnType<typeof createRemoteJWKSet>;
/** Asymmetric only: with a symmetric one, anybody who can read the keys could sign. */
const ALGORITHMS = [
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
const CLOCK_TOLERANCE_SECONDS = 30;
/** Milliseconds for one fetch of an issuer's documents. */
const TIMEOUT_MS = 3_000;
const MAX_TOKEN_LENGTH = 8_192;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Keys are only believed over TLS, or from this machine. */
function isTrustworthy(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

/** Where an issuer keeps its keys: as its discovery document says, else at the customary path. */
async function jwksUriOf(issuer: string): Promise<string> {
  const base = issuer.replace(/\/$/, '');
  const response = await fetch(`${base}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  if (response.status >= 500) throw new Error('the discovery document could not be fetched');
  if (!response.ok) return `${base}/.well-known/jwks.json`;
  const { issuer: named, jwks_uri } = discoverySchema.parse(await response.json());
  if (named !== issuer || !isTrustworthy(jwks_uri))
    throw new Error('the discovery document is not this issuer’s');
  return jwks_uri;
}

const invalid = (because: string): TokenVerdict => ({ outcome: 'invalid', because });

/** What jose's refusals mean to whoever sent the token. Anything else is a failure to fetch keys. */
function refusalOf(error: unknown): TokenVerdict {
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

/** Verifies subject tokens against their issuer's keys, which are found once and then kept. */
export function makeSubjectTokens(deps: {
  clock: () => Date;
  /** Whose tokens the deployment takes at all; any that a principal lists where absent. */
  taken?: SubjectIssuers | undefined;
}) {
  const keySets = new Map<string, Promise<KeySet>>();

  function keysOf(issuer: string): Promise<KeySet> {
    const known = keySets.get(issuer);
    if (known) return known;
    const found = jwksUriOf(issuer).then((uri) =>
      createRemoteJWKSet(new URL(uri), { timeoutDuration: TIMEOUT_MS }),
    );
    keySets.set(issuer, found);
    // A failure is not kept: the next token tries again.
    found.catch(() => keySets.delete(issuer));
    return found;
  }

  return {
    /**
     * Who a token speaks for. Only issuers that the principal lists are ever contacted, so a token cannot make
     * the front door fetch anything of its own choice.
     */
    async verify(token: string, issuers: SubjectIssuers): Promise<TokenVerdict> {
      if (token.length > MAX_TOKEN_LENGTH) return invalid('it is longer than 8 kB');
      let claimed: string | undefined;
      try {
        claimed = decodeJwt(token).iss;
      } catch {
        return invalid('it is not a JWT');
      }
      const listed = acceptedIssuers(issuers, deps.taken).find(({ issuer }) => issuer === claimed);
      if (!listed) return invalid('its issuer is not one that this principal may present tokens of');
      if (!isTrustworthy(listed.issuer)) return invalid('its issuer is not reached over https');
      try {
        const { payload } = await jwtVerify(token, await keysOf(listed.issuer), {
          issuer: listed.issuer,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: deps.clock(),
          requiredClaims: ['sub', 'exp'],
        });
        if (!isMadeFor(payload, listed)) return invalid('it was made for another audience or client');
        const subject = subjectSchema.safeParse({ issuer: listed.issuer, id: payload.sub });
        if (!subject.success) return invalid('its "sub" is no text of 1 to 255 characters');
        return { outcome: 'verified', subject: subject.data };
      } catch (error) {
        return refusalOf(error);
      }
    },
  };
}
