import { visibleText } from '../../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Report } from '../generated-file.ts';

/** Why each statement is there, as lines that may stand in a comment of any language. */
export function reasonLines({ statements, trust, readBy }: Report): string[] {
  const lines = [
    ...statements.map(({ statement, because }) => `${statement.Sid}: ${because.join('; ')}.`),
    ...(trust ? [`Trust: ${trust.because.join('; ')}.`] : []),
    `Read by ${readBy.model}${readBy.isOffline ? ', not by a language model' : ''}.`,
  ];
  // One line each, whatever was quoted; and nothing that ends a comment.
  return lines.map((line) => visibleText(line).replaceAll('*/', '* /'));
}

/** JSON, moved to the right by so many spaces but for its first line. */
export const indented = (value: unknown, spaces: number): string =>
  JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(spaces)}`);
