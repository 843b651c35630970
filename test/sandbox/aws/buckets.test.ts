import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBuckets } from '../../../sandbox/aws/buckets/bucket-store.ts';
import { makeRoom } from '../../../sandbox/aws/make-room.ts';
import { unchunkBody } from '../../../sandbox/aws/rest/unchunk-body.ts';
import { type Shop, startShop } from './start-shop.ts';

const Bucket = 'shop-archive';
let shop: Shop;
let s3: S3Client;
beforeAll(async () => {
  shop = await startShop();
  s3 = new S3Client(shop.client);
});
afterAll(async () => {
  s3.destroy();
  await shop.close();
});

const put = (Key: string, Body: string, more = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const read = async (Key: string, more = {}) => {
  const { Body, ...answer } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await Body?.transformToString() };
};

test('what streams in comes in chunks, and is put together', async () => {
  const content = 'x'.repeat(100_000);
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'streamed',
      Body: Readable.from([Buffer.from(content)]),
      ContentLength: content.length,
    }),
  );
  const { text, ContentEncoding } = await read('streamed');
  expect([text, ContentEncoding]).toEqual([content, undefined]);
});

test.each(['zz', '5\r\nabc\r\n0\r\n', '', '-1\r\n'])(
  'a body in chunks that says %j is refused',
  (written) => {
    const headers = new Headers({ 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' });
    const request = {
      method: 'PUT',
      url: new URL('http://127.0.0.1/a/b'),
      headers,
      body: Buffer.from(written),
    };
    expect(() => unchunkBody(request)).toThrow('not the chunks');
  },
);

test.each(['a b+c&<é>"\'.txt', 'x//y', 'ends/', '$(id)', '%2F', 'ö\u{1f600}'])(
  'a key of odd characters, %j, is put, listed, read and deleted as it is',
  async (Key) => {
    const odd = `odd/${Key}`;
    const { VersionId } = await put(odd, 'odd');
    expect((await read(odd)).text).toBe('odd');
    const { Contents } = await s3.send(new ListObjectsCommand({ Bucket, Prefix: 'odd/' }));
    expect(Contents?.map((each) => each.Key)).toEqual([odd]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: odd }));
    const { Versions, DeleteMarkers } = await s3.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'odd/' }),
    );
    expect([Versions, DeleteMarkers].map((all) => all?.map((each) => each.Key))).toEqual([[odd], [odd]]);
    const [mark] = DeleteMarkers ?? [];
    await s3.send(new DeleteObjectCommand({ Bucket, Key: odd, VersionId: mark?.VersionId }));
    // Without the mark the object is there again.
    expect((await read(odd)).text).toBe('odd');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: odd, VersionId }));
    await expect(read(odd)).rejects.toMatchObject({ name: 'NoSuchKey' });
  },
);

test('a listing goes on from page to page, folders counted as one', async () => {
  for (const Key of ['1', '2', '3/a', '3/b', '4']) await put(`pages/${Key}`, Key);
  const seen: (string | undefined)[] = [];
  const pages = paginateListObjectsV2(
    { client: s3, pageSize: 2 },
    { Bucket, Prefix: 'pages/', Delimiter: '/' },
  );
  let count = 0;
  for await (const { Contents = [], CommonPrefixes = [] } of pages) {
    count += 1;
    seen.push(...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix));
  }
  expect([count, seen]).toEqual([2, ['pages/1', 'pages/2', 'pages/4', 'pages/3/']]);
});

test.each([
  ['a checksum that is not of the body', { ChecksumSHA256: `${'A'.repeat(43)}=` }, 'BadDigest'],
  ['tags', { Tagging: 'a=b' }, 'NotImplemented'],
  ['an access control list', { ACL: 'public-read' }, 'NotImplemented'],
  ['a lock', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date() }, 'NotImplemented'],
])('%s: refused, and not passed over', async (_, more, name) => {
  await expect(put('refused', 'x', more)).rejects.toMatchObject({ name });
  await expect(read('refused')).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('what is there already is not put over where the caller says so', async () => {
  await put('once', '1');
  await expect(put('once', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect((await read('once')).text).toBe('1');
});

test.each([
  ['a range past the end', { Range: 'bytes=9-' }, 'InvalidRange'],
  ['a version that is none', { VersionId: 'none' }, 'NoSuchVersion'],
])('%s is refused', async (_, more, name) => {
  await put('short', 'short');
  await expect(read('short', more)).rejects.toMatchObject({ name });
});

test('a part of an upload that there is not', async () => {
  const part = new UploadPartCommand({ Bucket, Key: 'x', UploadId: 'none', PartNumber: 1, Body: 'x' });
  await expect(s3.send(part)).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('nothing is in a bucket that the catalog does not name', async () => {
  await expect(read('x', { Bucket: 'of-nobody' })).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('what is stored is bounded, and what is deleted makes room', () => {
  const buckets = openBuckets(['b'], makeRoom(10_000));
  const body = Buffer.alloc(5_000);
  const { versionId } = buckets.put('b', 'first', { body, headers: {} });
  expect(() => buckets.put('b', 'second', { body, headers: {} })).toThrow('10000 bytes');
  buckets.remove('b', 'first', versionId);
  expect(buckets.put('b', 'second', { body, headers: {} }).body).toHaveLength(5_000);
  // Things without content take room too.
  expect(() => Array.from({ length: 20 }, () => buckets.mark('b', 'x'))).toThrow('10000 bytes');
});
