import type { Subject } from '../../domain/access-request.ts';
import type { Issuer, IssuersConfig, Purpose } from '../../domain/identity/issuers.ts';
import { signsInAs, type TokenClaims } from '../../domain/identity/sign-in/match-sign-in.ts';
import { readToken, type TokenReading } from '../../domain/identity/sign-in/read-token.ts';
import type { SignInAnswer } from '../../domain/identity/sign-in/signed-in.ts';
import type { Principal } from '../../domain/principal.ts';
import { type IssuerKeys, makeIssuerKeys } from './issuer-keys.ts';
import { invalid, peekAt, verifyJwt } from './verify-jwt.ts';

type Deps = {
  readonly issuers: () => IssuersConfig;
  readonly principals: {
    /** Those who could sign in by a token; that they may is looked at again. */
    findBySignIn(token: TokenClaims): Promise<readonly Principal[]>;
  };
  readonly clock: () => Date;
  readonly keys?: IssuerKeys;
};

/** The issuer that a token says it is of; a JWT-SVID may say it by its trust domain alone. */
function issuerOf({ iss, sub }: { iss?: unknown; sub?: unknown }, issuers: readonly Issuer[]) {
  if (iss !== undefined) return issuers.find(({ issuer }) => issuer === iss);
  const domain = /^spiffe:\/\/(?<domain>[^/]+)\//.exec(String(sub))?.groups?.domain;
  return issuers.find(({ trustDomain }) => trustDomain !== undefined && trustDomain === domain);
}

/**
 * Signs principals in by tokens of the issuers that the deployment lists for a purpose. No other issuer is ever
 * contacted, whatever a token says.
 */
export function makeSignIn({ issuers, principals, clock, keys = makeIssuerKeys() }: Deps) {
  return {
    async signIn(token: string, purpose: Exclude<Purpose, 'subjects'>): Promise<SignInAnswer> {
      const peeked = peekAt(token);
      if ('outcome' in peeked) return peeked;
      const listed = issuers().issuers;
      const issuer = issuerOf(peeked.claims, listed);
      if (!issuer?.[purpose]) return invalid('its issuer is not one that this broker takes tokens of here');
      const namesIssuer = peeked.claims.iss !== undefined;
      const verified = await verifyJwt(token, issuer.issuer, { keys, clock, namesIssuer });
      if (verified.outcome !== 'verified') return verified;
      const { claims } = verified;
      const reading = readToken(claims, issuer, purpose);
      if ('refused' in reading) return invalid(reading.refused);
      return signedIn(reading, { issuer: issuer.issuer, id: claims.sub }, (claims.exp ?? 0) * 1000);
    },
  };

  async function signedIn(reading: TokenReading, tokenOf: Subject, endsAt: number): Promise<SignInAnswer> {
    const { caller, actsFor, askOnly, redirectOnly, boundTo } = reading;
    const found = (await principals.findBySignIn(caller)).filter((each) => signsInAs(each, caller));
    const [principal, second] = found;
    if (second) return { outcome: 'ambiguous', because: 'it is of more than one principal' };
    if (!principal) return { outcome: 'unknown', because: 'it is of no principal' };
    if (actsFor && !mayActFor(principal, actsFor))
      return invalid('its subject’s issuer is not one that this principal may present tokens of');
    return {
      outcome: 'known',
      principal,
      tokenOf,
      askOnly,
      redirectOnly,
      expiresAt: new Date(endsAt),
      ...(actsFor && { actsFor }),
      ...(boundTo && { boundTo }),
    };
  }

  /** Both issuers count: that of the actor by `signIn`, that of the user as of any subject. */
  function mayActFor({ subjectIssuers }: Principal, { issuer }: Subject): boolean {
    const taken = issuers().issuers.find((listed) => listed.issuer === issuer);
    return taken?.subjects !== undefined && subjectIssuers.some((listed) => listed.issuer === issuer);
  }
}
export type SignIn = ReturnType<typeof makeSignIn>;
