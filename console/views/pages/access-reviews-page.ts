import { html } from 'hono/html';
import type {
  AccessReviewList,
  AccessReviewPage,
  ReviewItemDetail,
  ReviewItemView,
} from '../../../lambdas/access-reviews/access-review-specs.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import {
  badge,
  empty,
  type Html,
  idChip,
  said,
  shortAction,
  table,
  theirWords,
  when,
} from '../parts/pieces.ts';

const STATES: Readonly<Record<string, string>> = {
  opening: 'being opened',
  open: 'open',
  ended: 'ended',
  closed: 'done',
};

const reviewState = (state: string): Html =>
  badge(STATES[state] ?? state, state === 'closed' ? 'ok' : state === 'ended' ? 'no' : 'wait');

/** The reviews that there are. */
export const accessReviewsPage = (frame: Frame, { reviews, mayOpen }: AccessReviewList, refused?: string) =>
  pageOf(frame, {
    title: 'Access reviews',
    place: 'Reviews',
    content: html`<p class="lead">Who could get what, looked at by others, and kept or taken away.</p>
      ${said(refused, 'bad')}
      ${
        mayOpen
          ? html`<form method="post" action="/access-reviews">${csrfField(frame)}<button class="first">Open one now</button></form>`
          : ''
      }
      ${
        reviews.length === 0
          ? empty('There is no access review yet.')
          : table(
              'Access reviews',
              [
                {
                  name: 'Opened',
                  isTitle: true,
                  cell: ({ reviewId, openedAt }) =>
                    html`<a href="/access-reviews/${reviewId}">${when(openedAt)}</a>`,
                },
                { name: 'State', cell: ({ state }) => reviewState(state) },
                { name: 'Principals', cell: ({ items }) => String(items) },
                { name: 'Until', cell: ({ closesAt }) => when(closesAt) },
                { name: 'Decided by', cell: ({ reviewerGroups }) => reviewerGroups.join(', ') },
              ],
              reviews,
            )
      }`,
  });

function itemState({ state, overdue, refused }: ReviewItemView): Html {
  if (overdue) return badge('overdue', 'no');
  if (state === 'open') return badge(refused ? 'open again' : 'open', 'wait');
  if (state === 'removing') return badge('to be taken away', 'wait');
  return badge(state === 'kept' ? 'kept' : 'taken away', state === 'kept' ? 'ok' : 'off');
}

const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;

const inWords = ({ resources, jobs, breakGlass, approves }: ReviewItemView): string =>
  [
    counted(resources, 'resource'),
    jobs > 0 ? counted(jobs, 'job') : '',
    breakGlass > 0 ? `${breakGlass} for emergencies` : '',
    approves.length > 0 ? `approves for ${approves.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join('; ');

/** Everybody in a review. */
export const accessReviewPage = (
  frame: Frame,
  { review, items, nextCursor }: AccessReviewPage,
  done: string | undefined,
) =>
  pageOf(frame, {
    title: `Access review of ${review.openedAt.slice(0, 10)}`,
    place: 'Reviews',
    content: html`${said(done, 'good')}
      <p class="lead">${reviewState(review.state)} ${review.items} principals, to be decided until ${when(review.closesAt)}. ${review.mayDecide ? '' : 'You read it; its reviewers decide.'}</p>
      ${
        items.length === 0
          ? empty('Its principals are being written: look again in a minute.')
          : table(
              'Principals',
              [
                {
                  name: 'Who',
                  isTitle: true,
                  cell: ({ principalId }) =>
                    html`<a href="/access-reviews/${review.reviewId}/${principalId}">${principalId}</a>`,
                },
                {
                  name: 'State',
                  cell: (item) =>
                    html`${itemState(item)}${item.decision && item.state !== 'open' ? ` by ${item.decision.decidedBy}` : ''}`,
                },
                { name: 'Kind', cell: ({ type }) => type },
                { name: 'Could get', cell: inWords },
                {
                  name: 'Used',
                  cell: ({ sessions, lastAt }) =>
                    html`${counted(sessions, 'session')}${lastAt ? html`, the last ${when(lastAt)}` : ''}`,
                },
              ],
              items,
            )
      }
      ${nextCursor ? html`<p><a class="button" href="/access-reviews/${review.reviewId}?cursor=${nextCursor}">More</a></p>` : ''}`,
  });

export type ItemContent = ReviewItemDetail & {
  readonly refused?: string | undefined;
  readonly typed?: string | undefined;
};

function couldGet({ access }: ReviewItemDetail): Html {
  if (access.couldGet.length === 0) return html`<p>Nothing, whoever agrees.</p>`;
  return html`<div class="cards">
    ${access.couldGet.map(
      ({ resource, ownRows, answers }) =>
        html`<div>
          <h3>${resource}${ownRows ? html` <span class="dim">(own rows)</span>` : ''}</h3>
          ${answers.map(
            ({ answer, count, actions }) =>
              html`<p>${badge(answer, answer === 'allowed' ? 'ok' : 'wait')} ${actions.map(shortAction).join(', ')}${count > actions.length ? ` and ${count - actions.length} more` : ''}</p>`,
          )}
        </div>`,
    )}
  </div>`;
}

function decided({ item }: ReviewItemDetail): Html {
  const { decision, requestId, refused } = item;
  return html`${
    refused
      ? said(
          refused.requestId === undefined
            ? 'It was to be taken away, and the change was never proposed: decide again.'
            : `The change that was to take it away ended as ${refused.status ?? 'unknown'}: decide again.`,
          'bad',
        )
      : ''
  }
  ${
    decision && item.state !== 'open'
      ? html`<section class="card">
          <p><b>${decision.decidedBy}</b> decided to ${decision.decision === 'keep' ? 'keep it' : 'have it taken away'}, ${when(decision.decidedAt)}${decision.late ? ', late' : ''}:</p>
          ${theirWords(decision.rationale)}
          ${requestId ? html`<p>By the change ${idChip(requestId, `/requests/${requestId}`)}</p>` : ''}
        </section>`
      : ''
  }`;
}

function decideForm(frame: Frame, { review, item, access, typed }: ItemContent): Html {
  if (!item.mayDecide) return '';
  const jobs = access.jobs.map(({ job }) => job);
  const part = (name: string, value: string) =>
    html`<label class="pick"><input type="checkbox" name="${name}" value="${value}" /> <span>${value}</span></label>`;
  return html`<section class="card">
    <h2>Decide</h2>
    <form method="post" action="/access-reviews/${review.reviewId}/${item.principalId}" class="fields">
      ${csrfField(frame)}<input type="hidden" name="digest" value="${item.digest}" />
      <label>Why <span class="hint">Recorded; of a removal, the reason that those who approve it read.</span><textarea name="reason" rows="3" required minlength="10" maxlength="1500">${typed ?? ''}</textarea></label>
      <button class="first" name="decision" value="keep">Keep it</button>
      <details>
        <summary>Take it away</summary>
        <p>Others approve it as any change. ${access.template === undefined ? 'Where nothing is picked' : 'The directory says its groups, so'} the principal is suspended.</p>
        ${
          access.template === undefined && access.groups.length + jobs.length > 0
            ? html`<fieldset>
                <legend>Only these</legend>
                ${access.groups.map((group) => part('group', group))} ${jobs.map((job) => part('job', job))}
              </fieldset>`
            : ''
        }
        <button class="danger" name="decision" value="remove">Propose to take it away</button>
      </details>
    </form>
  </section>`;
}

/** One principal: what it could come by, what it used of it, and the form that decides. */
export function reviewItemPage(frame: Frame, content: ItemContent) {
  const { review, item, access, used, refused } = content;
  const list = (name: string, values: readonly string[]): Html =>
    values.length > 0
      ? html`<dt>${name}</dt><dd>${values.map((value) => html`${visibleText(value)}<br />`)}</dd>`
      : '';
  return pageOf(frame, {
    title: item.principalId,
    place: 'Reviews',
    content: html`<p><a href="/access-reviews/${review.reviewId}">Access review of ${review.openedAt.slice(0, 10)}</a></p>
      ${said(refused, 'bad')} ${decided(content)}
      <dl class="facts">
        <dt>State</dt>
        <dd>${itemState(item)}</dd>
        <dt>Kind</dt>
        <dd>${access.type}</dd>
        ${list('Groups', access.groups)} ${list('Persons', access.persons)}
        ${list(
          'Jobs',
          access.jobs.map(
            ({ job, grants, breakGlass }) =>
              `${job}: ${grants.join(', ')}${breakGlass ? ', for emergencies' : ''}`,
          ),
        )}
        ${list('Approves', access.approves)} ${list('Proposes', access.proposes)}
        ${list('Reads', access.auditor ? ['everything: an auditor'] : [])}
        ${list('Signs in', access.signsIn)}
        ${list('Made by', access.template === undefined ? [] : [`the template ${access.template}`])}
        <dt>Used</dt>
        <dd>${used.complete ? '' : 'at least '}${counted(used.sessions, 'session')} since ${used.since.slice(0, 10)}${used.lastAt ? html`, the last ${when(used.lastAt)}` : ''}</dd>
        ${list(
          'On',
          used.resources.map(({ resource, sessions }) => `${resource}: ${sessions}`),
        )}
      </dl>
      ${decideForm(frame, content)}
      <h2>What it could get</h2>
      ${couldGet(content)}`,
  });
}
