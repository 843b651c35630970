import { AwsError } from '../../../gateway/wire/aws-error.ts';

const TERM = /\s*(?:(-|\?)?(?:"([^"]*)"|([^\s"{}[\]%]+)))\s*/y;

/**
 * Whether a message holds the terms of a pattern: all of them, none that has `-` before it, and of those with `?` one.
 * Throws InvalidParameterException for patterns of JSON, of fields, and of expressions, which are not imitated.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function readFilterPattern(pattern: string): (message: string) => boolean {
  const needed: string[] = [];
  const excluded: string[] = [];
  const either: string[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < pattern.length) {
    const found = TERM.exec(pattern);
    if (!found) {
      const why = 'The sandbox reads patterns of terms alone, such as: ERROR "not found" -debug';
      throw new AwsError('InvalidParameterException', why, 400);
    }
    const [, sign, phrase, word] = found;
    (sign === '-' ? excluded : sign === '?' ? either : needed).push(phrase ?? word ?? '');
  }
  return (message) =>
    needed.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (either.length === 0 || either.some((term) => message.includes(term)));
}
