import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { wholeDiffOf } from '../../lambdas/request-approval/what-is-asked.ts';
import type { Api } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { policiesPage, policyPage } from '../views/pages/policies-page.ts';
import type { ConsoleEnv } from './console-options.ts';
import { refusalOf } from './tell-problem.ts';

/** What a page of a policy shows, whatever it is asked for. */
async function readPolicy(api: Api, id: string) {
  const [{ caller }, policy, { versions }] = await Promise.all([
    api.principals(),
    api.policy(id).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.code === 'policy_not_found') return undefined;
      throw error;
    }),
    api.policyVersions(id),
  ]);
  return { id, policy, versions, mayPropose: caller.mayProposePolicies, key: randomUUID() };
}

/** Policies, each with its versions and a form that proposes another. */
export function policyPages(): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/policies', async (c) =>
    c.html(policiesPage(c.get('frame'), (await c.get('api').principals()).principals)),
  );
  app.get('/policies/:id', async (c) =>
    c.html(policyPage(c.get('frame'), await readPolicy(c.get('api'), c.req.param('id')))),
  );
  app.post('/policies/:id', async (c) => {
    const api = c.get('api');
    const form = c.get('form');
    const target = c.req.param('id');
    // Forms send CRLF; a policy text has LF.
    const proposal = (form.get('proposal') ?? '').replaceAll('\r\n', '\n');
    const typed = { proposal, reason: form.get('reason') ?? '' };
    if (form.get('preview')) {
      const found = await readPolicy(api, target);
      const inForce = found.policy?.text ?? '';
      const diff = inForce === proposal ? '' : wholeDiffOf(inForce, proposal);
      return c.html(policyPage(c.get('frame'), { ...found, typed, diff }));
    }
    try {
      const body = { kind: 'policy', target, ...typed };
      const { requestId } = await api.propose(body, form.get('key') || randomUUID());
      return c.redirect(`/requests/${requestId}`, 303);
    } catch (error) {
      const refused = refusalOf(error);
      return c.html(policyPage(c.get('frame'), { ...(await readPolicy(api, target)), typed, refused }), 422);
    }
  });
  return app;
}
