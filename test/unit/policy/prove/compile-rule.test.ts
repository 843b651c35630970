import { describe, expect, test } from 'vitest';
import { parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import type { PolicyType, Statement } from '../../../../policy/parse/policy-model.ts';
import { compileRule } from '../../../../policy/prove/rules/compile-rule.ts';
import type { Choice, Clause, Test, ValueSet } from '../../../../policy/prove/rules/rule.ts';
import type { Token } from '../../../../policy/prove/words/glob.ts';

function statementOf(elements: Record<string, unknown>, type: PolicyType = 'identity'): Statement {
  const given = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...elements };
  const parsed = parsePolicyValue({ Version: '2012-10-17', Statement: [given] }, type);
  const [statement] = parsed.ok ? parsed.policy.statements : [];
  if (!statement) throw new Error(JSON.stringify(parsed));
  return statement;
}

/** `*` and `?`, a bar after those that stop at colons; letters of either case in brackets; wildcards as characters quoted. */
const sayToken = (token: Token): string => {
  if (token.kind !== 'letter')
    return `${token.kind === 'many' ? '*' : '?'}${token.staysInSegment ? '|' : ''}`;
  if (token.other !== undefined) return `[${token.letter}${token.other}]`;
  return /^[*?]$/.test(token.letter) ? `'${token.letter}'` : token.letter;
};
const sayTokens = (tokens: readonly Token[]): string => tokens.map(sayToken).join('');
const sayChoice = ({ shapes, negated }: Choice): string =>
  `${negated ? 'not ' : ''}${shapes.map(({ parts }) => parts?.map(({ tokens }) => sayTokens(tokens)).join(' ') ?? 'everything').join(', ')}`;

function sayValues(among: ValueSet): string {
  switch (among.kind) {
    case 'text':
      return among.globs.map(({ tokens }) => sayTokens(tokens)).join(', ');
    case 'number':
      return among.ranges
        .map(({ from, to, hasFrom, hasTo }) => `${hasFrom ? '[' : '('}${from} ${to}${hasTo ? ']' : ')'}`)
        .join(', ')
        .concat(among.isDate ? ' as dates' : '');
    case 'address':
      return among.ranges.map(({ from, to }) => `${from}-${to}`).join(', ');
    default:
      return among.kind;
  }
}
const sayTest = ({ quantifier, negated, among, isPlain, key }: Test): string =>
  `${quantifier}${isPlain ? '' : '*'} ${key.slice(2)} ${negated ? 'not ' : ''}${sayValues(among)}`;
const sayWays = (ways: readonly (readonly Test[])[]): string =>
  ways.map((tests) => tests.map(sayTest).join(' and ')).join(' or ') || 'never';

const clauseOf = (operator: string, ...values: string[]): Clause => {
  const [clause] = compileRule(
    statementOf({ Condition: { [operator]: { 'a:k': values } } }),
    'wider',
  ).clauses;
  if (!clause) throw new Error('no clause');
  return clause;
};

test.each([
  ['StringEquals', ['a*', 'B'], "some k a'*', B", "every k not a'*', B"],
  ['StringNotEquals', ['a'], 'every k not a', 'some k a'],
  ['StringEqualsIgnoreCase', ['aB1'], 'some k [aA][bB]1', 'every k not [aA][bB]1'],
  ['StringNotEqualsIgnoreCase', ['a'], 'every k not [aA]', 'some k [aA]'],
  ['StringEqualsIgnoreCase', ['a', 'é'], 'every k opaque', 'every k opaque'],
  ['StringEquals', ['é'], 'some k é', 'every k not é'],
  ['StringLike', ['a*?'], 'some k a?*', 'every k not a?*'],
  ['StringLike', ['é*'], 'some k é*', 'every k not é*'],
  ['StringNotLike', ['a*'], 'every k not a*', 'some k a*'],
  ['StringLikeIfExists', ['a*'], 'every k a*', 'some k not a*'],
  ['StringNotLikeIfExists', ['a*'], 'every k not a*', 'some k a*'],
  ['Bool', ['true'], 'some k [tT][rR][uU][eE]', 'every k not [tT][rR][uU][eE]'],
  ['BinaryEquals', ['YQ=='], 'every k opaque', 'every k opaque'],
  ['ArnLike', ['arn:aws:s3:::b/*'], 'some k arn:aws:s3:::b/*', 'every k not arn:aws:s3:::b/*'],
  ['ArnEquals', ['arn:*:s3:*:?:b*:c'], 'some k arn:*|:s3:*|:?|:b*:c', 'every k not arn:*|:s3:*|:?|:b*:c'],
  ['ArnLike', ['arn:aws:s3:::b', 'arn:aws:s3::b'], 'every k opaque', 'every k opaque'],
  ['ArnNotLike', ['arn:aws:s3:::b'], 'every k not arn:aws:s3:::b', 'some k arn:aws:s3:::b'],
  ['IpAddress', ['10.0.0.0/30'], 'some k 167772160-167772163', 'every k not 167772160-167772163'],
  ['NotIpAddress', ['10.0.0.1'], 'every k not 167772161-167772161', 'some k 167772161-167772161'],
  ['NumericLessThan', ['5'], 'some k (-Infinity 5)', 'every k not (-Infinity 5)'],
  ['NumericLessThanEquals', ['5'], 'some k (-Infinity 5]', 'every k not (-Infinity 5]'],
  ['NumericGreaterThan', ['5'], 'some k (5 Infinity)', 'every k not (5 Infinity)'],
  [
    'NumericGreaterThanEquals',
    ['5', '9'],
    'some k [5 Infinity), [9 Infinity)',
    'every k not [5 Infinity), [9 Infinity)',
  ],
  ['NumericNotEquals', ['5'], 'every k not [5 5]', 'some k [5 5]'],
  [
    'NumericEquals',
    ['123456789012345'],
    'some k [123456789012345 123456789012345]',
    'every k not [123456789012345 123456789012345]',
  ],
  ['NumericEquals', ['1234567890123456'], 'every k opaque', 'every k opaque'],
  ['NumericEquals', ['-1.5', '1e3'], 'every k opaque', 'every k opaque'],
  ['NumericEquals', ['-1.5'], 'some k [-1.5 -1.5]', 'every k not [-1.5 -1.5]'],
  [
    'DateLessThan',
    ['1970-01-01T00:00:01Z'],
    'some k (-Infinity 1000) as dates',
    'every k not (-Infinity 1000) as dates',
  ],
  ['ForAllValues:StringEquals', ['a'], 'every* k a', 'some* k not a'],
  ['ForAllValues:StringNotEquals', ['a'], 'every* k not a', 'some* k a'],
  ['ForAnyValue:StringEquals', ['a'], 'some* k a', 'every* k not a'],
  ['ForAnyValue:StringNotEquals', ['a'], 'some* k not a', 'every* k a'],
  [
    'ForAnyValue:StringEqualsIfExists',
    ['a'],
    'some* k a or every* k not any and every* k opaque',
    'some* k any and every* k not a or every* k not any and every* k opaque',
  ],
  ['Null', ['true'], 'every* k not any', 'some* k any'],
  ['Null', ['false'], 'some* k any', 'every* k not any'],
  ['Null', ['True', 'false'], 'every* k not any or some* k any', 'never'],
])('%s %j holds by %s, and fails by %s', (operator, values, holds, fails) => {
  const clause = clauseOf(operator, ...values);
  expect([sayWays(clause.holds), sayWays(clause.fails)]).toEqual([holds, fails]);
  expect(clause.holds.flat().every(({ isToHold }) => isToHold)).toBe(true);
  expect(clause.fails.flat().some(({ isToHold }) => isToHold)).toBe(false);
});

describe('a condition is the same as another', () => {
  const sameAs = (operator: string, ...values: string[]) =>
    clauseOf(operator, ...values).holds[0]?.[0]?.condition;
  const first = sameAs('StringEquals', 'a', 'b');
  test('where it is written alike, in any order', () => {
    expect(sameAs('StringEquals', 'b', 'a')).toBe(first);
  });
  test.each([
    ['StringEquals', ['a']],
    ['StringEquals', ['ab']],
    ['StringEqualsIfExists', ['a', 'b']],
    ['StringLike', ['a', 'b']],
    ['ForAnyValue:StringEquals', ['a', 'b']],
    ['ForAllValues:StringEquals', ['a', 'b']],
    ['ForAllValues:StringEqualsIfExists', ['a', 'b']],
  ])('and not as %s %j', (operator, values) => {
    expect(sameAs(operator, ...values)).not.toBe(first);
  });
});

const arn = (rest: string) => `arn:aws:s3:::${rest}`;
test.each<[string, Record<string, unknown>, string, string]>([
  ['actions without case', { Action: ['S3:GetObject', 's3:*'] }, 's3 getobject, s3 *', 'everything'],
  ['every action', { Action: ['s3:GetObject', '*'] }, 'everything', 'everything'],
  ['all actions but one', { Action: undefined, NotAction: 's3:GetObject' }, 'not s3 getobject', 'everything'],
  [
    'a resource',
    { Resource: [arn('B/*'), arn('a:b')] },
    's3 getobject',
    'arn aws s3   B/*, arn aws s3   a:b',
  ],
  [
    'all but a resource',
    { Resource: undefined, NotResource: arn('b') },
    's3 getobject',
    'not arn aws s3   b',
  ],
  [
    'every resource among others',
    { Resource: [arn('b'), '*'] },
    's3 getobject',
    'arn aws s3   b, everything',
  ],
])('%s', (_, elements, actions, resources) => {
  const rule = compileRule(statementOf(elements), 'narrower');
  expect([sayChoice(rule.actions), sayChoice(rule.resources), rule.isExact, rule.allows]).toEqual([
    actions,
    resources,
    true,
    true,
  ]);
});

describe('a resource that is no whole ARN is one that its service alone can read', () => {
  const odd = { Principal: '*', Resource: ['execute-api:/*', arn('b')] };
  const oddNot = { ...odd, Resource: undefined, NotResource: odd.Resource };
  test.each<[string, Record<string, unknown>, 'wider' | 'narrower', string]>([
    ['taken for everything', odd, 'wider', 'everything, arn aws s3   b'],
    ['or for nothing', odd, 'narrower', 'arn aws s3   b'],
    ['under NotResource for nothing', oddNot, 'wider', 'not arn aws s3   b'],
    ['or for everything', oddNot, 'narrower', 'not everything, arn aws s3   b'],
  ])('%s', (_, elements, leaning, resources) => {
    const rule = compileRule(statementOf(elements, 'resource'), leaning);
    expect([sayChoice(rule.resources), rule.isExact]).toEqual([resources, false]);
  });
});

test('a Deny is a rule that denies', () => {
  expect(compileRule(statementOf({ Effect: 'Deny' }), 'wider').allows).toBe(false);
});
