import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { wholeDiffOf } from '../../lambdas/request-approval/what-is-asked.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import type { Api } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { peoplePage, personPage } from '../views/pages/people-page.ts';
import { textOfPrincipal } from './change-diff.ts';
import type { ConsoleEnv } from './console-options.ts';
import { fieldsOf, readPerson, typedPerson } from './read-person.ts';
import { refusalOf } from './tell-problem.ts';

const NEW = 'new';

async function readPrincipal(api: Api, id: string) {
  const { principals, caller } = await api.principals();
  const principal = principals.find((each) => each.id === id);
  if (!principal && id !== NEW) throw new ApiProblem(404, 'route_not_found', 'There is no such principal.');
  return { principal, mayPropose: caller.mayProposePrincipals, key: randomUUID() };
}

const propose = (api: Api, principal: Principal, reason: string, key: string | null) =>
  api.propose(
    { kind: 'principal', target: principal.id, proposal: JSON.stringify(principal), reason },
    key || randomUUID(),
  );

const SOMEBODY = { type: 'human', status: 'active' };

/** People and agents: whoever changes one asks for it, and others agree. */
export function peoplePages(): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/people', async (c) => {
    const { principals, caller } = await c.get('api').principals();
    return c.html(peoplePage(c.get('frame'), principals, caller.mayProposePrincipals));
  });

  app.get('/people/:id', async (c) => {
    const found = await readPrincipal(c.get('api'), c.req.param('id'));
    const typed = found.principal ? fieldsOf(found.principal) : SOMEBODY;
    return c.html(personPage(c.get('frame'), { ...found, typed }));
  });

  app.post('/people/:id', async (c) => {
    const api = c.get('api');
    const form = c.get('form');
    const typed = typedPerson(form);
    const found = await readPrincipal(api, c.req.param('id'));
    const show = (more: { refused?: string; diff?: string }, status: 200 | 422) =>
      c.html(personPage(c.get('frame'), { ...found, typed, ...more }), status);
    const read = readPerson(typed, found.principal?.id ?? typed.id ?? '', found.principal);
    if ('wrong' in read) return show({ refused: read.wrong }, 422);
    if (form.get('preview')) {
      const before = found.principal ? textOfPrincipal(found.principal) : '';
      return show({ diff: wholeDiffOf(before, textOfPrincipal(read.principal)) }, 200);
    }
    try {
      const { requestId } = await propose(api, read.principal, typed.reason ?? '', form.get('key'));
      return c.redirect(`/requests/${requestId}`, 303);
    } catch (error) {
      return show({ refused: refusalOf(error) }, 422);
    }
  });

  app.post('/people/:id/status', async (c) => {
    const api = c.get('api');
    const form = c.get('form');
    const found = await readPrincipal(api, c.req.param('id'));
    const { principal } = found;
    if (!principal) throw new ApiProblem(404, 'route_not_found', 'There is no such principal.');
    const status = form.get('status') === 'active' ? ('active' as const) : ('suspended' as const);
    const changed = { ...principal, status, version: principal.version + 1 };
    try {
      const { requestId } = await propose(api, changed, form.get('reason') ?? '', form.get('key'));
      return c.redirect(`/requests/${requestId}`, 303);
    } catch (error) {
      const page = personPage(c.get('frame'), {
        ...found,
        typed: fieldsOf(principal),
        refused: refusalOf(error),
      });
      return c.html(page, 422);
    }
  });
  return app;
}
