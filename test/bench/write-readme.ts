import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Row } from './figure.ts';
import type { Machine } from './machine.ts';

const README = 'test/bench/README.md';
const RESULTS = 'test/bench/results';

type Result = { readonly on: Machine & { readonly at: string }; readonly rows: readonly Row[] };

/** A figure's table as Markdown; a column that a row lacks stays empty. */
function tableOf({ on, rows }: Result): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const { at: day, node, cores, cpu, memoryGb, loadBefore } = on;
  return [
    line(['', ...columns.slice(1)]),
    line(columns.map((_, nth) => (nth === 0 ? '---' : '---:'))),
    ...rows.map((row) =>
      line(
        columns.map((column) => {
          const cell = row[column] ?? '';
          return typeof cell === 'string' && cell.startsWith('  ') ? `&emsp;${cell.trim()}` : cell;
        }),
      ),
    ),
    '',
    `${day}, Node ${node}, ${cores} cores (${cpu}), ${memoryGb} GB; load before: ${loadBefore}.`,
  ].join('\n');
}

/** Writes each figure's newest result between its marks in the README, so that the two never differ. */
export function writeReadme(): void {
  let text = readFileSync(README, 'utf8');
  for (const file of existsSync(RESULTS) ? readdirSync(RESULTS) : []) {
    const name = file.replace(/\.json$/, '');
    const result: Result = JSON.parse(readFileSync(`${RESULTS}/${file}`, 'utf8'));
    const marked = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- /${name} -->)`, 's');
    text = text.replace(marked, () => `\n${tableOf(result)}\n\n`);
  }
  writeFileSync(README, text);
}
