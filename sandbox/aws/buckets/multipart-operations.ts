import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { Room } from '../make-room.ts';
import { numberIn, type Operations, textIn } from '../operation.ts';
import type { AwsCall } from '../types.ts';
import { type Buckets, md5 } from './bucket-store.ts';
import { onBucket, onObject } from './needs.ts';
import { bodyIn, headersIn, refuseOthers } from './object-body.ts';
import { quoted, xmlAnswer } from './xml.ts';

type Part = { readonly body: Buffer; readonly etag: string; readonly storedAt: Date };
type Upload = {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly startedAt: Date;
  readonly parts: Map<number, Part>;
};

/** S3's own bound on parts. */
const MOST_PARTS = 10_000;
/** Bytes of a part that is not the last. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART = 5 * 1024 * 1024;

const PART = /<Part>(.*?)<\/Part>/gs;
const NUMBER = /<PartNumber>\s*(\d{1,5})\s*<\/PartNumber>/;
const ETAG = /<ETag>\s*(?:"|&quot;|&#34;)?([0-9a-f]{32})(?:"|&quot;|&#34;)?\s*<\/ETag>/;

/** The parts that a completion lists, by number and ETag. Throws MalformedXML. */
function listedParts({ input }: AwsCall): { number: number; etag: string }[] {
  const text = Buffer.from((input.MultipartUpload ?? new Uint8Array()) as Uint8Array).toString('utf8');
  const parts = [...text.matchAll(PART)].map(([, written = '']) => ({
    number: Number(NUMBER.exec(written)?.[1]),
    etag: ETAG.exec(written)?.[1] ?? '',
  }));
  const isWhole = parts.length > 0 && parts.every(({ number, etag }) => number > 0 && etag !== '');
  if (!isWhole) throw new AwsError('MalformedXML', 'The XML that you provided lists no parts.', 400);
  const isAscending = parts.every(
    ({ number }, place) => place === 0 || number > (parts[place - 1]?.number ?? 0),
  );
  if (!isAscending) throw new AwsError('InvalidPartOrder', 'The parts were not in ascending order.', 400);
  return parts;
}

/**
 * Uploads in parts, which become an object once they are complete.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export function multipartOperations(buckets: Buckets, room: Room): Operations {
  const uploads = new Map<string, Upload>();

  function uploadIn(call: AwsCall): Upload {
    const upload = uploads.get(textIn(call, 'UploadId'));
    if (upload && upload.bucket === call.input.Bucket && upload.key === call.input.Key) return upload;
    throw new AwsError('NoSuchUpload', 'The specified upload does not exist.', 404);
  }

  function drop(upload: Upload): void {
    uploads.delete(upload.id);
    room.give(upload.key.length);
    for (const { body } of upload.parts.values()) room.give(body.length);
  }

  function create(call: AwsCall): Response {
    refuseOthers(call);
    const [bucket, key] = [textIn(call, 'Bucket'), textIn(call, 'Key')];
    buckets.entries(bucket);
    room.take(key.length);
    const id = randomUUID();
    uploads.set(id, { id, bucket, key, headers: headersIn(call), startedAt: new Date(), parts: new Map() });
    return xmlAnswer('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id });
  }

  function uploadPart(call: AwsCall): Response {
    refuseOthers(call, ['PartNumber']);
    const { parts } = uploadIn(call);
    const number = numberIn(call, 'PartNumber', { least: 1, most: MOST_PARTS, otherwise: 0 });
    const body = bodyIn(call);
    room.take(body.length);
    const before = parts.get(number);
    if (before) room.give(before.body.length);
    const part = { body, etag: md5(body), storedAt: new Date() };
    parts.set(number, part);
    return new Response(null, { headers: { etag: quoted(part.etag) } });
  }

  function complete(call: AwsCall): Response {
    const upload = uploadIn(call);
    const listed = listedParts(call);
    const parts = listed.map(({ number, etag }, place) => {
      const part = upload.parts.get(number);
      if (part?.etag !== etag) throw new AwsError('InvalidPart', `Part ${number} was not uploaded.`, 400);
      if (place < listed.length - 1 && part.body.length < SMALLEST_PART)
        throw new AwsError('EntityTooSmall', `Part ${number} is smaller than ${SMALLEST_PART} bytes.`, 400);
      return part;
    });
    const { bucket, key, headers } = upload;
    drop(upload);
    const etag = `${md5(Buffer.from(parts.map((part) => part.etag).join(''), 'hex'))}-${parts.length}`;
    const made = buckets.put(bucket, key, {
      body: Buffer.concat(parts.map(({ body }) => body)),
      headers,
      etag,
    });
    return xmlAnswer(
      'CompleteMultipartUploadResult',
      { Bucket: bucket, Key: key, ETag: quoted(etag) },
      { 'x-amz-version-id': made.versionId },
    );
  }

  function abort(call: AwsCall): Response {
    drop(uploadIn(call));
    return new Response(null, { status: 204 });
  }

  function listParts(call: AwsCall): Response {
    const { id, bucket, key, parts } = uploadIn(call);
    return xmlAnswer('ListPartsResult', {
      Bucket: bucket,
      Key: key,
      UploadId: id,
      IsTruncated: false,
      Part: [...parts]
        .sort(([left], [right]) => left - right)
        .map(([number, { etag, body, storedAt }]) => ({
          PartNumber: number,
          LastModified: storedAt.toISOString(),
          ETag: quoted(etag),
          Size: body.length,
        })),
    });
  }

  function listUploads(call: AwsCall): Response {
    const bucket = textIn(call, 'Bucket');
    buckets.entries(bucket);
    const prefix = String(call.input.Prefix ?? '');
    const found = [...uploads.values()].filter(
      (each) => each.bucket === bucket && each.key.startsWith(prefix),
    );
    return xmlAnswer('ListMultipartUploadsResult', {
      Bucket: bucket,
      Prefix: prefix,
      IsTruncated: false,
      Upload: found.map(({ id, key, startedAt }) => ({
        Key: key,
        UploadId: id,
        Initiated: startedAt.toISOString(),
      })),
    });
  }

  return {
    CreateMultipartUpload: { needs: onObject('s3:PutObject'), run: create },
    UploadPart: { needs: onObject('s3:PutObject'), run: uploadPart },
    CompleteMultipartUpload: { needs: onObject('s3:PutObject'), run: complete },
    AbortMultipartUpload: { needs: onObject('s3:AbortMultipartUpload'), run: abort },
    ListParts: { needs: onObject('s3:ListMultipartUploadParts'), run: listParts },
    ListMultipartUploads: { needs: onBucket('s3:ListBucketMultipartUploads'), run: listUploads },
  };
}
