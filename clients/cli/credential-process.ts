import type { Access } from '../sdk/postern.ts';
import type { CacheKey, CredentialCache } from './credential-cache.ts';

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

/** The kept session, or a new one, which is then kept: AWS tools run the process for every command. */
export async function cachedAccess(
  key: CacheKey,
  cache: CredentialCache,
  ask: () => Promise<Access>,
): Promise<Access> {
  const kept = await cache.read(key);
  if (kept) return kept;
  const access = await ask();
  await cache.write(key, access);
  return access;
}
