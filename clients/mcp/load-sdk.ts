/** A service's part of the AWS SDK: its client, and a command for each of its operations. */
type Sdk = Readonly<Record<string, unknown>>;

/** The services of every kind of a catalog, by the prefix of their actions. Loaded when first used. */
const SERVICES: Readonly<Record<string, () => Promise<unknown>>> = {
  dynamodb: () => import('@aws-sdk/client-dynamodb'),
  s3: () => import('@aws-sdk/client-s3'),
  sqs: () => import('@aws-sdk/client-sqs'),
  sns: () => import('@aws-sdk/client-sns'),
  secretsmanager: () => import('@aws-sdk/client-secrets-manager'),
  lambda: () => import('@aws-sdk/client-lambda'),
  logs: () => import('@aws-sdk/client-cloudwatch-logs'),
  kms: () => import('@aws-sdk/client-kms'),
  'cognito-idp': () => import('@aws-sdk/client-cognito-identity-provider'),
  states: () => import('@aws-sdk/client-sfn'),
};

/** The services that can be called with nothing beside this package. */
export const BUILT_IN: readonly string[] = Object.keys(SERVICES);

/** What a service may be called, so that no other package than one of the SDK's is ever looked for. */
export const SERVICE_NAME = /^[a-z][a-z0-9-]{1,59}$/;

/** Packages of the SDK that are not named as their service's actions begin. */
const PACKAGES: Readonly<Record<string, string>> = {
  autoscaling: 'auto-scaling',
  ce: 'cost-explorer',
  elasticfilesystem: 'efs',
  elasticloadbalancing: 'elastic-load-balancing-v2',
  es: 'opensearch',
  events: 'eventbridge',
  monitoring: 'cloudwatch',
  tag: 'resource-groups-tagging-api',
};

/** The SDK's client for a service: one that is built in, or one installed beside. Undefined where there is none. */
export async function loadSdk(service: string): Promise<Sdk | undefined> {
  if (!SERVICE_NAME.test(service)) return undefined;
  const builtIn = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  if (builtIn) return (await builtIn()) as Sdk;
  const name = Object.hasOwn(PACKAGES, service) ? PACKAGES[service] : service;
  try {
    return (await import(`@aws-sdk/client-${name}`)) as Sdk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The client's class: each of these packages has one. */
export const clientIn = (sdk: Sdk): unknown =>
  sdk[Object.keys(sdk).find((name) => name.endsWith('Client') && name !== '__Client') ?? ''];
