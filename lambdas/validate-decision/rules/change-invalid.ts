import type { Change } from '../../shared/domain/access-request.ts';
import { digestOf } from '../../shared/domain/digest.ts';
import type { IssuersConfig } from '../../shared/domain/identity/issuers.ts';
import { problemOfArn } from '../../shared/domain/identity/problem-of-arn.ts';
import { proposedPrincipal } from '../../shared/domain/identity/proposed-principal.ts';
import { problemOfSignIn } from '../../shared/domain/identity/sign-in/problem-of-sign-in.ts';
import type { Reason } from '../../shared/domain/verdict.ts';

const invalid = (detail: string): Reason[] => [{ code: 'change_invalid', detail }];

/** The proposal is what its digest says, and a principal is one, under its own id, that could call and sign in. */
export function changeInvalid(change: Change, issuers: IssuersConfig): Reason[] {
  if (digestOf(change.proposal) !== change.proposalDigest)
    return invalid('The proposal is not what its digest says.');
  if (change.kind === 'policy') return [];
  const principal = proposedPrincipal(change);
  if (!principal) return invalid('The proposal is not a principal; see docs/api.md for its fields.');
  if (principal.id !== change.target) return invalid('The proposal is another principal than its target.');
  const ofSignIn = problemOfSignIn(principal, issuers);
  return [
    ...principal.awsPrincipals.flatMap((arn, position) => {
      const problem = problemOfArn(arn);
      return problem === undefined ? [] : invalid(`awsPrincipals[${position}] ${problem}.`);
    }),
    ...(ofSignIn === undefined ? [] : invalid(`${ofSignIn}.`)),
  ];
}
