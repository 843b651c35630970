import { Stack } from 'aws-cdk-lib';
import { allow } from './allow.ts';
import { brokeredRoleArn } from './arns.ts';
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

/** Denies sessions of this account's brokered roles. Their boundaries keep them from being widened this way. */
export function denySessions(on: Resources): Grant {
  const { account } = Stack.of(on.scope);
  const revocable = on.brokeredRoles.filter((role) => role.account === account);
  const denials = items(on, 'denials', 'GetItem', 'PutItem');
  return {
    statements: [
      ...denials.statements,
      allow(['iam:PutRolePolicy'], ...revocable.map((role) => brokeredRoleArn(on.scope, role))),
    ],
    variables: { ...denials.variables, POSTERN_ACCOUNT_ID: account },
  };
}
