import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { needing, type Operation, type Operations, textIn } from '../operation.ts';
import type { AwsCall } from '../types.ts';
import type { Buckets, Version } from './bucket-store.ts';
import { keyAs, listPage, repeated } from './list-page.ts';
import { onBucket } from './needs.ts';
import { quoted, xmlAnswer } from './xml.ts';

const OWNER = { ID: 'sandbox', DisplayName: 'sandbox' };

const listedObject = (call: AwsCall, key: string, { storedAt, etag, body }: Version) => ({
  Key: keyAs(call, key),
  LastModified: storedAt.toISOString(),
  ETag: quoted(etag),
  Size: body?.length ?? 0,
  StorageClass: 'STANDARD',
});

/** Where the next page begins, in a text that callers hand back as they got it. */
const tokenOf = (key: string): string => Buffer.from(key).toString('base64url');

function keyOfToken(token: unknown): string | undefined {
  if (token === undefined) return undefined;
  const key = Buffer.from(String(token), 'base64url').toString();
  if (tokenOf(key) === token) return key;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400);
}

/** What is there now: objects whose newest version is no mark of a deletion. */
function listObjects(buckets: Buckets, call: AwsCall, after: string) {
  const entries = buckets
    .entries(textIn(call, 'Bucket'))
    .flatMap(([key, [newest]]) => (newest?.body ? [{ key, items: [listedObject(call, key, newest)] }] : []));
  return listPage(call, entries, after);
}

const listObjectsV2 =
  (buckets: Buckets): Operation['run'] =>
  (call) => {
    const { ContinuationToken, StartAfter } = call.input;
    const page = listObjects(buckets, call, keyOfToken(ContinuationToken) ?? String(StartAfter ?? ''));
    return xmlAnswer('ListBucketResult', {
      ...repeated(call),
      MaxKeys: page.most,
      KeyCount: page.items.length + page.commonPrefixes.length,
      IsTruncated: page.last !== undefined,
      ...(page.last !== undefined && { NextContinuationToken: tokenOf(page.last) }),
      Contents: page.items,
      CommonPrefixes: page.commonPrefixes,
    });
  };

const listObjectsV1 =
  (buckets: Buckets): Operation['run'] =>
  (call) => {
    const page = listObjects(buckets, call, String(call.input.Marker ?? ''));
    return xmlAnswer('ListBucketResult', {
      ...repeated(call),
      Marker: String(call.input.Marker ?? ''),
      MaxKeys: page.most,
      IsTruncated: page.last !== undefined,
      ...(page.last !== undefined && { NextMarker: keyAs(call, page.last) }),
      Contents: page.items,
      CommonPrefixes: page.commonPrefixes,
    });
  };

/** In pages of whole keys: the versions of one are never divided between two. */
const listVersions =
  (buckets: Buckets): Operation['run'] =>
  (call) => {
    const entries = buckets.entries(textIn(call, 'Bucket')).map(([key, versions]) => ({
      key,
      items: versions.map((version, place) => ({ key, version, isLatest: place === 0 })),
    }));
    const page = listPage(call, entries, String(call.input.KeyMarker ?? ''));
    const shown = (isMark: boolean) =>
      page.items
        .filter(({ version }) => isMark === (version.body === undefined))
        .map(({ key, version, isLatest }) => ({
          ...(isMark
            ? { Key: keyAs(call, key), LastModified: version.storedAt.toISOString() }
            : listedObject(call, key, version)),
          VersionId: version.versionId,
          IsLatest: isLatest,
          Owner: OWNER,
        }));
    return xmlAnswer('ListVersionsResult', {
      ...repeated(call),
      KeyMarker: String(call.input.KeyMarker ?? ''),
      MaxKeys: page.most,
      IsTruncated: page.last !== undefined,
      ...(page.last !== undefined && { NextKeyMarker: keyAs(call, page.last) }),
      Version: shown(false),
      DeleteMarker: shown(true),
      CommonPrefixes: page.commonPrefixes,
    });
  };

/** What is asked of buckets, and of the list of them. */
export const bucketOperations = (buckets: Buckets, region: string): Operations => {
  const ofKnown =
    (run: (bucket: string) => Response): Operation['run'] =>
    (call) => {
      const bucket = textIn(call, 'Bucket');
      buckets.entries(bucket);
      return run(bucket);
    };
  return {
    ListBuckets: {
      needs: needing('s3:ListAllMyBuckets', () => '*'),
      run: () =>
        xmlAnswer('ListAllMyBucketsResult', {
          Owner: OWNER,
          Buckets: {
            Bucket: buckets.names().map((Name) => ({ Name, CreationDate: buckets.startedAt.toISOString() })),
          },
        }),
    },
    HeadBucket: {
      needs: onBucket('s3:ListBucket'),
      run: ofKnown(() => new Response(null, { headers: { 'x-amz-bucket-region': region } })),
    },
    GetBucketLocation: {
      needs: onBucket('s3:GetBucketLocation'),
      run: ofKnown(
        () =>
          new Response(
            `<?xml version="1.0" encoding="UTF-8"?><LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${region}</LocationConstraint>`,
            { headers: { 'content-type': 'application/xml' } },
          ),
      ),
    },
    GetBucketVersioning: {
      needs: onBucket('s3:GetBucketVersioning'),
      run: ofKnown(() => xmlAnswer('VersioningConfiguration', { Status: 'Enabled' })),
    },
    ListObjects: { needs: onBucket('s3:ListBucket'), run: listObjectsV1(buckets) },
    ListObjectsV2: { needs: onBucket('s3:ListBucket'), run: listObjectsV2(buckets) },
    ListObjectVersions: { needs: onBucket('s3:ListBucketVersions'), run: listVersions(buckets) },
  };
};
