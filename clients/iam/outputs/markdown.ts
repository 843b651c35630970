import type { CheckedPolicy } from '../../../policy/check/check-policy.ts';
import type { CheckReport } from '../check-inputs.ts';
import { markdownText } from './escape-text.ts';

/** Rows of one policy: a comment on a change is read, not scrolled. */
const MOST_ROWS = 40;

function tableOf({ name, score, isRead, findings }: CheckedPolicy): string {
  const head = `### ${markdownText(name)}${score === undefined ? '' : ` (score ${score})`}`;
  const half = isRead ? [] : ['', 'It cannot be read as a policy, so only its form was looked at.'];
  if (findings.length === 0) return [head, ...half, '', 'Nothing was found.'].join('\n');
  const rows = findings
    .slice(0, MOST_ROWS)
    .map(
      ({ severity, id, position, detail, remedy }) =>
        `| ${severity} | ${id} | ${position ? `${position.line}:${position.column}` : ''} | ${markdownText(detail)} | ${markdownText(remedy)} |`,
    );
  const rest = findings.length - MOST_ROWS;
  return [
    head,
    ...half,
    '',
    '| | check | line | found | what to do |',
    '|---|---|---|---|---|',
    ...rows,
    ...(rest > 0 ? ['', `And ${rest} more.`] : []),
  ].join('\n');
}

/** The report as Markdown, for a comment on a change. */
export const markdownOf = ({ policies, unread }: CheckReport): string =>
  [
    '## IAM policies',
    ...policies.map(tableOf),
    ...unread.map(({ file, detail }) => `Not looked at: ${markdownText(`${file}: ${detail}`)}`),
  ].join('\n\n');
