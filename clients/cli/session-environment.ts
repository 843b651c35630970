import type { Access } from '../sdk/postern.ts';

/** What would send an AWS tool to other credentials than the session's. */
const OTHERS = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_CREDENTIAL_EXPIRATION',
];
/** What is the asker's alone: whose job it is was settled with the request. */
const OF_THE_ASKER = ['POSTERN_SUBJECT_TOKEN'];

/** The variables by which AWS tools take a session. */
export const sessionVariables = (access: Access): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: access.accessKeyId,
  AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
  AWS_SESSION_TOKEN: access.sessionToken,
  AWS_CREDENTIAL_EXPIRATION: access.expiration.toISOString(),
});

/**
 * A child's environment: the parent's, with the session in place of whatever credentials that had, and the region
 * that was asked for: the profile that would have said it is not passed on.
 */
export function sessionEnvironment(
  access: Access,
  env: NodeJS.ProcessEnv,
  region: string,
): NodeJS.ProcessEnv {
  const dropped = new Set([...OTHERS, ...OF_THE_ASKER]);
  const rest = Object.entries(env).filter(([name]) => !dropped.has(name));
  return {
    ...Object.fromEntries(rest),
    ...sessionVariables(access),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}
