import { AwsError } from '../../../gateway/wire/aws-error.ts';

const MOST_TAGS = 50;
const KEY = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

const invalid = (message: string) =>
  new AwsError('ValidationError', `1 validation error detected: ${message}`, 400);

/**
 * Session tags: `Tags.member.1.Key` and `.Value` of the query protocol. Keys differ by more than case.
 * Throws ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function tagsOf(input: Record<string, unknown>): Record<string, string> {
  const tags: [key: string, value: string][] = [];
  for (let n = 1; input[`Tags.member.${n}.Key`] !== undefined; n++) {
    const key = String(input[`Tags.member.${n}.Key`]);
    const value = String(input[`Tags.member.${n}.Value`] ?? '');
    if (!KEY.test(key)) throw invalid(`'${key}' is no key for a session tag`);
    if (!VALUE.test(value)) throw invalid(`the value of the session tag '${key}' is not allowed`);
    tags.push([key, value]);
  }
  if (tags.length > MOST_TAGS) throw invalid(`at most ${MOST_TAGS} session tags`);
  if (new Set(tags.map(([key]) => key.toLowerCase())).size < tags.length)
    throw new AwsError('InvalidParameterValue', 'Duplicate tag keys found.', 400);
  return Object.fromEntries(tags);
}
