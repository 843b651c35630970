import type { Condition, Statement } from '../../parse/policy-model.ts';

/** Whether a condition holds of no request without its key. */
function needs({ operator, values }: Condition): boolean {
  if (operator.name === 'Null') return values.every(({ text }) => text.toLowerCase() === 'false');
  if (operator.ifExists || operator.quantifier === 'ForAllValues') return false;
  return operator.quantifier === 'ForAnyValue' || !operator.name.includes('Not');
}

/** Whether a statement applies to no request without this key. */
export const needsKey = ({ conditions }: Statement, key: string): boolean =>
  conditions.some((condition) => condition.key === key && needs(condition));
