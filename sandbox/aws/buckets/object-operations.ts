import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { Authorization } from '../authorize.ts';
import { type Operation, type Operations, textIn } from '../operation.ts';
import type { AwsCall } from '../types.ts';
import type { Buckets, Version } from './bucket-store.ts';
import { bucketArn, objectArn, onObject } from './needs.ts';
import { bodyIn, crc32Of, headersIn, refuseOthers, sourceIn } from './object-body.ts';
import { quoted, xmlAnswer } from './xml.ts';

const placeIn = (call: AwsCall) => ({
  bucket: textIn(call, 'Bucket'),
  key: textIn(call, 'Key'),
  ...(call.input.VersionId !== undefined && { versionId: String(call.input.VersionId) }),
});

const noSuchKey = () => new AwsError('NoSuchKey', 'The specified key does not exist.', 404);

/** A version with a body. Throws as S3 does where there is none, or a deletion's mark in its place. */
function existing(
  buckets: Buckets,
  { bucket, key, versionId }: ReturnType<typeof sourceIn>,
): Version & { body: Buffer } {
  const found = buckets.find(bucket, key, versionId);
  if (found?.body) return { ...found, body: found.body };
  if (versionId === undefined) throw noSuchKey();
  if (found) throw new AwsError('MethodNotAllowed', 'A delete marker cannot be read.', 405);
  throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
}

/** What reading needs. Whether an object is there at all is told only to those who may list the bucket. */
const toRead =
  (buckets: Buckets) =>
  (call: AwsCall): Authorization[] => {
    const own = onObject('s3:GetObject', 's3:GetObjectVersion')(call);
    const { bucket, key, versionId } = placeIn(call);
    const isThere = !buckets.has(bucket) || buckets.find(bucket, key, versionId)?.body !== undefined;
    return isThere ? own : [...own, { action: 's3:ListBucket', resource: bucketArn(bucket) }];
  };

type Bytes = { readonly from: number; readonly to: number };

/** The part of a body that a Range asks for; undefined for all of it. */
function rangeIn({ input }: AwsCall, length: number): Bytes | undefined {
  if (input.Range === undefined) return undefined;
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(String(input.Range)) ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (from <= to) return { from, to };
  throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
}

const read =
  (buckets: Buckets, withBody: boolean): Operation['run'] =>
  (call) => {
    refuseOthers(call);
    const { versionId, storedAt, etag, body, headers } = existing(buckets, placeIn(call));
    if (call.input.IfNoneMatch === quoted(etag)) return new Response(null, { status: 304 });
    const range = rangeIn(call, body.length);
    const part = range ? body.subarray(range.from, range.to + 1) : body;
    return new Response(withBody ? new Uint8Array(part) : null, {
      status: range ? 206 : 200,
      headers: {
        ...headers,
        'content-length': String(part.length),
        'last-modified': storedAt.toUTCString(),
        etag: quoted(etag),
        'x-amz-version-id': versionId,
        'accept-ranges': 'bytes',
        ...(range
          ? { 'content-range': `bytes ${range.from}-${range.to}/${body.length}` }
          : { 'x-amz-checksum-crc32': crc32Of(body) }),
      },
    });
  };

const put =
  (buckets: Buckets): Operation['run'] =>
  (call) => {
    refuseOthers(call);
    const { bucket, key } = placeIn(call);
    if (call.input.IfNoneMatch !== undefined && buckets.find(bucket, key)?.body)
      throw new AwsError('PreconditionFailed', 'At least one precondition did not hold.', 412);
    const { versionId, etag } = buckets.put(bucket, key, { body: bodyIn(call), headers: headersIn(call) });
    return new Response(null, { headers: { etag: quoted(etag), 'x-amz-version-id': versionId } });
  };

const toCopy = (call: AwsCall): Authorization[] => {
  const { bucket, key, versionId } = sourceIn(call);
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return [...onObject('s3:PutObject')(call), { action, resource: objectArn(bucket, key) }];
};

const copy =
  (buckets: Buckets): Operation['run'] =>
  (call) => {
    refuseOthers(call);
    const { bucket, key } = placeIn(call);
    const source = existing(buckets, sourceIn(call));
    const isReplaced = call.input.MetadataDirective === 'REPLACE';
    const headers = isReplaced ? headersIn(call) : source.headers;
    const copied = buckets.put(bucket, key, { body: source.body, headers });
    return xmlAnswer(
      'CopyObjectResult',
      { LastModified: copied.storedAt.toISOString(), ETag: quoted(copied.etag) },
      { 'x-amz-version-id': copied.versionId, 'x-amz-copy-source-version-id': source.versionId },
    );
  };

/** Deletes one version for good, or marks the object as deleted. */
function deleteOne(buckets: Buckets, { bucket, key, versionId }: ReturnType<typeof sourceIn>) {
  if (versionId === undefined) return { version: buckets.mark(bucket, key), isMark: true };
  const version = buckets.remove(bucket, key, versionId);
  return { version: version ?? { versionId }, isMark: version !== undefined && !version.body };
}

const remove =
  (buckets: Buckets): Operation['run'] =>
  (call) => {
    const { version, isMark } = deleteOne(buckets, placeIn(call));
    const headers = {
      'x-amz-version-id': version.versionId,
      ...(isMark && { 'x-amz-delete-marker': 'true' }),
    };
    return new Response(null, { status: 204, headers });
  };

type Deleted = { readonly Key: string; readonly VersionId?: string };

const deletedIn = ({ input }: AwsCall): readonly Deleted[] =>
  ((input.Delete ?? {}) as { Objects?: readonly Deleted[] }).Objects ?? [];

const toDeleteMany = (call: AwsCall): Authorization[] => {
  const bucket = textIn(call, 'Bucket');
  const needs = deletedIn(call).map(({ Key, VersionId }) => ({
    action: VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
    resource: objectArn(bucket, Key),
  }));
  if (needs.length > 0) return needs;
  throw new AwsError('MalformedXML', 'The XML that you provided names no object.', 400);
};

const removeMany =
  (buckets: Buckets): Operation['run'] =>
  (call) => {
    const bucket = textIn(call, 'Bucket');
    const Deleted = deletedIn(call).map(({ Key, VersionId }) => {
      const place = { bucket, key: Key, ...(VersionId !== undefined && { versionId: VersionId }) };
      const { version, isMark } = deleteOne(buckets, place);
      return {
        Key,
        ...(VersionId !== undefined && { VersionId }),
        ...(isMark && { DeleteMarker: true, DeleteMarkerVersionId: version.versionId }),
      };
    });
    return xmlAnswer('DeleteResult', { Deleted });
  };

/** What is asked of objects. */
export const objectOperations = (buckets: Buckets): Operations => ({
  GetObject: { needs: toRead(buckets), run: read(buckets, true) },
  HeadObject: { needs: toRead(buckets), run: read(buckets, false) },
  PutObject: { needs: onObject('s3:PutObject'), run: put(buckets) },
  CopyObject: { needs: toCopy, run: copy(buckets) },
  DeleteObject: { needs: onObject('s3:DeleteObject', 's3:DeleteObjectVersion'), run: remove(buckets) },
  DeleteObjects: { needs: toDeleteMany, run: removeMany(buckets) },
});
