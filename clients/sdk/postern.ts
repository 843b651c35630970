import { randomUUID } from 'node:crypto';
import type { SessionCredentials } from '../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { type BrokerClient, makeBrokerClient } from './broker-client.ts';
import { type CallerIdentity, ordinaryIdentity } from './caller-identity.ts';
import { PosternError } from './postern-error.ts';
import type { Fetch } from './signed-fetch.ts';
import { pauseFor, tryAgain } from './try-again.ts';
import {
  claimAccess,
  type SubjectToken,
  tokenOf,
  type WaitOptions,
  waitForDecision,
} from './wait-for-access.ts';

// The package has this one entry: what its users need besides.
export { type CallerIdentity, ordinaryIdentity, PosternError, type SubjectToken };

export type PosternOptions = WaitOptions & {
  /** The job, in plain language. The broker chooses the grants. */
  readonly reason: string;
  readonly durationSeconds?: number | undefined;
  /** The API's base URL; `POSTERN_API` unless given. */
  readonly endpoint?: string | undefined;
  /** Signs the calls to the broker; the ordinary AWS chain unless given. */
  readonly identity?: CallerIdentity | undefined;
  readonly fetch?: Fetch | undefined;
};

/** Session credentials as AWS SDK clients take them, and what they were given for. */
export type Access = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  readonly requestId: string;
  readonly assumedRoleArn: string;
};

/** Milliseconds before its end at which a session is no longer given out; AWS SDKs look as far ahead. */
const REFRESH_BEFORE = 5 * 60 * 1000;

/** The broker that options or the environment name. */
export function brokerOf({
  endpoint = process.env.POSTERN_API,
  identity,
  fetch,
}: Pick<PosternOptions, 'endpoint' | 'identity' | 'fetch'>): BrokerClient {
  if (!endpoint) {
    const detail = 'Set POSTERN_API, or "endpoint", to the broker’s base URL.';
    throw new PosternError({ code: 'no_endpoint', detail });
  }
  return makeBrokerClient({ endpoint, identity: identity ?? ordinaryIdentity(), ...(fetch && { fetch }) });
}

/**
 * Asks for access, waits for the decision, and claims the session with a one-time key: the credentials are
 * opened only in this process. Throws PosternError where there is no access, or none yet.
 */
export async function requestAccess(options: PosternOptions): Promise<Access> {
  const { reason, durationSeconds, subjectToken, signal, pause = pauseFor } = options;
  const broker = brokerOf(options);
  const idempotencyKey = randomUUID();
  const create = async () =>
    broker.createRequest(
      { reason, durationSeconds, subjectToken: await tokenOf(subjectToken) },
      { idempotencyKey, wait: 20, signal },
    );
  const created = await tryAgain(create, { attempts: 3, pause, signal });
  const { requestId } = await waitForDecision(created, broker, options);
  // One that is denied, expired or failed is claimed too: the broker’s refusal says why.
  return accessOf(requestId, await claimAccess(requestId, broker, options));
}

/**
 * Claims the session of a request that was made elsewhere and is granted by now, as a workflow does once its task
 * was ended. Throws PosternError where there is none.
 */
export async function claimAccessTo(
  requestId: string,
  options: Omit<PosternOptions, 'reason' | 'durationSeconds'> = {},
): Promise<Access> {
  return accessOf(requestId, await claimAccess(requestId, brokerOf(options), options));
}

const accessOf = (
  requestId: string,
  { assumedRoleArn, expiration, ...secrets }: SessionCredentials,
): Access => ({ ...secrets, expiration: new Date(expiration), requestId, assumedRoleArn });

/**
 * A credential provider for AWS SDK clients: `new DynamoDBClient({ credentials: posternCredentials({ reason }) })`.
 * It asks again, with the same reason, when its session is about to end; calls made meanwhile share one request.
 */
export function posternCredentials(options: PosternOptions): () => Promise<Access> {
  const { now = Date.now } = options;
  let held: Access | undefined;
  let asking: Promise<Access> | undefined;

  async function ask(): Promise<Access> {
    try {
      held = await requestAccess(options);
      return held;
    } finally {
      asking = undefined;
    }
  }

  return async () => {
    if (held && held.expiration.getTime() - now() > REFRESH_BEFORE) return held;
    asking ??= ask();
    return asking;
  };
}
