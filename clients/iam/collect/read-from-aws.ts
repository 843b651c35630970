import { type CallerIdentity, ordinaryIdentity } from '../../sdk/caller-identity.ts';
import { proxiedHandler } from '../../sdk/use-proxies.ts';
import { type Read, type ReadName, ReadRefused } from './reads.ts';

/** Tries of one call, the first among them: throttling is waited out by the SDK, which slows down by itself. */
const MOST_TRIES = 10;

/** Bytes of one object: a trail's files have a few megabytes. */
const MOST_OBJECT_BYTES = 200_000_000;

type Sendable = { send(command: unknown): Promise<Record<string, unknown>>; destroy(): void };
type Constructor<T> = new (input: unknown) => T;
type Module = Readonly<Record<string, unknown>>;

/** Modules of the services that are read, each loaded when it is first needed. */
const SERVICES: Readonly<Record<string, { load: () => Promise<unknown>; client: string }>> = {
  'access-analyzer': { load: () => import('@aws-sdk/client-accessanalyzer'), client: 'AccessAnalyzerClient' },
  cloudtrail: { load: () => import('@aws-sdk/client-cloudtrail'), client: 'CloudTrailClient' },
  iam: { load: () => import('@aws-sdk/client-iam'), client: 'IAMClient' },
  organizations: { load: () => import('@aws-sdk/client-organizations'), client: 'OrganizationsClient' },
  s3: { load: () => import('@aws-sdk/client-s3'), client: 'S3Client' },
  sts: { load: () => import('@aws-sdk/client-sts'), client: 'STSClient' },
};

/** Calls whose name is not that of the action which allows them. */
const OPERATION_OF: Partial<Record<ReadName, string>> = { 's3:ListBucket': 'ListObjectsV2' };

type Options = {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who calls; the ordinary chain where it is left out. */
  readonly identity?: CallerIdentity;
};

/** Reads AWS with the caller's ordinary credentials. `home` is the region that is read where none is named. */
export function readFromAws({ profile, region, env, identity }: Options) {
  const caller = identity ?? ordinaryIdentity({ ...(profile && { profile }), ...(region && { region }) });
  const clients = new Map<string, Promise<{ client: Sendable; module: Module }>>();

  async function open(service: string, in_: string): Promise<{ client: Sendable; module: Module }> {
    const { load, client } = SERVICES[service] ?? {};
    if (!load || !client) throw new Error(`nothing reads ${service}`);
    const module = (await load()) as Module;
    const Client = module[client] as Constructor<Sendable>;
    const made = new Client({
      region: in_,
      credentials: caller.credentials,
      maxAttempts: MOST_TRIES,
      retryMode: 'adaptive',
      ...proxiedHandler(env),
      // A bucket of another region is found; and an endpoint that is named has no host for each bucket.
      ...(service === 's3' && {
        followRegionRedirects: true,
        forcePathStyle: Boolean(env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL),
      }),
    });
    return { client: made, module };
  }

  const read: Read = async (name, input = {}, in_) => {
    const [service = '', action = ''] = name.split(':');
    const where = in_ ?? (await caller.region());
    const key = `${service} ${where}`;
    const opening = clients.get(key) ?? open(service, where);
    clients.set(key, opening);
    const { client, module } = await opening;
    const Command = module[`${OPERATION_OF[name] ?? action}Command`] as Constructor<unknown>;
    try {
      const { $metadata: _, ...answer } = await client.send(new Command(input));
      return name === 's3:GetObject' ? await bytesOf(answer) : answer;
    } catch (error) {
      throw refusalOf(error);
    }
  };
  return {
    read,
    home: () => caller.region(),
    async close() {
      for (const opening of clients.values()) (await opening.catch(() => undefined))?.client.destroy();
    },
  };
}

type Body = { ContentLength?: number; Body?: { transformToByteArray(): Promise<Uint8Array> } };

async function bytesOf({ ContentLength = 0, Body }: Body): Promise<Uint8Array> {
  if (ContentLength > MOST_OBJECT_BYTES)
    throw new ReadRefused(
      'TooLarge',
      `it has ${ContentLength} bytes: no more than ${MOST_OBJECT_BYTES} are read`,
    );
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

/** What a service answered as its refusal; anything else stays what it is. */
function refusalOf(error: unknown): unknown {
  const isOfService =
    error instanceof Error && '$fault' in error && '$metadata' in error && error.name !== 'TimeoutError';
  return isOfService ? new ReadRefused(error.name, error.message) : error;
}
