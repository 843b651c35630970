import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { wholeDiffOf } from '../../lambdas/request-approval/what-is-asked.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import type { Api } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { peoplePage, personPage } from '../views/pages/people-page.ts';
import { textOfPrincipal } from './change-diff.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';
import { fieldsOf, readPerson, typedPerson } from './read-person.ts';
import { refusalOf } from './tell-problem.ts';

const NEW = 'new';

/** A principal, as a page shows it to whoever is signed in: of themselves, with where their passkeys are used. */
async function readPrincipal(api: Api, id: string, publicUrl: string) {
  const { principals, caller } = await api.principals();
  const principal = principals.find((each) => each.id === id);
  if (!principal && id !== NEW) throw new ApiProblem(404, 'route_not_found', 'There is no such principal.');
  const found = { principal, mayPropose: caller.mayProposePrincipals, key: randomUUID() };
  if (id !== caller.id) return found;
  const { origin } = await api.passkeys();
  return { ...found, ownPasskeys: { origin, isHere: origin === publicUrl } };
}

/** What a page's script made of a press; what is none the API refuses. */
function passkeyIn(form: URLSearchParams): unknown {
  try {
    return JSON.parse(form.get('passkey') ?? '');
  } catch {
    return {};
  }
}

const propose = (api: Api, principal: Principal, reason: string, key: string | null) =>
  api.propose(
    { kind: 'principal', target: principal.id, proposal: JSON.stringify(principal), reason },
    key || randomUUID(),
  );

const SOMEBODY = { type: 'human', status: 'active' };

/** People and agents: whoever changes one asks for it, and others agree. */
export function peoplePages({ publicUrl }: Pick<ConsoleOptions, 'publicUrl'>): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  const read = (api: Api, id: string) => readPrincipal(api, id, publicUrl());

  app.get('/people', async (c) => {
    const { principals, caller } = await c.get('api').principals();
    return c.html(peoplePage(c.get('frame'), principals, caller.mayProposePrincipals));
  });

  app.get('/people/:id', async (c) => {
    const found = await read(c.get('api'), c.req.param('id'));
    const typed = found.principal ? fieldsOf(found.principal) : SOMEBODY;
    return c.html(personPage(c.get('frame'), { ...found, typed }));
  });

  app.post('/people/:id', async (c) => {
    const api = c.get('api');
    const form = c.get('form');
    const typed = typedPerson(form);
    const found = await read(api, c.req.param('id'));
    const show = (more: { refused?: string; diff?: string }, status: 200 | 422) =>
      c.html(personPage(c.get('frame'), { ...found, typed, ...more }), status);
    const made = readPerson(typed, found.principal?.id ?? typed.id ?? '', found.principal);
    if ('wrong' in made) return show({ refused: made.wrong }, 422);
    if (form.get('preview')) {
      const before = found.principal ? textOfPrincipal(found.principal) : '';
      return show({ diff: wholeDiffOf(before, textOfPrincipal(made.principal)) }, 200);
    }
    try {
      const { requestId } = await propose(api, made.principal, typed.reason ?? '', form.get('key'));
      return c.redirect(`/requests/${requestId}`, 303);
    } catch (error) {
      return show({ refused: refusalOf(error) }, 422);
    }
  });

  app.post('/people/:id/status', async (c) => {
    const api = c.get('api');
    const form = c.get('form');
    const found = await read(api, c.req.param('id'));
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

  /** Does it as whose page it is, who is signed in: the API changes nobody's passkeys but the caller's own. */
  const change = (
    path: string,
    run: (api: Api, form: URLSearchParams, id: string) => Promise<{ requestId: string }>,
  ) =>
    app.post(`/people/:id/passkeys${path}`, async (c) => {
      const api = c.get('api');
      const form = c.get('form');
      const { who } = c.get('session');
      if (c.req.param('id') !== who)
        throw new ApiProblem(404, 'route_not_found', 'These are not your passkeys.');
      try {
        const { requestId } = await run(api, form, c.req.param('passkey') ?? '');
        return c.redirect(`/requests/${requestId}`, 303);
      } catch (error) {
        const refused = refusalOf(error);
        const found = await read(api, who);
        const typed = found.principal ? fieldsOf(found.principal) : SOMEBODY;
        const label = form.get('label');
        const newPasskey = label === null ? undefined : { label, reason: form.get('reason') ?? '' };
        return c.html(personPage(c.get('frame'), { ...found, typed, refused, newPasskey }), 422);
      }
    });
  change('', (api, form) =>
    api.enrolPasskey(
      { passkey: passkeyIn(form), reason: form.get('reason') },
      form.get('key') || randomUUID(),
    ),
  );
  change('/:passkey/revoke', (api, form, id) =>
    api.revokePasskey(id, { reason: form.get('reason') }, form.get('key') || randomUUID()),
  );
  return app;
}
