import { html } from 'hono/html';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';
import type { ExecutionView } from '../../../lambdas/read-records/record-specs.ts';
import { proofInWords } from '../../../lambdas/shared/domain/proof/proof.ts';
import { sayEnd } from '../../../lambdas/shared/domain/text/say-end.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import {
  diffOf,
  grantLines,
  type Html,
  idChip,
  minutesOf,
  said,
  theirWords,
  until,
  when,
} from '../parts/pieces.ts';
import { reasonLines } from '../parts/say-reasons.ts';
import { aboutOf, statusBadge } from '../parts/say-status.ts';
import { freshSubjectField } from '../parts/subject-field.ts';
import { flowOf, jsonOf, storyOf } from '../parts/tell-story.ts';
import { textOfChange } from '../parts/text-of-change.ts';

export type RequestContent = {
  readonly request: RequestView;
  readonly execution: ExecutionView | undefined;
  readonly own: boolean;
  readonly said?: string | undefined;
  readonly refused?: string | undefined;
  /** Against what is in force, of a change. */
  readonly diff?: string | undefined;
  readonly changes?: string | undefined;
  /** It can still change by itself. */
  readonly goesOn?: boolean;
  readonly now: Date;
};

/** What happens now, in a sentence, and what can be done about it. */
function nowOf({ request, now }: RequestContent): Html | undefined {
  const { status, approval, claimBy, session, revocation, change } = request;
  if (status === 'PENDING') return 'It is being reviewed, and held against the rules. That takes seconds.';
  if (status === 'AWAITING_APPROVAL' && approval)
    return html`${approval.tier} has been asked: ${approval.quorum.approvals} must agree${
      approval.quorum.stepUp > 0 ? `, ${approval.quorum.stepUp} of them with a passkey or a code` : ''
    }. The time to answer ends ${until(approval.deadline, now)}.`;
  if (status === 'READY' && claimBy)
    return html`It is granted, and waits to be claimed. It lapses ${until(claimBy, now)}.`;
  if (status === 'ISSUED' && session && !revocation && Date.parse(session.expiration) > now.getTime())
    return html`The session is live. It ends ${until(session.expiration, now)}.`;
  return change && status === 'APPLIED' ? 'What was proposed is in force.' : undefined;
}

const post = (frame: Frame, action: string, content: Html, kind = '', more: Html = '') =>
  html`<form method="post" action="${action}" class="${kind}" ${more}>${csrfField(frame)}${content}</form>`;

const kindOf = (behalf: Html): string => (behalf === '' ? '' : 'fields');

/** Looking again at a request that was made for somebody: each look takes a token of theirs. */
export const lookForm = (frame: Frame, requestId: string): Html =>
  post(
    frame,
    `/requests/${requestId}/look`,
    html`${freshSubjectField()}<button class="first">Look at it</button>
      <p class="dim small">Where scripts run, this page then follows it by itself while it is open. The token stays in the page, and goes with it.</p>`,
    'fields',
    html`data-follow`,
  );

/** What is shown of a request of one's own that was made for somebody, before their token is there. */
export const behalfPage = (
  frame: Frame,
  requestId: string,
  told: Pick<RequestContent, 'said' | 'refused'> = {},
) =>
  pageOf(frame, {
    title: 'Asked on behalf of somebody',
    place: 'Requests',
    content: html`${said(told.refused, 'bad')}${said(told.said, 'good')}<p class="row">${idChip(requestId)}</p>
      ${lookForm(frame, requestId)}`,
  });

function actionsOf(frame: Frame, { request, own, now }: RequestContent): Html {
  const { requestId, status, change, call, session, revocation, subject } = request;
  const base = `/requests/${requestId}`;
  const behalf = own && subject ? freshSubjectField() : '';
  if (own && status === 'READY' && !change && !call)
    return html`<section class="card" aria-label="Claim it">
      ${post(frame, `${base}/open`, html`${behalf}<button class="first">Open the AWS console with it</button>`, kindOf(behalf))}
      <p class="dim">A session is claimed once. For the command line, ask there: <code>npx . exec</code> or <code>npx . credentials</code> ask, wait and claim in one go.</p>
      ${post(frame, `${base}/cancel`, html`${behalf}<button class="quiet">Take it back</button>`, kindOf(behalf))}
    </section>`;
  if (own && (status === 'PENDING' || status === 'AWAITING_APPROVAL'))
    return post(
      frame,
      `${base}/cancel`,
      html`${behalf}<button>Take the request back</button>`,
      kindOf(behalf),
    );
  if (status === 'ISSUED' && session && !revocation && Date.parse(session.expiration) > now.getTime())
    return html`<details>
      <summary>End this session now</summary>
      ${post(
        frame,
        `${base}/revoke`,
        html`<label>Why <input name="reason" ${own ? '' : 'required'} minlength="3" maxlength="500" /></label>${behalf}<button class="danger">End it</button>`,
        'fields',
      )}
    </details>`;
  return '';
}

function decisionOf({ decision, deniedBy = [] }: RequestView): Html {
  if (!decision) return '';
  const { reasons, reviewSummary, entitlement, proof, policyIds } = decision;
  return html`<h2>Why</h2>
    ${reasonLines(reasons)}
    ${deniedBy.map(({ by: denier, because }) => html`<p class="no">${denier} denied it${because ? html`: “${inLine(because)}”` : '.'}</p>`)}
    ${reviewSummary ? html`<p>The reviewer said, unverified: “${inLine(reviewSummary)}”</p>` : ''}
    ${proof ? html`<p>${visibleText(proofInWords(proof))}</p>` : ''}
    ${policyIds.length > 0 ? html`<p class="dim small">Guardrails that took part: ${policyIds.join(', ')}</p>` : ''}
    ${
      entitlement
        ? html`<details>
            <summary>The session policy, to the letter</summary>
            <pre tabindex="0">${jsonOf(JSON.parse(entitlement.sessionPolicy))}</pre>
          </details>`
        : ''
    }`;
}
const inLine = (text: string): string => visibleText(text);

/** One request: how it stands and why, as a story first, then its way, then all that is known. */
export function requestPage(frame: Frame, content: RequestContent) {
  const { request, execution, changes, diff } = content;
  const { requestId, reason, subject, decision, session, revocation, change, call, references } = request;
  const entitlement = decision?.entitlement;
  const now = nowOf(content);
  const isOnBehalf = content.own && subject !== undefined;
  const ending = request.closedBecause && sayEnd(request.closedBecause);
  return pageOf(frame, {
    title: change || call ? aboutOf(request) : `Request of ${requestId.slice(0, requestId.lastIndexOf('-'))}`,
    place: 'Requests',
    // Of one's own that was made for somebody, each look takes their token.
    isLive: !isOnBehalf,
    follows: isOnBehalf && content.goesOn ? `/requests/${requestId}` : undefined,
    changes,
    content: html`${said(content.refused, 'bad')}${said(content.said, 'good')}
      <p class="row">${statusBadge(request, content.now)} ${idChip(requestId)}</p>
      ${theirWords(reason)}
      ${entitlement ? html`<p>${grantLines(entitlement.grants)}, for ${minutesOf(entitlement.durationSeconds)}</p>` : ''}
      ${isOnBehalf ? html`<details><summary>Look at it again</summary>${lookForm(frame, requestId)}</details>` : ''}
      ${actionsOf(frame, content)}
      <h2>What happened</h2>
      ${
        execution
          ? storyOf(execution.records, now)
          : html`<ol class="story"><li class="done">Asked <span class="dim small">${when(request.createdAt)}</span></li>${now ? html`<li class="now">${now}</li>` : ''}</ol>`
      }
      ${execution && execution.steps.length > 0 ? html`<h2>The way it took</h2>${flowOf(execution.steps)}` : ''}
      ${change ? html`<h2>What is proposed</h2>${diff ? diffOf(diff) : html`<pre tabindex="0">${textOfChange(change)}</pre>`}` : ''}
      ${call ? html`<h2>The call</h2><pre tabindex="0">${call.parameters}</pre>` : ''}
      ${decisionOf(request)}
      <h2>Details</h2>
      <dl class="facts">
        <dt>Asked</dt>
        <dd>${when(request.createdAt)}</dd>
        ${subject ? html`<dt>For</dt><dd>${visibleText(subject.id)} of ${subject.issuer}</dd>` : ''}
        ${references ? html`<dt>References</dt><dd>${visibleText(references.join(', '))} <span class="dim">unverified</span></dd>` : ''}
        ${ending ? html`<dt>How it ended</dt><dd>${ending}</dd>` : ''}
        ${
          session
            ? html`<dt>Session</dt>
                <dd><code>${session.assumedRoleArn}</code></dd>
                <dt>Ends</dt>
                <dd>${when(session.expiration)}</dd>`
            : ''
        }
        ${revocation ? html`<dt>Ended early</dt><dd>by ${revocation.by} ${when(revocation.revokedAt)}${revocation.because ? html`: “${inLine(revocation.because)}”` : ''}</dd>` : ''}
      </dl>
      ${
        execution && execution.records.length > 0
          ? html`<details>
              <summary>The records of the audit log</summary>
              ${execution.records.map(
                ({ event, chain, seq, facts }) =>
                  html`<h3>${event} <span class="dim small">${chain} ${seq}</span></h3><pre tabindex="0">${jsonOf(facts)}</pre>`,
              )}
            </details>`
          : ''
      }`,
  });
}
