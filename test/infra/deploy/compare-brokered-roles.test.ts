import { expect, test } from 'vitest';
import { type DeployedRole, otherThanPlanned } from '../../../infra/deploy/roles/compare-brokered-roles.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import { ACCOUNT, deployed, REGION } from '../../support/function-roles.ts';

const { resources: catalog } = readConfigFiles('config').catalog;
const INTERNAL = 'postern-brokered-internal';

const allow = (Action: string, Resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } });

/** The brokered roles of the template, as IAM would answer them; one of them changed. */
async function compare(change: (role: DeployedRole) => DeployedRole | undefined) {
  return await otherThanPlanned(catalog, { account: ACCOUNT, region: REGION }, async (name) => {
    const found = deployed().roles.find((role) => role.name === name);
    if (!found?.boundary) throw new Error(`no bounded role ${name}`);
    const role: DeployedRole = {
      arn: found.arn,
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
  ['with a policy that is none', (role) => ({ ...role, attached: ['{'] }), /a policy that cannot be read$/],
])('a role %s is told', async (_, change, told) => {
  const wrong = await compare(change);
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toMatch(new RegExp(`^${INTERNAL} `));
  expect(wrong[0]).toMatch(told);
});
