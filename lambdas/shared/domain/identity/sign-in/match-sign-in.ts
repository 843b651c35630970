import type { Principal } from '../../principal.ts';
import { type SignInEntry, wantedClaims } from './sign-in-entry.ts';

/** Of whom a verified token speaks: its issuer, and its claims, `sub` among them. */
export type TokenClaims = { readonly issuer: string; readonly claims: Readonly<Record<string, unknown>> };

const isPattern = (wanted: string) => wanted.endsWith('*');
const beginning = (wanted: string) => wanted.slice(0, -1);

const fits = (value: string, wanted: string): boolean =>
  isPattern(wanted) ? value.startsWith(beginning(wanted)) : value === wanted;

/** Whether some value fits both. */
function canShare(left: string, right: string): boolean {
  if (!isPattern(left)) return fits(left, right);
  if (!isPattern(right)) return fits(right, left);
  return beginning(left).startsWith(beginning(right)) || beginning(right).startsWith(beginning(left));
}

/**
 * Whether a token signs in by this entry. Claims are compared as texts, to the letter: one that is a list or a
 * number fits nothing, so that no token fits two entries by having two values.
 */
export function fitsEntry(entry: SignInEntry, { issuer, claims }: TokenClaims): boolean {
  if (entry.issuer !== issuer) return false;
  if ('subject' in entry) return claims.sub === entry.subject;
  return Object.entries(wantedClaims(entry)).every(([name, wanted]) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    return typeof value === 'string' && wanted.some((each) => fits(value, each));
  });
}

/** Whether a token signs in as this principal. */
export const signsInAs = (principal: Pick<Principal, 'signIn'>, token: TokenClaims): boolean =>
  (principal.signIn ?? []).some((entry) => fitsEntry(entry, token));

/**
 * Whether one token could fit both entries. Where it cannot be known it is so: they are told apart only by a claim
 * that both name, of which no value fits both.
 */
export function couldFitBoth(left: SignInEntry, right: SignInEntry): boolean {
  if (left.issuer !== right.issuer) return false;
  if ('subject' in left && 'subject' in right) return left.subject === right.subject;
  if ('subject' in left) return couldFitSubject(left.subject, right);
  if ('subject' in right) return couldFitSubject(right.subject, left);
  const theirs = wantedClaims(right);
  return Object.entries(wantedClaims(left)).every(([name, wanted]) =>
    wanted.some((each) => (theirs[name] ?? [each]).some((their) => canShare(each, their))),
  );
}

const couldFitSubject = (subject: string, entry: SignInEntry): boolean =>
  (wantedClaims(entry).sub ?? [subject]).some((wanted) => fits(subject, wanted));

/** The first of these principals, other than this one, whom a token of this one could sign in as too. */
export const sharesTokensWith = (
  principal: Pick<Principal, 'id' | 'signIn'>,
  others: readonly Pick<Principal, 'id' | 'signIn'>[],
): string | undefined =>
  others.find(
    (other) =>
      other.id !== principal.id &&
      (principal.signIn ?? []).some((entry) =>
        (other.signIn ?? []).some((theirs) => couldFitBoth(entry, theirs)),
      ),
  )?.id;
