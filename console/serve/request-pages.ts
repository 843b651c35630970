import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import type { Api } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { homePage } from '../views/pages/home-page.ts';
import { behalfPage, requestPage } from '../views/pages/request-page.ts';
import { requestsPage } from '../views/pages/requests-page.ts';
import { subjectTokenIn } from './ask-pages.ts';
import { changeDiff } from './change-diff.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';
import { goesOn } from './goes-on.ts';
import { refusalOf } from './tell-problem.ts';

const NEWEST = '6';
const DONE: Record<string, string> = {
  cancelled: 'It is taken back.',
  revoked: 'The session is ended: its next call is refused.',
  revoking: 'The session is being ended. This page says when it is done.',
};

/** What tells one state of a request from the next. */
const versionOf = ({ status, updatedAt }: RequestView): string => `${status} ${updatedAt}`;

/** Whoever may not see a request, but may answer it, is shown its card. */
async function mayAnswer(api: Api, id: string): Promise<boolean> {
  return api.votes(id).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiProblem && error.code === 'request_not_found') return false;
      throw error;
    },
  );
}

const isMissing = (error: unknown): boolean =>
  error instanceof ApiProblem && error.code === 'request_not_found';

/** A request of one's own that was made for somebody, whose token is not there or not good. */
const isOnBehalf = (error: unknown): boolean =>
  error instanceof ApiProblem && error.code === 'subject_token_invalid';

/** Home, and requests of one's own; of anybody, for auditors. */
export function requestPages({ streams, places }: ConsoleOptions, clock: () => Date): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();

  app.get('/', async (c) => {
    const api = c.get('api');
    const [{ approvals }, { requests }, sessions] = await Promise.all([
      api.approvals(),
      api.requests({ limit: NEWEST }),
      api.sessions(),
    ]);
    const frame = { ...c.get('frame'), waiting: approvals.length };
    return c.html(homePage(frame, { approvals, requests, sessions, places: places?.() ?? [], now: clock() }));
  });

  app.get('/requests', async (c) => {
    const api = c.get('api');
    const { who = '' } = c.get('frame');
    const { principal = who, status, cursor } = c.req.query();
    const [{ principals, caller }, { requests, nextCursor }] = await Promise.all([
      api.principals(),
      api.requests({ status, cursor, ...(principal !== who && { principal }) }),
    ]);
    const next =
      nextCursor &&
      `/requests?${new URLSearchParams({ principal, ...(status && { status }), cursor: nextCursor })}`;
    const filter = { principal, status };
    const known = caller.auditor ? principals.map(({ id }) => id) : [];
    return c.html(requestsPage(c.get('frame'), { requests, next, filter, principals: known, now: clock() }));
  });

  // Links of earlier versions.
  app.get('/executions/:id', (c) => c.redirect(`/requests/${encodeURIComponent(c.req.param('id'))}`, 301));

  const show = async (api: Api, id: string, subjectToken?: string) => {
    const [request, execution] = await Promise.all([
      api.request(id, subjectToken),
      api.execution(id).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      }),
    ]);
    return { request, execution, diff: await changeDiff(api, request.change) };
  };

  app.get('/requests/:id', async (c) => {
    const api = c.get('api');
    const id = c.req.param('id');
    try {
      const found = await show(api, id);
      const now = clock();
      const seen = new URLSearchParams({ seen: versionOf(found.request) });
      const changes = streams && goesOn(found.request, now) ? `/requests/${id}/changes?${seen}` : undefined;
      const own = id.startsWith(`${c.get('session').who}-`);
      const done = DONE[c.req.query('done') ?? ''];
      return c.html(requestPage(c.get('frame'), { ...found, own, changes, said: done, now }));
    } catch (error) {
      if (isOnBehalf(error))
        return c.html(behalfPage(c.get('frame'), id, { said: DONE[c.req.query('done') ?? ''] }));
      if (isMissing(error) && (await mayAnswer(api, id))) return c.redirect(`/approvals/${id}`, 303);
      throw error;
    }
  });

  app.post('/requests/:id/look', async (c) => {
    const id = c.req.param('id');
    try {
      const found = await show(c.get('api'), id, subjectTokenIn(c.get('form')));
      const now = clock();
      const shown = { ...found, own: true, goesOn: goesOn(found.request, now), now };
      return c.html(requestPage(c.get('frame'), shown));
    } catch (error) {
      if (!isOnBehalf(error)) throw error;
      return c.html(behalfPage(c.get('frame'), id, { refused: refusalOf(error) }), 409);
    }
  });

  app.get('/requests/:id/changes', (c) => {
    const api = c.get('api');
    const id = c.req.param('id');
    // Told from what the page shows, or was told last: what changed before the first look is told too.
    let seen = c.req.header('last-event-id') ?? c.req.query('seen');
    return streamSSE(c, async (stream) => {
      // Browsers come back by themselves; a sign-in that ended is noticed then.
      for (let look = 0; look < 120 && !stream.aborted; look++) {
        const request = await api.request(id);
        const version = versionOf(request);
        const isOver = !goesOn(request, clock());
        if (version !== seen || isOver)
          await stream.writeSSE({ event: 'changed', data: request.status, id: version });
        seen = version;
        if (isOver) {
          await stream.writeSSE({ event: 'over', data: request.status });
          return;
        }
        await stream.sleep(1000);
      }
    });
  });

  /** Does it, and shows the request again: what was refused is said there. */
  const act = (name: string, run: (api: Api, id: string, form: URLSearchParams) => Promise<string>) =>
    app.post(`/requests/:id/${name}`, async (c) => {
      const api = c.get('api');
      const id = c.req.param('id') ?? '';
      const form = c.get('form');
      try {
        return c.redirect(await run(api, id, form), 303);
      } catch (error) {
        const refused = refusalOf(error);
        if (isOnBehalf(error)) return c.html(behalfPage(c.get('frame'), id, { refused }), 409);
        const own = id.startsWith(`${c.get('session').who}-`);
        const found = await show(api, id, subjectTokenIn(form));
        return c.html(requestPage(c.get('frame'), { ...found, own, refused, now: clock() }), 409);
      }
    });
  act('cancel', async (api, id, form) => {
    await api.cancel(id, subjectTokenIn(form));
    return `/requests/${id}?done=cancelled`;
  });
  act('revoke', async (api, id, form) => {
    const reason = form.get('reason');
    const { revocation } = await api.revoke(id, { ...(reason && { reason }) }, subjectTokenIn(form));
    return `/requests/${id}?done=${revocation ? 'revoked' : 'revoking'}`;
  });
  // The address is in a redirect alone: no page, and so no script, has it.
  act('open', async (api, id, form) => {
    const { consoleUrl } = await api.claimForConsole(id, subjectTokenIn(form));
    return consoleUrl;
  });
  return app;
}
