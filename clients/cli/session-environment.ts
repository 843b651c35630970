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

/** The variables by which AWS tools take a session. */
export const sessionVariables = (access: Access): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: access.accessKeyId,
  AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
  AWS_SESSION_TOKEN: access.sessionToken,
  AWS_CREDENTIAL_EXPIRATION: access.expiration.toISOString(),
});

/** A child's environment: the parent's, with the session in place of whatever credentials that had. */
export function sessionEnvironment(access: Access, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = Object.entries(env).filter(([name]) => !OTHERS.includes(name));
  return { ...Object.fromEntries(rest), ...sessionVariables(access) };
}
