import type { RoleSpec } from '../../template/types.ts';
import { type Authorization, isAllowed } from '../authorize.ts';
import type { CredentialStore, Roles } from '../credential-store.ts';
import { type AwsCall, type AwsCaller, AwsError, type AwsService } from '../types.ts';
import { packedSizeOf, parseAssumeRole } from './assume-role-input.ts';

/** Percent of the packed limit above which STS refuses. */
const PACKED_LIMIT = 100;

/** AssumeRole and GetCallerIdentity, with STS's own limits. */
export function createSts(credentials: CredentialStore, roles: Roles): AwsService {
  return {
    name: 'sts',
    authorizations(call): Authorization[] {
      if (call.operation === 'GetCallerIdentity') return [];
      const input = parseAssumeRole(call.input);
      const context = contextOf(input);
      return actionsOf(input).map((action) => ({ action, resource: input.roleArn, context }));
    },
    async handle(call) {
      const { caller } = call;
      if (call.operation === 'GetCallerIdentity') {
        return { Arn: caller.arn, UserId: caller.userId, Account: caller.accountId };
      }
      if (call.operation !== 'AssumeRole') throw new AwsError('InvalidAction', call.operation, 400);
      return assumeRole(call, credentials, roles);
    },
  };
}

type Input = ReturnType<typeof parseAssumeRole>;

/** Tags and a source identity each take a permission of their own, in the caller's policy and in the trust. */
const actionsOf = ({ tags, sourceIdentity }: Input) => [
  'sts:AssumeRole',
  ...(Object.keys(tags).length > 0 ? ['sts:TagSession'] : []),
  ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
];

function contextOf({ tags, sourceIdentity, sessionName }: Input): Record<string, string | string[]> {
  return {
    'sts:RoleSessionName': sessionName,
    ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': sourceIdentity }),
    ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
}

async function assumeRole({ caller, input: raw }: AwsCall, credentials: CredentialStore, roles: Roles) {
  const input = parseAssumeRole(raw);
  const role = roleOf(input.roleArn, roles);
  if (input.durationSeconds > role.maxSessionSeconds) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  if (caller.sessionIssuer && input.durationSeconds > 3600) {
    throw invalid(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (
    caller.sourceIdentity !== undefined &&
    (input.sourceIdentity ?? caller.sourceIdentity) !== caller.sourceIdentity
  ) {
    throw denied(caller.arn, 'sts:SetSourceIdentity', role.arn);
  }
  const context = contextOf(input);
  for (const action of actionsOf(input)) {
    const trusted = await isAllowed(withoutOwnPolicies(caller), {
      action,
      resource: role.arn,
      context,
      resourcePolicy: role.trust,
    });
    if (!trusted) throw denied(caller.arn, action, role.arn);
  }
  const packed = packedSizeOf(input);
  if (packed > PACKED_LIMIT) {
    throw new AwsError('PackedPolicyTooLarge', `The packed policy size is ${packed}% of the limit.`, 400);
  }
  const sourceIdentity = input.sourceIdentity ?? caller.sourceIdentity;
  const expiresAt = new Date(Math.floor(Date.now() / 1000) * 1000 + input.durationSeconds * 1000);
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

function roleOf(arn: string, roles: Roles): RoleSpec {
  const role = roles.byName(arn.slice(arn.lastIndexOf('/') + 1));
  if (role?.arn !== arn)
    throw new AwsError('AccessDenied', `not authorized to perform: sts:AssumeRole on resource: ${arn}`, 403);
  return role;
}

const invalid = (message: string) => new AwsError('ValidationError', message, 400);
const denied = (arn: string, action: string, resource: string) =>
  new AwsError(
    'AccessDenied',
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`,
    403,
  );

/** The trust is asked alone: what the caller's own policies say was asked before. */
function withoutOwnPolicies({ sessionPolicy: _, boundary: __, ...caller }: AwsCaller): AwsCaller {
  return { ...caller, identityPolicies: [] };
}
