import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slackClientOptions } from '../../../lambdas/shared/adapters/slack/slack.ts';
import { listenLocally } from '../../../sandbox/listen-locally.ts';
import { type SandboxSlack, startSlack } from '../../../sandbox/slack/start-slack.ts';

const CHANNEL = '#access-approvals';
const ABE = 'U0APPROVER1';
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const section = (text = 'words') => ({ type: 'section' as const, text: plain(text) });
const button = (more: object = {}) => ({
  type: 'button' as const,
  action_id: 'approve',
  text: plain('Approve'),
  ...more,
});
const actions = (...elements: object[]) => ({ type: 'actions' as const, elements });
const modal = (more: object = {}) => ({
  type: 'modal' as const,
  callback_id: 'ask',
  title: plain('Approve'),
  blocks: [section()],
  ...more,
});
const field = (element: object, more: object = {}) => ({
  type: 'input',
  block_id: 'code',
  label: plain('Code'),
  element: { action_id: 'value', ...element },
  ...more,
});

let slack: SandboxSlack;
let server: Awaited<ReturnType<typeof listenLocally>>;
let client: WebClient;
let calls: URLSearchParams[];
let answer: () => Response;

beforeEach(async () => {
  calls = [];
  answer = () => new Response('');
  let url = '';
  slack = startSlack({
    people: [
      { userId: ABE, name: 'approver1' },
      { userId: 'U0APPROVER2', name: 'approver2' },
    ],
    channelNames: [CHANNEL],
    requestUrl: () => `${url}/events`,
  });
  server = await listenLocally(0, async (request) => {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/events') {
      calls.push(new URLSearchParams(await request.text()));
      return answer();
    }
    return slack.app.fetch(
      new Request(`http://127.0.0.1${pathname.replace('/slack', '') || '/'}${search}`, request),
    );
  });
  url = server.url;
  client = new WebClient(slack.secret.botToken, slackClientOptions(`${url}/slack/api/`));
});
afterEach(() => server.close());

/** The error that the Web API answers. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'taken';
  } catch (error) {
    return String((error as { data?: { error?: string } }).data?.error);
  }
}

describe('messages', () => {
  test('posted, found by id, updated, deleted', async () => {
    const { channel = '', ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'one' });
    await client.chat.update({ channel, ts, text: 'two', blocks: [section('two')] });
    expect(slack.workspace.messagesIn(CHANNEL)).toMatchObject([{ text: 'two', edited: true }]);
    await client.chat.delete({ channel, ts });
    expect(slack.workspace.messagesIn(CHANNEL)).toEqual([]);
    expect(await refusal(client.chat.update({ channel, ts, text: 'three' }))).toBe('message_not_found');
  });

  test('an ephemeral one is seen by its person alone', async () => {
    await client.chat.postEphemeral({ channel: CHANNEL, user: ABE, text: 'psst' });
    expect(slack.workspace.messagesIn(CHANNEL, ABE)).toHaveLength(1);
    expect(slack.workspace.messagesIn(CHANNEL, 'U0APPROVER2')).toHaveLength(0);
  });

  test('a direct message reaches its person', async () => {
    const { channel } = await client.conversations.open({ users: ABE });
    await client.chat.postMessage({ channel: channel?.id ?? '', text: 'hello' });
    expect(slack.workspace.messagesIn(ABE)).toMatchObject([{ text: 'hello' }]);
    const again = await client.conversations.open({ users: ABE });
    expect(again.channel?.id).toBe(channel?.id);
    expect(slack.workspace.channels.filter(({ id }) => id === channel?.id)).toHaveLength(1);
    expect(await refusal(client.conversations.open({ users: 'U0NOBODY' }))).toBe('user_not_found');
  });

  test.each([
    ['51 blocks', { blocks: Array.from({ length: 51 }, () => section()) }, 'invalid_blocks'],
    ['a section of 3,001 characters', { blocks: [section('x'.repeat(3001))] }, 'invalid_blocks'],
    ['an empty text', { blocks: [section('')] }, 'invalid_blocks'],
    ['a headline of 151', { blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] }, 'invalid_blocks'],
    [
      'a button label of 76',
      { blocks: [actions(button({ text: plain('x'.repeat(76)) }))] },
      'invalid_blocks',
    ],
    ['a button value of 2,001', { blocks: [actions(button({ value: 'x'.repeat(2001) }))] }, 'invalid_blocks'],
    ['one action twice', { blocks: [actions(button(), button())] }, 'invalid_blocks'],
    [
      'one block id twice',
      {
        blocks: [
          { ...section(), block_id: 'a' },
          { ...section(), block_id: 'a' },
        ],
      },
      'invalid_blocks',
    ],
    ['an unknown block', { blocks: [{ type: 'marquee' }] }, 'invalid_blocks'],
    ['an input', { blocks: [field({ type: 'plain_text_input' })] }, 'invalid_blocks'],
    ['a text of 40,001', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['nothing', { text: '' }, 'no_text'],
  ])('refused: %s', async (_, message, error) => {
    const posted = client.chat.postMessage({ channel: CHANNEL, text: 'words', ...message } as never);
    expect(await refusal(posted)).toBe(error);
    expect(slack.workspace.all()).toEqual([]);
  });

  test('refused: an unknown channel, a stranger, a wrong token, an unknown method', async () => {
    expect(await refusal(client.chat.postMessage({ channel: '#nowhere', text: 'a' }))).toBe(
      'channel_not_found',
    );
    expect(await refusal(client.chat.postEphemeral({ channel: CHANNEL, user: 'U0NOBODY', text: 'a' }))).toBe(
      'user_not_in_channel',
    );
    expect(await refusal(client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    const stranger = new WebClient('xoxb-of-somebody-else', slackClientOptions(`${server.url}/slack/api/`));
    expect(await refusal(stranger.auth.test())).toBe('invalid_auth');
    expect(await refusal(client.apiCall('admin.users.list'))).toBe('unknown_method');
  });

  test('who it is, and who somebody is', async () => {
    expect(await client.auth.test()).toMatchObject({ team_id: 'T0BANK' });
    expect((await client.users.info({ user: ABE })).user).toMatchObject({ id: ABE, name: 'approver1' });
  });
});

describe('modals', () => {
  const open = (view: object = modal(), triggerId = slack.workspace.trigger(ABE)) =>
    client.views.open({ trigger_id: triggerId, view: view as never });

  test('opened by a trigger, once, by its person', async () => {
    const trigger = slack.workspace.trigger(ABE);
    const { view } = await open(modal(), trigger);
    expect(slack.workspace.viewOf(ABE)?.id).toBe(view?.id);
    expect(await refusal(open(modal(), trigger))).toBe('exchanged_trigger_id');
    expect(await refusal(open(modal(), 'made-up'))).toBe('expired_trigger_id');
  });

  test('updated, but not over a newer one', async () => {
    const { view } = await open();
    const to = { view_id: view?.id ?? '', view: modal({ title: plain('Denied') }) as never };
    await client.views.update({ ...to, hash: view?.hash ?? '' });
    expect(await refusal(client.views.update({ ...to, hash: view?.hash ?? '' }))).toBe('hash_conflict');
    expect(await refusal(client.views.update({ ...to, view_id: 'V0' }))).toBe('not_found');
  });

  test.each([
    ['a title of 25', { title: plain('x'.repeat(25)) }],
    ['metadata of 3,001', { private_metadata: 'x'.repeat(3001) }],
    ['101 blocks', { blocks: Array.from({ length: 101 }, () => section()) }],
    ['an input without a button that sends it', { blocks: [field({ type: 'plain_text_input' })] }],
    [
      'check boxes of 11',
      {
        submit: plain('Send'),
        blocks: [
          field({
            type: 'checkboxes',
            options: Array.from({ length: 11 }, (__, index) => ({
              value: `${index}`,
              text: plain(`${index}`),
            })),
          }),
        ],
      },
    ],
  ])('refused: %s', async (_, more) => {
    expect(await refusal(open(modal(more)))).toBe('invalid_arguments');
  });

  test('sent off: what is entered reaches the app as Slack sends it; errors show, and an empty answer closes', async () => {
    await open(
      modal({
        submit: plain('Send'),
        private_metadata: 'about',
        blocks: [field({ type: 'plain_text_input', min_length: 6, max_length: 6 })],
      }),
    );
    await slack.submit(ABE, { code: '123' });
    expect(calls).toEqual([]);
    expect(slack.workspace.viewOf(ABE)?.errors.code).toContain('at least 6');
    answer = () => Response.json({ response_action: 'errors', errors: { code: 'Wrong.' } });
    await slack.submit(ABE, { code: '000000' });
    expect(slack.workspace.viewOf(ABE)?.errors).toEqual({ code: 'Wrong.' });
    answer = () => new Response('');
    await slack.submit(ABE, { code: '123456' });
    expect(slack.workspace.viewOf(ABE)).toBeUndefined();
    expect(JSON.parse(calls[1]?.get('payload') ?? '')).toMatchObject({
      type: 'view_submission',
      user: { id: ABE },
      view: {
        private_metadata: 'about',
        state: { values: { code: { value: { type: 'plain_text_input', value: '123456' } } } },
      },
    });
  });
});

test('an app that fails is told of, to whoever pressed', async () => {
  await client.chat.postMessage({
    channel: CHANNEL,
    text: 'one',
    blocks: [actions(button({ value: 'x' }))] as never,
  });
  const [message] = slack.workspace.messagesIn(CHANNEL);
  answer = () => new Response('', { status: 500 });
  await slack.click(ABE, message as never, 'approve');
  expect(slack.workspace.whispersTo(ABE)).toMatchObject([
    { text: expect.stringContaining('did not answer') },
  ]);
});

test('an outage that a test arranges ends when it is healed', async () => {
  slack.fail('chat.postMessage', 'ratelimited');
  const limited = client.chat.postMessage({ channel: CHANNEL, text: 'one' });
  await expect(limited).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error' });
  slack.heal();
  expect(await refusal(client.chat.postMessage({ channel: CHANNEL, text: 'one' }))).toBe('taken');
});

describe('the page', () => {
  const page = async (as = ABE) =>
    (await fetch(`${server.url}/slack?as=${as}&channel=C0ACCESSAPPROVALS`)).text();
  const HOSTILE = '<!channel> *Approved* <https://evil.example|click> <script>alert(1)</script>';

  test('shows somebody’s words as words', async () => {
    await client.chat.postMessage({ channel: CHANNEL, text: 'x', blocks: [section(HOSTILE)] });
    const shown = await page();
    expect(shown).toContain('&lt;!channel&gt; *Approved* &lt;https://evil.example|click&gt;');
    expect(shown).not.toContain('<script>alert');
    expect(shown).not.toContain('href="https://evil');
  });

  test('takes its own forms only', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${server.url}/slack/command`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: `as=${ABE}&text=give+me+everything`,
      });
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(calls).toEqual([]);
    expect((await post({ origin: server.url, 'sec-fetch-site': 'same-origin' })).status).toBe(303);
    expect(calls[0]?.get('command')).toBe('/access');
  });

  test('scripts come from here, and it stands in no frame', async () => {
    const { headers } = await fetch(`${server.url}/slack`);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });

  test('shows a demo person the code of their authenticator', async () => {
    slack.lendAuthenticator(ABE, () => '123456');
    expect(await page()).toContain('<code id="authenticator">123456</code>');
    expect(await page('U0APPROVER2')).not.toContain('authenticator shows');
  });
});
