import type { Condition, Policy, Statement } from '../../parse/policy-model.ts';

/** Every condition of a policy, with its statement and its place there. */
export function* eachCondition(
  policy: Policy,
): Generator<{ readonly statement: Statement; readonly condition: Condition; readonly nth: number }> {
  for (const statement of policy.statements)
    for (const [nth, condition] of statement.conditions.entries()) yield { statement, condition, nth };
}
