const IAM_USER = /^arn:aws[a-z-]*:iam::\d{12}:user\/[\x21-\x7e]{1,576}$/;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/(?<path>[\x21-\x7e]+\/)?(?<name>[\w+=,.@-]{1,64})$/;
const IDENTITY_CENTER_SESSION =
  /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/AWSReservedSSO_[\w+=,.@-]+\/[\w+=,.@-]{2,64}$/;
/** Whatever `problemOfArn` finds nothing wrong with, in one pattern: the API's document holds it. */
export const CALLABLE_ARN =
  /^arn:aws[a-z-]*:(iam::[0-9]{12}:(user\/[\x21-\x7e]{1,576}|role\/(?!AWSReservedSSO_)[A-Za-z0-9_+=,.@-]{1,64})|sts::[0-9]{12}:assumed-role\/AWSReservedSSO_[A-Za-z0-9_+=,.@-]+\/[A-Za-z0-9_+=,.@-]{2,64})$/;

/**
 * Why nobody could ever call as this ARN of a principal, in words that say how it should be and repeat nothing of
 * it; undefined where somebody could. Calls are held against it as front-door/caller-arn.ts writes them.
 */
export function problemOfArn(arn: string): string | undefined {
  if (IAM_USER.test(arn) || IDENTITY_CENTER_SESSION.test(arn)) return undefined;
  const { path, name } = ROLE.exec(arn)?.groups ?? {};
  if (name === undefined) return 'is of no IAM user, no role, and no session of IAM Identity Center';
  if (name.startsWith('AWSReservedSSO_'))
    return 'is a role of IAM Identity Center; name the ARN of the session, assumed-role/AWSReservedSSO_…/<user>';
  return path === undefined ? undefined : 'has a path, which calls do not show; leave it out: role/<name>';
}
