/** A profile of ~/.aws/config or ~/.aws/credentials, as the SDK reads it. */
export type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/** A line that has an AWS tool run `postern credential-process`: by name, by path, or through npx or node. */
const RUNS_POSTERN = /\bpostern\b.*\bcredential-process\b/s;

/** Whether a profile's credentials are what `postern credential-process` prints. */
export const isServedByPostern = (profile: Profiles[string]): boolean =>
  RUNS_POSTERN.test(profile?.credential_process ?? '');

const NAMES_PROFILE = /--profile(?:\s+|=)["']?([^\s"']+)/;

/** Whether the line of a profile has postern sign as another profile than itself. */
export function namesOtherProfile(name: string, profile: Profiles[string]): boolean {
  const named = NAMES_PROFILE.exec(profile?.credential_process ?? '')?.[1];
  return named !== undefined && named !== name;
}

/**
 * The profile by which the AWS SDK resolves credentials in this environment; undefined where keys in the environment
 * come first. A profile that is named outranks such keys, in the SDK for JavaScript.
 */
export function profileInUse(
  named: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const profile = named || env.AWS_PROFILE;
  if (profile) return profile;
  return env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY ? undefined : 'default';
}

/** Profiles that a profile takes its own credentials from, itself first; each once, so that a circle ends. */
function sourcesOf(profile: string, profiles: Profiles): string[] {
  const found: string[] = [];
  let next: string | undefined = profile;
  while (next !== undefined && !found.includes(next)) {
    found.push(next);
    next = profiles[next]?.source_profile;
  }
  return found;
}

/** The profile, used or taken from, whose credentials come from postern itself; undefined where none does. */
export const findIdentityLoop = (profile: string | undefined, profiles: Profiles): string | undefined =>
  profile === undefined
    ? undefined
    : sourcesOf(profile, profiles).find((name) => isServedByPostern(profiles[name]));

/** What to write instead, in one line. */
export const loopAdvice = (profile: string): string =>
  `The profile ${profile} gets its credentials from postern, which would start itself again: name another profile, that signs for you, in its line: credential_process = postern --profile <other> credential-process --reason "…"`;

/** The same for what another postern's look-up started: by which profile that one came here cannot be seen. */
export const STARTED_BY_LOOK_UP =
  'Postern was started to find out who postern signs as, and would start itself again: name a profile that signs for you where it is started: postern --profile <other> …';
