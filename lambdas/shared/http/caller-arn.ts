const ARN = /^arn:(?<partition>aws[a-z-]*):(?<service>iam|sts)::(?<account>\d{12}):(?<rest>.+)$/;
const ASSUMED_ROLE = /^assumed-role\/(?<role>[\w+=,.@-]{1,64})\/[\w+=,.@-]{2,64}$/;
const IAM_USER = /^user\/[\x21-\x7e]{1,576}$/;

/** The roles of IAM Identity Center, whose session names the identity provider sets. */
const IDENTITY_CENTER_PREFIX = 'AWSReservedSSO_';

/**
 * The registered form of the ARN a call was signed with: what a principal's `awsPrincipals` hold. A role is
 * known by account and name, never by its session name, which its caller chose; only an IAM Identity Center
 * role keeps it. Undefined for what nobody may be registered as: account roots, federated users.
 *
 * A role's path is not part of an assumed-role ARN, nor of the registered form: role names are unique in an
 * account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function registeredArnOf(userArn: string): string | undefined {
  const { partition, service, account, rest = '' } = ARN.exec(userArn)?.groups ?? {};
  if (service === 'iam') return IAM_USER.test(rest) ? userArn : undefined;
  const role = ASSUMED_ROLE.exec(rest)?.groups?.role;
  if (!role) return undefined;
  return role.startsWith(IDENTITY_CENTER_PREFIX) ? userArn : `arn:${partition}:iam::${account}:role/${role}`;
}
