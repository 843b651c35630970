import type { CompiledPolicies } from '../rules/compile-policies.ts';

/**
 * Global keys that may have several values. Every other `aws:` key has one at most.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const OF_SEVERAL_VALUES: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:tagkeys',
  'aws:vpceorgpaths',
]);

/** Keys that stand in every request. */
const ALWAYS_THERE: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:securetransport',
]);

/** Keys that are `true` or `false`, or not there. */
const TRUTH_VALUES: ReadonlySet<string> = new Set([
  'aws:multifactorauthpresent',
  'aws:principalisawsservice',
  'aws:securetransport',
  'aws:viaawsservice',
]);

/** What is known of keys, for one proof. */
export type KeyKinds = {
  /** Whether a request may carry several values of it. */
  readonly isOfSeveral: (key: string) => boolean;
  readonly isAlwaysThere: (key: string) => boolean;
  readonly isTruthValue: (key: string) => boolean;
};

/**
 * A key of a service that the data does not know has several values where a policy uses a set operator on it: that
 * takes in a request with one.
 */
export function keyKindsOf(
  policies: readonly CompiledPolicies[],
  isListed: (key: string) => boolean | undefined,
): KeyKinds {
  return {
    isOfSeveral: (key) => {
      if (OF_SEVERAL_VALUES.has(key)) return true;
      if (key.startsWith('aws:')) return false;
      return isListed(key) || policies.some(({ setKeys }) => setKeys.has(key));
    },
    isAlwaysThere: (key) => ALWAYS_THERE.has(key),
    isTruthValue: (key) => TRUTH_VALUES.has(key),
  };
}
