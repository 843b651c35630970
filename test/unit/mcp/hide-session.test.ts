import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeMcpServer } from '../../../clients/mcp/make-mcp-server.ts';
import { runAwsCall } from '../../../clients/mcp/run-aws-call.ts';

const session = {
  accessKeyId: 'ASIAHELDSESSION00000',
  secretAccessKey: 'held/secret+key=',
  sessionToken: 'held/session+token==',
  expiration: new Date('2026-11-20T22:15:00.000Z'),
};
const SECRETS = [session.accessKeyId, session.secretAccessKey, session.sessionToken];
const quoted = (headers: unknown) =>
  `${JSON.stringify(headers)} ${session.secretAccessKey} ${encodeURIComponent(session.sessionToken)}`;

type Answer = { status: number; body: (headers: unknown) => Record<string, unknown> };
let answer: Answer;
let aws: Server;
let client: Client;
beforeEach(async () => {
  aws = createServer((request, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body(request.headers)));
  });
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(aws.address() as AddressInfo).port}`);
  const server = makeMcpServer({
    broker: {} as never,
    claim: async () => session,
    region: async () => 'eu-central-1',
    callAws: runAwsCall,
    lookEvery: 1,
    tellEvery: 1,
    now: Date.now,
  });
  client = new Client({ name: 'test', version: '1.0.0' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await client.close();
  aws.closeAllConnections();
  aws.close();
});

const run = async () => {
  const input = { TableName: 't', Key: { id: { S: 'x' } } };
  const args = { requestId: 'r', service: 'dynamodb', operation: 'GetItem', input };
  const { content } = await client.callTool({ name: 'run_aws', arguments: args });
  return (content as [{ text: string }])[0].text;
};

describe('an answer of AWS that quotes the request', () => {
  it.each<[string, Answer, string]>([
    [
      'as an error',
      {
        status: 400,
        body: (headers) => ({
          __type: 'com.amazonaws.dynamodb#ValidationException',
          message: quoted(headers),
        }),
      },
      'AWS refused: ValidationException. ',
    ],
    [
      'as a row, at where it is cut',
      {
        status: 200,
        body: (headers) => ({ Item: { a: { S: `${'x'.repeat(19_950)}${quoted(headers)}` } } }),
      },
      '(cut: ',
    ],
    ['as a row', { status: 200, body: (headers) => ({ Item: { a: { S: quoted(headers) } } }) }, '[hidden]'],
  ])('%s: tells nothing of the session', async (_, said, words) => {
    answer = said;
    const text = await run();
    expect(text).toContain(words);
    for (const secret of SECRETS) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(secret.slice(0, 12));
      expect(text).not.toContain(encodeURIComponent(secret));
    }
  });

  it('about its signature: is told in words of our own', async () => {
    answer = {
      status: 400,
      body: () => ({ __type: 'InvalidSignatureException', message: 'The Canonical String was …' }),
    };
    expect(await run()).toBe(
      "AWS refused the signature: InvalidSignatureException. The session may have ended, or this machine's clock be off.",
    );
  });
});

it('AWS that does not answer is told as that, not as a refusal', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  expect(await run()).toBe('AWS could not be reached.');
});
