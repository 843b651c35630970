import { html } from 'hono/html';
import { EXPORT_FORMATS } from '../../clients/audit/export-audit.ts';
import type { AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { choice, consolePage, when } from './console-page.ts';
import { readableJson } from './hide-secrets.ts';

type AuditSearch = { readonly chain?: string | undefined; readonly words?: string | undefined };

/** The most records that are shown; the export has them all. */
const MOST_RECORDS = 100;

/** Records that hold these words anywhere, newest first. */
export const searchRecords = (records: readonly AuditRecord[], { words }: AuditSearch): AuditRecord[] =>
  records
    .filter((record) => !words || JSON.stringify(record).toLowerCase().includes(words.toLowerCase()))
    .sort((a, b) => b.at.localeCompare(a.at));

/** The audit log: searched, verified, exported. `verdict` is there once verifying was asked for. */
export function auditPage(
  found: readonly AuditRecord[],
  chains: readonly string[],
  { chain, words }: AuditSearch,
  verdict: readonly string[] | undefined,
) {
  const shown = found.slice(0, MOST_RECORDS);
  return consolePage({
    title: 'Audit log',
    place: 'Audit',
    content: html`<form class="line" method="get" action="/audit">
        ${choice('chain', 'Principal', chains, chain, 'all')}
        <label>Words <input name="words" value="${words ?? ''}" /></label>
        <button>Search</button>
        <button name="verify" value="yes">Verify the whole log</button>
      </form>
      <p>
        Export: ${EXPORT_FORMATS.map((format) => html`<a href="/audit/export?format=${format}">${format}</a> `)}
      </p>
      ${verdict ? html`<pre tabindex="0" role="status">${verdict.join('\n')}</pre>` : ''}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">Event</th>
              <th scope="col">Request</th>
              <th scope="col">Place</th>
              <th scope="col">Facts</th>
            </tr>
          </thead>
          <tbody>
            ${
              shown.length > 0
                ? shown.map(
                    (record) =>
                      html`<tr>
                        <td>${when(record.at)}</td>
                        <td>${record.event}</td>
                        <td><a href="/executions/${record.requestId}"><code>${record.requestId}</code></a></td>
                        <td>${record.chain} ${record.seq}</td>
                        <td>
                          <details>
                            <summary>Facts of ${record.event}</summary>
                            <pre tabindex="0">${readableJson(JSON.stringify(record.facts))}</pre>
                          </details>
                        </td>
                      </tr>`,
                  )
                : html`<tr>
                    <td colspan="5">Nothing is recorded like this.</td>
                  </tr>`
            }
          </tbody>
        </table>
      </div>`,
  });
}
