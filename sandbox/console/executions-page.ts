import { html } from 'hono/html';
import { requestStatusSchema } from '../../lambdas/shared/domain/access-request.ts';
import { nameOfCall } from '../../lambdas/shared/domain/calls/held-call.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import { choice, consolePage, statusOf, when } from './console-page.ts';

/** What the list is narrowed to; each as it stands in the address. */
type ExecutionFilter = {
  readonly status?: string | undefined;
  readonly principal?: string | undefined;
  readonly resource?: string | undefined;
  /** ISO 8601: asked at or after. */
  readonly since?: string | undefined;
};

/** The most that are shown; narrow the list for older ones. */
const MOST_SHOWN = 200;

const resourcesOf = ({ asked, decision, change, call }: RequestRow): string[] => {
  if (call) return [`call of ${nameOfCall(call)}`];
  if (change) return [`${change.kind} of ${change.target}`];
  const grants = decision?.entitlement?.grants ?? asked?.grants ?? [];
  return [...new Set(grants.map(({ resource }) => resource))];
};

/** Requests that pass a filter, in the order given. An empty field narrows nothing. */
function filterRequests(rows: readonly RequestRow[], filter: ExecutionFilter): RequestRow[] {
  const { status, principal, resource, since } = filter;
  const from = since && !Number.isNaN(Date.parse(since)) ? new Date(since).toISOString() : '';
  return rows.filter(
    (row) =>
      (!status || row.status === status) &&
      (!principal || row.principalId === principal) &&
      (!resource || resourcesOf(row).some((name) => name.includes(resource))) &&
      (!from || row.createdAt >= from),
  );
}

/** Where things are, for whoever looks at this page first. */
export type Places = { readonly api: string; readonly aws: string; readonly reviewer: string };

/** Every request with how far it is, newest first. */
export function executionsPage(
  rows: readonly RequestRow[],
  filter: ExecutionFilter,
  principals: readonly string[],
  places: Places,
) {
  const found = filterRequests(rows, filter);
  const shown = found.slice(0, MOST_SHOWN);
  return consolePage({
    title: 'Executions',
    place: 'Executions',
    isLive: true,
    content: html`<form class="line" method="get" action="/">
        ${choice('status', 'Status', requestStatusSchema.options, filter.status, 'any')}
        ${choice('principal', 'Principal', principals, filter.principal, 'anybody')}
        <label>Resource <input name="resource" value="${filter.resource ?? ''}" /></label>
        <label>Asked since <input name="since" type="datetime-local" value="${filter.since ?? ''}" /></label>
        <button>Show</button>
      </form>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Request</th>
              <th scope="col">Principal</th>
              <th scope="col">About</th>
              <th scope="col">Reason</th>
              <th scope="col">Asked</th>
            </tr>
          </thead>
          <tbody>
            ${
              shown.length > 0
                ? shown.map(
                    (row) =>
                      html`<tr>
                        <td>${statusOf(row.status)}</td>
                        <td><a href="/executions/${row.requestId}"><code>${row.requestId}</code></a></td>
                        <td>${row.principalId}${row.subject ? ` for ${row.subject.id}` : ''}</td>
                        <td>${resourcesOf(row).join(', ')}</td>
                        <td>${row.reason.slice(0, 80)}${row.reason.length > 80 ? '…' : ''}</td>
                        <td>${when(row.createdAt)}</td>
                      </tr>`,
                  )
                : html`<tr>
                    <td colspan="6">No request is like this. Ask for access with the curl line that npm start printed.</td>
                  </tr>`
            }
          </tbody>
        </table>
      </div>
      ${found.length > shown.length ? html`<p class="dim">${found.length - shown.length} older ones: narrow the list.</p>` : ''}
      <h2>Where things are</h2>
      <dl>
        <dt>API</dt>
        <dd><code>${places.api}</code>, described in <a href="/api/openapi.json">openapi.json</a></dd>
        <dt>AWS endpoint</dt>
        <dd><code>${places.aws}</code>, for issued sessions</dd>
        <dt>Reviewer</dt>
        <dd>${places.reviewer}</dd>
      </dl>`,
  });
}
