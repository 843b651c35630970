import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Api } from '../api/api-client.ts';
import { type AskContent, askPage } from '../views/pages/ask-page.ts';
import { requestPage } from '../views/pages/request-page.ts';
import type { ConsoleEnv } from './console-options.ts';
import { goesOn } from './goes-on.ts';
import { refusalOf } from './tell-problem.ts';

/** The token of whom it is asked for, as it was pasted. INVARIANT: it is sent on, and in no page and no address. */
export const subjectTokenIn = (form: URLSearchParams): string | undefined =>
  form.get('subjectToken')?.trim() || undefined;

/** For whom whoever is signed in may ask, by their own entry. */
async function subjectsOf(api: Api): Promise<AskContent['subjects']> {
  const { principals, caller } = await api.principals();
  const own = principals.find(({ id }) => id === caller.id);
  return {
    issuers: (own?.subjectIssuers ?? []).map(({ issuer }) => issuer),
    isRequired: own?.subjectRequired ?? false,
  };
}

/** Asking, and trying what would come of it. */
export function askPages(clock: () => Date): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();

  app.get('/ask', async (c) => {
    const api = c.get('api');
    const [catalog, subjects] = await Promise.all([api.catalog(), subjectsOf(api)]);
    return c.html(askPage(c.get('frame'), { catalog, subjects, key: randomUUID() }));
  });

  app.post('/ask', async (c) => {
    const form = c.get('form');
    const api = c.get('api');
    const reason = (form.get('reason') ?? '').replaceAll('\r\n', '\n');
    const durationSeconds = form.get('durationSeconds') ?? '';
    const dryRun = form.get('dryRun') === 'yes';
    const references = form.get('references') ?? '';
    const typed = { reason, durationSeconds, references };
    const named = references.split(/[\s,;]+/).filter((name) => name !== '');
    const subjectToken = subjectTokenIn(form);
    const body = {
      reason,
      ...(named.length > 0 && { references: named }),
      ...(durationSeconds && { durationSeconds: Number(durationSeconds) }),
      ...(subjectToken && { subjectToken }),
    };
    const answer = async (more: Pick<AskContent, 'tried' | 'refused'>, status: 200 | 422) => {
      // What was typed and what came of it are shown, whatever else is not known.
      const subjects = await subjectsOf(api).catch(() => undefined);
      return c.html(askPage(c.get('frame'), { ...typed, ...more, subjects, key: randomUUID() }), status);
    };
    // A trial has a key of its own: what follows it is another request.
    const key = dryRun ? randomUUID() : (form.get('key') ?? randomUUID());
    try {
      const made = await api.ask(body, key, dryRun);
      if (dryRun) return answer({ tried: made }, 200);
      // A redirect carries no token, and without it the request is not there.
      if (!subjectToken) return c.redirect(`/requests/${made.requestId}`, 303);
      const now = clock();
      const shown = { request: made, execution: undefined, own: true, goesOn: goesOn(made, now), now };
      return c.html(requestPage(c.get('frame'), shown));
    } catch (error) {
      return answer({ refused: refusalOf(error) }, 422);
    }
  });
  return app;
}
