import { isTrustworthy } from '../../domain/identity/issuers.ts';
import { acceptedIssuers, isMadeFor, type SubjectIssuers } from '../../domain/identity/subject-issuers.ts';
import type { TokenVerdict } from '../../domain/identity/token-verdict.ts';
import { type IssuerKeys, makeIssuerKeys } from './issuer-keys.ts';
import { invalid, peekAt, verifyJwt } from './verify-jwt.ts';

/** Verifies subject tokens against their issuer's keys, which are found once and then kept. */
export function makeSubjectTokens(deps: {
  clock: () => Date;
  /** Whose tokens the deployment takes at all; any that a principal lists where absent. */
  taken?: SubjectIssuers | undefined;
  keys?: IssuerKeys;
  /** Claims of an issuer that a subject is described by besides; none where absent. */
  claimsOf?: (issuer: string) => readonly string[];
}) {
  const { clock, taken, keys = makeIssuerKeys(), claimsOf = () => [] } = deps;
  return {
    /**
     * Who a token speaks for. Only issuers that the principal lists are ever contacted, so a token cannot make
     * the front door fetch anything of its own choice.
     */
    async verify(token: string, issuers: SubjectIssuers): Promise<TokenVerdict> {
      const peeked = peekAt(token);
      if ('outcome' in peeked) return peeked;
      const claimed = peeked.claims.iss;
      const listed = acceptedIssuers(issuers, taken).find(({ issuer }) => issuer === claimed);
      if (!listed) return invalid('its issuer is not one that this principal may present tokens of');
      if (!isTrustworthy(listed.issuer)) return invalid('its issuer is not reached over https');
      const verified = await verifyJwt(token, listed.issuer, { keys, clock });
      if (verified.outcome !== 'verified') return verified;
      // Who acts for a subject says so at sign-in; a token that names an actor is none of the subject alone.
      if (verified.claims.act !== undefined) return invalid('it names somebody who acts');
      if (!isMadeFor(verified.claims, listed)) return invalid('it was made for another audience or client');
      const attributes = attributesIn(verified.claims, claimsOf(listed.issuer));
      return {
        outcome: 'verified',
        subject: {
          issuer: listed.issuer,
          id: verified.claims.sub,
          ...(Object.keys(attributes).length > 0 && { attributes }),
        },
      };
    },
  };
}

/** What a token says under these claims, as texts that rows could be keyed by; anything else is left out. */
function attributesIn(claims: object, names: readonly string[]): Record<string, string> {
  const said = Object.entries(claims).filter(
    ([name, value]) =>
      names.includes(name) &&
      typeof value === 'string' &&
      value !== '' &&
      value.length <= 255 &&
      value.isWellFormed(),
  );
  return Object.fromEntries(said);
}
