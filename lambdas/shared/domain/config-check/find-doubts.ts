import { type ApprovalsConfig, approverGroupsOf } from '../approvals/approvals-config.ts';
import { accessLevelOf, type Catalog, type CatalogResource, grantableActions } from '../catalog/catalog.ts';
import { didYouMean } from '../catalog/iam/near-name.ts';
import { askByKind } from '../guardrails/ask-by-kind.ts';
import { couldBeAllowed } from '../guardrails/at-best.ts';
import type { QuorumAnswer } from '../guardrails/find-quorum.ts';
import { MOST_FAVOURABLE } from '../guardrails/grantable-for.ts';
import { shortAnswerFor } from '../guardrails/guardrail-answers.ts';
import { APPLY_CHANGE, type Guardrails } from '../guardrails/guardrails.ts';
import { AUDITORS } from '../identity/auditors.ts';
import type { Principal } from '../principal.ts';
import type { Quorum } from '../verdict.ts';
import type { Finding } from './finding.ts';

/** A group or a principal that a guardrail names. */
export type NamedInGuardrail = {
  readonly policyId: string;
  readonly type: 'Group' | 'Principal';
  readonly id: string;
};

/** What is checked together, and where each thing stands. */
export type CheckedConfig = {
  readonly catalog: Catalog;
  readonly guardrails: Guardrails;
  readonly approvals: ApprovalsConfig;
  readonly named: readonly NamedInGuardrail[];
  readonly lineOf: {
    entry(key: string): number | undefined;
    guardrail(policyId: string): number | undefined;
    tier(name: string): number | undefined;
  };
};

type Answered = {
  readonly principal: Principal;
  readonly resource: CatalogResource;
  readonly answer: QuorumAnswer;
};

const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const NEVER: QuorumAnswer = { kind: 'never', action: '', policyIds: [] };

/** With every approval there is. What is denied then could at most be had with fewer, which is not doubted here. */
function couldEverBe(
  { guardrails }: CheckedConfig,
  principal: Principal,
  resource: CatalogResource,
  action: string,
): boolean {
  const wanted = { resource: resource.key, action, level: accessLevelOf(resource, action) };
  if (guardrails.couldPermit?.(principal, wanted) === false) return false;
  const onBehalfOf = resource.subjectScoped && principal.subjectIssuers.length > 0;
  const context = { ...MOST_FAVOURABLE, onBehalfOf };
  return couldBeAllowed(guardrails, { principal, action, resource, context });
}

/** Every principal that may ask, on every entry: what the guardrails say in the best case, changes included. */
function answersOf(config: CheckedConfig, principals: readonly Principal[]): Answered[] {
  const survey = { ...config, guardrails: askByKind(config.guardrails) };
  const active = principals.filter(({ status }) => status === 'active');
  return active.flatMap((principal) =>
    [...config.catalog.resources.values()].flatMap((resource) =>
      [...grantableActions(resource), APPLY_CHANGE].map((action) => ({
        principal,
        resource,
        answer: couldEverBe(survey, principal, resource, action)
          ? shortAnswerFor(survey, principal, resource, action)
          : NEVER,
      })),
    ),
  );
}

const isPossible = ({ answer }: Answered): boolean => answer.kind === 'allowed' || answer.kind === 'needs';

/** Groups and principals that guardrails name, and that nobody is in, or is. */
function unknownNames(
  { named, approvals, lineOf }: CheckedConfig,
  principals: readonly Principal[],
): Finding[] {
  const known = {
    Group: [
      ...new Set([...principals.flatMap(({ groups }) => groups), ...approverGroupsOf(approvals.tiers)]),
    ],
    Principal: principals.map(({ id }) => id),
  };
  return named
    .filter(({ type, id }) => !known[type].includes(id))
    .map(({ policyId, type, id }) => ({
      severity: 'warning',
      file: 'guardrails.cedar',
      line: lineOf.guardrail(policyId),
      problem: `${policyId}: ${type}::"${id}" ${type === 'Group' ? 'has nobody in it' : 'is nobody'}${didYouMean(id, known[type])}`,
    }));
}

/** People who may vote in a tier, by their persons. */
const personsOf = (group: string, principals: readonly Principal[]): Set<string> =>
  new Set(
    principals
      .filter(({ status, groups, type }) => status === 'active' && type === 'human' && groups.includes(group))
      .flatMap(({ persons }) => persons),
  );

/** The most people that any request could need, besides whoever asks. */
function mostNeeded(answers: readonly Answered[]): Quorum {
  const quorums = answers.flatMap(({ answer }) => (answer.kind === 'needs' ? [answer.quorum] : []));
  return {
    approvals: Math.max(0, ...quorums.map(({ approvals }) => approvals)),
    stepUp: Math.max(0, ...quorums.map(({ stepUp }) => stepUp)),
  };
}

/** Who could vote by the end of each tier: its own people, and, but among owners, those of the tiers before it. */
function votersByTier({ tiers }: ApprovalsConfig, principals: readonly Principal[]) {
  const before = new Set<string>();
  return tiers.map((tier) => {
    const own =
      tier.approverGroup === undefined ? new Set<string>() : personsOf(tier.approverGroup, principals);
    if (tier.ownersOnly) return { tier, own, voters: own };
    for (const person of own) before.add(person);
    return { tier, own, voters: new Set(before) };
  });
}

/**
 * Tiers that too few people were asked by their end for what needs most: votes of a tier that ended count on. Where that
 * is so of all, it is an error.
 */
function emptyTiers(
  { approvals, lineOf }: CheckedConfig,
  principals: readonly Principal[],
  answers: readonly Answered[],
): Finding[] {
  const { approvals: needed } = mostNeeded(answers);
  const groups = [...new Set(principals.flatMap(({ groups: those }) => those))];
  const short = votersByTier(approvals, principals).flatMap(({ tier, own, voters }) => {
    const { name, approverGroup, slackUserGroup } = tier;
    // Who is on call, a fact says once it is asked.
    if (
      approverGroup === undefined ||
      slackUserGroup !== undefined ||
      (own.size > 0 && voters.size >= needed)
    )
      return [];
    const enough = Math.max(1, needed - voters.size);
    const problem =
      own.size === 0
        ? `tier "${name}": nobody is in its approver group "${approverGroup}"${didYouMean(approverGroup, groups)}; put ${many(enough, 'person').replace('persons', 'people')} into it, or name another`
        : `tier "${name}": "${approverGroup}" ${voters.size > own.size ? 'and the tiers before it have' : 'has'} ${many(voters.size, 'person').replace('persons', 'people')}, and guardrails ask for ${many(needed, 'approval')}; put more people into it`;
    return [{ name, problem }];
  });
  const severity = short.length === approvals.tiers.length ? 'error' : 'warning';
  return short.map(({ name, problem }) => ({
    severity,
    file: 'approvals.json',
    line: lineOf.tier(name),
    problem,
  }));
}

function neverGranted({ catalog, lineOf }: CheckedConfig, answers: readonly Answered[]): Finding[] {
  const granted = new Set(answers.filter(isPossible).map(({ resource }) => resource.key));
  return [...catalog.resources.keys()]
    .filter((key) => !granted.has(key))
    .map((key) => ({
      severity: 'warning',
      file: 'catalog.json',
      line: lineOf.entry(key),
      problem: `${key}: no guardrail lets anybody have any of it; write a permit for it, or take the entry out`,
    }));
}

/** Who may ask, and could be given nothing. Approvers and auditors ask for nothing. */
function neverPermitted(
  { approvals }: CheckedConfig,
  principals: readonly Principal[],
  answers: readonly Answered[],
): Finding[] {
  const served = new Set(answers.filter(isPossible).map(({ principal }) => principal.id));
  const asksNothing = new Set([AUDITORS, ...approverGroupsOf(approvals.tiers)]);
  return principals
    .filter(
      ({ id, status, groups }) =>
        status === 'active' && !served.has(id) && !groups.some((group) => asksNothing.has(group)),
    )
    .map(({ id, groups }) => ({
      severity: 'warning',
      file: 'guardrails.cedar',
      problem: `no guardrail permits ${id} anything (it is in ${groups.join(', ') || 'no group'}); write a permit for it or for a group of it`,
    }));
}

/**
 * What catalog, guardrails and tiers are together, for these principals: names that are nobody's, tiers that could not
 * approve, entries that nobody could have, principals that could have nothing.
 */
export function findDoubts(config: CheckedConfig, principals: readonly Principal[]): Finding[] {
  const answers = answersOf(config, principals);
  return [
    ...unknownNames(config, principals),
    ...emptyTiers(config, principals, answers),
    ...neverGranted(config, answers),
    ...neverPermitted(config, principals, answers),
  ];
}
