import type { Change, ChangePart } from '../../../shared/domain/access-request.ts';
import { nameOfPart, partsOf } from '../../../shared/domain/bundle/bundle.ts';
import { problemsOfBundle } from '../../../shared/domain/bundle/problems-of-bundle.ts';
import { digestOf } from '../../../shared/domain/digest.ts';
import type { IssuersConfig } from '../../../shared/domain/identity/issuers.ts';
import { problemOfArn } from '../../../shared/domain/identity/problem-of-arn.ts';
import { proposedPrincipal } from '../../../shared/domain/identity/proposed-principal.ts';
import { problemOfSignIn } from '../../../shared/domain/identity/sign-in/problem-of-sign-in.ts';
import { problemsOfBreakGlass, problemsOfJobs } from '../../../shared/domain/jobs/problems-of-jobs.ts';
import { isOfDirectory } from '../../../shared/domain/people/directory-principal.ts';
import { problemOfTemplate } from '../../../shared/domain/people/problem-of-template.ts';
import { proposedTemplate } from '../../../shared/domain/people/template.ts';
import type { Reason } from '../../../shared/domain/reason.ts';
import type { Rulebook } from '../../decision-case.ts';

type Invalid = Extract<Reason, { code: 'change_invalid' }>;
type Fault = Invalid['fault'];

const invalid = (fault: Fault): Invalid[] => [{ code: 'change_invalid', fault }];
const invalidField = (problem: string): Invalid[] => [{ code: 'change_invalid', fault: 'field', problem }];

/**
 * The proposal is what its digest says, and a principal is one, under its own id, that could call and sign in, whose jobs
 * are on what the catalog has. Of a bundle all parts are, and go together.
 */
export function changeInvalid(change: Change, rules: Pick<Rulebook, 'issuers' | 'catalog'>): Reason[] {
  if (digestOf(change.proposal) !== change.proposalDigest) return invalid('not_as_digest');
  const parts = partsOf(change);
  if (!parts) return invalid('no_bundle');
  if (change.kind !== 'bundle') return parts.flatMap((part) => partInvalid(part, rules));
  const ofParts = parts.flatMap((part) =>
    partInvalid(part, rules).map((reason) => ({ ...reason, part: nameOfPart(part) })),
  );
  return [...problemsOfBundle(parts).flatMap(invalidField), ...ofParts];
}

function partInvalid(
  change: ChangePart,
  { issuers, catalog }: Pick<Rulebook, 'issuers' | 'catalog'>,
): Invalid[] {
  if (change.kind === 'template') return templateInvalid(change, issuers);
  if (change.kind === 'policy') return isOfDirectory(change.target) ? invalid('of_directory') : [];
  const principal = proposedPrincipal(change);
  if (!principal) return invalid('no_principal');
  if (principal.id !== change.target) return invalid('another_principal');
  // Whether it changes more than its status is known where it is applied, beside what it is now.
  if (isOfDirectory(principal.id) !== (principal.directory !== undefined)) return invalid('of_directory');
  const ofSignIn = problemOfSignIn(principal, issuers);
  return [
    ...principal.awsPrincipals.flatMap((arn, position) => {
      const problem = problemOfArn(arn);
      return problem === undefined ? [] : invalidField(`awsPrincipals[${position}] ${problem}`);
    }),
    ...(ofSignIn === undefined ? [] : invalidField(ofSignIn)),
    ...problemsOfJobs(principal.jobs, catalog).flatMap(invalidField),
    ...problemsOfBreakGlass(principal).flatMap(invalidField),
  ];
}

function templateInvalid(change: ChangePart, issuers: IssuersConfig): Invalid[] {
  const template = proposedTemplate(change.proposal);
  if (template?.id !== change.target) return invalid('no_template');
  const problem = problemOfTemplate(template, issuers);
  return problem === undefined ? [] : invalidField(problem);
}
