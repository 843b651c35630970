import { ACCOUNT_CHECKS } from '../account/account-checks.ts';
import { CHECKS, FORM_CHECKS } from '../check/all-checks.ts';
import type { Needed } from '../check/check.ts';
import { ALL_PATHS } from '../check/escalation/all-paths.ts';
import type { PolicyType } from '../parse/policy-model.ts';

/** What checks of policies were asked about. */
export type LookedAt = {
  readonly types: ReadonlySet<PolicyType>;
  /** False where something of it could not be read. */
  readonly isWhole: boolean;
  /** What was told beside the policies. */
  readonly given: ReadonlySet<Needed>;
};

/** Every check that there is, by its id. */
export const CHECK_IDS: ReadonlySet<string> = new Set(
  [...CHECKS, ...FORM_CHECKS, ...ALL_PATHS, ...ACCOUNT_CHECKS].map(({ id }) => id),
);

const NEEDED: Record<Needed, string> = {
  managed: 'no managed policies were given',
  breakGlass: 'no role for emergencies was named',
  references: 'nothing was given that it has to be within',
};

/** The checks of an account, for evidence that has none. */
export const accountNotAsked = (why: string): [string, string][] => ACCOUNT_CHECKS.map(({ id }) => [id, why]);

/** Checks of policies that were not asked, or not of all, with why: their silence says nothing. */
export function policiesNotAsked({ types, isWhole, given }: LookedAt): [string, string][] {
  const whyNot = (
    about: readonly PolicyType[] | undefined,
    needs: readonly Needed[] = [],
  ): string | undefined => {
    if (!isWhole) return 'some of what was given could not be read';
    const isLookedAt = about ? about.some((type) => types.has(type)) : types.size > 0;
    if (!isLookedAt)
      return about ? `no policy of the type ${about.join(' or ')} was looked at` : 'no policy was looked at';
    const missing = needs.find((need) => !given.has(need));
    return missing && NEEDED[missing];
  };
  const all = [
    ...CHECKS.map(({ id, types: own, needs }) => ({ id, why: whyNot(own, needs) })),
    ...FORM_CHECKS.map(({ id }) => ({ id, why: types.size > 0 ? undefined : 'no policy was looked at' })),
    ...ALL_PATHS.map(({ id }) => ({ id, why: whyNot(['identity']) })),
  ];
  return all.flatMap(({ id, why }): [string, string][] => (why === undefined ? [] : [[id, why]]));
}
