import type { Operator, OperatorName } from './policy-model.ts';

const NAMES: readonly OperatorName[] = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Null',
];
const BY_LOWER_CASE: ReadonlyMap<string, OperatorName> = new Map(
  NAMES.map((name) => [name.toLowerCase(), name]),
);
const FORM = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/;

/**
 * The operator that is written so, without case; undefined where there is none. Null asks whether a key is
 * there, so AWS takes no `IfExists` of it.
 */
export function readOperator(text: string): Operator | undefined {
  const [, quantifier, base = '', ifExists] = FORM.exec(text.toLowerCase()) ?? [];
  const name = BY_LOWER_CASE.get(base);
  if (name === undefined || (name === 'Null' && ifExists !== undefined)) return undefined;
  return {
    name,
    ...(quantifier && { quantifier: quantifier === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue' }),
    ifExists: ifExists !== undefined,
  };
}
