import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUILT_IN, clientIn, loadSdk } from '../../../clients/mcp/load-sdk.ts';
import { runAwsCall } from '../../../clients/mcp/run-aws-call.ts';

const SESSION = { accessKeyId: 'ASIASESSION000000000', secretAccessKey: 'secret', sessionToken: 'token' };

/** A server that keeps what was sent to it, and answers one body to everything. */
async function listen(answer: { body: Buffer; type: string }) {
  const seen: string[] = [];
  const server: Server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['x-amz-security-token']}`);
    response.writeHead(200, { 'content-type': answer.type, 'content-length': answer.body.length });
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, seen, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe('the SDK of a service', () => {
  it.each(BUILT_IN)('%s is built in, with one client', async (service) => {
    expect(clientIn((await loadSdk(service)) ?? {})).toBeTypeOf('function');
  });

  it('of another service is looked for beside', async () => {
    expect(clientIn((await loadSdk('iam')) ?? {})).toBeTypeOf('function');
    expect(await loadSdk('none-such')).toBeUndefined();
  });

  it.each(['../../etc', '__proto__', 'constructor', 's3/../../x', 'S3', '', 'a'.repeat(61)])(
    '%j is no service, and nothing is loaded by it',
    async (service) => {
      expect(await loadSdk(service)).toBeUndefined();
    },
  );

  it('that there is not is said, with what to do', async () => {
    const call = { service: 'none-such', operation: 'ListThings', input: {}, region: 'eu-central-1' };
    await expect(runAwsCall(SESSION, call)).rejects.toThrow('install it beside');
  });
});

describe('a call', () => {
  const content = Buffer.from('ä content of some length '.repeat(20_000));
  let aws: Awaited<ReturnType<typeof listen>>;
  let elsewhere: Awaited<ReturnType<typeof listen>>;
  beforeAll(async () => {
    aws = await listen({ body: content, type: 'application/json' });
    elsewhere = await listen({ body: Buffer.from('{}'), type: 'application/json' });
  });
  afterAll(async () => {
    await Promise.all([aws.close(), elsewhere.close()]);
  });
  beforeEach(() => void vi.stubEnv('AWS_ENDPOINT_URL', aws.url));
  afterEach(() => void vi.unstubAllEnvs());

  it('goes to AWS, whatever host a parameter names: with it goes the token of the session', async () => {
    const QueueUrl = `${elsewhere.url}/123456789012/jobs`;
    const input = { QueueUrl, MessageBody: 'x' };
    const call = { service: 'sqs', operation: 'SendMessage', input, region: 'eu-central-1' };
    await runAwsCall(SESSION, call).catch(() => undefined);
    expect(elsewhere.seen).toEqual([]);
    expect(aws.seen.some((each) => each.endsWith(' token'))).toBe(true);
  });

  it('reads no more of what streams than is shown, as the text that it is', async () => {
    const input = { Bucket: 'reports', Key: 'large' };
    const call = { service: 's3', operation: 'GetObject', input, region: 'eu-central-1' };
    const { Body } = (await runAwsCall(SESSION, call)) as { Body: string };
    expect(Body.startsWith('ä content')).toBe(true);
    expect(Body.length).toBeGreaterThan(20_000);
    expect(Body.length).toBeLessThan(content.length);
  });
});
