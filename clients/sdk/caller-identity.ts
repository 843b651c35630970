import { STSClient } from '@aws-sdk/client-sts';

export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
};

/** With what, and for which region, calls to the broker are signed. */
export type CallerIdentity = {
  readonly credentials: () => Promise<AwsCredentials>;
  readonly region: () => Promise<string>;
};

/**
 * The caller's ordinary AWS chain: environment, profile, SSO, container or instance role, and the region
 * beside it. Taken from an SDK client, which resolves both exactly as every other AWS tool does.
 */
export function ordinaryIdentity(options: { profile?: string; region?: string } = {}): CallerIdentity {
  const { config } = new STSClient(options);
  return {
    credentials: () => config.credentials(),
    region: () => config.region(),
  };
}
