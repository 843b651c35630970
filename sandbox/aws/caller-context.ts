import type { AwsCaller } from './types.ts';

/**
 * The condition keys that IAM knows of every call by who makes it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function callerContext(caller: AwsCaller): Record<string, string> {
  const now = new Date().toISOString();
  return {
    'aws:PrincipalAccount': caller.accountId,
    // Of a session it is the role's.
    'aws:PrincipalArn': caller.sessionIssuer ?? caller.arn,
    'aws:userid': caller.userId,
    'aws:CurrentTime': now,
    ...(caller.sessionIssuer === undefined
      ? { 'aws:PrincipalType': 'User', 'aws:username': caller.arn.slice(caller.arn.lastIndexOf('/') + 1) }
      : { 'aws:PrincipalType': 'AssumedRole' }),
    ...(caller.issuedAt && { 'aws:TokenIssueTime': caller.issuedAt.toISOString() }),
    ...(caller.sourceIdentity !== undefined && { 'aws:SourceIdentity': caller.sourceIdentity }),
    ...Object.fromEntries(
      Object.entries(caller.principalTags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
  };
}
