import { html } from 'hono/html';
import type { AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { proofInWords } from '../../lambdas/shared/domain/proof/proof.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import { sayReason } from '../../lambdas/shared/domain/text/say-reason.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Vote } from '../../lambdas/shared/domain/vote.ts';
import { consolePage, type Html, statusOf, when } from './console-page.ts';
import type { ExecutionSummary } from './console-reader.ts';
import { drawFlow } from './draw-flow.ts';
import { readableJson } from './hide-secrets.ts';
import type { Flow } from './lay-out-flow.ts';
import { type HistoryEvent, readProgress, type Step } from './read-progress.ts';

type PageContent = {
  readonly row: RequestRow;
  readonly execution: ExecutionSummary | undefined;
  readonly votes: readonly Vote[];
  readonly records: readonly AuditRecord[];
  readonly flow: Flow;
};

const moment = (seconds: number): Html => when(new Date(seconds * 1000));
const spent = ({ enteredAt, leftAt }: Step): string =>
  leftAt === undefined ? '' : `${Math.round((leftAt - enteredAt) * 1000)} ms`;

function decisionOf({ decision }: RequestRow): Html {
  const { entitlement, proof, reasons = [], policyIds = [], reviewSummary } = decision ?? {};
  return html`<h2>Decision</h2>
    ${decision ? '' : html`<p>None yet.</p>`}
    <ul>
      ${reasons.map((reason) => html`<li><code>${reason.code}</code> ${sayReason(reason)}</li>`)}
    </ul>
    ${policyIds.length > 0 ? html`<p>Guardrails that took part: <code>${policyIds.join(', ')}</code></p>` : ''}
    ${proof ? html`<p>${visibleText(proofInWords(proof))}</p>` : ''}
    ${reviewSummary ? html`<p>The review, unverified: “${visibleText(reviewSummary)}”</p>` : ''}
    ${
      entitlement
        ? html`<p>
              ${entitlement.grants.map(({ resource, actions }) => html`${actions.join(', ')} on <b>${resource}</b>; `)}
              for ${entitlement.durationSeconds} s, by <code>${entitlement.roleArn}</code>
            </p>
            <details>
              <summary>Session policy</summary>
              <pre tabindex="0">${readableJson(entitlement.sessionPolicy)}</pre>
            </details>`
        : ''
    }`;
}

function approvalOf({ row, votes }: PageContent): Html | string {
  const { approval } = row;
  if (!approval) return '';
  return html`<h2>Approval</h2>
    <p>
      ${approval.quorum.approvals} needed${approval.quorum.stepUp > 0 ? `, ${approval.quorum.stepUp} with a code` : ''};
      asked in <a href="/slack">${approval.tier}</a> until ${when(approval.deadline)}
    </p>
    <ul>
      ${approval.history.map(
        ({ tier, endedAt, because }) =>
          html`<li>${tier}: ${because.replace('_', ' ')} until ${when(endedAt)}</li>`,
      )}
      ${votes.map(
        ({ decision, principalId, votedAt, stepUp, reason }) =>
          html`<li>
            <b class="${decision === 'approve' ? 'ok' : 'no'}">${decision}</b> by ${principalId}${stepUp ? ', with a code' : ''},
            ${when(votedAt)}${reason ? html`: “${visibleText(reason)}”` : ''}
          </li>`,
      )}
    </ul>`;
}

const stepsOf = (steps: readonly Step[]): Html =>
  html`<h2>Steps</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Entered</th>
            <th scope="col">Took</th>
            <th scope="col">Input and output</th>
          </tr>
        </thead>
        <tbody>
          ${steps.map(
            (step) =>
              html`<tr>
                <td>${step.name}</td>
                <td>${moment(step.enteredAt)}</td>
                <td>${spent(step)}</td>
                <td>
                  <details>
                    <summary>Input of ${step.name}</summary>
                    <pre tabindex="0">${readableJson(step.input)}</pre>
                  </details>
                  ${
                    step.output === undefined
                      ? ''
                      : html`<details>
                          <summary>Output of ${step.name}</summary>
                          <pre tabindex="0">${readableJson(step.output)}</pre>
                        </details>`
                  }
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;

/** An event's name, and where it failed, why: its other details hold tokens. */
function eventLine({ id, type, timestamp, ...details }: HistoryEvent): Html {
  const [detail] = Object.entries(details).flatMap(([name, value]) =>
    name.endsWith('EventDetails') ? [value as { name?: string; error?: string; cause?: string }] : [],
  );
  const failed = detail?.error
    ? `: ${detail.error}${detail.cause ? ` (${detail.cause.slice(0, 200)})` : ''}`
    : '';
  return html`<li>${moment(timestamp)} <code>${id} ${type}</code> ${detail?.name ?? ''}${failed}</li>`;
}

const storyOf = (records: readonly AuditRecord[]): Html =>
  html`<h2>Audit records</h2>
    ${
      records.length === 0
        ? html`<p>None yet.</p>`
        : html`<ol>
            ${records.map(
              ({ at: recordedAt, event, chain, seq, facts }) =>
                html`<li>
                  ${when(recordedAt)} <b>${event}</b> <span class="dim">(${chain} ${seq})</span>
                  <details>
                    <summary>Facts of ${event}</summary>
                    <pre tabindex="0">${readableJson(JSON.stringify(facts))}</pre>
                  </details>
                </li>`,
            )}
          </ol>`
    }`;

/** One request: where it is, what was decided and by whom, each step's input and output. */
export function executionPage(page: PageContent) {
  const { row, execution, records, flow } = page;
  const progress = readProgress(execution?.events ?? [], execution?.status === 'RUNNING');
  return consolePage({
    title: row.requestId,
    place: 'Executions',
    isLive: true,
    content: html`<dl>
        <dt>Status</dt>
        <dd>${statusOf(row.status)}${row.closedBecause ? html` <span class="dim">${row.closedBecause}</span>` : ''}</dd>
        <dt>Principal</dt>
        <dd>${row.principalId}${row.subject ? html`, for ${row.subject.id} of ${row.subject.issuer}` : ''}</dd>
        <dt>Asked</dt>
        <dd>${when(row.createdAt)}</dd>
        <dt>Execution</dt>
        <dd>${execution?.status ?? 'not started'}${progress.now ? html`, at <b>${progress.now}</b>` : ''}</dd>
        ${
          row.session
            ? html`<dt>Session</dt>
                <dd><code>${row.session.assumedRoleArn}</code>, until ${when(row.session.expiration)}</dd>`
            : ''
        }
        ${row.revocation ? html`<dt>Revoked</dt><dd>${readableJson(JSON.stringify(row.revocation))}</dd>` : ''}
      </dl>
      <h2>In the requester's own words, unverified</h2>
      <blockquote>${visibleText(row.reason)}</blockquote>
      ${row.asked?.diff ? html`<h2>The change</h2><pre tabindex="0">${row.asked.diff}</pre>` : ''}
      <h2>Workflow</h2>
      ${drawFlow(flow, progress)} ${decisionOf(row)} ${approvalOf(page)} ${stepsOf(progress.steps)} ${storyOf(records)}
      <h2>Event history</h2>
      <details>
        <summary>${execution?.events.length ?? 0} events</summary>
        <ol>
          ${(execution?.events ?? []).map(eventLine)}
        </ol>
      </details>`,
  });
}
