import type { Access } from '../../sdk/postern.ts';

/**
 * Every variable by which an AWS SDK or the AWS CLI takes credentials, or that outranks one which does. All but those
 * that carry a session are cleared beside it, since the order differs from SDK to SDK: a profile outranks keys in the
 * SDK for JavaScript, a token file outranks the token of a container endpoint everywhere, and old SDKs still read
 * names that the new ones do not.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
const OF_CREDENTIALS = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_CREDENTIAL_FILE',
  'AWS_ACCOUNT_ID',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_BEARER_TOKEN_BEDROCK',
] as const;
/** What is the asker's alone: whose job it is was settled with the request. */
const OF_THE_ASKER = [
  'POSTERN_SUBJECT_TOKEN',
  'POSTERN_WEB_IDENTITY_TOKEN_FILE',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
];

/** What an environment has to have, and what it must not. */
export type EnvironmentChange = {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
};

/** A change that sets these variables, and clears every other one of credentials. */
const changeTo = (set: Record<string, string>, others: readonly string[] = []): EnvironmentChange => ({
  set,
  unset: [...OF_CREDENTIALS, ...others].filter((name) => !Object.hasOwn(set, name)),
});

/** Some SDKs read the one name of the region, some the other. */
export const regionVariables = (region: string): Record<string, string> => ({
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
});

/** The variables by which AWS tools take a session, in place of whatever credentials there were. */
export const sessionChange = (access: Access, region: string): EnvironmentChange =>
  changeTo(
    {
      AWS_ACCESS_KEY_ID: access.accessKeyId,
      AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
      AWS_SESSION_TOKEN: access.sessionToken,
      AWS_CREDENTIAL_EXPIRATION: access.expiration.toISOString(),
      ...regionVariables(region),
      POSTERN_LOGIN: 'off',
    },
    OF_THE_ASKER,
  );

/**
 * The variables of an agent: a token that names it, and nothing of its owner's, neither keys of AWS nor a login.
 * The region stays.
 */
export const agentChange = ({
  POSTERN_API,
  tokenFile,
}: {
  POSTERN_API: string;
  tokenFile: string;
}): EnvironmentChange =>
  changeTo({ POSTERN_API, POSTERN_WEB_IDENTITY_TOKEN_FILE: tokenFile, POSTERN_LOGIN: 'off' }, OF_THE_ASKER);

/** The variables by which AWS tools use a credential server. */
export const serverChange = (variables: Record<string, string>, region: string): EnvironmentChange =>
  changeTo({ ...variables, ...regionVariables(region) }, OF_THE_ASKER);

/** The variables by which AWS tools call the gateway: placeholder keys, and its address for every service. */
export const gatewayChange = (
  keys: Pick<Access, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>,
  url: string,
  region: string | undefined,
): EnvironmentChange =>
  changeTo(
    {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      AWS_ENDPOINT_URL: url,
      ...(region !== undefined && regionVariables(region)),
    },
    OF_THE_ASKER,
  );

/** The variables of a principal's own keys, in place of whatever credentials there were. */
export const keysChange = (variables: Record<string, string>, region: string): EnvironmentChange =>
  changeTo(
    { ...variables, ...regionVariables(region) },
    Object.hasOwn(variables, 'POSTERN_SUBJECT_TOKEN') ? [] : OF_THE_ASKER,
  );

/** A child's environment: the parent's, changed. */
export function changedEnvironment(env: NodeJS.ProcessEnv, { set, unset }: EnvironmentChange) {
  const dropped = new Set<string>(unset);
  const rest = Object.entries(env).filter(([name]) => !dropped.has(name));
  return { ...Object.fromEntries(rest), ...set };
}

const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** A change as lines that a shell takes by `eval`. */
export const shellLines = ({ set, unset }: EnvironmentChange): string[] => [
  ...Object.entries(set).map(([name, value]) => `export ${name}=${quoted(value)}`),
  `unset ${unset.join(' ')}`,
];
