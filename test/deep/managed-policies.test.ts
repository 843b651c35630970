import { expect, test } from 'vitest';
import { managedPolicies } from '../support/managed-policies.ts';
import { type ManagedProof, proveManaged } from '../support/prove-managed.ts';

/** One of so many of AWS's managed policies is proved: all of them, unless this says otherwise. */
const SHARE = Number(process.env.POSTERN_MANAGED_SHARE ?? 1);
const policies = managedPolicies()?.filter((_, nth) => nth % SHARE === 0);

test.skipIf(policies === undefined)(
  'each of AWS’s managed policies is within itself, wider than itself with one more Deny, and no version is too much',
  () => {
    const counts: Record<string, number> = {};
    const wrong: Omit<ManagedProof, 'milliseconds'>[] = [];
    for (const { question, arn, answer } of proveManaged(policies ?? [])) {
      const key = `${question}: ${answer.verdict}`;
      counts[key] = (counts[key] ?? 0) + 1;
      const expected = { itself: 'within', 'with one more Deny': 'wider' }[question as string];
      if (expected && answer.verdict !== expected) wrong.push({ question, arn, answer });
    }
    console.log(counts);
    expect(wrong).toEqual([]);
    const versions = (policies ?? []).reduce((sum, policy) => sum + policy.versions.length, 0);
    if (SHARE === 1) expect(versions).toBeGreaterThan(6_100);
    expect(counts['itself: within']).toBeGreaterThan(1_500 / SHARE);
    const pairs = ['new in old', 'old in new'].flatMap((question) =>
      ['within', 'wider', 'unknown'].map((verdict) => counts[`${question}: ${verdict}`] ?? 0),
    );
    const unknown = (pairs[2] ?? 0) + (pairs[5] ?? 0);
    if (SHARE === 1) expect(pairs.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5_000);
    expect(unknown).toBeLessThan(100);
  },
  1_800_000,
);
