import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { ownFormsOnly, PAGE_SECURITY } from '../edge/own-forms-only.ts';
import type { Entered, makePeople } from './act-as-person.ts';
import { inputsOf } from './act-as-person.ts';
import { LIVE_SCRIPT } from './live.ts';
import { SlackError } from './slack-error.ts';
import { type Looking, slackPage } from './slack-page.ts';
import type { Workspace } from './workspace.ts';

/** Fields of the page itself among those of a modal, whose names are its blocks'. */
const OWN = '!';

type Page = {
  readonly workspace: Workspace;
  readonly people: ReturnType<typeof makePeople>;
  /** The code that a demo person's authenticator shows now, where they have one. */
  readonly codeOf: (userId: string) => string | undefined;
};

/** The workspace's page. Forms are taken from this page only: another site's would act as somebody here. */
export function makeSlackPage({ workspace, people, codeOf }: Page): Hono {
  const app = new Hono();
  app.use(ownFormsOnly, async (c, next) => {
    await next();
    c.header('content-security-policy', PAGE_SECURITY);
    c.header('cache-control', 'no-store');
  });
  app.onError((error, c) => {
    if (error instanceof SlackError) return c.text(`Slack: ${error.code}\n`, 400);
    throw error;
  });

  /** Whoever, or wherever, is not known is the first person, in their own messages. */
  function lookingOf(named: unknown, channel: unknown): Looking {
    const as = workspace.isPerson(named) ? String(named) : (workspace.people[0]?.userId ?? '');
    const here = workspace.channels.find(
      ({ id, memberId }) => id === channel && (memberId === undefined || memberId === as),
    );
    return { as, channel: (here ?? workspace.directMessages(as)).id };
  }
  const draw = (looking: Looking, entered?: Entered) =>
    slackPage(workspace, looking, { code: codeOf(looking.as), entered });
  const back = (c: Context, { as, channel }: Looking) =>
    c.redirect(`/slack?${new URLSearchParams({ as, channel })}`, 303);
  const formOf = async (c: Context): Promise<URLSearchParams> => new URLSearchParams(await c.req.text());

  app.get('/', (c) => {
    const [first] = workspace.channels;
    const { as, channel } = c.req.query();
    return c.html(draw(lookingOf(as, channel || first?.id)));
  });
  app.get('/live.js', (c) => c.body(LIVE_SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/changes', (c) =>
    streamSSE(c, async (stream) => {
      let isNew = true;
      let wake = () => {};
      const changed = () => {
        isNew = true;
        wake();
      };
      workspace.events.on('changed', changed);
      stream.onAbort(() => {
        workspace.events.off('changed', changed);
        wake();
      });
      while (!stream.aborted) {
        if (!isNew) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        isNew = false;
        await stream.writeSSE({ event: 'changed', data: '' });
      }
    }),
  );
  app.post('/click', async (c) => {
    const form = await formOf(c);
    const looking = lookingOf(form.get('as'), form.get('channel'));
    const message = workspace.messagesIn(looking.channel, looking.as).find(({ ts }) => ts === form.get('ts'));
    // A message that was drawn anew meanwhile may have lost its button: the fresh page shows that.
    const hasButton =
      message && JSON.stringify(message.blocks).includes(`"action_id":"${form.get('action')}"`);
    if (hasButton) await people.click(looking.as, message, String(form.get('action')));
    return back(c, looking);
  });
  app.post('/submit', async (c) => {
    const form = await formOf(c);
    const looking = lookingOf(form.get(`${OWN}as`), form.get(`${OWN}channel`));
    const open = workspace.viewOf(looking.as);
    if (!open) return back(c, looking);
    const entered: Entered = Object.fromEntries(
      inputsOf(open).map(({ block_id, element }) => [
        block_id,
        element.type === 'checkboxes' ? form.getAll(block_id).filter(Boolean) : (form.get(block_id) ?? ''),
      ]),
    );
    await people.submit(looking.as, entered);
    const isOpenStill = workspace.viewOf(looking.as)?.id === open.id;
    return isOpenStill ? c.html(draw(looking, entered)) : back(c, looking);
  });
  app.post('/close', async (c) => {
    const form = await formOf(c);
    const looking = lookingOf(form.get(`${OWN}as`), form.get(`${OWN}channel`));
    workspace.closeView(looking.as);
    return back(c, looking);
  });
  app.post('/command', async (c) => {
    const form = await formOf(c);
    const looking = lookingOf(form.get('as'), form.get('channel'));
    await people.command(looking.as, '/access', form.get('text') ?? '', looking.channel);
    return back(c, looking);
  });
  return app;
}
