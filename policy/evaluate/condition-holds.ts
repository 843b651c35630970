import type { Condition } from '../parse/policy-model.ts';
import { COMPARISONS } from './compare-value.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Whether a condition holds of the request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function conditionHolds(condition: Condition, context: RequestContext): boolean {
  const { operator, key, values } = condition;
  const given = context.get(key);
  if (operator.name === 'Null') {
    const isNull = String(given === undefined);
    return values.some(({ text }) => text.toLowerCase() === isNull);
  }
  const { compare, negated } = COMPARISONS[operator.name];
  if (given === undefined) return holdsOfNothing(condition, negated);
  const holds = (value: string): boolean =>
    negated !== values.some((wanted) => compare(wanted, value, context));
  if (operator.quantifier === 'ForAllValues') return [given].flat().every(holds);
  if (operator.quantifier === 'ForAnyValue') return [given].flat().some(holds);
  // A key that may have several values needs a quantifier: without one it is like nothing, and unlike nothing.
  return typeof given === 'string' && holds(given);
}

/**
 * Whether it holds where the request does not have the key. A negated operator does; with `IfExists` each does;
 * of the quantifiers ForAllValues does, there being no value that it fails for, and ForAnyValue does not.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function holdsOfNothing({ operator }: Condition, negated: boolean): boolean {
  if (operator.ifExists || operator.quantifier === 'ForAllValues') return true;
  return operator.quantifier === undefined && negated;
}
