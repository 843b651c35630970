import { refused } from '../refuse.ts';
import type { gatherCalls } from './gather-calls.ts';

/** The columns of the query in docs/iam.md, in any order. */
export const COLUMNS = [
  'principal',
  'eventsource',
  'eventname',
  'errorcode',
  'awsregion',
  'resource',
  'calls',
  'first',
  'last',
  'dataevent',
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** Adds the rows of a query's result. Throws `invalid_policy` with the line of one that is not as the query makes it. */
export function readAthenaResult(name: string, text: string, calls: ReturnType<typeof gatherCalls>): void {
  const [head, ...rows] = rowsOf(name, text);
  const missing = COLUMNS.filter((column) => !head?.cells.includes(column));
  if (missing.length > 0)
    throw refused(`${name} is no result of the query in docs/iam.md: it has no ${missing.join(', ')}.`);
  for (const { cells, line } of rows) {
    const row = Object.fromEntries(head?.cells.map((column, nth) => [column, cells[nth] ?? '']) ?? []) as Row;
    const [count, first, last] = [Number(row.calls), dateOf(row.first), dateOf(row.last)];
    const isWhole = cells.length === head?.cells.length && Number.isSafeInteger(count) && count > 0;
    if (!isWhole || !first || !last || !row.principal.startsWith('arn:'))
      throw refused(`${name}:${line} is no row of the query in docs/iam.md: it may have been cut off.`);
    const call = {
      ...{ principal: row.principal, source: row.eventsource, name: row.eventname, error: row.errorcode },
      region: row.awsregion,
      resources: row.resource === '' ? [] : [row.resource],
      isDataEvent: row.dataevent === 'true',
    };
    calls.addCall({ ...call, calledAt: first }, count);
    calls.addCall({ ...call, calledAt: last }, 0);
  }
}

function dateOf(text: string): string | undefined {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/**
 * Athena quotes every cell, and doubles a quote within one.
 * @see https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
 */
function rowsOf(name: string, text: string): { cells: string[]; line: number }[] {
  const rows: { cells: string[]; line: number }[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  let [cells, line, begunOn]: [string[], number, number] = [[], 1, 1];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw refused(`${name}:${line} is no CSV: it may have been cut off.`);
    const [whole, quoted, plain = '', end] = found;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    rows.push({ cells, line: begunOn });
    [cells, begunOn] = [[], line];
  }
  return rows;
}
