import type { ConsoleOptions } from '../../../console/serve/console-options.ts';
import { makeConsole } from '../../../console/serve/make-console.ts';
import { makeSealer } from '../../../console/sign-in/seal-cookie.ts';

export const URL_OF_CONSOLE = 'https://postern.bank.example';
export const SECRET = 'of this test alone, and long enough to seal with';
export const NOW = new Date('2026-11-29T12:00:00Z');
export const REASON = 'The weekly report needs the metrics of this week.';
export const HOSTILE = `'"><script>alert(1)</script>`;

export const EMPTY: Record<string, object> = {
  '/approvals': { approvals: [] },
  '/requests': { requests: [] },
  '/sessions': { sessions: [], mayEndOthers: false, complete: true },
  '/catalog': { principal: 'analyst1', resources: [] },
  '/principals': {
    principals: [],
    caller: { id: 'analyst1', mayProposePolicies: false, mayProposePrincipals: false, auditor: false },
  },
};
export const problem = (status: number, code: string, detail = '') =>
  Response.json({ type: `urn:postern:problem:${code}`, status, code, title: code, detail }, { status });

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly subjectToken?: string | null;
  readonly body?: unknown;
};

/** The console over an API that answers as a test says. Its issuer answers nobody. */
export function consoleOver(
  answer: (asked: Asked) => Response | Promise<Response>,
  secretNow: () => string = () => SECRET,
  more: Partial<ConsoleOptions> = {},
) {
  const asked: Asked[] = [];
  const app = makeConsole({
    publicUrl: () => URL_OF_CONSOLE,
    apiUrl: () => 'https://api.bank.example/login',
    issuer: () => ({ issuer: 'http://127.0.0.1:1/issuer', clientId: 'console', scope: 'openid' }),
    cookieSecret: async () => secretNow(),
    awsSignIn: () => ['https://signin.aws.amazon.com'],
    streams: false,
    ...more,
    clock: () => NOW,
    fetch: (async (input, init) => {
      const { pathname } = new URL(String(input));
      const call = {
        method: init?.method ?? 'GET',
        path: pathname.replace('/login', ''),
        authorization: new Headers(init?.headers).get('authorization'),
        ...(new Headers(init?.headers).has('x-subject-token') && {
          subjectToken: new Headers(init?.headers).get('x-subject-token'),
        }),
        ...(init?.body && { body: JSON.parse(String(init.body)) as unknown }),
      };
      asked.push(call);
      return answer(call);
    }) as typeof fetch,
  });
  const call = (path: string, { form, ...init }: RequestInit & { form?: Record<string, string> } = {}) =>
    app.request(`${URL_OF_CONSOLE}${path}`, {
      ...init,
      headers: { host: 'postern.bank.example', ...init.headers },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
  return { call, asked };
}
export const quiet = ({ path }: Asked) => Response.json(EMPTY[path] ?? {});

export const SESSION = {
  token: 'a.b.c',
  endsAtMs: NOW.getTime() + 300_000,
  csrf: 'of-this-session',
  who: 'analyst1',
  approver: false,
  auditor: false,
  beganAtMs: NOW.getTime(),
};
export async function cookieOf(session: object, secret = SECRET, purpose = 'session'): Promise<string> {
  // Sealed by the clock of the machine, as the libraries read it.
  const chunks = await makeSealer(secret).seal(purpose, session as Record<string, unknown>, 3600);
  return chunks.map((chunk, nth) => `__Host-postern${nth}=${chunk}`).join('; ');
}
export const own = { origin: URL_OF_CONSOLE, 'sec-fetch-site': 'same-origin' };
