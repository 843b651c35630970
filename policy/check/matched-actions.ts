import { type ActionFacts, actionFactsOf, type IamData } from '../data/iam-data.ts';
import { matchAction } from '../evaluate/match-action.ts';
import type { Pattern } from '../parse/policy-model.ts';

/** A pattern's service and name, in lower case; undefined for `*`, which is of every service. */
export function partsOfAction({
  text,
}: Pick<Pattern, 'text'>): { service: string; name: string } | undefined {
  const [service, name] = text.toLowerCase().split(':');
  return service === undefined || name === undefined ? undefined : { service, name };
}

const NONE: readonly ActionFacts[] = [];
const remembered = new WeakMap<IamData, Map<string, readonly ActionFacts[]>>();

/** The actions of its service that a pattern matches; none for `*`, and where there is no such service. */
export function matchedActions(data: IamData, pattern: Pattern): readonly ActionFacts[] {
  const parts = partsOfAction(pattern);
  const known = parts && data.serviceOf(parts.service);
  if (!parts || !known) return NONE;
  const all = actionFactsOf(parts.service, known);
  if (!/[*?]/.test(parts.name)) {
    const found = all.get(parts.name);
    return found ? [found] : NONE;
  }
  const seen = remembered.get(data) ?? new Map<string, readonly ActionFacts[]>();
  remembered.set(data, seen);
  const key = pattern.text.toLowerCase();
  const before = seen.get(key);
  if (before) return before;
  const matched = [...all.values()].filter(({ name }) => matchAction(pattern, name.toLowerCase()));
  seen.set(key, matched);
  return matched;
}

export const hasWildcard = ({ parts }: Pattern): boolean =>
  parts.some(({ kind }) => kind === 'many' || kind === 'single');
export const hasVariable = ({ parts }: Pattern): boolean => parts.some(({ kind }) => kind === 'variable');
/** `*`, and nothing else. */
export const isStar = ({ parts }: Pattern): boolean =>
  parts.length > 0 && parts.every(({ kind }) => kind === 'many');
