import fc from 'fast-check';
import type { AccessRequest, RequestPrincipal } from '../../../policy/evaluate/access-request.ts';
import type { Document, Situation } from './situation.ts';

const OWN = '111122223333';
const OTHER = '444455556666';
const ROLE = `arn:aws:iam::${OWN}:role/app/reader`;
const SESSION = `arn:aws:sts::${OWN}:assumed-role/reader/s1`;
const USER = `arn:aws:iam::${OWN}:user/ann`;

const PRINCIPALS: readonly RequestPrincipal[] = [
  { kind: 'aws', arn: SESSION, issuerArn: ROLE },
  { kind: 'aws', arn: USER },
  { kind: 'service', name: 'cloudfront.amazonaws.com' },
];
const OBJECTS = ['b/a/x', 'b/a/y', 'b/ann/x', 'b/z', 'c/1', 'b/a:x'].map((path) => `arn:aws:s3:::${path}`);
const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:GetObjectAcl', 'S3:getobject'];
const ACTION_PATTERNS = [
  's3:GetObject',
  's3:PutObject',
  's3:*Object',
  's3:Get*',
  'S3:get?bject',
  '*',
  'dynamodb:*',
];
const RESOURCE_PATTERNS = [
  '*',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b/a/*',
  'arn:aws:s3:::b/a/x',
  'arn:aws:s3:::?/*x',
  'arn:aws:s3:::*',
  'arn:*:s3:*:*:b/*',
  'arn:aws:s3:::b/${aws:username}/*',
  "arn:aws:s3:::b/${aws:PrincipalTag/t, 'a'}/*",
  'arn:aws:s3:::b/${aws:PrincipalTag/t}/?',
  'arn:aws:s3:::b/${*}/*',
  'arn:aws:dynamodb:*:*:table/*',
];

/** The keys that a request may carry, each with values it may have. The last two have several. */
const VALUES: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  'aws:PrincipalTag/t': ['a', 'A', 'ann', 'b', 'a*', ''],
  'aws:username': ['ann'],
  'aws:MultiFactorAuthPresent': ['true', 'false'],
  'aws:MultiFactorAuthAge': ['5', '10', '10.0', '15', '20'],
  'aws:SourceIp': ['10.1.2.3', '10.2.0.1', '192.168.1.1', '2001:db8::1', '2001:db9::1'],
  'aws:TokenIssueTime': [
    '2025-06-01T00:00:00Z',
    '2026-01-01T00:00:00Z',
    '2026-06-01T00:00:00Z',
    '1767225600',
  ],
  'aws:SourceArn': [
    'arn:aws:sns:us-east-1:111122223333:t',
    'arn:aws:sns:eu-west-1:111122223333:q',
    'arn:aws:s3:::b',
  ],
  'aws:CalledVia': [['athena.amazonaws.com'], ['athena.amazonaws.com', 'glue.amazonaws.com'], ['x'], []],
  'aws:PrincipalOrgPaths': [['o-1/r-1/ou-1/'], ['o-1/r-1/ou-1/', 'o-2/r-2/'], ['o-2/r-2/']],
};

const IF_EXISTS = fc.constantFrom('', '', 'IfExists');
const QUANTIFIER = fc.constantFrom('ForAllValues:', 'ForAnyValue:');
const oneOrMore = <Item>(items: readonly Item[]) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...items) },
    { weight: 1, arbitrary: fc.subarray([...items], { minLength: 1, maxLength: 3 }) },
  );

const STRINGS = [
  'a',
  'A',
  'a*',
  'an?',
  '*',
  'b',
  '${aws:username}',
  "${aws:PrincipalTag/none, 'a'}",
  '${*}',
  '',
];
const ARNS = [
  'arn:aws:sns:*:111122223333:*',
  'arn:aws:sns:us-east-1:111122223333:t',
  'arn:aws:*:*:*:*',
  'arn:aws:sns:*',
  'arn:aws:s3:::?',
];
const PATHS = ['o-1/*', 'o-1/r-1/ou-1/', 'o-2/r-2/', 'athena.amazonaws.com', 'glue*', 'x'];

const condition = (
  operators: readonly string[],
  keys: readonly string[],
  values: readonly string[],
  quantified = false,
) =>
  fc
    .tuple(
      quantified ? QUANTIFIER : fc.constant(''),
      fc.constantFrom(...operators),
      IF_EXISTS,
      fc.constantFrom(...keys),
      oneOrMore(values),
    )
    .map(([quantifier, operator, suffix, key, value]) => ({
      [`${quantifier}${operator}${suffix}`]: { [key]: value },
    }));

const ORDERS = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
const TEXT_OPERATORS = [
  'Equals',
  'NotEquals',
  'EqualsIgnoreCase',
  'NotEqualsIgnoreCase',
  'Like',
  'NotLike',
].map((name) => `String${name}`);
const ARN_OPERATORS = ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'];

const arbitraryCondition = fc.oneof(
  condition(TEXT_OPERATORS, ['aws:PrincipalTag/t', 'AWS:principaltag/T'], STRINGS),
  condition(TEXT_OPERATORS, ['aws:CalledVia', 'aws:PrincipalOrgPaths'], PATHS, true),
  condition(TEXT_OPERATORS, ['aws:CalledVia'], PATHS),
  condition(
    ORDERS.map((order) => `Numeric${order}`),
    ['aws:MultiFactorAuthAge'],
    ['10', '15.0', '20'],
  ),
  condition(
    ORDERS.map((order) => `Date${order}`),
    ['aws:TokenIssueTime'],
    ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z', '1767225600'],
  ),
  condition(['Bool'], ['aws:MultiFactorAuthPresent'], ['true', 'false', 'TRUE']),
  condition(
    ['IpAddress', 'NotIpAddress'],
    ['aws:SourceIp'],
    ['10.0.0.0/8', '10.1.0.0/16', '192.168.1.1', '2001:db8::/32', '0.0.0.0/0'],
  ),
  condition(ARN_OPERATORS, ['aws:SourceArn'], ARNS),
  condition(ARN_OPERATORS, ['aws:SourceArn'], ARNS, true),
  fc
    .tuple(fc.constantFrom(...Object.keys(VALUES)), fc.constantFrom('true', 'false'))
    .map(([key, value]) => ({ Null: { [key]: value } })),
);

const arbitraryConditions = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: arbitraryCondition.map((Condition) => ({ Condition })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(arbitraryCondition, arbitraryCondition)
      .map(([left, right]) => ({ Condition: { ...left, ...right } })),
  },
);

const either = (name: string, items: readonly string[]) =>
  fc
    .tuple(fc.constantFrom('', '', '', '', 'Not'), oneOrMore(items))
    .map(([not, value]) => ({ [`${not}${name}`]: value }));

const arbitraryStatement = (effects: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...effects),
      either('Action', ACTION_PATTERNS),
      either('Resource', RESOURCE_PATTERNS),
      arbitraryConditions,
    )
    .map(([Effect, action, resource, conditions]) => ({ Effect, ...action, ...resource, ...conditions }));

const MOSTLY_ALLOWS = ['Allow', 'Allow', 'Allow', 'Deny'];
const documentOf = <S>(statement: fc.Arbitrary<S>) =>
  fc
    .tuple(
      fc.constantFrom({ Version: '2012-10-17' }, { Version: '2012-10-17' }, { Version: '2012-10-17' }, {}),
      fc.array(statement, { minLength: 1, maxLength: 3 }),
    )
    .map(([version, Statement]): Document => ({ ...version, Statement }));

const arbitraryDocument = documentOf(arbitraryStatement(MOSTLY_ALLOWS));
const EVERYTHING: Document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

const AWS_PRINCIPALS = [
  SESSION,
  ROLE,
  USER,
  OWN,
  `arn:aws:iam::${OWN}:root`,
  OTHER,
  '*',
  `arn:aws:iam::${OWN}:user/bob`,
];
const arbitraryPrincipal = fc.oneof(
  fc.constant('*' as const),
  oneOrMore(AWS_PRINCIPALS).map((AWS) => ({ AWS })),
  fc.constant({ Service: 'cloudfront.amazonaws.com' }),
);
const arbitraryResourcePolicy = documentOf(
  fc
    .tuple(arbitraryStatement(MOSTLY_ALLOWS), arbitraryPrincipal, fc.integer({ min: 0, max: 3 }))
    .map(([statement, principal, chance]) => ({
      ...statement,
      ...(statement.Effect === 'Deny' && chance === 0
        ? { NotPrincipal: principal }
        : { Principal: principal }),
    })),
);
const arbitraryControl = documentOf(
  fc
    .tuple(oneOrMore(['s3:GetObject', 's3:Put*', 's3:*']), oneOrMore(RESOURCE_PATTERNS), arbitraryConditions)
    .map(([Action, Resource, conditions]) => ({
      Effect: 'Deny',
      Principal: '*',
      Action,
      Resource,
      ...conditions,
    })),
);

const arbitraryContext = fc
  .tuple(
    ...Object.entries(VALUES).map(([key, values]) =>
      fc
        .option(fc.constantFrom(...values), { freq: 4, nil: undefined })
        .map((value) => [key, value] as const),
    ),
  )
  .map(
    (entries) =>
      Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as AccessRequest['context'],
  );

/** A layer that is mostly not there. */
const rarely = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { freq: 1, nil: undefined });

/** Requests for objects in buckets of the principal's account and of another, under policies of every kind. */
export const arbitrarySituation: fc.Arbitrary<Situation> = fc
  .record({
    principal: fc.constantFrom(...PRINCIPALS, ...PRINCIPALS.slice(0, 2)),
    action: fc.constantFrom(...ACTIONS),
    resource: fc.constantFrom(...OBJECTS),
    resourceAccountId: fc.constantFrom(OWN, OWN, OWN, OTHER),
    context: arbitraryContext,
    identity: fc.array(arbitraryDocument, { minLength: 0, maxLength: 2 }),
    boundary: fc.oneof(fc.constant(undefined), fc.constant(EVERYTHING), arbitraryDocument),
    session: rarely(fc.array(arbitraryDocument, { minLength: 1, maxLength: 2 })),
    serviceControl: rarely(
      fc.array(
        fc.oneof(fc.constant([EVERYTHING]), fc.array(arbitraryDocument, { minLength: 1, maxLength: 2 })),
        {
          minLength: 1,
          maxLength: 2,
        },
      ),
    ),
    resourcePolicy: fc.option(arbitraryResourcePolicy, { freq: 2, nil: undefined }),
    resourceControl: rarely(fc.array(arbitraryControl, { minLength: 1, maxLength: 2 })),
  })
  .map((given): Situation => {
    const { principal, action, resource, resourceAccountId, context } = given;
    const { identity, boundary, session, serviceControl, resourcePolicy, resourceControl } = given;
    const isSession = principal.kind === 'aws' && principal.issuerArn !== undefined;
    const isAws = principal.kind === 'aws';
    return {
      request: { principal, action, resource, resourceAccountId, context },
      policies: {
        identity: isAws ? identity : [],
        ...(isAws && boundary && { boundary }),
        ...(isSession && session && { session }),
        ...(isAws && serviceControl && { serviceControl }),
        ...(resourcePolicy && { resource: resourcePolicy }),
        ...(resourceControl && { resourceControl }),
      },
    };
  });
