import type { Row } from './figure.ts';

/** What a column of a figure's row should be at most. */
export type Target = {
  readonly what: string;
  readonly row: string;
  readonly column: string;
  readonly atMost: number;
  readonly unit: string;
};

const target = (what: string, row: string, column: string, atMost: number, unit: string): Target => ({
  ...{ what, row, column, atMost, unit },
});

const UP = '300 MB up';
const HASHED = '300 MB up, its digest checked on the way';
const DOWN = '300 MB down';

/** What figures are held against, by the figure's name. */
export const TARGETS: Readonly<Record<string, readonly Target[]>> = {
  gateway: [
    target('added beside one write, at the median', '  what it adds besides', 'p50', 2, 'ms'),
    target('added beside one write, at the 95th', '  what it adds besides', 'p95', 6, 'ms'),
    target('added without recording, at the median', 'what it adds without recording', 'p50', 2, 'ms'),
    target('naming a call, at the median', 'naming a call and its needs', 'p50', 0.05, 'ms'),
    target('300 MB up, beside the bare proxy', UP, 'times', 1.3, 'times'),
    target('300 MB up with its digest, beside the bare proxy', HASHED, 'times', 1.3, 'times'),
    target('300 MB down, beside the bare proxy', DOWN, 'times', 1.3, 'times'),
    target('memory when all of it has passed', DOWN, 'RSS MB', 299, 'MB'),
    target('lost of 500 calls at once', '500 calls at once', 'lost', 0, ''),
  ],
};

/** A table of targets as Markdown: what was measured, and whether it is met. What was not measured says so. */
export function targetsTable(targets: readonly Target[], rows: readonly Row[]): string {
  const lines = targets.map(({ what, row, column, atMost, unit }) => {
    const measured = rows.find((each) => each.what === row)?.[column];
    const verdict = measured === undefined ? '' : Number(measured) <= atMost ? '**met**' : '**missed**';
    return `| ${what} | ${`${atMost} ${unit}`.trim()} | ${measured ?? 'not measured'} | ${verdict} |`;
  });
  return ['| | at most | measured | |', '| --- | ---: | ---: | --- |', ...lines].join('\n');
}
