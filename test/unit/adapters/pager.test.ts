import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePager } from '../../../lambdas/shared/adapters/runtime/pager.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:on-call';
const ANSWER =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';
const REFUSAL =
  '<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>hush</Message></Error></ErrorResponse>';

/** An endpoint that takes what SNS takes, and refuses every topic but one. */
const published: Record<string, string>[] = [];
let server: Server;
let client: SNSClient;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    published.push(form);
    if (form.TopicArn === TOPIC) response.writeHead(200).end(ANSWER);
    else response.writeHead(403).end(REFUSAL);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SNSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});

test('a topic is told, with a subject no longer than SNS takes', async () => {
  const subject = 'Approval needed '.repeat(20);
  await makePager({ client })(TOPIC, { subject, text: 'A line\nand another.' });
  expect(published.at(-1)).toMatchObject({
    Action: 'Publish',
    TopicArn: TOPIC,
    Subject: subject.slice(0, 100),
    Message: 'A line\nand another.',
  });
});

test('a page that SNS does not take is a failure, which quotes nothing', async () => {
  const page = makePager({ client })(`${TOPIC}-of-others`, { subject: 'x', text: 'y' });
  await expect(page).rejects.toMatchObject({
    name: 'DependencyUnavailable',
    message: expect.stringMatching(/^SNS: Authorization/),
  });
});
