import { BUILT_IN, clientIn, loadSdk } from './load-sdk.ts';

/** Characters of an answer that a model is shown. */
const MOST_CHARACTERS = 20_000;

/** The keys of a session. */
type SessionKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Where calls go that a gateway makes; AWS's own addresses without it. */
  readonly endpoint?: string;
};

export type AwsCall = {
  /** As its actions begin: `dynamodb`, `s3`, `logs`. */
  readonly service: string;
  /** As the API reference names it: `GetItem`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
};

/** What is wrong with a call before AWS is asked, in words that a model can act on. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
}

type Sendable = { send(command: unknown): Promise<Record<string, unknown>>; destroy(): void };
type Constructor<T> = new (input: unknown) => T;

/** Bytes of what a service streams that are read: more would be cut from the answer. */
const MOST_STREAMED_BYTES = 4 * MOST_CHARACTERS;

/** The first bytes of what streams; the rest is not fetched. */
async function firstBytes(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_STREAMED_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** Bytes as a text, where they are one. */
const asText = (bytes: Uint8Array): string | Uint8Array =>
  bytes.includes(0) ? bytes : new TextDecoder().decode(bytes);

/** What an operation hands over as bytes, such as an object or what a function answered, as a model can read it. */
async function readPayloads(answer: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { Body, Payload } = answer;
  const isStream = typeof Body === 'object' && Body !== null && Symbol.asyncIterator in Body;
  return {
    ...answer,
    ...(isStream && { Body: asText(await firstBytes(Body as AsyncIterable<Uint8Array>)) }),
    ...(Payload instanceof Uint8Array && { Payload: asText(Payload) }),
  };
}

/**
 * Makes one AWS call with a session, and answers what AWS answered. The session decides what may be called: this
 * only chooses the client. Throws CallRefused for a service or an operation that there is not, and AWS's own errors.
 */
export async function runAwsCall(session: SessionKeys, call: AwsCall): Promise<unknown> {
  const { service, operation, input, region } = call;
  const module = await loadSdk(service);
  if (!module)
    throw new CallRefused(
      `${service} is none of ${BUILT_IN.join(', ')}, and there is no @aws-sdk/client-${service}: install it beside this command.`,
    );
  const Command = /^[A-Z][A-Za-z0-9]{2,60}$/.test(operation) ? module[`${operation}Command`] : undefined;
  if (typeof Command !== 'function') throw new CallRefused(`${service} has no operation ${operation}.`);
  const { accessKeyId, secretAccessKey, sessionToken, endpoint } = session;
  const Client = clientIn(module) as Constructor<Sendable>;
  const client = new Client({
    region,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    // INVARIANT: calls go to AWS alone. By itself SQS's client sends the session's token to whatever host QueueUrl names.
    useQueueUrlAsEndpoint: false,
    // A gateway has one name: neither a bucket nor a prefix stands before it.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true, disableHostPrefix: true }),
  });
  try {
    const { $metadata: _, ...answer } = await client.send(new (Command as Constructor<unknown>)(input));
    return await readPayloads(answer);
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
