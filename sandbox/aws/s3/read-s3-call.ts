import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { ParsedCall } from '../../../gateway/wire/read-call.ts';
import type { ReceivedRequest } from '../../../gateway/wire/read-claim.ts';

const OPERATIONS: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};
/** A bucket's name, and a key that is no way out of it. */
const PATH = /^\/([a-z0-9][a-z0-9.-]{1,62})\/(?!.*(?:^|\/)\.\.?(?:\/|$))([A-Za-z0-9!_.*'()/-]{1,1024})$/;

const BUCKET_PATH = /^\/([a-z0-9][a-z0-9.-]{1,62})\/?$/;

/** The operation of a call to S3: a method on a path. */
export function readS3Call({ method, url, headers, body }: ReceivedRequest): ParsedCall {
  const [, listedBucket] = BUCKET_PATH.exec(url.pathname) ?? [];
  if (method === 'GET' && listedBucket && url.searchParams.has('versions'))
    return {
      operation: 'ListObjectVersions',
      input: {
        Bucket: listedBucket,
        Prefix: url.searchParams.get('prefix') ?? '',
        Delimiter: url.searchParams.get('delimiter') ?? '',
      },
    };
  const operation = OPERATIONS[method];
  const [, Bucket, Key] = PATH.exec(decodeURIComponent(url.pathname)) ?? [];
  if (!operation || !Bucket || !Key)
    throw new AwsError('NotImplemented', 'The sandbox takes objects by their path alone.', 501);
  return {
    operation,
    input: {
      Bucket,
      Key,
      ...(operation === 'PutObject' && { Body: new TextDecoder().decode(body) }),
      VersionId: url.searchParams.get('versionId'),
      ChecksumSHA256: headers.get('x-amz-checksum-sha256'),
    },
  };
}
