import { html } from 'hono/html';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import { choice, consolePage, when } from './console-page.ts';

/** Sessions that can still be used, the one that ends first on top. */
const liveSessions = (rows: readonly RequestRow[], now: Date): RequestRow[] =>
  rows
    .filter(
      ({ status, session, revocation }) =>
        status === 'ISSUED' && !revocation && session !== undefined && new Date(session.expiration) > now,
    )
    .sort((a, b) => (a.session?.expiration ?? '').localeCompare(b.session?.expiration ?? ''));

const minutesLeft = ({ session }: RequestRow, now: Date): string =>
  `${Math.max(0, Math.ceil((Date.parse(session?.expiration ?? '') - now.getTime()) / 60_000))} min`;

/** Live sessions, each with a button that ends it. */
export function sessionsPage(
  rows: readonly RequestRow[],
  people: readonly string[],
  { now, as, said }: { now: Date; as: string | undefined; said: string | undefined },
) {
  const live = liveSessions(rows, now);
  return consolePage({
    title: 'Live sessions',
    place: 'Sessions',
    isLive: true,
    said,
    content: html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Principal</th>
            <th scope="col">May</th>
            <th scope="col">Request</th>
            <th scope="col">Left</th>
            <th scope="col">Ends</th>
            <th scope="col">End it now</th>
          </tr>
        </thead>
        <tbody>
          ${
            live.length > 0
              ? live.map(
                  (row) =>
                    html`<tr>
                      <td>${row.principalId}${row.subject ? ` for ${row.subject.id}` : ''}</td>
                      <td>
                        ${(row.decision?.entitlement?.grants ?? []).map(
                          ({ resource, actions }) => html`${actions.join(', ')} on ${resource}<br />`,
                        )}
                      </td>
                      <td><a href="/executions/${row.requestId}"><code>${row.requestId}</code></a></td>
                      <td>${minutesLeft(row, now)}</td>
                      <td>${when(row.session?.expiration ?? now)}</td>
                      <td>
                        <form class="line" method="post" action="/sessions/${row.requestId}/revoke">
                          ${choice('as', 'As', people, as)}
                          <label>Why <input name="reason" required maxlength="300" /></label>
                          <button>Revoke</button>
                        </form>
                      </td>
                    </tr>`,
                )
              : html`<tr>
                  <td colspan="6">Nobody holds a session now.</td>
                </tr>`
          }
        </tbody>
      </table>
    </div>`,
  });
}
