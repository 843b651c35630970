import { html } from 'hono/html';
import { EXPORT_FORMATS } from '../../../clients/audit/export-audit.ts';
import type { AuditPage, Verification } from '../../../lambdas/read-records/record-specs.ts';
import { type Frame, pageOf } from '../parts/page-of.ts';
import { choice, empty, type Html, idChip, said, table, when } from '../parts/pieces.ts';
import { jsonOf, sentenceOf } from '../parts/tell-story.ts';

export type AuditFilter = Readonly<
  Partial<Record<'principal' | 'request' | 'from' | 'to' | 'words', string | undefined>>
>;
export type AuditContent = {
  readonly page: AuditPage;
  readonly filter: AuditFilter;
  readonly principals: readonly string[];
  readonly isAuditor: boolean;
  readonly verified?: readonly Verification[] | undefined;
  readonly refused?: string | undefined;
};

const addressOf = (path: string, query: Readonly<Record<string, string | undefined>>): string => {
  const set = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `${path}?${new URLSearchParams(set)}`;
};

function verdictOf(verified: readonly Verification[]): Html {
  const bad = verified.filter(({ problem }) => problem);
  const unread = verified.filter(({ problem, nextCursor }) => !problem && nextCursor);
  const records = verified.reduce((sum, { last }) => sum + last.seq, 0);
  return html`<section class="card" role="status">
    <h2>${bad.length > 0 ? 'The log is not as it was written' : 'The log is as it was written'}</h2>
    ${bad.map(({ chain, problem }) => html`<p class="no">${chain}: record ${problem?.seq} is ${problem?.problem}.</p>`)}
    <p>${records} records of ${verified.length} chains: each hash, each link and each MAC.</p>
    ${unread.length > 0 ? html`<p>${unread.map(({ chain }) => chain).join(', ')}: longer than is verified here.</p>` : ''}
    <p class="dim">What the archive and the signed heads say beside it, <code>npx . audit verify</code> holds against it, with a role of the auditor's own.</p>
  </section>`;
}

/** The audit log: searched page by page, verified, exported. */
export function auditPage(
  frame: Frame,
  { page, filter, principals, isAuditor, verified, refused }: AuditContent,
) {
  const { records, nextCursor } = page;
  return pageOf(frame, {
    title: 'Audit log',
    place: 'Audit',
    content: html`${said(refused, 'bad')} ${verified ? verdictOf(verified) : ''}
      ${isAuditor ? '' : html`<p class="dim">What is recorded of you. Auditors read everybody's.</p>`}
      <form method="get" action="/audit" class="filter">
        ${isAuditor ? choice('principal', 'Of', [['', 'everybody'], ['_config', 'deployments'], ...principals.map((id) => [id, id] as const)], filter.principal) : ''}
        <label>Words <input name="words" maxlength="200" value="${filter.words ?? ''}" /></label>
        <label>From <input type="date" name="from" value="${filter.from ?? ''}" /></label>
        <label>To <input type="date" name="to" value="${filter.to ?? ''}" /></label>
        <button>Search</button>
        <button name="verify" value="yes">Verify</button>
      </form>
      ${
        records.length === 0
          ? empty(nextCursor ? 'Nothing yet: go on searching below.' : 'Nothing is recorded like this.')
          : table(
              'Records',
              [
                {
                  name: 'What',

                  cell: ({ event, facts }) => sentenceOf(event, facts, 240),
                },
                { name: 'When', cell: (record) => when(record.at) },
                { name: 'Request', cell: ({ requestId }) => idChip(requestId, `/requests/${requestId}`) },
                {
                  name: 'Record',
                  cell: ({ event, chain, seq, facts }) =>
                    html`<details><summary>Facts</summary><p>${event}, ${chain} ${seq}</p><pre tabindex="0">${jsonOf(facts)}</pre></details>`,
                },
              ],
              records,
            )
      }
      ${nextCursor ? html`<p><a class="button" href="${addressOf('/audit', { ...filter, cursor: nextCursor })}">Older records</a></p>` : ''}
      <h2>Export</h2>
      <p>What you searched for, newest first, at most five thousand records. All of it: <code>npx . audit export</code>.</p>
      <p class="row">${EXPORT_FORMATS.map((format) => html`<a class="button" href="${addressOf('/audit/export', { ...filter, format })}">${format}</a>`)}</p>`,
  });
}
