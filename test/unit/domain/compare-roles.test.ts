import { expect, test } from 'vitest';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import {
  type DeployedRole,
  otherThanPlanned,
} from '../../../lambdas/shared/domain/brokered/compare-roles.ts';
import { ACCOUNT, deployed, REGION } from '../../support/function-roles.ts';

const { resources: catalog } = readConfigFiles('config').catalog;
const HOME = { partition: 'aws', region: REGION, accountId: ACCOUNT };
const INTERNAL = 'postern-brokered-internal';

const allow = (Action: string, Resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } });

/** The brokered roles of the template, as IAM would answer them; one of them changed. */
async function compare(change: (role: DeployedRole) => DeployedRole | undefined) {
  return await otherThanPlanned(catalog, HOME, ACCOUNT, async (name) => {
    const found = deployed().roles.find((role) => role.name === name);
    if (!found?.boundary) throw new Error(`no bounded role ${name}`);
    const role: DeployedRole = {
      arn: found.arn,
      trust: JSON.stringify(found.trust),
      attached: found.policies.map(({ document }) => JSON.stringify(document)),
      inline: new Map(),
      boundary: JSON.stringify(found.boundary),
    };
    return name === INTERNAL ? change(role) : role;
  });
}

test('the roles of the template are as planned, also while sessions are revoked', async () => {
  expect(await compare((role) => role)).toEqual([]);
  const denials = allow('*', '*').replace('Allow', 'Deny');
  expect(await compare((role) => ({ ...role, inline: new Map([['revoked-sessions', denials]]) }))).toEqual(
    [],
  );
});

test.each<[string, (role: DeployedRole) => DeployedRole | undefined, RegExp]>([
  ['that is gone', () => undefined, /is not there$/],
  ['without its boundary', ({ boundary: _, ...role }) => role, /has no boundary$/],
  [
    'that another policy widens, boundary and all',
    (role) => ({
      ...role,
      attached: [allow('s3:*', 'arn:aws:s3:::elsewhere/*')],
      boundary: allow('*', '*'),
    }),
    /may do more than planned: s3:\S* on arn:aws:s3:::elsewhere\//,
  ],
  [
    'whose revocations allow something',
    (role) => ({
      ...role,
      attached: [],
      boundary: allow('*', '*'),
      inline: new Map([['revoked-sessions', allow('sqs:SendMessage', '*')]]),
    }),
    /may do more than planned: sqs:sendmessage/i,
  ],
  ['that lost its policies', (role) => ({ ...role, attached: [] }), /may not do what is planned: /],
  [
    'that another inline policy denies',
    (role) => ({ ...role, inline: new Map([['x', allow('*', '*').replace('Allow', 'Deny')]]) }),
    /may not do what is planned: /,
  ],
  ...(
    [
      [
        'that trusts another too',
        /"AWS":"[^"]*"/,
        '"AWS":"arn:aws:iam::999999999999:root"',
        'does not trust as planned: sts:',
      ],
      [
        'that asks for no source identity',
        '"sts:SourceIdentity":"*"',
        '"sts:SourceIdentity":"?"',
        'does not trust as planned: sts:AssumeRole',
      ],
      ['that everybody may assume', /\{"AWS":"[^"]*"\}/, '"*"', 'has a trust of another form than planned'],
      [
        'that cannot be tagged',
        '"sts:TagSession"',
        '"sts:AssumeRole"',
        'does not trust as planned: sts:AssumeRole',
      ],
    ] as const
  ).map(([what, before, after, told]): [string, (role: DeployedRole) => DeployedRole, RegExp] => [
    what,
    (role) => ({ ...role, trust: role.trust.replace(before, after) }),
    new RegExp(told),
  ]),
  [
    'whose trust lost a statement',
    (role) => {
      const { Statement, ...trust } = JSON.parse(role.trust);
      return { ...role, trust: JSON.stringify({ ...trust, Statement: Statement.slice(0, 2) }) };
    },
    /lacks its trust: sts:TagSession by arn:aws:iam::\d+:role\/postern-assume-role$/,
  ],
  ['with a policy that is none', (role) => ({ ...role, attached: ['{'] }), /a policy that cannot be read$/],
])('a role %s is told', async (_, change, told) => {
  const wrong = await compare(change);
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toMatch(new RegExp(`^${INTERNAL} `));
  expect(wrong[0]).toMatch(told);
});
