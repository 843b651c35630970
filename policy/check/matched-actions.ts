import { type ActionFacts, actionFactsOf, type IamData } from '../data/iam-data.ts';
import { matchAction } from '../evaluate/match-action.ts';
import { oncePerObject } from '../parse/once-per-object.ts';
import type { Pattern } from '../parse/policy-model.ts';

/** A pattern's service and name, in lower case; undefined for `*`, which is of every service. */
export function partsOfAction({
  text,
}: Pick<Pattern, 'text'>): { service: string; name: string } | undefined {
  const [service, name] = text.toLowerCase().split(':');
  return service === undefined || name === undefined ? undefined : { service, name };
}

const NONE: readonly ActionFacts[] = [];

/** What matches, by the pattern: every check asks of the same ones. And by its text, of those with wildcards. */
type Remembered = {
  readonly byPattern: WeakMap<Pattern, readonly ActionFacts[]>;
  readonly byText: Map<string, readonly ActionFacts[]>;
};
const rememberedOf = oncePerObject(
  (_: IamData): Remembered => ({ byPattern: new WeakMap(), byText: new Map() }),
);

/** The actions of its service that a pattern matches; none for `*`, and where there is no such service. */
export function matchedActions(data: IamData, pattern: Pattern): readonly ActionFacts[] {
  const { byPattern, byText } = rememberedOf(data);
  const before = byPattern.get(pattern);
  if (before) return before;
  const matched = findActions(data, pattern, byText);
  byPattern.set(pattern, matched);
  return matched;
}

function findActions(data: IamData, pattern: Pattern, byText: Remembered['byText']): readonly ActionFacts[] {
  const parts = partsOfAction(pattern);
  const known = parts && data.serviceOf(parts.service);
  if (!parts || !known) return NONE;
  const all = actionFactsOf(parts.service, known);
  if (!/[*?]/.test(parts.name)) {
    const found = all.get(parts.name);
    return found ? [found] : NONE;
  }
  const key = pattern.text.toLowerCase();
  const before = byText.get(key);
  if (before) return before;
  const matched = [...all.values()].filter(({ name }) => matchAction(pattern, name.toLowerCase()));
  byText.set(key, matched);
  return matched;
}

export const hasWildcard = ({ parts }: Pattern): boolean =>
  parts.some(({ kind }) => kind === 'many' || kind === 'single');
export const hasVariable = ({ parts }: Pattern): boolean => parts.some(({ kind }) => kind === 'variable');
/** `*`, and nothing else. */
export const isStar = ({ parts }: Pattern): boolean =>
  parts.length > 0 && parts.every(({ kind }) => kind === 'many');
