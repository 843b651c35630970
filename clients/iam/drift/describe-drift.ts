import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { ShownRequest } from '../../../policy/prove/shown-request.ts';
import type { Compared, Found } from './compare-named.ts';

const shown = ({ action, resource }: ShownRequest): string => visibleText(`${action} on ${resource}`);

/** The verdict, and what shows it. */
function linesOf(found: Found): string[] {
  return [
    `${found.verdict}${found.verdict === 'unknown' ? ` (${found.why})` : ''}`,
    ...('more' in found && found.more ? [`allowed, and not committed: ${shown(found.more)}`] : []),
    ...('less' in found ? [`committed, and not allowed: ${shown(found.less)}`] : []),
  ];
}

/** A comparison in a few lines. Names and requests are text from outside. */
export function describeDrift(entry: Compared): string {
  const name = visibleText(entry.name);
  if (entry.verdict !== 'depends') return `${name}: ${linesOf(entry).join('\n  ')}`;
  const cases = entry.cases.map((found) => {
    const [verdict = '', ...more] = linesOf(found);
    const where = found.where.map((world) => visibleText(world)).join(', or ');
    return [`  ${verdict} where ${where}`, ...more.map((line) => `    ${line}`)].join('\n');
  });
  return [
    `${name}: it depends on the conditions of the template (--where says what they are)`,
    ...cases,
  ].join('\n');
}
