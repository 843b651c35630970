import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { makeArchiveBucket } from '../../../lambdas/shared/adapters/audit/archive-bucket.ts';
import { DependencyUnavailable } from '../../../lambdas/shared/domain/errors.ts';

type Put = { url: string | undefined; headers: IncomingHttpHeaders; body: string };
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that answers each PUT with a status, and keeps what it was sent. */
async function bucketAnswering(status: number) {
  const puts: Put[] = [];
  const server = createServer(async (request, response) => {
    puts.push({ url: request.url, headers: request.headers, body: await text(request) });
    response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const bucket = makeArchiveBucket({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'never sent', sessionToken: 'token' }),
  });
  return { bucket, puts };
}

test('an object is written once, signed, with the checksum that Object Lock asks for', async () => {
  const { bucket, puts } = await bucketAnswering(200);
  expect(await bucket.putOnce('employee 1/000000000001.json', '{"seq":1}')).toBe(true);
  const [put] = puts;
  expect(put?.url).toBe('/employee%201/000000000001.json');
  expect(put?.body).toBe('{"seq":1}');
  expect(put?.headers).toMatchObject({
    'if-none-match': '*',
    'x-amz-checksum-sha256': createHash('sha256').update('{"seq":1}').digest('base64'),
    'x-amz-security-token': 'token',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=.*if-none-match/,
    ),
  });
  expect(JSON.stringify(put)).not.toContain('never sent');
});

test('an object that is there already stays as it is', async () => {
  const { bucket } = await bucketAnswering(412);
  expect(await bucket.putOnce('a/1.json', '{}')).toBe(false);
});

test.each([403, 409, 500, 503])('status %i is a failure to try again', async (status) => {
  const { bucket } = await bucketAnswering(status);
  await expect(bucket.putOnce('a/1.json', '{}')).rejects.toThrow(DependencyUnavailable);
});

test('a bucket that does not answer is a failure to try again', async () => {
  const bucket = makeArchiveBucket({
    url: 'http://127.0.0.1:1',
    region: 'eu-central-1',
    credentials: () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
  });
  await expect(bucket.putOnce('a/1.json', '{}')).rejects.toThrow('no answer');
});
