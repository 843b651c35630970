import type { AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';

const COLUMNS = ['at', 'chain', 'seq', 'event', 'requestId', 'outcome', 'reason', 'facts', 'hash'] as const;
export const CSV_HEADER = COLUMNS.join(',');

/** Characters by which spreadsheets take a cell for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A cell, always in quotes. One that a spreadsheet would run is begun with an apostrophe: reasons are written by
 * whoever asks.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** Where the outcome and the reason stand, depending on the event. */
type Facts = {
  outcome?: string;
  reason?: string;
  verdict?: { outcome?: string };
  request?: { reason?: string };
};

/** A record as a line of CSV. */
export function csvLineOf({
  at: recordedAt,
  chain,
  seq,
  event,
  requestId,
  facts,
  hash,
}: AuditRecord): string {
  const { outcome, reason, verdict, request } = facts as Facts;
  const decided = outcome ?? verdict?.outcome;
  const why = reason ?? request?.reason;
  return [recordedAt, chain, seq, event, requestId, decided, why, canonicalJson(facts), hash]
    .map(cell)
    .join(',');
}
