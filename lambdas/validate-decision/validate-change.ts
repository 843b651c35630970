import type { Change } from '../shared/domain/access-request.ts';
import { resolveGrants } from '../shared/domain/catalog/resolve-grants.ts';
import { APPLY_CHANGE } from '../shared/domain/guardrails/guardrails.ts';
import { GUARDED_BY } from '../shared/domain/guardrails/may-propose.ts';
import { pinRules } from '../shared/domain/rule-pins.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import type { Case, Judgement, Rulebook } from './decision-case.ts';
import { findApprovals } from './find-approvals.ts';
import { changeInvalid } from './rules/change-invalid.ts';
import { changeOwnPolicy } from './rules/change-own-policy.ts';
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
  const refusals = [...changeInvalid(change, rules), ...changeOwnPolicy(decided, change)];
  if (refusals.length > 0) return deny(frame, refusals);

  const guard = { resource: GUARDED_BY[change.kind], actions: [APPLY_CHANGE] };
  const { grants, unknownResources } = resolveGrants([guard], rules.catalog);
  const unknown = unknownResource({ unknownResources });
  if (unknown.length > 0) return deny(frame, unknown);
  const pins = pinRules(decided.loaded.principal, grants, rules);
  const changed = touchedRulesMismatch(decided, pins);
  if (changed.length > 0) return deny(frame, changed);
  const { changesSignIn = false, ownPasskeys } = decided.loaded;
  const context = {
    ...CONTEXT,
    changesSignIn,
    enrolsOwnPasskey: ownPasskeys === 'enrols',
    revokesOwnPasskey: ownPasskeys === 'revokes',
  };
  const approvals = findApprovals({ grants, context, judgement }, decided, rules, now);
  return verdictOn(approvals, { ...frame, pins }, apply);
}
