import { describe, expect, test } from 'vitest';
import { parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import type { Pattern, Statement } from '../../../../policy/parse/policy-model.ts';
import { hasNegatedVariable, withoutItsVariables } from '../../../../policy/prove/rules/approximate.ts';

const U = '${aws:username}';

function statementOf(elements: Record<string, unknown>): Statement {
  const Statement = [{ Effect: 'Allow', Action: 's3:*', ...elements }];
  const result = parsePolicyValue({ Version: '2012-10-17', Statement }, 'identity');
  const [statement] = result.ok ? result.policy.statements : [];
  if (!statement) throw new Error(JSON.stringify(result));
  return statement;
}

/** A pattern with its wildcards as `*` and `?`, and characters that look like them in brackets. */
const say = ({ parts }: Pattern): string =>
  parts
    .map((part) => {
      if (part.kind === 'literal') return part.text.replace(/[*?]/g, '[$&]');
      if (part.kind === 'variable') return `\${${part.key}}`;
      return part.kind === 'many' ? '*' : '?';
    })
    .join('');

const sayStatement = (statement: Statement | undefined): string[] | undefined =>
  statement && [
    `${statement.resources?.negated ? 'not ' : ''}${statement.resources?.items.map(say).join(' ')}`,
    ...statement.conditions.map(
      ({ operator, key, values }) => `${operator.name} ${key} ${values.map(say).join(' ')}`,
    ),
  ];

const A = 'arn:aws:s3:::a';
const tag = (operator: string, ...values: string[]) => ({
  Resource: '*',
  Condition: { [operator]: { 'aws:PrincipalTag/t': values } },
});

/** The statement, what is at least as wide, and what is at most as wide; undefined: nothing. */
const CASES: readonly [string, Record<string, unknown>, string[] | undefined, string[] | undefined][] = [
  ['no variable', { Resource: [A, `${A}/*`] }, [`${A} ${A}/*`], [`${A} ${A}/*`]],
  ['one of two resources', { Resource: [A, `${A}/${U}/?`] }, [`${A} ${A}/*/?`], [A]],
  ['one of two under NotResource', { NotResource: [A, `${A}/${U}`] }, [`not ${A}`], undefined],
  ['NotResource without one', { NotResource: [A] }, [`not ${A}`], [`not ${A}`]],
  [
    'equal to a text',
    tag('StringEquals', 'v'),
    ['*', 'StringEquals aws:principaltag/t v'],
    ['*', 'StringEquals aws:principaltag/t v'],
  ],
  [
    'equal to a variable or to what looks like wildcards',
    tag('StringEquals', U, 'a*?b'),
    ['*', 'StringLike aws:principaltag/t * a[*][?]b'],
    ['*', 'StringEquals aws:principaltag/t a*?b'],
  ],
  [
    'alike but for case',
    tag('StringEqualsIgnoreCase', U, 'v'),
    ['*'],
    ['*', 'StringEqualsIgnoreCase aws:principaltag/t v'],
  ],
  [
    'like a variable or a text',
    tag('StringLike', `${U}?`, 'v*'),
    ['*', 'StringLike aws:principaltag/t *? v*'],
    ['*', 'StringLike aws:principaltag/t v*'],
  ],
  [
    'not equal to a variable or a text',
    tag('StringNotEquals', U, 'v'),
    ['*', 'StringNotEquals aws:principaltag/t v'],
    undefined,
  ],
  ['not equal to a variable alone', tag('StringNotEquals', U), ['*'], undefined],
  [
    'not equal to a text',
    tag('StringNotEquals', 'v'),
    ['*', 'StringNotEquals aws:principaltag/t v'],
    ['*', 'StringNotEquals aws:principaltag/t v'],
  ],
  [
    'an ARN like a variable',
    { Resource: '*', Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::1:role/${U}` } } },
    ['*', 'ArnLike aws:principalarn arn:aws:iam::1:role/*'],
    ['*', 'ArnLike aws:principalarn '],
  ],
];

describe('a statement without its variables', () => {
  test.each(CASES)('%s', (_, elements, wider, narrower) => {
    const statement = statementOf(elements);
    expect(sayStatement(withoutItsVariables(statement, 'wider'))).toEqual(wider);
    expect(sayStatement(withoutItsVariables(statement, 'narrower'))).toEqual(narrower);
    expect(hasNegatedVariable(statement)).toBe(narrower === undefined);
  });
});
