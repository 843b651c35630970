import { readFileSync } from 'node:fs';
import { escalationCases } from '../support/policy/escalation-cases.ts';
import type { Row } from './figure.ts';
import type { Result } from './result.ts';

export const IAM = 'docs/iam.md';
const RESULT = 'test/bench/results/check.json';

/** Peers by the versions that the bench installs. */
const WHO: Readonly<Record<string, string>> = {
  'iam check': '`iam check`',
  'iam audit': '`iam audit`',
  parliament: 'parliament 1.6.4',
  cloudsplaining: 'cloudsplaining 0.9.1',
};

const count = (cell: string | number | undefined): string =>
  typeof cell === 'number' ? cell.toLocaleString('en-US') : (cell ?? '–');

const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The rows about one thing, each with whose it is. */
const rowsBy = (rows: readonly Row[], about: string): [who: string, row: Row][] =>
  rows.flatMap((row): [string, Row][] =>
    row.what.startsWith(about) ? [[WHO[row.what.slice(about.length)] ?? row.what, row]] : [],
  );

function comparedOf({ rows }: Result): string {
  const single = escalationCases().filter(
    ({ policies, boundary, scp }) => policies.length === 1 && !boundary && !scp,
  );
  const variants = (escalates: boolean) => single.filter((given) => given.escalates === escalates).length;
  const own = rowsBy(rows, 'told to escalate, by ');
  const managed = count(own[0]?.[1]['managed policies']);
  return table(
    [
      'told to escalate',
      "of pathfinding.cloud's 65 paths",
      `of ${variants(true)} variants that do`,
      `of ${variants(false)} variants that do not`,
      `${managed} of AWS's managed policies`,
      'crashes',
    ],
    own.map(([who, row]) => [
      who,
      ...['of pathfinding', 'of variants that do', 'of variants that do not'].map((column) =>
        count(row[column]),
      ),
      `${count(row['s for these'])} s`,
      count(row.crashes),
    ]),
  );
}

function measuredOf({ on, rows }: Result): string {
  const find = (what: RegExp): Row | undefined => rows.find((row) => what.test(row.what));
  const lines: [string, string][] = [];
  const add = (what: string, row: Row | undefined, column: string, unit: string) => {
    if (row) lines.push([what.replace('N', count(row.n)), `${count(row[column])} ${unit}`]);
  };
  add("AWS's N managed policies, a thread for each processor", find(/a thread for each/), 's in all', 's');
  add("AWS's N managed policies, one thread", find(/one thread$/), 's in all', 's');
  add('one policy, from a cold command line (the median of N)', find(/cold command line/), 'p50', 'ms');
  add('an account of N roles, audited', find(/two policies each/), 's in all', 's');
  add(
    'an account of N roles that all trust each other, audited',
    find(/all trust each other/),
    's in all',
    's',
  );
  const machine = `${on.at}, Node ${on.node}, ${on.cores} cores (${on.cpu}); load before: ${on.loadBefore}.`;
  return `${table(['', 'from start to end'], lines)}\n\n${machine}`;
}

function auditedOf({ rows }: Result): string {
  const own = rowsBy(rows, 'roles of an account told to escalate, by ');
  const [, first] = own[0] ?? [];
  return table(
    [
      'roles of one account told to escalate',
      `of ${count(first?.['of them'])} that do`,
      `of ${count(first?.['of these'])} that only look so`,
    ],
    own.map(([who, row]) => [who, count(row['that do']), count(row['that do not'])]),
  );
}

/** The document with the figures of the last run between its marks. */
export function withIamFigures(text: string): string {
  const result: Result = JSON.parse(readFileSync(RESULT, 'utf8'));
  const parts = { compared: comparedOf(result), measured: measuredOf(result), audited: auditedOf(result) };
  return Object.entries(parts).reduce(
    (before, [mark, part]) =>
      before.replace(
        new RegExp(`(?<=<!-- ${mark} -->\n).*?(?=<!-- /${mark} -->)`, 's'),
        () => `\n${part}\n\n`,
      ),
    text,
  );
}
