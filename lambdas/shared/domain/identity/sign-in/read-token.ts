import type { Subject } from '../../access-request.ts';
import { type Issuer, PURPOSES, type Purpose } from '../issuers.ts';
import { isMadeFor } from '../subject-issuers.ts';
import type { TokenClaims } from './match-sign-in.ts';

/** Who a verified token says is calling, and for whom. */
export type TokenReading = {
  /** By whom a principal is known: the token's own subject, or the actor that it names. */
  readonly caller: TokenClaims;
  /** The user for whom the caller acts, where the token names both (RFC 8693). */
  readonly actsFor?: Subject;
  /** Whose tokens only ask and read. */
  readonly askOnly: boolean;
  /** A console's: it claims no keys. */
  readonly redirectOnly: boolean;
  /** The thumbprint of the key that whoever sends it must prove to hold (RFC 9449). */
  readonly boundTo?: string;
};

type Claims = Readonly<Record<string, unknown>>;
type Reading = TokenReading | { readonly refused: string };

const isFor = (claims: Claims, issuer: Issuer, purpose: Purpose): boolean => {
  const madeFor = issuer[purpose];
  return (
    madeFor !== undefined &&
    isMadeFor(claims, {
      issuer: issuer.issuer,
      audiences: madeFor.audiences ?? [],
      ...(madeFor.clients && { clients: madeFor.clients }),
    })
  );
};

const isRecord = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Claims by which issuers name the client that a token was got by: by the standards, then as Okta does, and Entra ID in
 * its first version.
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 * @see https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
const CLIENT_CLAIMS = ['client_id', 'azp', 'cid', 'appid'];

const isOfOne = (claims: Claims, names: readonly string[], clients: readonly string[] = []): boolean =>
  names
    .flatMap((name) => claims[name])
    .some((client) => typeof client === 'string' && clients.includes(client));

/** The claims of the actor that a token names. Its own are those alone: what the token says besides is of the user. */
function actorOf(act: unknown, issuer: Issuer): TokenClaims | { readonly refused: string } {
  if (!isRecord(act) || typeof act.sub !== 'string' || act.sub === '')
    return { refused: 'its "act" names no subject' };
  if (act.act !== undefined) return { refused: 'its "act" has an actor of its own' };
  const named = act.iss ?? issuer.issuer;
  if (named !== issuer.issuer && !(typeof named === 'string' && issuer.vouchesFor.includes(named)))
    return { refused: 'its issuer does not vouch for the issuer of its "act"' };
  return { issuer: named, claims: { sub: act.sub } };
}

/**
 * Reads whom a token, whose signature was verified by its issuer's keys, is of and for. Refuses one that is not made
 * for the purpose, one that is made for another one as well, and an actor within an actor.
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export function readToken(
  claims: Claims & { readonly sub: string },
  issuer: Issuer,
  purpose: Exclude<Purpose, 'subjects'>,
): Reading {
  if (!isFor(claims, issuer, purpose)) return { refused: 'it was made for another audience or client' };
  const others = PURPOSES.filter((other) => other !== purpose && isFor(claims, issuer, other));
  if (others.length > 0) return { refused: 'it was made for another purpose as well' };
  const { trustDomain } = issuer;
  if (trustDomain && !claims.sub.startsWith(`spiffe://${trustDomain}/`))
    return { refused: 'its subject is not of its issuer’s trust domain' };
  const { cnf } = claims;
  const boundTo = isRecord(cnf) && typeof cnf.jkt === 'string' && cnf.jkt !== '' ? cnf.jkt : undefined;
  // Taken as if it were bound to nothing, whoever stole it could use it.
  if (cnf !== undefined && boundTo === undefined)
    return { refused: 'it is bound to a key of which no proof is taken here' };
  // An ID token names its client as its audience.
  const names = [...CLIENT_CLAIMS, 'aud'];
  const more = {
    askOnly: isOfOne(claims, names, issuer.askOnlyClients),
    redirectOnly: isOfOne(claims, names, issuer.consoleClients),
    ...(boundTo !== undefined && { boundTo }),
  };
  if (claims.act === undefined) return { caller: { issuer: issuer.issuer, claims }, ...more };
  const actor = actorOf(claims.act, issuer);
  if ('refused' in actor) return actor;
  return { caller: actor, actsFor: { issuer: issuer.issuer, id: claims.sub }, ...more };
}
