import { Hono } from 'hono';
import { ApiProblem } from '../api/api-problem.ts';
import { callSessionsPage, callsPage } from '../views/pages/calls-page.ts';
import { sessionsPage } from '../views/pages/sessions-page.ts';
import type { ConsoleEnv } from './console-options.ts';
import { refusalOf } from './tell-problem.ts';

const DONE: Record<string, string> = {
  revoked: 'The session is ended: its next call is refused.',
  revoking: 'The session is being ended.',
  ended: 'The session of the gateway is ended.',
};
/** Records of one answer of the API: as many say that there may be more. */
const FULL_PAGE = 100;

/** Live sessions, and calls through the gateway. */
export function sessionPages(clock: () => Date): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/sessions', async (c) => {
    const live = await c.get('api').sessions();
    const done = DONE[c.req.query('done') ?? ''];
    return c.html(sessionsPage(c.get('frame'), { live, said: done, now: clock() }));
  });

  app.post('/sessions/:id/revoke', async (c) => {
    const api = c.get('api');
    const reason = c.get('form').get('reason');
    try {
      const { revocation } = await api.revoke(c.req.param('id'), { ...(reason && { reason }) });
      return c.redirect(`/sessions?done=${revocation ? 'revoked' : 'revoking'}`, 303);
    } catch (error) {
      const refused = refusalOf(error);
      return c.html(sessionsPage(c.get('frame'), { live: await api.sessions(), refused, now: clock() }), 409);
    }
  });

  app.get('/calls', async (c) => {
    const api = c.get('api');
    const { who = '' } = c.get('frame');
    const { principal = who, done = '' } = c.req.query();
    const [{ sessions }, { principals, caller }] = await Promise.all([
      api.gatewaySessions({ ...(principal !== who && { principal }) }),
      api.principals(),
    ]);
    const known = caller.auditor ? principals.map(({ id }) => id) : [];
    const content = { sessions, principal, principals: known, said: DONE[done], now: clock() };
    return c.html(callSessionsPage(c.get('frame'), content));
  });

  app.get('/calls/:id', async (c) => {
    const api = c.get('api');
    const sessionId = c.req.param('id');
    const { after } = c.req.query();
    const { calls: records } = await api.gatewayCalls(sessionId, { after });
    const principal = records[0]?.facts.principalId;
    const listed = await api
      .gatewaySessions({ ...(principal && principal !== c.get('session').who && { principal }) })
      .catch((error: unknown) => {
        // Approvers read the calls that they are asked about, and no list of sessions.
        if (error instanceof ApiProblem && error.status === 403) return { sessions: [] };
        throw error;
      });
    const session = listed.sessions.find((each) => each.sessionId === sessionId);
    const last = records.at(-1)?.seq;
    const more =
      records.length >= FULL_PAGE && last !== undefined ? `/calls/${sessionId}?after=${last}` : undefined;
    return c.html(callsPage(c.get('frame'), { session, sessionId, records, more, now: clock() }));
  });

  app.post('/calls/:id/end', async (c) => {
    await c.get('api').endGatewaySession(c.req.param('id'));
    return c.redirect('/calls?done=ended', 303);
  });
  return app;
}
