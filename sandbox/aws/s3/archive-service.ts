import { createHash } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { crc32Of } from '../buckets/object-body.ts';
import type { AwsCall, AwsService } from '../types.ts';
import { listVersions } from './list-versions.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * The little of S3 that an archive with Object Lock takes: objects are written once and read, never replaced or
 * removed. Addressed by path, `/<bucket>/<key>`.
 */
export function createArchive(objects: ObjectStore): AwsService {
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
        const { Prefix = '', Delimiter = '' } = call.input;
        return new Response(listVersions(objects, bucket, String(Prefix), String(Delimiter)), {
          headers: { 'content-type': 'application/xml' },
        });
      }
      const found = objects.get(bucket, key);
      if (call.operation === 'GetObject') {
        if (found === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
        return new Response(found, {
          headers: {
            'content-type': 'application/json',
            'x-amz-checksum-crc32': crc32Of(Buffer.from(found)),
          },
        });
      }
      if (call.operation !== 'PutObject')
        throw new AwsError('NotImplemented', `The sandbox's archive has no ${call.operation}.`, 501);
      const body = Buffer.from((call.input.Body ?? new Uint8Array()) as Uint8Array).toString('utf8');
      if (call.input.ChecksumSHA256 !== createHash('sha256').update(body).digest('base64'))
        throw new AwsError('InvalidRequest', 'Content-MD5 or a checksum is required with Object Lock.', 400);
      if (found !== undefined)
        throw new AwsError('PreconditionFailed', 'At least one precondition did not hold.', 412);
      objects.put(bucket, key, body);
      return new Response(null);
    },
  };
}

const placeOf = ({ input }: AwsCall) => ({ bucket: String(input.Bucket), key: String(input.Key) });
