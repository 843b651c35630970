import type { SessionCredentials } from '../../lambdas/shared/domain/session.ts';
import { type BrokerClient, makeBrokerClient } from './broker-client.ts';
import { type CallerIdentity, ordinaryIdentity } from './caller-identity.ts';
import { chooseIdentity } from './choose-identity.ts';
import { makeClaimKeys } from './claim-keys.ts';
import { jobOf } from './job-of.ts';
import { PosternError } from './postern-error.ts';
import { type HandleStore, makeMemoryHandles } from './request-handles.ts';
import type { Fetch } from './signed-fetch.ts';
import { askAnew, leavesRequestOpen, type OpenRequest, takeUpOrAsk } from './take-up-request.ts';
import { tokenIdentity, tokenInFile } from './token-identity.ts';
import { claimAccess, type SubjectToken, type WaitOptions, waitForDecision } from './wait-for-access.ts';

// The package has this one entry: what its users need besides.
export {
  type CallerIdentity,
  type HandleStore,
  ordinaryIdentity,
  PosternError,
  type SubjectToken,
  tokenIdentity,
  tokenInFile,
  type WaitOptions,
};

/** What is asked for: a job in plain language, or one that a change has fixed, by its name. */
type What =
  | {
      /** The job, in plain language. The broker chooses the grants. */
      readonly reason: string;
      readonly job?: undefined;
    }
  | {
      /** A job of the caller's, by name: no model is asked. */
      readonly job: string;
      /** Shown beside it; the job's own purpose unless given. */
      readonly reason?: string | undefined;
    };

/** All but what is asked for. */
export type ConnectionOptions = WaitOptions & {
  /** Tickets and the like that it is for, at most five: `OPS-12`. A guardrail may ask for one. */
  readonly references?: readonly string[] | undefined;
  readonly durationSeconds?: number | undefined;
  /** The API's base URL; `POSTERN_API` unless given. */
  readonly endpoint?: string | undefined;
  /** Signs the calls to the broker, or brings a token; as the environment says unless given: see docs/sdk.md. */
  readonly identity?: CallerIdentity | undefined;
  readonly fetch?: Fetch | undefined;
  /** Where open requests are kept, to be taken up again; the memory of this process unless given. */
  readonly handles?: HandleStore | undefined;
};
export type PosternOptions = ConnectionOptions & What;

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
  return makeBrokerClient({
    endpoint,
    identity: identity ?? chooseIdentity({ endpoint }),
    ...(fetch && { fetch }),
  });
}

/** What this process asked and was not answered, unless the options name another place. */
const memory = makeMemoryHandles();
/** What it asked with: a request is claimed with the key that came with it. */
const claimKeys = makeClaimKeys();

/** Errors of a claim that somebody else was first with, or that came too late. */
const TOO_LATE = ['already_claimed', 'request_expired', 'request_cancelled'];

/**
 * Asks for access, waits for the decision, and claims the session with a one-time key: the credentials are
 * opened only in this process. What was asked before for the same job, by the same principal and for as long, and is
 * open or unclaimed, is gone on with instead. Throws PosternError where there is no access, or none yet.
 */
export async function requestAccess(options: PosternOptions): Promise<Access> {
  const { endpoint = process.env.POSTERN_API } = options;
  const { identity = chooseIdentity({ endpoint }), handles = memory, pause, signal } = options;
  const broker = brokerOf({ ...options, identity });
  const job = await jobOf(options, { endpoint: endpoint ?? '', identity });
  const ports = { broker, handles, job, pause, signal, claimKeys };
  const opened = await takeUpOrAsk(options, ports);
  try {
    return await accessTo(opened, broker, options);
  } catch (error) {
    // It was claimed or lapsed while it was waited for: whoever asks now still needs a session.
    if (!opened.isOld || !(error instanceof PosternError) || !TOO_LATE.includes(error.code)) throw error;
    return accessTo(await askAnew(options, ports), broker, options);
  }
}

/** Waits for an open request and claims it; its handle is let go where it may yet be taken up. */
async function accessTo(
  { request, held }: OpenRequest,
  broker: BrokerClient,
  options: PosternOptions,
): Promise<Access> {
  try {
    const { requestId } = await waitForDecision(request, broker, options);
    const { idempotencyKey } = held.handle;
    // One that is denied, expired or failed is claimed too: the broker’s refusal says why.
    const session = await claimAccess(requestId, broker, options, await claimKeys.keysOf(idempotencyKey));
    claimKeys.forget(idempotencyKey);
    const access = accessOf(requestId, session);
    await held.forget();
    return access;
  } catch (error) {
    if (leavesRequestOpen(error)) await held.letGo();
    else {
      claimKeys.forget(held.handle.idempotencyKey);
      await held.forget();
    }
    throw error;
  }
}

/**
 * Claims the session of a request that was made elsewhere and is granted by now, as a workflow does once its task
 * was ended. Throws PosternError where there is none.
 */
export async function claimAccessTo(
  requestId: string,
  options: Omit<ConnectionOptions, 'durationSeconds' | 'references'> = {},
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
