import { identify } from '../identify/identify.ts';
import type { NamedCall } from '../identify/named-call.ts';
import type { Models } from '../identify/read-models.ts';
import { decompress } from '../wire/decompress.ts';
import type { RawRequest } from '../wire/raw-request.ts';
import { MOST_BODY_BYTES } from './read-body.ts';
import { notAllowed } from './refusals.ts';

export type NamingPorts = {
  readonly models: Models;
  /** The names that the gateway is called by, without a port; before them a bucket or a prefix may stand. */
  readonly ownHosts: readonly string[];
};

/** The service that a request says it is signed for: not verified yet. */
export function signingNameOf({ headers, query }: RawRequest): string | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.get('authorization') ?? '')?.[1] ??
    query.find(([key]) => key === 'X-Amz-Credential')?.[1];
  return credential?.split('/').at(-2);
}

/** What stands before the gateway's own name in a request's host: a bucket, or a prefix of an operation. */
export function labelBefore(
  { headers }: RawRequest,
  { ownHosts }: Pick<NamingPorts, 'ownHosts'>,
): string | undefined {
  const name = headers.get('host')?.replace(/:\d+$/, '').toLowerCase() ?? '';
  const own = ownHosts.find((each) => name === each || name.endsWith(`.${each}`));
  return own === undefined || own === name ? undefined : name.slice(0, -own.length - 1);
}

/** A host's prefix says which server answers: one that the operation does not have is not passed by. */
function isExpected(label: string, { hostPrefix }: NamedCall['operation']): boolean {
  return hostPrefix.endsWith('-') || (!hostPrefix.includes('{') && `${label}.` === hostPrefix);
}

/** Names a call by all that it sent. Throws CallRefused where it cannot be named. */
export function nameCall(
  request: RawRequest,
  body: Buffer | undefined,
  signingName: string,
  ports: NamingPorts,
): NamedCall {
  const label = labelBefore(request, ports);
  const isS3 = signingName === 's3';
  // SDKs compress large bodies of some services; S3's are objects, and compressed as their owner has them.
  const readable = isS3
    ? body
    : body && decompress(body, request.headers.get('content-encoding'), MOST_BODY_BYTES);
  if (body && !readable) throw notAllowed('a body that cannot be decompressed');
  const named = identify(
    { request, body: readable, signingName, bucketInHost: isS3 ? label : undefined },
    ports.models,
  );
  if ('notNamed' in named) throw notAllowed(`not named: ${named.notNamed}`);
  if (!isS3 && label !== undefined && !isExpected(label, named.operation))
    throw notAllowed('a host whose first label is not this operation’s');
  return named;
}
