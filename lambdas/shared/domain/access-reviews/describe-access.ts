import type { Tier } from '../approvals/approvals-config.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { asJson, digestOf } from '../digest.ts';
import type { GuardrailsConfig } from '../guardrails/guardrail-answers.ts';
import type { Guardrails } from '../guardrails/guardrails.ts';
import { matrixByGroup, NEVER } from '../guardrails/matrix-by-group.ts';
import { mayPropose } from '../guardrails/may-propose.ts';
import { isAuditor } from '../identity/is-auditor.ts';
import { wantedClaims } from '../identity/sign-in/sign-in-entry.ts';
import type { Policy, Principal } from '../principal.ts';
import { type Access, accessSchema, type ReviewItem, type Used } from './access-review.ts';
import { digestOfItem } from './digest-of-item.ts';

/** By what access is decided. */
export type AccessRules = GuardrailsConfig & {
  readonly catalog: Catalog;
  readonly guardrails: Guardrails;
  readonly tiers: readonly Pick<Tier, 'name' | 'approverGroup'>[];
  readonly digests: Readonly<Record<string, string>>;
};

/** Actions that are named of those that take the same. */
const MOST_ACTIONS = 20;
const MOST_SIGN_IN = 600;

function couldGet(principal: Principal, rules: AccessRules): Access['couldGet'] {
  const [group] = matrixByGroup(rules, [principal]);
  return (group?.resources ?? []).flatMap(({ key, ownRows, answers }) => {
    const open = answers
      .filter(({ answer }) => answer !== NEVER)
      .map(({ answer, actions }) => ({
        answer,
        count: actions.length,
        actions: actions.slice(0, MOST_ACTIONS),
      }));
    return open.length > 0 ? [{ resource: key, ownRows, answers: open }] : [];
  });
}

const signsIn = ({ signIn = [], awsPrincipals, slackUserId, passkeys = [] }: Principal): string[] =>
  [
    ...awsPrincipals,
    ...signIn.map((entry) => {
      const pairs = Object.entries(wantedClaims(entry)).map(
        ([claim, wanted]) => `${claim} ${wanted.join(' or ')}`,
      );
      return `${'subject' in entry ? entry.subject : pairs.join(', ')} at ${entry.issuer}`;
    }),
    ...(slackUserId === undefined ? [] : [`Slack ${slackUserId}`]),
    ...passkeys.map(({ label }) => `passkey ${label}`),
  ].map((line) => line.slice(0, MOST_SIGN_IN));

/** Everything that a principal could come by, by the rules in force. Pure. */
export function accessOf(principal: Principal, policy: Policy | undefined, rules: AccessRules): Access {
  const { id, type, groups, persons, jobs = {}, directory } = principal;
  return accessSchema.parse({
    principalId: id,
    type,
    groups,
    persons,
    couldGet: couldGet(principal, rules),
    jobs: Object.entries(jobs).map(([job, fixed]) => ({
      job,
      grants: fixed.grants.map(({ resource }) => resource),
      breakGlass: fixed.breakGlass === true,
    })),
    approves: rules.tiers
      .filter(({ approverGroup }) => approverGroup !== undefined && groups.includes(approverGroup))
      .map(({ name }) => name),
    auditor: isAuditor(principal),
    proposes: (['policy', 'principal', 'template'] as const).filter((kind) =>
      mayPropose(principal, kind, rules),
    ),
    signsIn: signsIn(principal),
    ...(policy && { policyVersion: policy.version }),
    ...(directory && { template: directory.template }),
  });
}

/** Digest of the texts that a principal's access follows from. */
export const madeFromOf = (
  principal: Principal,
  policy: Policy | undefined,
  { digests }: Pick<AccessRules, 'digests'>,
): string => digestOf(asJson({ principal, policy: policy ?? null, digests }));

/** A new item of a review, of a principal as it is now. */
export function newItem(reviewId: string, access: Access, used: Used, madeFrom: string): ReviewItem {
  return {
    reviewId,
    principalId: access.principalId,
    type: access.type,
    ...describedBy(access, used, madeFrom),
    state: 'open',
    decisions: 0,
    recorded: 0,
    version: 1,
  };
}

/** What an item says of an access. */
export const describedBy = (access: Access, used: Used, madeFrom: string) => ({
  digest: digestOfItem(access, used),
  madeFrom,
  persons: access.persons,
  resources: access.couldGet.length,
  jobs: access.jobs.length,
  breakGlass: access.jobs.filter(({ breakGlass }) => breakGlass).length,
  approves: access.approves,
  sessions: used.sessions,
  ...(used.lastAt !== undefined && { lastAt: used.lastAt }),
});
