import type { Subject } from '../access-request.ts';

/** Where rows are keyed by the subject's id alone. */
const BARE = '${subject}';
/** The one thing of the subject that a key holds: its id, or what its token says under a name. */
const VARIABLE = /\$\{subject(?:\.([\w.:/-]{1,128}))?\}/g;

/** How rows are keyed: a text around one thing of the subject. */
type KeyPattern = { readonly before: string; readonly after: string; readonly attribute?: string };

/** A pattern such as `USER#${subject}` or `TENANT#${subject.tenant}`; undefined for one that is none. */
export function readKeyPattern(written: string): KeyPattern | undefined {
  const [variable, another] = [...written.matchAll(VARIABLE)];
  if (!variable || another) return undefined;
  const before = written.slice(0, variable.index);
  const after = written.slice(variable.index + variable[0].length);
  if (/[$]/.test(before + after)) return undefined;
  const [, attribute] = variable;
  return { before, after, ...(attribute !== undefined && { attribute }) };
}

/** The attribute of a subject that a pattern needs; undefined where it is the subject's id. */
export const attributeIn = (written = BARE): string | undefined => readKeyPattern(written)?.attribute;

const valueIn = (attributes: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

/**
 * The partition key of a subject's rows; undefined where the subject has not what the pattern asks for. INVARIANT: two
 * values never give one key, since all else in the pattern is fixed: so it holds one thing of the subject, and no more.
 */
export function keyOfRows(
  { id, attributes = {} }: Pick<Subject, 'id' | 'attributes'>,
  written = BARE,
): string | undefined {
  const pattern = readKeyPattern(written);
  if (!pattern) return undefined;
  const value = pattern.attribute === undefined ? id : valueIn(attributes, pattern.attribute);
  return value === undefined ? undefined : `${pattern.before}${value}${pattern.after}`;
}
