import type { Access } from '../../sdk/postern.ts';
import type { CachedSession, CacheKey, CredentialCache } from './credential-cache.ts';

/**
 * What a `credential_process` prints: JSON that every AWS SDK and the AWS CLI read.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function credentialProcessJson(access: Access): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: access.accessKeyId,
    SecretAccessKey: access.secretAccessKey,
    SessionToken: access.sessionToken,
    Expiration: access.expiration.toISOString(),
  });
}

/**
 * Seconds that are asked for unless others are named: the most there are. boto3 and the AWS CLI run the process for
 * every call once a session has less than 15 minutes left, which one of 900 s has from its start.
 * @see https://github.com/boto/botocore/blob/develop/botocore/credentials.py (`_advisory_refresh_timeout`)
 */
export const LONGEST_SECONDS = 3600;

/** Milliseconds before its end at which a session is renewed: a little before boto3 begins to run this each call. */
const RENEWED_BEFORE = 16 * 60 * 1000;
/** A session that lasts no longer than this is never out of that time: to renew it early helps nobody. */
const WORTH_RENEWING = 20 * 60 * 1000;
/** Seconds that a renewal of a session which still works may take. */
const QUICK_SECONDS = 20;

/** Whether to ask for the next session already. Not where people decide: they are not asked more often than need be. */
export const isRenewedEarly = ({ access, cachedAt, isByPeople }: CachedSession, now: number): boolean => {
  const end = access.expiration.getTime();
  return !isByPeople && end - cachedAt.getTime() > WORTH_RENEWING && end - now <= RENEWED_BEFORE;
};

type NewSession = Pick<CachedSession, 'access' | 'isByPeople'>;
type Ports = {
  readonly cache: CredentialCache;
  /** Asks and waits, for no longer than so many seconds where they are given. */
  readonly ask: (within?: number) => Promise<NewSession>;
  /** Whether a session was ended before its time. */
  readonly isRevoked: (access: Access) => Promise<boolean>;
  readonly now?: () => number;
};

/** The kept session, or a new one, which is then kept: AWS tools run the process for every command. */
export async function cachedAccess(key: CacheKey, ports: Ports): Promise<Access> {
  const { cache, ask, isRevoked, now = Date.now } = ports;
  const askAndKeep = async (within?: number) => {
    const session = await ask(within);
    await cache.write(key, session);
    return session.access;
  };
  const cached = await cache.read(key);
  if (!cached) return askAndKeep();
  if (await isRevoked(cached.access)) {
    await cache.forget(cached.access.requestId);
    return askAndKeep();
  }
  if (!isRenewedEarly(cached, now())) return cached.access;
  // The kept one still works: what keeps the next from being had is told once it does not.
  return askAndKeep(QUICK_SECONDS).catch(() => cached.access);
}
