import { Stack } from 'aws-cdk-lib';
import { allow } from './allow.ts';
import { brokeredRoleArn, revokerRoleArnIn } from './arns.ts';
import type { Grant, Resources } from './grant.ts';
import { items } from './on-tables.ts';

/** Mints sessions of the brokered roles, in whatever account these are. */
export const mintSessions = ({ scope, brokeredRoles }: Resources): Grant => ({
  statements: [
    allow(
      ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      ...brokeredRoles.map((role) => brokeredRoleArn(scope, role)),
    ),
  ],
  variables: {},
});

/**
 * Denies sessions of brokered roles: of this account's by a policy on them, of another's as the role there that may. Their
 * boundaries keep them from being widened this way.
 */
export function denySessions(on: Resources): Grant {
  const { account } = Stack.of(on.scope);
  const arns = on.brokeredRoles.map((role) => ({ role, arn: brokeredRoleArn(on.scope, role) }));
  const here = arns.filter(({ role }) => role.account === account).map(({ arn }) => arn);
  const elsewhere = arns
    .filter(({ role }) => role.account !== account)
    .map(({ role }) => revokerRoleArnIn(on.scope, role.account));
  const denials = items(on, 'denials', 'GetItem', 'PutItem');
  return {
    statements: [
      ...denials.statements,
      ...(here.length > 0 ? [allow(['iam:PutRolePolicy'], ...here)] : []),
      ...(elsewhere.length > 0 ? [allow(['sts:AssumeRole'], ...new Set(elsewhere))] : []),
    ],
    variables: { ...denials.variables, POSTERN_ACCOUNT_ID: account },
  };
}
