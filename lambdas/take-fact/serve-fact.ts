import { Hono } from 'hono';
import * as z from 'zod';
import { DependencyUnavailable } from '../shared/domain/errors.ts';
import { FACT_REFUSALS } from '../shared/domain/outside/judge-fact.ts';
import { problemResponse } from '../shared/http/problem-response.ts';
import { Problem } from '../shared/http/problems.ts';
import { parsePart, readJson } from '../shared/http/read-input.ts';
import { type Taken, type TakingPorts, takeFact } from './take-fact.ts';

const bodySchema = z.strictObject({
  fact: z.string().min(1).max(4_096).describe('The fact, as a signed JWT.'),
});

type ServingPorts = TakingPorts & {
  /** One line a call: what was taken or why not, and of whom. Never a token. */
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
};

const json = (status: number, body: object, type = 'application/json') =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });

/** A problem of this door's own; `because` is what senders branch on. */
const problem = (status: number, code: string, detail: string, because?: string) =>
  json(
    status,
    {
      type: `urn:postern:problem:${code}`,
      title: code === 'fact_refused' ? 'The fact was refused' : 'A later fact is there',
      status,
      detail,
      code,
      ...(because && { because }),
    },
    'application/problem+json',
  );

function answer(taken: Taken): Response {
  switch (taken.outcome) {
    case 'taken':
      return json(200, { ...taken.fact, holds: taken.holds });
    case 'superseded':
      return problem(
        409,
        'fact_superseded',
        'Its source has stated the same since: what was said last counts.',
      );
    case 'refused':
      return problem(403, 'fact_refused', FACT_REFUSALS[taken.because], taken.because);
  }
}

/** What is told of an error: its own problem, or that the broker failed. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DependencyUnavailable)
    return new Problem('unavailable', 'Send it again in a few seconds: twice is as good as once.', {
      retryAfterSeconds: 2,
    });
  return new Problem('internal_error', 'Send it again; if it stays, tell the owner of the broker.');
}

/** `POST /facts`: takes what a source outside has signed. Who sends it does not matter; who signed it does. */
export function makeFactApp(ports: ServingPorts): Hono {
  const app = new Hono();
  app.post('/facts', async (c) => {
    const { fact } = parsePart(bodySchema, readJson(await c.req.arrayBuffer()), 'body');
    const taken = await takeFact(fact, ports);
    ports.log(
      taken.outcome === 'taken'
        ? { outcome: taken.outcome, ...taken.fact, holds: taken.holds }
        : { ...taken },
    );
    return answer(taken);
  });
  app.all('/facts', () =>
    problemResponse(new Problem('method_not_allowed', 'Use POST.', { allow: ['POST'] })),
  );
  app.notFound(() => problemResponse(new Problem('route_not_found', 'Facts are sent to POST /facts.')));
  app.onError((error) => {
    const told = problemOf(error);
    ports.log({ outcome: 'failed', code: told.code });
    return problemResponse(told);
  });
  return app;
}
