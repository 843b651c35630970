import { matchResource } from '../../evaluate/match-arn.ts';
import type { RequestContext } from '../../evaluate/request-context.ts';
import { oncePerObject } from '../../parse/once-per-object.ts';
import type { Element, Pattern, Statement } from '../../parse/policy-model.ts';

type Named = {
  readonly isAll: boolean;
  readonly texts: ReadonlySet<string>;
  /** Those with wildcards, or with variables that are known of a principal. */
  readonly patterns: readonly Pattern[];
  /** Those whose variables anything may stand for, as wildcards. */
  readonly widened: readonly Pattern[];
};

/** Variables whose values `knownKeys` has. */
const KNOWN: ReadonlySet<string> = new Set(['aws:username', 'aws:principalaccount', 'aws:principaltype']);

const isPlain = ({ parts }: Pattern): boolean => parts.every(({ kind }) => kind === 'literal');
const isOpen = ({ parts }: Pattern): boolean =>
  parts.some((part) => part.kind === 'variable' && !KNOWN.has(part.key));
const widen = (pattern: Pattern): Pattern => ({
  ...pattern,
  parts: pattern.parts.map((part) =>
    part.kind === 'variable' && !KNOWN.has(part.key) ? { kind: 'many' } : part,
  ),
});

/** An element of a thousand ARNs is looked up, and not gone through. */
const namedIn = oncePerObject(({ items }: Element<Pattern>): Named => {
  const closed = items.filter((item) => !isOpen(item));
  return {
    isAll: items.some(({ text }) => text === '*'),
    texts: new Set(
      closed
        .filter(isPlain)
        .map(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')).join('')),
    ),
    patterns: closed.filter((item) => !isPlain(item) && item.text !== '*'),
    widened: items.filter(isOpen).map(widen),
  };
});

/**
 * Whether a statement means a resource, in requests with these keys. Where that depends on a variable that nobody knows, an
 * Allow does, and a Deny does not: what is possible counts.
 */
export function meansResource({ effect, resources }: Statement, arn: string, keys: RequestContext): boolean {
  if (!resources) return true;
  const { isAll, texts, patterns, widened } = namedIn(resources);
  const isNamed = isAll || texts.has(arn) || patterns.some((pattern) => matchResource(pattern, arn, keys));
  if (isNamed) return !resources.negated;
  const couldBeNamed = widened.some((pattern) => matchResource(pattern, arn, keys));
  if (couldBeNamed) return effect === 'Allow';
  return resources.negated;
}
