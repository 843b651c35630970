import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { IAM, withIamFigures } from './iam-figures.ts';
import type { Result } from './result.ts';
import { TARGETS, targetsTable } from './targets.ts';

const README = 'test/bench/README.md';
const RESULTS = 'test/bench/results';

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

/** The README with each figure's newest result between its marks, and what it comes to beside its targets. */
export function renderReadme(readme: string): string {
  let text = readme;
  for (const file of existsSync(RESULTS) ? readdirSync(RESULTS) : []) {
    const name = file.replace(/\.json$/, '');
    const result: Result = JSON.parse(readFileSync(`${RESULTS}/${file}`, 'utf8'));
    const marked = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- /${name} -->)`, 's');
    const targets = TARGETS[name];
    const verdicts = targets ? `${targetsTable(targets, result.rows)}\n\n` : '';
    text = text.replace(marked, () => `\n${verdicts}${tableOf(result)}\n\n`);
  }
  return text;
}

/** Writes the README anew from the results, so that the two never differ; and what docs/iam.md tells of them. */
export function writeReadme(): void {
  writeFileSync(README, renderReadme(readFileSync(README, 'utf8')));
  writeFileSync(IAM, withIamFigures(readFileSync(IAM, 'utf8')));
}
