import { STSClient } from '@aws-sdk/client-sts';
import { explainNoCredentials, NO_REGION, problemOfProfile } from './explain-identity.ts';
import {
  findIdentityLoop,
  loopAdvice,
  type Profiles,
  profileInUse,
  STARTED_BY_LOOK_UP,
} from './find-identity-loop.ts';
import { PosternError } from './postern-error.ts';
import { readProfiles } from './read-profiles.ts';
import { isStartedByLookUp, markLookUp } from './resolving-marker.ts';
import { proxiedHandler } from './use-proxies.ts';

export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
};

/** With what, and for which region, calls to the broker are signed; or the token that they bring instead. */
export type CallerIdentity = {
  /** The profile that was named, where one was: it tells callers apart whose keys change. */
  readonly profile?: string | undefined;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly region: () => Promise<string>;
  /** A token for each call; where it is there, nothing is signed. */
  readonly token?: () => Promise<string>;
  /** A DPoP proof of the key that the token is bound to, for one call. */
  readonly prove?: (call: { method: string; url: URL; token: string }) => Promise<string | undefined>;
};

/**
 * The caller's ordinary AWS chain: environment, profile, SSO, container or instance role, and the region
 * beside it. Taken from an SDK client, which resolves both exactly as every other AWS tool does.
 *
 * INVARIANT: never leads back to itself. A profile whose `credential_process` is postern is refused, and so is
 * whatever another postern's look-up started. Throws PosternError: `identity_loop`, `no_profile`, `sign_in_expired`,
 * `no_credentials`, `no_region`.
 */
export function ordinaryIdentity(options: { profile?: string; region?: string } = {}): CallerIdentity {
  const { config } = new STSClient({ ...options, ...proxiedHandler(process.env) });
  const named = () => options.profile || process.env.AWS_PROFILE || undefined;

  async function checkedProfiles(): Promise<Profiles> {
    const profiles = await readProfiles();
    const inUse = profileInUse(options.profile, process.env);
    const problem = problemOfProfile({ named: named(), profiles });
    if (problem) throw new PosternError(problem);
    const loop = findIdentityLoop(inUse, profiles);
    if (loop !== undefined) throw new PosternError({ code: 'identity_loop', detail: loopAdvice(loop) });
    if (isStartedByLookUp()) throw new PosternError({ code: 'identity_loop', detail: STARTED_BY_LOOK_UP });
    return profiles;
  }

  return {
    get profile() {
      return named();
    },
    async credentials() {
      const profiles = await checkedProfiles();
      return markLookUp(() => config.credentials()).catch((error: unknown) => {
        throw new PosternError(explainNoCredentials(error, { named: named(), profiles }));
      });
    },
    async region() {
      // The AWS CLI and boto3 know the second name alone.
      const { AWS_DEFAULT_REGION } = process.env;
      const region = await config.region().catch(() => AWS_DEFAULT_REGION);
      if (region) return region;
      const problem = problemOfProfile({ named: named(), profiles: await readProfiles() });
      throw new PosternError(problem ?? NO_REGION);
    },
  };
}

/** A caller's credentials. Throws PosternError `no_credentials` where a provider of the SDK has none. */
export async function credentialsOf(identity: Pick<CallerIdentity, 'credentials'>): Promise<AwsCredentials> {
  try {
    return await identity.credentials();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'CredentialsProviderError')) throw error;
    throw new PosternError(explainNoCredentials(error, { named: undefined, profiles: {} }));
  }
}
