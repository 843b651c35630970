import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { BrokerClient } from '../sdk/broker-client.ts';
import type { CallerIdentity } from '../sdk/caller-identity.ts';
import { regionOfHost, secondsAhead } from '../sdk/explain-refusal.ts';
import { isServedByPostern, namesOtherProfile, type Profiles } from '../sdk/find-identity-loop.ts';
import { readTokenClaims } from '../sdk/token-identity.ts';
import { networkFetch } from '../sdk/use-proxies.ts';
import { adviceOf, errorReport } from './describe-error.ts';

/** What a check found. `unknown`: it could not be looked at from here. */
export type Finding = {
  readonly check: string;
  readonly verdict: 'ok' | 'wrong' | 'unknown';
  readonly what: string;
  /** What to do about it. */
  readonly advice?: string;
};

type Setup = {
  readonly env: NodeJS.ProcessEnv;
  readonly endpoint: string;
  readonly identity: CallerIdentity;
  readonly broker: Pick<BrokerClient, 'catalog'>;
  readonly profiles: Profiles;
  readonly signal: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  readonly now?: () => number;
};

/** Seconds that a clock may be off before signatures are in danger. */
const MOST_SECONDS_OFF = 60;

export const ok = (check: string, what: string): Finding => ({ check, verdict: 'ok', what });
export const wrong = (check: string, what: string, advice: string): Finding => ({
  check,
  verdict: 'wrong',
  what,
  advice,
});
export const unknown = (check: string, what: string): Finding => ({ check, verdict: 'unknown', what });

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Long-lived keys are what a broker is there to do away with. Those of a sandbox on this machine open nothing. */
export function checkKeys({ env, endpoint }: Pick<Setup, 'env' | 'endpoint'>): Finding {
  const isStatic = env.AWS_ACCESS_KEY_ID?.startsWith('AKIA') && !env.AWS_SESSION_TOKEN;
  if (isStatic && URL.canParse(endpoint) && LOOPBACK.test(new URL(endpoint).hostname))
    return ok('static_keys', 'the key in the environment is the sandbox’s own, worth nothing at AWS');
  return isStatic
    ? wrong(
        'static_keys',
        'AWS_ACCESS_KEY_ID in the environment is a long-lived key',
        'Use a role instead: of the instance, the container, or IAM Identity Center.',
      )
    : ok('static_keys', 'no long-lived keys in the environment');
}

/** Profiles that run postern, and would have it sign as themselves: each is found before it starts itself. */
export function checkProfiles({ profiles }: Pick<Setup, 'profiles'>): Finding[] {
  const loops = Object.entries(profiles).flatMap(([name, profile]) =>
    isServedByPostern(profile) && !namesOtherProfile(name, profile) ? [name] : [],
  );
  if (loops.length === 0) return [ok('profiles', 'no profile of ~/.aws/config has postern start itself')];
  return loops.map((name) =>
    wrong(
      'profiles',
      `the profile ${visibleText(name)} has a credential_process that names no other profile to sign with`,
      'Write: credential_process = postern --profile <other> credential-process --reason "…"',
    ),
  );
}

async function checkRegion({ endpoint, identity }: Setup): Promise<Finding> {
  const region = await identity.region().catch(() => undefined);
  if (!region) return wrong('region', 'no region is set', 'Set AWS_REGION, or --region, to the broker’s.');
  const expected = URL.canParse(endpoint) ? regionOfHost(new URL(endpoint).hostname) : undefined;
  return expected && expected !== region
    ? wrong(
        'region',
        `calls are signed for ${region}, the broker is in ${expected}`,
        `Set AWS_REGION=${expected}.`,
      )
    : ok('region', `calls are signed for ${region}`);
}

/** The broker's own clock, as its answer's `Date` has it. */
async function checkClock({ endpoint, fetch, now = Date.now, signal }: Setup): Promise<Finding[]> {
  try {
    const reach = fetch ?? (await networkFetch());
    const response = await reach(`${endpoint.replace(/\/+$/, '')}/healthz`, { signal, redirect: 'error' });
    if (!response.ok) {
      return [
        wrong(
          'endpoint',
          `${endpoint} answers ${response.status} at /healthz`,
          'Check POSTERN_API: its stage too.',
        ),
      ];
    }
    const off = secondsAhead(response, now());
    return [
      ok('endpoint', `${endpoint} answers`),
      off === undefined
        ? unknown('clock', 'the broker’s answer has no time to compare with')
        : Math.abs(off) > MOST_SECONDS_OFF
          ? wrong(
              'clock',
              `this machine's clock is ${off} s off`,
              'Set it by NTP: signatures of another time are refused.',
            )
          : ok('clock', 'the clock is right'),
    ];
  } catch {
    return [wrong('endpoint', `${endpoint} cannot be reached`, 'Check POSTERN_API and the network.')];
  }
}

/** Errors of calls that never came to the broker; what is in the way has a finding of its own. */
const HEARD_BY_NOBODY = new Set([
  'no_credentials',
  'no_profile',
  'no_region',
  'sign_in_expired',
  'identity_loop',
  'broker_unreachable',
]);

async function checkPrincipal({ broker, signal }: Setup): Promise<Finding> {
  try {
    const { principal, resources } = await broker.catalog({ signal });
    return ok(
      'principal',
      `the broker knows you as ${principal}, who could be granted ${resources.length} ${resources.length === 1 ? 'resource' : 'resources'}`,
    );
  } catch (error) {
    const { code, message } = errorReport(error);
    if (HEARD_BY_NOBODY.has(code))
      return unknown('principal', `whom the broker takes you for: ${visibleText(message)}`);
    return wrong(
      'principal',
      `the broker does not take your calls: ${visibleText(message)}`,
      adviceOf(code) ?? 'Ask an administrator of the broker.',
    );
  }
}

/** Why a call of AWS came to nothing, from here: AWS's own error, or that nothing of it answered. */
function whatAwsSaid(service: string, error: unknown): string {
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === undefined
    ? `AWS ${service} could not be reached from here`
    : `AWS ${service} answered ${name}`;
}

/** A call that only lists, and that an identity which may only ask has no business making. */
const OWN_PERMISSION = 'iam:ListRoles';

/**
 * Whether the identity that asks may do anything by itself. Calls an AWS API that only lists, which must
 * be refused.
 */
async function checkOwnRole({ identity, signal, now = Date.now }: Setup): Promise<Finding[]> {
  if (identity.token) return [await checkToken(identity.token, now)];
  const [credentials, region] = await Promise.all([
    identity.credentials().catch((error: unknown) => errorReport(error)),
    identity.region().catch(() => 'us-east-1'),
  ]);
  if ('code' in credentials)
    return [
      wrong('credentials', visibleText(credentials.message), 'Set a profile or a role that signs for you.'),
    ];
  const sts = new STSClient({ region, credentials, maxAttempts: 2 });
  let whyNot = '';
  const arn = await sts
    .send(new GetCallerIdentityCommand({}), { abortSignal: signal })
    .then(({ Arn }) => Arn)
    .catch((error: unknown) => {
      whyNot = whatAwsSaid('STS', error);
      return undefined;
    })
    .finally(() => sts.destroy());
  return [
    arn
      ? ok('credentials', `calls are signed by ${arn}`)
      : unknown('credentials', `who signs the calls: ${whyNot}`),
    arn && /:role\/.*admin|:user\/root$|:root$/i.test(arn)
      ? wrong(
          'own_role',
          'the identity that asks is an administrator',
          'Give the agent a role that may only call the broker.',
        )
      : await mayList(credentials, region),
  ];
}

/** A token that the calls bring: whose, and for how long. */
async function checkToken(token: () => Promise<string>, now: () => number): Promise<Finding> {
  const claims = await token()
    .then(readTokenClaims)
    .catch((error: unknown) => errorReport(error));
  if ('code' in claims)
    return wrong(
      'credentials',
      visibleText(claims.message),
      'See docs/sign-in.md for where tokens come from.',
    );
  const { issuer, subject, endsAt } = claims;
  const who = `calls bring a token of ${visibleText(subject)}, of ${visibleText(issuer)}`;
  const minutes = endsAt ? Math.round((endsAt.getTime() - now()) / 60_000) : undefined;
  if (minutes === undefined)
    return wrong('credentials', `${who}, that never ends`, 'The broker takes none such.');
  return minutes < 0
    ? wrong('credentials', `${who}, that has ended`, 'Get a new one: postern login, or the platform’s own.')
    : ok('credentials', `${who}, good for ${minutes} minutes`);
}

async function mayList(
  credentials: Awaited<ReturnType<CallerIdentity['credentials']>>,
  region: string,
): Promise<Finding> {
  const { IAMClient, ListRolesCommand } = await import('@aws-sdk/client-iam');
  const iam = new IAMClient({ region, credentials, maxAttempts: 1 });
  try {
    await iam.send(new ListRolesCommand({ MaxItems: 1 }));
    return wrong(
      'own_role',
      `the identity that asks may call ${OWN_PERMISSION} by itself`,
      'Allow its role execute-api:Invoke on the broker, and nothing else.',
    );
  } catch (error) {
    const said = whatAwsSaid('IAM', error);
    return /AccessDenied|UnauthorizedOperation/.test(said)
      ? ok('own_role', `the identity that asks may not call ${OWN_PERMISSION} by itself`)
      : unknown('own_role', `whether the identity that asks may do anything by itself: ${said}`);
  } finally {
    iam.destroy();
  }
}

/** Everything that can be looked at from this machine, in the order in which one would mend it. */
export async function runChecks(setup: Setup): Promise<Finding[]> {
  const [region, clock, principal, role] = await Promise.all([
    checkRegion(setup),
    checkClock(setup),
    checkPrincipal(setup),
    checkOwnRole(setup),
  ]);
  return [...clock, region, ...role, checkKeys(setup), ...checkProfiles(setup), principal];
}
