import type { Reason } from '../../shared/domain/reason.ts';
import { changedEntries, type RulePins } from '../../shared/domain/rule-pins.ts';
import type { Case, Rulebook } from '../decision-case.ts';

type Part = Extract<Reason, { code: 'config_digest_mismatch' }>['part'];

const mismatch = (part: Part): Reason => ({ code: 'config_digest_mismatch', part });

/** The catalog, guardrails and tiers that decide must be those that LoadPolicy pinned. */
export function configDigestMismatch({ loaded, pinned }: Case, { digests }: Rulebook): Reason[] {
  // Once people were asked, what the first round touched is pinned, and compared more closely.
  const whole = pinned ? (['approvals'] as const) : (['catalog', 'guardrails', 'approvals'] as const);
  return whole.filter((name) => loaded.digests[name] !== digests[name]).map(mismatch);
}

/** Of the catalog and the guardrails, what people were asked about must still be what it was. */
export function touchedRulesMismatch({ pinned }: Case, now: RulePins): Reason[] {
  if (!pinned) return [];
  return [
    ...changedEntries(pinned.entries, now.entries).map((resource) => ({
      ...mismatch('catalog'),
      resource,
    })),
    ...(pinned.guardrails === now.guardrails ? [] : [mismatch('guardrails')]),
  ];
}
