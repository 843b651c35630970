import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogSink } from '../../../sandbox/functions/log-sink.ts';
import { listenLocally } from '../../../sandbox/listen-locally.ts';
import { bridgeSocket } from '../../../sandbox/slack/bridge-socket.ts';
import { startSlackFor } from '../../../sandbox/slack/start-slack-for.ts';
import { isSigned } from '../../../slack-app/check-signature.ts';
import { startFakeSlack } from './start-fake-slack.ts';

const PRESS = { type: 'block_actions', user: { id: 'U0APPROVER1' }, trigger_id: '1.2.3' };

let slack: Awaited<ReturnType<typeof startFakeSlack>>;
let app: Awaited<ReturnType<typeof listenLocally>>;
let bridge: Awaited<ReturnType<typeof bridgeSocket>>;
/** What reached the app. */
let heard: { body: string; signature: string | undefined; timestamp: string | undefined }[];
let answer: () => Promise<Response> | Response;
let requestUrl: string;
let lost: string[];

beforeEach(async () => {
  heard = [];
  lost = [];
  answer = () => new Response('');
  // The client logs what goes wrong with its connection.
  vi.spyOn(console, 'error').mockReturnValue();
  slack = await startFakeSlack();
  app = await listenLocally(0, async (request) => {
    const header = (name: string) => request.headers.get(name) ?? undefined;
    heard.push({
      body: await request.text(),
      signature: header('x-slack-signature'),
      timestamp: header('x-slack-request-timestamp'),
    });
    return answer();
  });
  requestUrl = `${app.url}/events`;
  bridge = await bridgeSocket({
    appToken: 'xapp-of-the-test',
    apiUrl: slack.apiUrl,
    requestUrl: () => requestUrl,
    onLost: (what) => lost.push(what),
  });
});
afterEach(async () => {
  await bridge.close();
  await app.close();
  await slack.close();
  vi.restoreAllMocks();
});

/** Waits until it is so. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

/** What an envelope was acknowledged with, once it is. */
async function acknowledged(id: string): Promise<unknown> {
  const found = () => slack.acks.find(({ envelope_id }) => envelope_id === id);
  await soon(() => expect(found()).toBeDefined());
  return found()?.payload;
}

/** Waits for a connection, and that a press which comes over it is taken. */
async function pressTaken(): Promise<void> {
  await soon(() => expect(slack.connections()).not.toEqual([]));
  await acknowledged(slack.deliver('interactive', PRESS));
}

test('a press reaches the app signed, and its answer goes back', async () => {
  const errors = { code: 'This code is not right.' };
  answer = () => Response.json({ response_action: 'errors', errors });
  expect(await acknowledged(slack.deliver('interactive', PRESS))).toEqual({
    response_action: 'errors',
    errors,
  });
  const [call] = heard;
  expect(call && isSigned(call, bridge.signingSecret, new Date())).toBe(true);
  expect(call && isSigned(call, 'another secret', new Date())).toBe(false);
  const form = [...new URLSearchParams(call?.body)];
  expect(form.map(([name, value]) => [name, JSON.parse(value)])).toEqual([['payload', PRESS]]);
  expect(slack.opened).toEqual(['Bearer xapp-of-the-test']);
});

test('a slash command reaches the app as the form that Slack posts, and is answered in words or blocks', async () => {
  const command = { command: '/access', text: 'a reason & more', is_enterprise_install: false };
  answer = () => new Response('Asked.');
  expect(await acknowledged(slack.deliver('slash_commands', command))).toEqual({ text: 'Asked.' });
  expect(Object.fromEntries(new URLSearchParams(heard[0]?.body))).toEqual({
    ...command,
    is_enterprise_install: 'false',
  });
  answer = () => Response.json({ response_type: 'ephemeral', text: 'Asked.' });
  expect(await acknowledged(slack.deliver('slash_commands', command))).toEqual({
    response_type: 'ephemeral',
    text: 'Asked.',
  });
});

test('an empty answer is an empty acknowledgement', async () => {
  expect(await acknowledged(slack.deliver('interactive', PRESS))).toEqual({});
});

test('anything else is acknowledged, and not handed over', async () => {
  const id = slack.deliver('events_api', { event: { type: 'app_home_opened' } });
  expect(await acknowledged(id)).toEqual({});
  expect(heard).toEqual([]);
});

test.each([
  ['refuses it', 401, 'the app answered 401'],
  ['fails', 500, 'the app answered 500'],
])('where the app %s, Slack gets no acknowledgement, and can deliver again', async (_, status, why) => {
  answer = () => Response.json({ title: 'no' }, { status });
  await expectLost(why);
  answer = () => new Response('');
  await expectTakenAgain();
});

test('where the app cannot be reached, Slack gets no acknowledgement, and can deliver again', async () => {
  const reachable = requestUrl;
  requestUrl = 'http://127.0.0.1:1/';
  await expectLost('the app did not answer');
  requestUrl = reachable;
  await expectTakenAgain();
});

async function expectLost(why: string): Promise<void> {
  slack.deliver('interactive', PRESS);
  await soon(() => expect(lost).toEqual([`interactive: ${why}`]));
}

/** That what is delivered now is taken, and what was lost before was never acknowledged. */
async function expectTakenAgain(): Promise<void> {
  const again = slack.deliver('interactive', PRESS);
  await acknowledged(again);
  expect(slack.acks.map(({ envelope_id }) => envelope_id)).toEqual([again]);
}

describe('a connection that ends', () => {
  test('before the app has answered: what was pressed is lost, and no more', async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    answer = () => promise;
    slack.deliver('interactive', PRESS);
    await soon(() => expect(heard).toHaveLength(1));
    const { promise: mayOpen, resolve: letOpen } = Promise.withResolvers<void>();
    slack.holdUntil(mayOpen);
    for (const socket of slack.connections()) socket.terminate();
    await soon(() => expect(slack.opened).toHaveLength(2));
    resolve(new Response(''));
    await soon(() => expect(lost).toEqual([expect.stringMatching(/^interactive: Failed to send/)]));
    letOpen();
    answer = () => new Response('');
    await pressTaken();
  });

  test('as Slack ends each after some hours is made again', async () => {
    slack.send({ type: 'disconnect', reason: 'refresh_requested' });
    await soon(() => expect(slack.opened).toHaveLength(2));
    await pressTaken();
  });

  test('is tried for again, whatever Slack answers meanwhile', async () => {
    slack.refuse('internal_error', 'invalid_auth');
    for (const socket of slack.connections()) socket.terminate();
    await soon(() => expect(slack.opened).toHaveLength(4));
    await pressTaken();
  });
});

describe('close', () => {
  test('ends the connection', async () => {
    const [socket] = slack.connections();
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    await bridge.close();
    expect(await closed).toBe(1000);
    expect([slack.opened.length, slack.connections()]).toEqual([1, []]);
  });

  test('ends an attempt at another, whatever becomes of it', async () => {
    const { promise: mayOpen, resolve: letOpen } = Promise.withResolvers<void>();
    slack.holdUntil(mayOpen);
    slack.send({ type: 'disconnect', reason: 'refresh_requested' });
    await soon(() => expect(slack.opened).toHaveLength(2));
    const closing = bridge.close();
    letOpen();
    await closing;
    await soon(() => expect(slack.connections()).toEqual([]));
    expect(slack.opened).toHaveLength(2);
  });

  test('ends the wait for another attempt', async () => {
    slack.refuse('internal_error', 'internal_error', 'internal_error');
    slack.send({ type: 'disconnect', reason: 'refresh_requested' });
    await soon(() => expect(slack.opened).toHaveLength(2));
    await bridge.close();
    expect(slack.connections()).toEqual([]);
  });
});

test('a token that Slack does not take fails the start', async () => {
  slack.refuse('invalid_auth');
  const { apiUrl } = slack;
  const starting = bridgeSocket({ appToken: 'xapp-no', apiUrl, requestUrl: () => '', onLost: () => {} });
  await expect(starting).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
});

test('both tokens have the sandbox use the workspace at SLACK_API_URL, and its functions too', async () => {
  const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: slack.apiUrl };
  const logs = createLogSink();
  const started = await startSlackFor({ env, configDir: 'config', logs }, () => 'http://127.0.0.1:1/');
  try {
    expect(started.own).toBeUndefined();
    expect(started.secret).toMatchObject({ botToken: 'xoxb-1', teamId: 'T0REAL' });
    expect(started.apiUrl('http://127.0.0.1:4780')).toEqual({ SLACK_API_URL: slack.apiUrl });
    slack.deliver('interactive', PRESS);
    await soon(() => expect(logs.text()).toBe('interactive: the app did not answer'));
  } finally {
    await started.close();
  }
});
