/** Characters of an answer that a model is shown. */
const MOST_CHARACTERS = 20_000;

/** The keys of a session. */
type SessionKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

export type AwsCall = {
  readonly service: AwsServiceName;
  /** As the API reference names it: `GetItem`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
};

/** Modules of the services that can be called, by the prefix of their actions. Loaded when first used. */
const SERVICES = {
  dynamodb: { load: () => import('@aws-sdk/client-dynamodb'), client: 'DynamoDBClient' },
  'cognito-idp': {
    load: () => import('@aws-sdk/client-cognito-identity-provider'),
    client: 'CognitoIdentityProviderClient',
  },
  lambda: { load: () => import('@aws-sdk/client-lambda'), client: 'LambdaClient' },
  states: { load: () => import('@aws-sdk/client-sfn'), client: 'SFNClient' },
  sns: { load: () => import('@aws-sdk/client-sns'), client: 'SNSClient' },
} as const;

type AwsServiceName = keyof typeof SERVICES;
export const AWS_SERVICES = Object.keys(SERVICES) as [AwsServiceName, ...AwsServiceName[]];

/** What is wrong with a call before AWS is asked, in words that a model can act on. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
}

type Sendable = { send(command: unknown): Promise<Record<string, unknown>>; destroy(): void };
type Constructor<T> = new (input: unknown) => T;

/**
 * Makes one AWS call with a session, and answers what AWS answered. The session decides what may be called: this
 * only chooses the client. Throws CallRefused for an operation that the service has not, and AWS's own errors.
 */
export async function runAwsCall(session: SessionKeys, call: AwsCall): Promise<unknown> {
  const { service, operation, input, region } = call;
  const { load, client: clientName } = SERVICES[service];
  const module = (await load()) as unknown as Record<string, unknown>;
  const Command = /^[A-Z][A-Za-z0-9]{2,60}$/.test(operation) ? module[`${operation}Command`] : undefined;
  if (typeof Command !== 'function') throw new CallRefused(`${service} has no operation ${operation}.`);
  const { accessKeyId, secretAccessKey, sessionToken } = session;
  const Client = module[clientName] as Constructor<Sendable>;
  const client = new Client({ region, credentials: { accessKeyId, secretAccessKey, sessionToken } });
  try {
    const { $metadata: _, ...answer } = await client.send(new (Command as Constructor<unknown>)(input));
    return answer;
  } finally {
    client.destroy();
  }
}

/**
 * An answer as text, cut to what a model should read; bytes and sets as JSON has them. What is to be hidden is hidden
 * before the cut, which could leave half of it.
 */
export function answerText(answer: unknown, hide: (text: string) => string): string {
  const whole = JSON.stringify(answer, (_, value) => {
    if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`;
    return value instanceof Set ? [...value] : value;
  });
  const text = hide(whole);
  return text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}… (cut: ask for less, with a filter or a limit)`;
}
