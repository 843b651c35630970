import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach, expect, test } from 'vitest';
import { makeSessions } from '../../../lambdas/shared/adapters/sessions/sessions.ts';

let server: Server;
let client: STSClient;
afterEach(() => {
  client.destroy();
  server.close();
});

const ANSWER = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>2026-11-21T12:00:00Z</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROA:name</AssumedRoleId>
<Arn>arn:aws:sts::123456789012:assumed-role/role/name</Arn></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`;
const errorOf = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;

/** A session asked of an STS that answers like this; how often it was asked comes with the answer. */
async function mintWhere(answer: (response: ServerResponse) => void) {
  let asked = 0;
  server = createServer((_, response) => {
    asked += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new STSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const minted = await makeSessions({ client })
    .mint({
      roleArn: 'arn:aws:iam::123456789012:role/role',
      sessionName: 'name',
      sourceIdentity: 'analyst1',
      sessionPolicy: '{}',
      durationSeconds: 900,
      tags: {},
    })
    .catch((error: Error) => error.name);
  return { minted, asked };
}

test('a session that STS answers is minted', async () => {
  const { minted } = await mintWhere((response) => response.writeHead(200).end(ANSWER));
  expect(minted).toMatchObject({ kind: 'minted', credentials: { accessKeyId: 'ASIAEXAMPLE' } });
});

test.each([
  ['AccessDenied', 403, 'refused'],
  ['Throttling', 400, 'refused'],
  ['ServiceUnavailable', 503, 'refused'],
  ['PackedPolicyTooLarge', 400, 'too_large'],
])('where STS says %s, nothing was minted', async (code, status, kind) => {
  const { minted, asked } = await mintWhere((response) => response.writeHead(status).end(errorOf(code)));
  expect([minted, asked]).toMatchObject([{ kind }, 1]);
});

test.each<[string, (response: ServerResponse) => void]>([
  ['breaks off', (response) => response.write(ANSWER.slice(0, 200), () => response.destroy())],
  [
    'breaks off short of its length',
    (response) =>
      response
        .writeHead(200, { 'content-length': ANSWER.length })
        .write(ANSWER.slice(0, 200), () => response.destroy()),
  ],
  ['ends early', (response) => response.writeHead(200).end(ANSWER.slice(0, 200))],
  ['is something else', (response) => response.writeHead(200).end('<html>a proxy</html>')],
  ['is empty', (response) => response.writeHead(200).end()],
  ['never comes', (response) => response.destroy()],
])(
  'an answer that %s leaves it in doubt whether there is a session: asked once, and never again',
  async (_, answer) => {
    expect(await mintWhere(answer)).toEqual({ minted: 'IssueInDoubt', asked: 1 });
  },
);
