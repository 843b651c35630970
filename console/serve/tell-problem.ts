import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ApiProblem } from '../api/api-problem.ts';
import { problemPage } from '../views/pages/problem-page.ts';
import type { Frame } from '../views/parts/page-of.ts';

/** What a form held, but what is no text of a person's. */
function typedIn(form: URLSearchParams | undefined): Record<string, string> {
  const typed = [...(form ?? [])].filter(([name]) =>
    ['reason', 'proposal', 'policy', 'prose'].includes(name),
  );
  return Object.fromEntries(typed);
}

const signInAgain = (to: string) =>
  html`<a class="button first" href="/sign-in?${new URLSearchParams({ to })}">Sign in again</a>`;

/** The page that tells somebody of an error. A defect's message is not shown: it may quote anything. */
export function tellProblem(c: Context, error: unknown, frame: Frame, form?: URLSearchParams) {
  const { pathname, search } = new URL(c.req.url);
  const here = c.req.method === 'GET' ? `${pathname}${search}` : '/';
  const answer = (status: number, told: Parameters<typeof problemPage>[1]) =>
    c.html(problemPage(frame, told), status as ContentfulStatusCode);
  if (!(error instanceof ApiProblem))
    return answer(500, {
      title: 'Something is wrong here',
      say: 'The page could not be made. Nothing was changed by it.',
    });
  const { status, code, message } = error;
  switch (code) {
    case 'api_down':
    case 'unavailable':
    case 'token_keys_unavailable':
      return answer(503, {
        title: 'The broker does not answer',
        say: 'It may be restarting. What you did before is as you left it; try again in a moment.',
        next: html`<a class="button first" href="${here}">Try again</a>`,
        typed: typedIn(form),
      });
    case 'token_refused':
      return answer(401, {
        title: 'Your sign-in has ended',
        say: 'Nothing was sent. Sign in again and send it once more.',
        next: signInAgain(here),
        typed: typedIn(form),
      });
    case 'principal_unknown':
      return answer(403, {
        title: 'Not registered',
        say: 'You are signed in, but the broker knows no principal by this sign-in. An administrator proposes one on the page People.',
        next: signInAgain('/'),
      });
    case 'request_not_found':
    case 'gateway_session_not_found':
    case 'access_review_not_found':
    case 'policy_not_found':
    case 'route_not_found':
      return answer(404, {
        title: 'Not found',
        say: 'There is no such thing, or it is not yours to see.',
        next: html`<a class="button" href="/">Home</a>`,
      });
    default:
      return answer(status, {
        title: 'Refused',
        say: message,
        next: html`<a class="button" href="/">Home</a>`,
        typed: typedIn(form),
      });
  }
}

/** A customer's token that is not taken is a fault of the form; one's own, the end of the sign-in. */
const isToldHere = ({ status, code }: ApiProblem): boolean =>
  status < 500 && (status !== 401 || code === 'subject_token_invalid');

/** Why an action was refused, to be said on the page that it was asked from. Throws what no page of its own can tell. */
export function refusalOf(error: unknown): string {
  if (error instanceof ApiProblem && isToldHere(error)) return error.message;
  throw error;
}
