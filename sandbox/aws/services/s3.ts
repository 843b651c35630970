import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { listVersions } from '../s3/list-versions.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import type { AwsCall, AwsService } from '../types.ts';

/**
 * The little of S3 that an archive with Object Lock takes: objects are written once and read, never replaced or
 * removed. Addressed by path, `/<bucket>/<key>`.
 */
export function createS3(objects: ObjectStore): AwsService {
  return {
    name: 's3',
    authorizations(call) {
      const { bucket, key } = placeOf(call);
      if (call.operation === 'ListObjectVersions')
        return [{ action: 's3:ListBucketVersions', resource: `arn:aws:s3:::${bucket}` }];
      if (call.operation === 'GetObject' && call.input.VersionId)
        return [{ action: 's3:GetObjectVersion', resource: `arn:aws:s3:::${bucket}/${key}` }];
      // Whether an object is there at all is told only to those who may list.
      if (call.operation === 'GetObject' && objects.get(bucket, key) === undefined)
        return [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` }];
      return [{ action: `s3:${call.operation}`, resource: `arn:aws:s3:::${bucket}/${key}` }];
    },
    async handle(call) {
      const { bucket, key } = placeOf(call);
      if (call.operation === 'ListObjectVersions') {
        const { Prefix, Delimiter } = call.input;
        return new Response(listVersions(objects, bucket, String(Prefix), String(Delimiter)), {
          headers: { 'content-type': 'application/xml' },
        });
      }
      const found = objects.get(bucket, key);
      if (call.operation === 'GetObject') {
        if (found === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
        return new Response(found, {
          headers: { 'content-type': 'application/json', 'x-amz-checksum-crc32': checksumOf(found) },
        });
      }
      if (call.operation !== 'PutObject')
        throw new AwsError('NotImplemented', `The sandbox's archive has no ${call.operation}.`, 501);
      const body = String(call.input.Body);
      if (call.input.ChecksumSHA256 !== createHash('sha256').update(body).digest('base64'))
        throw new AwsError('InvalidRequest', 'Content-MD5 or a checksum is required with Object Lock.', 400);
      if (found !== undefined)
        throw new AwsError('PreconditionFailed', 'At least one precondition did not hold.', 412);
      objects.put(bucket, key, body);
      return new Response(null);
    },
  };
}

/** What an SDK compares that asked for checksums, which they all do: CRC32, big-endian, in base64. */
function checksumOf(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

const placeOf = ({ input }: AwsCall) => ({ bucket: String(input.Bucket), key: String(input.Key) });
