import type { Profiles } from './find-identity-loop.ts';
import type { ProblemBody } from './postern-error.ts';

/** How the SDK names the command that signs in again: `aws sso login`, `aws login`. */
const SIGN_IN = /\b(aws (?:sso )?login)\b/;

type ProfileChoice = {
  /** The profile that was named, on the command line or by AWS_PROFILE. */
  readonly named: string | undefined;
  readonly profiles: Profiles;
};

const ofProfile = (named: string | undefined) => (named ? ` --profile ${named}` : '');

/** What is wrong with a profile before anything is asked of it; undefined where nothing is. */
export function problemOfProfile({ named, profiles }: ProfileChoice): ProblemBody | undefined {
  if (!named || profiles[named]) return undefined;
  return {
    code: 'no_profile',
    detail: `There is no profile ${named} in ~/.aws/config or ~/.aws/credentials: check --profile and AWS_PROFILE.`,
  };
}

/** Why the ordinary chain has no credentials, by what the SDK said. */
export function explainNoCredentials(error: unknown, { named, profiles }: ProfileChoice): ProblemBody {
  const said = error instanceof Error ? error.message : '';
  const signIn = SIGN_IN.exec(said)?.[1];
  if (signIn)
    return {
      code: 'sign_in_expired',
      detail: `The sign-in of ${named ? `the profile ${named}` : 'this machine'} has ended: run ${signIn}${ofProfile(named)}`,
    };
  if (profiles[named ?? 'default']?.credential_process)
    return {
      code: 'no_credentials',
      detail: `The credential_process of the profile ${named ?? 'default'} gave no credentials. If it leads to postern, it has to name another profile there: --profile <other>.`,
    };
  return {
    code: 'no_credentials',
    detail: named
      ? `The profile ${named} gives no AWS credentials to sign with.`
      : 'There are no AWS credentials to sign with: set a profile or AWS_ACCESS_KEY_ID.',
  };
}

export const NO_REGION: ProblemBody = {
  code: 'no_region',
  detail: 'There is no region to sign for: set AWS_REGION, or --region, to the broker’s.',
};
