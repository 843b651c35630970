import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { CheckedPolicy } from '../../../policy/check/check-policy.ts';
import { type Finding, SEVERITIES, type Severity } from '../../../policy/check/finding.ts';
import type { CheckReport } from '../check-inputs.ts';

/** Escalations of one policy that are told one by one; of more, only which they are. */
const MOST_PATHS = 6;

const isPath = ({ id }: Finding): boolean => /^P\d/.test(id);

const wide = (text: string, width: number): string => text.padEnd(width);

/** One finding: what and where, why it matters, what to do. */
function linesOf({ severity, id, position, detail, title, why, remedy }: Finding): string[] {
  const place = position ? `${position.line}:${position.column}` : '';
  return [
    `  ${wide(severity, 8)}  ${wide(id, 4)}  ${wide(place, 6)}  ${visibleText(detail)}`,
    `            ${visibleText(`${title}: ${why}`)}`,
    `            → ${visibleText(remedy)}`,
  ];
}

/** Many escalations at once: by what they come to. */
function linesOfPaths(paths: readonly Finding[]): string[] {
  const byTitle = new Map<string, Finding[]>();
  for (const path of paths) byTitle.set(path.title, [...(byTitle.get(path.title) ?? []), path]);
  return [...byTitle].flatMap(([title, found]) => [
    `  ${wide(found[0]?.severity ?? '', 8)}  ${found.map(({ id }) => id).join(' ')}`,
    `            ${title}, in ${found.length} ${found.length === 1 ? 'way' : 'ways'}: ${visibleText(found[0]?.detail ?? '')}`,
  ]);
}

function describePolicy({ name, type, score, isRead, findings }: CheckedPolicy): string[] {
  const scored = score === undefined ? '' : `, score ${score}`;
  const paths = findings.filter(isPath);
  const isMany = paths.length > MOST_PATHS;
  const single = isMany ? findings.filter((entry) => !isPath(entry)) : findings;
  return [
    `${visibleText(name)}: ${type} policy${scored}`,
    ...(isRead ? [] : ['  (it cannot be read as a policy, so only its form was looked at)']),
    ...single.flatMap(linesOf),
    ...(isMany ? linesOfPaths(paths) : []),
    ...(findings.length === 0 ? ['  nothing was found'] : []),
  ];
}

/** How many findings there are of each severity. */
export function countBySeverity({ policies }: CheckReport): [Severity, number][] {
  const all = policies.flatMap(({ findings }) => findings);
  return SEVERITIES.map((severity): [Severity, number] => [
    severity,
    all.filter((entry) => entry.severity === severity).length,
  ]).filter(([, count]) => count > 0);
}

/** The report for people. What comes from the policies is shown, and does nothing to a terminal. */
export function describeCheck(report: CheckReport): string {
  const counts = countBySeverity(report).map(([severity, count]) => `${count} ${severity}`);
  const { length } = report.policies;
  return [
    ...report.policies.flatMap((entry) => [...describePolicy(entry), '']),
    ...report.unread.map(({ file, detail }) => `not looked at: ${visibleText(`${file}: ${detail}`)}`),
    `${length} ${length === 1 ? 'policy' : 'policies'}: ${counts.length > 0 ? counts.join(', ') : 'nothing was found'}`,
  ].join('\n');
}
