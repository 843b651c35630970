import type { Change } from '../shared/domain/access-request.ts';
import { partsOf } from '../shared/domain/bundle/bundle.ts';
import { resolveGrants } from '../shared/domain/catalog/resolve-grants.ts';
import { APPLY_CHANGE, type GuardrailContext } from '../shared/domain/guardrails/guardrails.ts';
import { GUARDED_BY } from '../shared/domain/guardrails/may-propose.ts';
import { pinRules } from '../shared/domain/rule-pins.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import type { Case, Judgement, Rulebook } from './decision-case.ts';
import { findApprovals } from './find-approvals.ts';
import { outsideOf } from './outside-of.ts';
import { changeInvalid } from './rules/changes/change-invalid.ts';
import { changeLeavesNoApprover } from './rules/changes/change-leaves-no-approver.ts';
import { changeOwnPolicy } from './rules/changes/change-own-policy.ts';
import { touchedRulesMismatch } from './rules/config-digest-mismatch.ts';
import { unknownResource } from './rules/unknown-resource.ts';
import { apply, deny, verdictOn } from './verdict-of.ts';

/** A change opens no session: the guardrails are asked as for the shortest, on behalf of nobody. */
const CONTEXT = { durationSeconds: 900, onBehalfOf: false };

/** Decides a change by the same guardrails and votes as access; what is voted on is its exact text. */
export function validateChange(
  decided: Case,
  change: Change,
  judgement: Judgement,
  rules: Rulebook,
  now: Date,
): Verdict {
  const frame = { case: decided, now };
  const refusals = [
    ...changeInvalid(change, rules),
    ...changeOwnPolicy(decided, change),
    ...changeLeavesNoApprover(decided),
  ];
  if (refusals.length > 0) return deny(frame, refusals);

  const questions = questionsOf(change, decided, now);
  const guards = [...new Set(questions.map(({ resource }) => resource))];
  const { grants, unknownResources } = resolveGrants(
    guards.map((resource) => ({ resource, actions: [APPLY_CHANGE] })),
    rules.catalog,
  );
  const unknown = unknownResource({ unknownResources });
  if (unknown.length > 0) return deny(frame, unknown);
  const pins = pinRules(decided.loaded.principal, grants, rules);
  const changed = touchedRulesMismatch(decided, pins);
  if (changed.length > 0) return deny(frame, changed);
  const guarded = questions.flatMap(({ resource, context }) =>
    grants.filter((grant) => grant.resource.key === resource).map((grant) => ({ ...grant, context })),
  );
  const approvals = findApprovals({ grants: guarded, judgement }, decided, rules, now);
  return verdictOn(approvals, { ...frame, pins }, apply);
}

type Question = {
  readonly resource: string;
  readonly context: Omit<GuardrailContext, 'approvals' | 'stepUpApprovals'>;
};

/** What the guardrails are asked: of a bundle, all that they would be asked of each of its parts alone. */
function questionsOf(change: Change, decided: Case, now: Date): Question[] {
  const { loaded } = decided;
  const { changesSignIn = false, keepsSignIn = false, ownPasskeys } = loaded;
  const context = {
    ...CONTEXT,
    enrolsOwnPasskey: ownPasskeys === 'enrols',
    revokesOwnPasskey: ownPasskeys === 'revokes',
    ...outsideOf(decided, now),
  };
  const guards = new Set((partsOf(change) ?? []).map(({ kind }) => GUARDED_BY[kind]));
  return [...guards].flatMap((resource) => {
    const signIns = resource === GUARDED_BY.policy ? [false] : keepsSignIn ? [true, false] : [changesSignIn];
    return signIns.map((each) => ({ resource, context: { ...context, changesSignIn: each } }));
  });
}
