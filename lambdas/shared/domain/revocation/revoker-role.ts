/**
 * The role in each other account that the broker's revoking functions assume. It may put an inline policy on the brokered
 * roles there, and nothing else.
 */
export const REVOKER_ROLE = 'postern-revoker';

/** The functions that may assume it, by their roles' names. */
export const REVOKERS = ['postern-revoke-session', 'postern-lift-revocation'] as const;

/** Its ARN in the account of a brokered role. */
export function revokerRoleArn(brokeredRoleArn: string): string {
  const [, partition = 'aws', , , account = ''] = brokeredRoleArn.split(':');
  return `arn:${partition}:iam::${account}:role/${REVOKER_ROLE}`;
}
