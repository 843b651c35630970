import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkPolicy, checkPrincipal } from '../../../../policy/check/check-policy.ts';
import { ALL_PATHS } from '../../../../policy/check/escalation/all-paths.ts';
import { findPaths } from '../../../../policy/check/escalation/find-paths.ts';
import type { EscalationPath, Need } from '../../../../policy/check/escalation/path.ts';
import type { Policy } from '../../../../policy/parse/policy-model.ts';
import { data, idsOfPolicy, policyOf } from '../../../support/policy/check-case.ts';

/** What somebody else wrote down of the same paths; not part of the repository. */
const { POSTERN_POLICY_DATA: folder } = process.env;

const needsOf = ({ needs, category }: EscalationPath): Need[] =>
  category === 'impact' ? [needs.flat()[0] as Need] : needs.map((need) => [need].flat()[0] as Need);

const statement = (need: Need, elements: object = {}) => ({
  Effect: 'Allow',
  Action: need.action,
  Resource: '*',
  ...elements,
});
const policy = (statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
const document = (path: EscalationPath, elements: (need: Need) => object = () => ({})) =>
  policy(needsOf(path).map((need) => statement(need, elements(need))));

test('there are the paths that pathfinding.cloud has, and those that let others in', () => {
  const ids = ALL_PATHS.map(({ id }) => Number(id.slice(1)));
  expect(ids).toEqual([...ids].sort((first, other) => first - other));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ALL_PATHS.filter(({ upstream }) => upstream !== undefined)).toHaveLength(65);
  expect(ALL_PATHS.filter(({ category }) => category === 'impact').map(({ id }) => id)).toEqual([
    'P66',
    'P67',
    'P68',
    'P69',
    'P70',
  ]);
});

/** Whether one path is open to who has a policy. */
const isOpen = (path: EscalationPath, written: unknown, limits: readonly Policy[] = []): boolean =>
  findPaths([[policyOf(written)], ...limits.map((limit) => [limit])], { data }, [path]).length > 0;

describe.each(ALL_PATHS.map((path) => [path.id, path] as const))('%s', (_, path) => {
  const [first] = needsOf(path);
  const { action } = first as Need;

  test('is found in a policy that allows just its actions', () => {
    expect(isOpen(path, document(path))).toBe(true);
    expect(isOpen(path, policy([statement({ action: '*' })]))).toBe(true);
  });

  test('is not found where one of its actions is missing', () => {
    const others = document(path).Statement.slice(1);
    expect(isOpen(path, policy([...others, statement({ action: 's3:ListAllMyBuckets' })]))).toBe(false);
  });

  test('is not found under a Deny of one action', () => {
    const denied = policy([...document(path).Statement, { Effect: 'Deny', Action: action, Resource: '*' }]);
    expect(isOpen(path, denied)).toBe(false);
  });

  test('is not found under a boundary or a service control policy without the action', () => {
    const boundary = policyOf(policy([{ Effect: 'Allow', NotAction: action, Resource: '*' }]), 'boundary');
    expect(isOpen(path, document(path), [boundary])).toBe(false);
    const scp = policyOf(
      policy([
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: action, Resource: '*' },
      ]),
      'scp',
    );
    expect(isOpen(path, document(path), [scp])).toBe(false);
  });

  test('is not found under a condition that cannot hold', () => {
    const contradiction = {
      StringEquals: { 'aws:PrincipalTag/a': 'b' },
      StringNotEquals: { 'aws:PrincipalTag/a': 'b' },
    };
    const neverThere = { StringEquals: { 's3:prefix': 'a' } };
    for (const Condition of [contradiction, neverThere])
      expect(
        isOpen(
          path,
          document(path, () => ({ Condition })),
        ),
      ).toBe(false);
  });

  test('is not found where NotAction leaves it out', () => {
    const first = path.category === 'impact' ? path.needs.flat() : [path.needs[0] as Need].flat();
    const NotAction = first.map((need) => need.action);
    const others = policy([{ Effect: 'Allow', NotAction, Resource: '*' }]);
    expect(isOpen(path, others)).toBe(false);
  });

  test('is not found on resources that it does not take', () => {
    const elsewhere = document(path, () => ({ Resource: 'arn:aws:events:eu-west-1:111122223333:archive/a' }));
    expect(isOpen(path, elsewhere)).toBe(false);
  });

  test('is found through wildcards, in any case, and under conditions that can hold', () => {
    const hidden = document(path, (need) => ({
      Action: need.action.toUpperCase().replace(/.$/, '?'),
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    }));
    expect(isOpen(path, hidden)).toBe(true);
  });
});

describe('what is just not an escalation', () => {
  const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
  const keys = (Resource: string) =>
    policy([{ Effect: 'Allow', Action: ['iam:CreateAccessKey', 'iam:DeleteAccessKey'], Resource }]);

  test('keys of one’s own user', () => {
    expect(idsOfPolicy(keys('arn:aws:iam::*:user/${aws:username}'))).not.toContain('P32');
    expect(idsOfPolicy(keys(user('${aws:username}')))).not.toContain('P33');
    expect(idsOfPolicy(keys(user('admin')))).toContain('P32');
    expect(idsOfPolicy(keys(user('${aws:username}*')))).toContain('P32');
  });

  test('a role that is named', () => {
    const assume = (Resource: string) => policy([{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource }]);
    expect(idsOfPolicy(assume('arn:aws:iam::111122223333:role/deploy'))).not.toContain('P65');
    expect(idsOfPolicy(assume('arn:aws:iam::111122223333:role/*'))).toContain('P65');
  });

  test('a role passed to a service where the caller starts nothing', () => {
    const passing = (service: string) =>
      policy([
        { Effect: 'Allow', Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' },
        {
          Effect: 'Allow',
          Action: 'iam:PassRole',
          Resource: '*',
          Condition: { StringEquals: { 'iam:PassedToService': service } },
        },
      ]);
    expect(idsOfPolicy(passing('monitoring.rds.amazonaws.com'))).not.toContain('P52');
    expect(idsOfPolicy(passing('lambda.amazonaws.com'))).toContain('P52');
  });

  test('a machine that could not be started for want of a subnet', () => {
    const run = (Resource: unknown) =>
      policy([
        { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' },
        { Effect: 'Allow', Action: 'ec2:RunInstances', Resource },
      ]);
    expect(idsOfPolicy(run('arn:aws:ec2:*::image/*'))).not.toContain('P16');
    expect(idsOfPolicy(run(['arn:aws:ec2:*::image/*', 'arn:aws:ec2:*:*:*']))).toContain('P16');
  });

  test('a grant that only AWS’s services may use', () => {
    const grant = (value: string) =>
      policy([
        {
          Effect: 'Allow',
          Action: 'kms:CreateGrant',
          Resource: '*',
          Condition: { Bool: { 'kms:GrantIsForAWSResource': value } },
        },
      ]);
    expect(idsOfPolicy(grant('true'))).not.toContain('P69');
    expect(idsOfPolicy(grant('false'))).toContain('P69');
  });
});

test('two policies of one principal make what neither does alone', () => {
  const pass = policy([statement({ action: 'iam:PassRole' })]);
  const run = policy([statement({ action: 'ec2:RunInstances' })]);
  const ids = (documents: readonly object[]) => {
    const checked = documents.map((first, nth) =>
      checkPolicy({ name: String(nth), type: 'identity', text: JSON.stringify(first) }, { data }),
    );
    return checkPrincipal('both', checked, { data }).findings.map(({ id }) => id);
  };
  expect(ids([run])).not.toContain('P16');
  expect(ids([run, pass])).toContain('P16');
  expect(ids([policy([...run.Statement, ...pass.Statement])])).not.toContain('P16');
});

test.skipIf(!folder)('all that others call escalations are found', () => {
  const read = (file: string) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
  const paths = read('pathfinding/minimal_policies.json') as { id: string; policy: object }[];
  const missed = paths.filter(({ policy: first, id }) => {
    const mine = ALL_PATHS.find(({ upstream }) => upstream === id);
    return mine === undefined || !idsOfPolicy(first).includes(mine.id);
  });
  expect(missed).toEqual([]);
  const combinations = Object.values(read('prowler/escalation-combinations.json')) as string[][];
  const unseen = combinations.filter(
    (Action) =>
      !idsOfPolicy(policy([{ Effect: 'Allow', Action, Resource: '*' }])).some((first) => /^P/.test(first)),
  );
  expect(unseen).toEqual([]);
});

describe('what every request of a user or role carries', () => {
  const path = ALL_PATHS.find(({ id }) => id === 'P35') as EscalationPath;
  const under = (Condition: object) => policy([statement({ action: 'iam:PutRolePolicy' }, { Condition })]);
  const denied = (Condition: object) =>
    policy([
      statement({ action: 'iam:PutRolePolicy' }),
      { Effect: 'Deny', Action: 'iam:*', Resource: '*', Condition },
    ]);

  test.each([
    ['it ended long ago', under({ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } })],
    ['it ended long ago, in seconds', under({ NumericLessThan: { 'aws:EpochTime': '1000' } })],
    ['a caller without an ARN', under({ Null: { 'aws:PrincipalArn': 'true' } })],
    ['a caller without an account', under({ Null: { 'aws:PrincipalAccount': 'true' } })],
    ['a kind of caller that there is not', under({ StringEquals: { 'aws:PrincipalType': 'Nobody' } })],
    ['a service of AWS', under({ Bool: { 'aws:PrincipalIsAWSService': 'true' } })],
    ['a second factor of tomorrow', under({ NumericLessThan: { 'aws:MultiFactorAuthAge': '0' } })],
    ['a Deny of every ARN', denied({ ArnLike: { 'aws:PrincipalArn': 'arn:*:*:*:*:*' } })],
    ['a Deny of all but services', denied({ BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })],
  ])('closes a path: %s', (_, written) => expect(isOpen(path, written)).toBe(false));

  test.each([
    ['it begins some day', under({ DateGreaterThan: { 'aws:CurrentTime': '2099-01-01T00:00:00Z' } })],
    ['it ends some day', under({ DateLessThan: { 'aws:CurrentTime': '2099-01-01T00:00:00Z' } })],
    ['a role that is named', under({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } })],
    ['roles', under({ StringEquals: { 'aws:PrincipalType': 'AssumedRole' } })],
    ['whoever has no second factor', under({ Null: { 'aws:MultiFactorAuthAge': 'true' } })],
    ['a Deny that spares a role', denied({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } })],
    ['a Deny that ended', denied({ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } })],
  ])('leaves it open: %s', (_, written) => expect(isOpen(path, written)).toBe(true));
});
