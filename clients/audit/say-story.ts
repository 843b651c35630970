import type { AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { sayEvent } from './say-event.ts';

/** Characters of one sentence; the whole of every fact is in `--json` and in the export. */
const MOST_CHARACTERS = 400;

/** What others wrote, with what hides in it written out, on one line. */
function oneLine(text: string): string {
  const shown = visibleText(text);
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)}…` : shown;
}

/** The story of one request, in the order in which it was recorded: a line for each thing that happened, in UTC. */
export function sayStory(records: readonly AuditRecord[]): string[] {
  const [first] = records;
  if (!first) return [];
  return [
    first.requestId,
    ...records.map(
      ({ at: recordedAt, event, facts }) =>
        `${recordedAt.slice(0, 10)} ${recordedAt.slice(11, 19)} UTC  ${oneLine(sayEvent(event, facts))}`,
    ),
  ];
}
