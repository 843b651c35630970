import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { accountOfArn } from '../../../policy/evaluate/match-principal.ts';
import type { RoleSpec } from '../../template/types.ts';
import type { Authorization } from '../authorize.ts';
import type { CredentialStore, OtherRoles, Roles } from '../credential-store.ts';
import { isWellFormed } from '../is-well-formed.ts';
import type { AwsCall, AwsCaller, AwsService } from '../types.ts';
import { type AssumeRoleInput, malformedPolicy, packedSizeOf, parseAssumeRole } from './assume-role-input.ts';

/** Percent of the packed limit above which STS refuses. */
const PACKED_LIMIT = 100;
/** Seconds that a role session may get of another role. */
const LONGEST_CHAINED = 3600;

const invalid = (message: string) => new AwsError('ValidationError', message, 400);
const denied = (arn: string, action: string, resource: string) =>
  new AwsError(
    'AccessDenied',
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`,
    403,
  );

/** AssumeRole and GetCallerIdentity, with STS's own limits. */
export function createSts(
  credentials: CredentialStore,
  homeRoles: Roles,
  now: () => Date = () => new Date(),
  others: OtherRoles = new Map(),
): AwsService {
  /** Of whatever account the ARN names: whether it may be assumed is for its trust to say. */
  const rolesBy = (arn: string): Roles => others.get(accountOfArn(arn) ?? '') ?? homeRoles;
  return {
    name: 'sts',
    authorizations({ operation, input: raw, caller }): Authorization[] {
      // Anybody may ask who they are; even an explicit deny does not take that away.
      if (operation === 'GetCallerIdentity') return [];
      if (operation !== 'AssumeRole')
        throw new AwsError('InvalidAction', `Could not find operation ${operation}`, 400);
      const input = parseAssumeRole(raw);
      const { arn: resource, trust } = roleOf(input.roleArn, rolesBy(input.roleArn), caller);
      const context = contextOf(input, caller);
      return actionsOf(input, caller).map((action) => ({ action, resource, context, resourcePolicy: trust }));
    },
    async handle({ operation, input, caller }: AwsCall) {
      if (operation === 'GetCallerIdentity') {
        return { Arn: caller.arn, UserId: caller.userId, Account: caller.accountId };
      }
      const parsed = parseAssumeRole(input);
      return assumeRole(caller, parsed, credentials, rolesBy(parsed.roleArn), now());
    },
  };
}

/** What a session is known by down the chain; the first link sets it. */
const sourceIdentityOf = (input: AssumeRoleInput, caller: AwsCaller) =>
  caller.sourceIdentity ?? input.sourceIdentity;

/**
 * Tags and a source identity each take a permission of their own, in the caller's policy and in the trust; a
 * source identity that the caller's own session carries takes it again.
 */
const actionsOf = (input: AssumeRoleInput, caller: AwsCaller) => [
  'sts:AssumeRole',
  ...(Object.keys(input.tags).length > 0 ? ['sts:TagSession'] : []),
  ...(sourceIdentityOf(input, caller) === undefined ? [] : ['sts:SetSourceIdentity']),
];

function contextOf(input: AssumeRoleInput, caller: AwsCaller): Record<string, string | string[]> {
  const { tags, externalId, sessionName } = input;
  const sourceIdentity = sourceIdentityOf(input, caller);
  return {
    'sts:RoleSessionName': sessionName,
    ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': sourceIdentity }),
    ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
    ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
}

function assumeRole(
  caller: AwsCaller,
  input: AssumeRoleInput,
  credentials: CredentialStore,
  roles: Roles,
  now: Date,
) {
  const role = roleOf(input.roleArn, roles, caller);
  if (input.durationSeconds > role.maxSessionSeconds) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  if (caller.sessionIssuer && input.durationSeconds > LONGEST_CHAINED) {
    throw invalid(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  const sourceIdentity = sourceIdentityOf(input, caller);
  if (input.sourceIdentity !== undefined && input.sourceIdentity !== sourceIdentity) {
    throw denied(caller.arn, 'sts:SetSourceIdentity', role.arn);
  }
  if (input.policyText !== undefined && !isWellFormed(input.policyText, 'session'))
    throw malformedPolicy('Syntax errors in policy.');
  const packed = packedSizeOf(input);
  if (packed > PACKED_LIMIT) {
    throw new AwsError('PackedPolicyTooLarge', `The packed policy size is ${packed}% of the limit.`, 400);
  }
  const expiresAt = new Date((Math.floor(now.getTime() / 1000) + input.durationSeconds) * 1000);
  const issued = credentials.issue(role, {
    sessionName: input.sessionName,
    expiresAt,
    tags: input.tags,
    ...(input.policy && { sessionPolicy: input.policy }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  });
  return {
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: expiresAt.toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: issued.caller.userId, Arn: issued.caller.arn },
    PackedPolicySize: packed,
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}

/** A role there is not is refused like one that may not be assumed. */
function roleOf(arn: string, roles: Roles, caller: AwsCaller): RoleSpec {
  const role = roles.byName(arn.slice(arn.lastIndexOf('/') + 1));
  if (role?.arn !== arn) throw denied(caller.arn, 'sts:AssumeRole', arn);
  return role;
}
