import fc from 'fast-check';
import type { Request } from './both-evaluators.ts';
import type { Document, PolicySet, StatementDocument } from './policy-sets.ts';

const AT = 'eu-central-1:123456789012';
const ACTIONS = [
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:ListTables',
  's3:GetObject',
  's3:PutObject',
] as const;
type Patterns = { readonly actions: readonly string[]; readonly resources: readonly string[] };
/** Patterns of one service together, so that a statement mostly means something. */
const PATTERNS = {
  dynamodb: {
    actions: [
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:ListTables',
      'dynamodb:*Item',
      'dynamodb:*',
      'dynamodb:G?tItem',
      '*',
    ],
    resources: [
      '*',
      `arn:aws:dynamodb:${AT}:table/a`,
      `arn:aws:dynamodb:${AT}:table/*`,
      `arn:aws:dynamodb:${AT}:table/a?`,
      'arn:aws:dynamodb:*:*:table/a',
      'arn:aws:dynamodb:*:*:*',
    ],
  },
  s3: {
    actions: ['s3:GetObject', 's3:PutObject', 's3:*', 's3:*Object', 'S3:getobject', '*'],
    resources: [
      '*',
      'arn:aws:s3:::b/*',
      'arn:aws:s3:::b/a/*',
      'arn:aws:s3:::*/?',
      'arn:aws:s3:::b/${aws:PrincipalTag/t}/*',
      'arn:aws:s3:::*',
    ],
  },
} as const;
const RESOURCES = [
  `arn:aws:dynamodb:${AT}:table/a`,
  `arn:aws:dynamodb:${AT}:table/ab`,
  `arn:aws:dynamodb:us-east-1:123456789012:table/a`,
  'arn:aws:s3:::b/a/x',
  'arn:aws:s3:::b/u/y',
  'arn:aws:s3:::c/z',
  '*',
] as const;
/** Keys that requests carry now and then, with values near to those that policies ask for. */
const VALUES = {
  'aws:PrincipalTag/t': ['u', 'v', 'uu', 'a', 'U'],
  'aws:MultiFactorAuthPresent': ['true', 'false'],
  'aws:MultiFactorAuthAge': ['5', '10', '15', '19.5', '20', '25'],
  'aws:SourceIp': ['10.1.2.3', '10.2.0.1', '192.168.1.1', '8.8.8.8', '2001:db8::1', '2001:db9::1'],
  'aws:TokenIssueTime': [
    '2025-06-01T00:00:00Z',
    '2026-01-01T00:00:00Z',
    '2026-06-01T00:00:00Z',
    '2027-06-01T00:00:00Z',
  ],
  'aws:PrincipalArn': [
    'arn:aws:iam::123456789012:role/a',
    'arn:aws:iam::123456789012:role/p/b',
    'arn:aws:iam::210987654321:role/a',
  ],
  'aws:CalledVia': [
    ['a.amazonaws.com'],
    ['b.amazonaws.com'],
    ['a.amazonaws.com', 'b.amazonaws.com'],
    ['c.amazonaws.com'],
  ],
  'dynamodb:LeadingKeys': [['k'], ['l'], ['k', 'l'], ['m', 'k'], ['m']],
} as const;

const constantOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const some = <T>(values: readonly T[]): fc.Arbitrary<T | T[]> =>
  fc.oneof(constantOf(...values), fc.uniqueArray(constantOf(...values), { minLength: 1, maxLength: 3 }));
const tagValues = some(['u', 'v', 'u*', '*', '?', '${aws:PrincipalTag/t}', 'a']);
const keyValues = some(['k', 'l', 'm', 'k*']);

const about = (
  key: keyof typeof VALUES,
  operators: readonly string[],
  values: fc.Arbitrary<unknown>,
): fc.Arbitrary<StatementDocument> =>
  fc.tuple(constantOf(...operators), values).map(([operator, value]) => ({ [operator]: { [key]: value } }));

/** One condition: every family of operators, with and without negation, `IfExists` and the set operators. */
const CONDITION: fc.Arbitrary<StatementDocument> = fc.oneof(
  about(
    'aws:PrincipalTag/t',
    [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIfExists',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
    ],
    some(['u', 'v', 'a']),
  ),
  about(
    'aws:PrincipalTag/t',
    ['StringLike', 'StringNotLike', 'StringLikeIfExists', 'StringNotLikeIfExists'],
    tagValues,
  ),
  about('aws:MultiFactorAuthPresent', ['Bool', 'BoolIfExists'], constantOf('true', 'false')),
  about(
    'aws:MultiFactorAuthAge',
    [
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThanIfExists',
    ],
    some(['10', '20']),
  ),
  about(
    'aws:SourceIp',
    ['IpAddress', 'NotIpAddress', 'IpAddressIfExists'],
    some(['10.0.0.0/8', '10.1.0.0/16', '192.168.0.0/16', '2001:db8::/32']),
  ),
  about(
    'aws:TokenIssueTime',
    ['DateLessThan', 'DateGreaterThanEquals', 'DateEquals', 'DateNotEquals'],
    some(['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']),
  ),
  about(
    'aws:PrincipalArn',
    ['ArnLike', 'ArnNotLike', 'ArnEqualsIfExists', 'StringLike'],
    some(['arn:aws:iam::123456789012:role/*', 'arn:aws:iam::*:role/a', 'arn:aws:iam::123456789012:role/a']),
  ),
  about(
    'aws:CalledVia',
    [
      'ForAnyValue:StringEquals',
      'ForAllValues:StringEquals',
      'ForAllValues:StringNotEquals',
      'ForAnyValue:StringNotEquals',
      'ForAnyValue:StringEqualsIfExists',
    ],
    some(['a.amazonaws.com', 'b.amazonaws.com']),
  ),
  about(
    'dynamodb:LeadingKeys',
    [
      'ForAllValues:StringEquals',
      'ForAllValues:StringLike',
      'ForAnyValue:StringLike',
      'ForAnyValue:StringNotEquals',
      'ForAllValues:StringNotLike',
      'StringEquals',
      'StringNotEquals',
    ],
    keyValues,
  ),
  fc
    .tuple(constantOf(...(Object.keys(VALUES) as (keyof typeof VALUES)[])), some(['true', 'false']))
    .map(([key, value]) => ({ Null: { [key]: value } })),
);

/** Two conditions of one operator are merged: a key stands once under it. */
const CONDITIONS = fc
  .tuple(fc.option(CONDITION, { freq: 1 }), fc.option(CONDITION, { freq: 1 }))
  .map(([first, second]) => {
    const both = [first, second].filter((condition) => condition !== null) as Record<string, object>[];
    const merged: Record<string, object> = {};
    for (const condition of both)
      for (const [operator, keys] of Object.entries(condition))
        merged[operator] = { ...merged[operator], ...keys };
    return both.length > 0 ? { Condition: merged } : {};
  });

const element = (name: string, patterns: readonly string[]) =>
  fc.tuple(fc.nat(9), some(patterns)).map(([n, value]) => ({ [n === 0 ? `Not${name}` : name]: value }));

const statement = (Effect: 'Allow' | 'Deny'): fc.Arbitrary<StatementDocument> =>
  constantOf<Patterns>(PATTERNS.dynamodb, PATTERNS.s3)
    .chain(({ actions, resources }) =>
      fc.tuple(element('Action', actions), element('Resource', resources), CONDITIONS),
    )
    .map((parts) => ({ Effect, ...parts[0], ...parts[1], ...parts[2] }));

const document: fc.Arbitrary<Document> = fc
  .tuple(
    fc.array(statement('Allow'), { minLength: 1, maxLength: 3 }),
    fc.array(statement('Deny'), { maxLength: 1 }),
    fc.nat(9),
  )
  .map(([allows, denies, n]) => {
    const Statement = [...allows, ...denies];
    return n === 0 ? olderVersion(Statement) : { Version: '2012-10-17', Statement };
  });

/** The older version has no variables. The simulator fills them in all the same, so there are none to be told apart by. */
const olderVersion = (statements: readonly StatementDocument[]): Document => ({
  Version: '2008-10-17',
  Statement: JSON.parse(JSON.stringify(statements).replaceAll('${aws:PrincipalTag/t}', 'u')),
});

export const policySets: fc.Arbitrary<PolicySet> = fc
  .tuple(fc.array(document, { minLength: 1, maxLength: 2 }), fc.nat(11), document)
  .map(([identity, n, limit]) => ({
    identity,
    ...(n === 0 && { boundary: limit }),
    ...(n === 1 && { session: limit }),
    ...(n === 2 && { scp: [limit] }),
  }));

const without = (written: StatementDocument, ...names: string[]): StatementDocument =>
  Object.fromEntries(Object.entries(written).filter(([name]) => !names.includes(name)));

/** Ways to make a statement wider or narrower, or now and then neither. */
const CHANGES: readonly ((written: StatementDocument) => StatementDocument)[] = [
  (written) => without(written, 'Condition'),
  (written) => ({ ...without(written, 'NotAction'), Action: '*' }),
  (written) => ({ ...without(written, 'NotResource'), Resource: '*' }),
  (written) => ({
    ...written,
    Condition: { ...(written.Condition as object), Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  }),
  (written) => ({ ...written, Effect: written.Effect === 'Allow' ? 'Deny' : 'Allow' }),
  (written) => written,
];

/** A set like another, but for some of its statements, so that many are within one another, and just not. */
const changed = (set: PolicySet, picks: readonly number[]): PolicySet => ({
  ...set,
  identity: set.identity.map((policy, nth) => ({
    ...policy,
    Statement: policy.Statement.map((written, mth) => {
      const change = CHANGES[picks[(nth * 3 + mth) % picks.length] ?? 0];
      return change ? change(written) : written;
    }),
  })),
});

/** A candidate and a reference: of two, one is mostly a change of the other. */
export const questions: fc.Arbitrary<{ candidate: PolicySet; reference: PolicySet }> = fc
  .tuple(policySets, policySets, fc.nat(3), fc.array(fc.nat(CHANGES.length), { minLength: 3, maxLength: 6 }))
  .map(([first, second, n, picks]) => {
    if (n === 0) return { candidate: first, reference: second };
    const other = changed(first, picks);
    return n === 1 ? { candidate: other, reference: first } : { candidate: first, reference: other };
  });

/** A request: any of the actions on a resource it takes, with some of the keys that it can carry. */
export function requestFrom(random: (below: number) => number): Request {
  const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;
  const action = pick(ACTIONS);
  const resources = RESOURCES.filter((resource) =>
    action === 'dynamodb:ListTables' ? resource === '*' : resource.includes(`:${action.split(':')[0]}:`),
  );
  const context: Record<string, string | string[]> = { 'aws:SecureTransport': 'true' };
  for (const [key, values] of Object.entries(VALUES)) {
    if (key === 'dynamodb:LeadingKeys' && !action.endsWith('Item') && action !== 'dynamodb:Query') continue;
    if (random(4) === 0) continue;
    context[key] = pick(values as readonly (string | string[])[]);
  }
  return { action, resource: pick(resources), context };
}
