import { html } from 'hono/html';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';
import { type Frame, pageOf } from '../parts/page-of.ts';
import { choice, empty, idChip, inBrief, said, table, when } from '../parts/pieces.ts';
import { aboutOf, STATUSES, statusBadge } from '../parts/say-status.ts';

export type RequestsContent = {
  readonly requests: readonly RequestView[];
  readonly next: string | undefined;
  readonly filter: { readonly principal?: string | undefined; readonly status?: string | undefined };
  /** Whose may be looked at. */
  readonly principals: readonly string[];
  readonly refused?: string | undefined;
  readonly now: Date;
};

/** Requests of one principal, newest first. */
export function requestsPage(
  frame: Frame,
  { requests, next, filter, principals, refused, now }: RequestsContent,
) {
  return pageOf(frame, {
    title: 'Requests',
    place: 'Requests',
    content: html`${said(refused, 'bad')}
      <form method="get" action="/requests" class="filter">
        ${
          principals.length > 1
            ? choice(
                'principal',
                'Of',
                principals.map((id) => [id, id]),
                filter.principal,
              )
            : ''
        }
        ${choice('status', 'That are', [['', 'in any state'], ...STATUSES], filter.status)}
        <button>Show</button>
      </form>
      ${
        requests.length === 0
          ? empty(
              'There is no request like this.',
              html`<a class="button first" href="/ask">Ask for access</a>`,
            )
          : table(
              'Requests',
              [
                {
                  name: 'About',
                  isTitle: true,
                  cell: (request) =>
                    html`<a href="/requests/${request.requestId}">${inBrief(aboutOf(request), 70)}</a>`,
                },
                { name: 'State', cell: (request) => statusBadge(request, now) },
                { name: 'Why', cell: ({ reason }) => inBrief(reason, 100) },
                { name: 'Asked', cell: ({ createdAt }) => when(createdAt) },
                { name: 'Request', cell: ({ requestId }) => idChip(requestId) },
              ],
              requests,
            )
      }
      ${next ? html`<p><a class="button" href="${next}">Older ones</a></p>` : ''}`,
  });
}
