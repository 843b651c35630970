import type { AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';

/** Characters of one fact; the whole of it is in the export. */
const MOST_CHARACTERS = 300;

/** A fact as one line, with what hides in it written out: reasons are written by whoever asks. */
function factLine([name, value]: [string, unknown]): string {
  const text = visibleText(typeof value === 'string' ? value : canonicalJson(value));
  return `    ${name}: ${text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text}`;
}

/** The story of one request, in the order in which it was recorded, as lines for people. */
export function sayStory(records: readonly AuditRecord[]): string[] {
  return records.flatMap(({ at, event, seq, chain, facts }) => [
    `${at}  ${event}  (${chain} ${seq})`,
    ...Object.entries(facts).map(factLine),
  ]);
}
