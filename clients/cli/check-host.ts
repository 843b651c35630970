import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Profiles } from '../sdk/find-identity-loop.ts';
import type { Finding } from './check-setup.ts';
import { checkKeys, checkProfiles, ok, unknown, wrong } from './check-setup.ts';

type Host = {
  readonly env: NodeJS.ProcessEnv;
  /** Where the broker is; absent where nothing says it yet. */
  readonly endpoint: string | undefined;
  readonly profiles: Profiles;
  readonly signal: AbortSignal;
  /** Reaches the instance's metadata service. */
  readonly fetch?: typeof globalThis.fetch;
};

/** Milliseconds that a metadata service may take: where there is one, it is on this machine. */
const METADATA_MS = 1_000;
const METADATA = 'http://169.254.169.254/latest';

/** A machine's way to sign without a key that lasts, by the variable that each platform sets. */
const FROM_PLATFORM: readonly (readonly [string, string])[] = [
  ['AWS_LAMBDA_FUNCTION_NAME', 'the role of the Lambda function'],
  ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'the role of the ECS task'],
  ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'the role of the pod (EKS Pod Identity)'],
  ['AWS_WEB_IDENTITY_TOKEN_FILE', 'a role by the platform’s token, from a file'],
  ['ACTIONS_ID_TOKEN_REQUEST_URL', 'a role by the token of the GitHub job'],
];

/** Keys in ~/.aws/credentials are there for whoever reads the disk, and for as long as nobody changes them. */
function checkKeyFiles({ profiles }: Host): Finding {
  const holding = Object.entries(profiles).flatMap(([name, profile]) =>
    profile?.aws_access_key_id?.startsWith('AKIA') ? [visibleText(name)] : [],
  );
  return holding.length === 0
    ? ok('key_files', 'no long-lived keys in ~/.aws')
    : wrong(
        'key_files',
        `~/.aws holds long-lived keys, of ${holding.join(', ')}`,
        'Remove them, and delete them in IAM: docs/examples/hosts has an identity for this machine.',
      );
}

/** Whether others on this machine may read the folder in which profiles are. */
async function checkPermissions(): Promise<Finding> {
  const file = process.env.AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials');
  const found = await stat(file).catch(() => undefined);
  return found && (found.mode & 0o077) !== 0
    ? wrong('key_file_mode', `${file} can be read by others on this machine`, `chmod 600 ${file}`)
    : ok('key_file_mode', 'nobody else on this machine reads ~/.aws/credentials');
}

/** What the instance's metadata service answers: `v1` where it gives the role without a token, too. */
async function metadataOf({ signal, fetch = globalThis.fetch }: Host): Promise<'none' | 'v2' | 'v1'> {
  const ask = (path: string, init: RequestInit) =>
    fetch(`${METADATA}/${path}`, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(METADATA_MS)]),
    }).catch(() => undefined);
  const token = await ask('api/token', {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
  });
  const open = await ask('meta-data/iam/security-credentials/', {});
  if (open?.ok) return 'v1';
  return token?.ok ? 'v2' : 'none';
}

/** What signs for this machine, without a key that lasts. */
async function checkIdentity(host: Host): Promise<Finding[]> {
  const named = FROM_PLATFORM.find(([variable]) => host.env[variable]);
  if (named)
    return [
      ok('host_identity', `${named[1]} signs here (${named[0]})`),
      unknown('metadata', 'whether there is an instance below: the platform’s own identity comes first'),
    ];
  const helper = Object.entries(host.profiles).find(([, profile]) =>
    profile?.credential_process?.includes('aws_signing_helper'),
  );
  const metadata = await metadataOf(host);
  const answered =
    metadata === 'v1'
      ? wrong(
          'metadata',
          'the instance’s metadata gives its role to any request, without a token (IMDSv1)',
          'aws ec2 modify-instance-metadata-options --http-tokens required --http-put-response-hop-limit 1',
        )
      : ok(
          'metadata',
          metadata === 'v2' ? 'the instance’s metadata takes tokens only' : 'no instance metadata',
        );
  if (helper)
    return [
      ok('host_identity', `the profile ${visibleText(helper[0])} signs by IAM Roles Anywhere`),
      answered,
    ];
  return [
    metadata === 'none'
      ? wrong(
          'host_identity',
          'nothing on this machine signs for it without a key that lasts',
          'docs/examples/hosts has an identity for EC2, ECS, Lambda, EKS, GitHub, and IAM Roles Anywhere for everything else.',
        )
      : ok('host_identity', 'the role of the instance signs here'),
    answered,
  ];
}

/**
 * What can be said of a machine before it has an identity: nothing is signed, and neither AWS nor the broker is asked
 * for anything. In the order in which one would mend it.
 */
export async function checkHost(host: Host): Promise<Finding[]> {
  return [
    ...(await checkIdentity(host)),
    checkKeys({ env: host.env, endpoint: host.endpoint ?? '' }),
    checkKeyFiles(host),
    await checkPermissions(),
    ...checkProfiles(host),
    host.endpoint === undefined
      ? wrong('endpoint', 'nothing says where the broker is', 'Set POSTERN_API to its base URL.')
      : ok('endpoint', `the broker is at ${visibleText(host.endpoint)}`),
  ];
}
