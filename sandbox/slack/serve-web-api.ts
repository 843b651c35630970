import { Hono } from 'hono';
import { SlackError } from './slack-error.ts';
import { BOT_USER_ID, TEAM_ID, type Workspace } from './workspace.ts';

type Input = Record<string, unknown>;

/** An outage that a test arranges: a method answers an error, a number of times, perhaps for one channel. */
export type Fault = {
  readonly error: string;
  times: number;
  readonly channel?: string | undefined;
  /** Of answers in a thread alone. */
  readonly inThread?: boolean | undefined;
};

/** Arguments that the form encoding carries as JSON. @see https://docs.slack.dev/apis/web-api/#post-bodies */
const AS_JSON = new Set(['blocks', 'view']);

async function inputOf(request: Request): Promise<Input> {
  const body = await request.text();
  if (request.headers.get('content-type')?.startsWith('application/json')) return JSON.parse(body || '{}');
  const form = [...new URLSearchParams(body)];
  return Object.fromEntries(
    form.map(([name, value]) => [name, AS_JSON.has(name) ? JSON.parse(value) : value]),
  );
}

/** The Web API's methods that Postern calls. */
function methodsOf(workspace: Workspace): Record<string, (input: Input) => Input> {
  return {
    'auth.test': () => ({
      url: 'https://bank.slack.example/',
      team: 'bank',
      team_id: TEAM_ID,
      user: 'postern',
      user_id: BOT_USER_ID,
    }),
    'chat.postMessage'(input) {
      const { channel, ts, text, blocks } = workspace.post(input.channel, input);
      return { channel, ts, message: { type: 'message', user: BOT_USER_ID, text, blocks, ts } };
    },
    'chat.update'(input) {
      const { channel, ts, text } = workspace.update(input.channel, input.ts, input);
      return { channel, ts, text };
    },
    'chat.delete'(input) {
      workspace.remove(input.channel, input.ts);
      return { channel: input.channel, ts: input.ts };
    },
    'chat.postEphemeral'(input) {
      return { message_ts: workspace.whisper(input.channel, input.user, input).ts };
    },
    'conversations.open'({ users }) {
      return { channel: { id: workspace.directMessages(String(users)).id } };
    },
    'users.info'({ user }) {
      const person = workspace.people.find(({ userId }) => userId === user);
      if (!person) throw new SlackError('user_not_found');
      return { user: { id: person.userId, team_id: TEAM_ID, name: person.name, real_name: person.name } };
    },
    'users.lookupByEmail'({ email }) {
      const person = workspace.people.find(({ name }) => `${name}@bank.example` === email);
      if (!person) throw new SlackError('users_not_found');
      return {
        user: { id: person.userId, team_id: TEAM_ID, name: person.name, deleted: false, is_bot: false },
      };
    },
    'usergroups.users.list'({ usergroup }) {
      return { users: workspace.membersOf(usergroup) };
    },
    'views.open'({ trigger_id: triggerId, view }) {
      const { id, hash } = workspace.openView(triggerId, view);
      return { view: { id, hash } };
    },
    'views.update'({ view_id: viewId, view, hash }) {
      const updated = workspace.updateView(viewId, view, hash);
      return { view: { id: updated.id, hash: updated.hash } };
    },
  };
}

/** Slack's Web API, as far as Postern uses it, with its refusals. */
export function makeWebApi(workspace: Workspace, botToken: string, faults: Map<string, Fault>): Hono {
  const methods = methodsOf(workspace);

  function fault(method: string, { channel, thread_ts: thread }: Input): string | undefined {
    const found = faults.get(method) ?? faults.get('*');
    if (!found || found.times <= 0) return undefined;
    if (found.channel !== undefined && found.channel !== channel) return undefined;
    if (found.inThread && thread === undefined) return undefined;
    found.times -= 1;
    return found.error;
  }

  return new Hono().post('/:method', async (c) => {
    const name = c.req.param('method');
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!method) return c.json({ ok: false, error: 'unknown_method' });
    if (c.req.header('authorization') !== `Bearer ${botToken}`)
      return c.json({ ok: false, error: 'invalid_auth' });
    const input = await inputOf(c.req.raw).catch(() => undefined);
    if (!input) return c.json({ ok: false, error: 'invalid_json' });
    const error = fault(name, input);
    if (error === 'ratelimited') {
      c.header('retry-after', '1');
      return c.json({ ok: false, error }, 429);
    }
    if (error === 'internal_error') return c.json({ ok: false, error }, 500);
    if (error) return c.json({ ok: false, error });
    try {
      return c.json({ ok: true, ...method(input) });
    } catch (failure) {
      if (failure instanceof SlackError) return c.json({ ok: false, error: failure.code });
      throw failure;
    }
  });
}
