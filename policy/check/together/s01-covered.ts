import { matchAction } from '../../evaluate/match-action.ts';
import { matchArn } from '../../evaluate/match-arn.ts';
import type { Pattern, Statement } from '../../parse/policy-model.ts';
import { isWithin } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';
import { removeStatement } from '../edit-document.ts';
import { hasVariable, hasWildcard, isStar } from '../matched-actions.ts';
import { atStatement } from '../places.ts';

/** Pairs of a policy beyond which the rest is left: each is a proof. */
const MOST_PAIRS = 400;

const alone = (statement: Statement) => ({
  type: 'identity' as const,
  version: '2012-10-17' as const,
  statements: [{ ...statement, effect: 'Allow' as const }],
});

export const s01Covered: Check = {
  id: 'S01',
  severity: 'medium',
  title: 'a statement that another covers',
  why: 'It changes nothing; who removes it believes that something was taken away.',
  remedy: 'Remove it, or narrow the other one.',
  *run({ policy: { statements } }) {
    let pairs = 0;
    const gone = new Set<number>();
    for (const statement of statements) {
      for (const other of statements) {
        if (other === statement || other.effect !== statement.effect || gone.has(other.index)) continue;
        if (!mayCover(other, statement)) continue;
        pairs += 1;
        if (pairs > MOST_PAIRS) return;
        if (!isWithin([[alone(statement)]], [[alone(other)]])) continue;
        gone.add(statement.index);
        yield {
          ...atStatement(statement),
          detail: `Statement[${other.index}] says all that this one says.`,
          fix: (document) => removeStatement(document, statement.index),
        };
        break;
      }
    }
  },
};

/**
 * Quick, and true of nearly every statement that covers the other: what one names must be met by the other. It is
 * looked at before the proof, which takes longer.
 */
function mayCover(wide: Statement, narrow: Statement): boolean {
  if (wide.actions.negated || narrow.actions.negated) return wide.actions.negated;
  if (!narrow.actions.items.every((item) => meets(wide.actions.items, item, matchesAction))) return false;
  if (!wide.resources || !narrow.resources || wide.resources.negated) return true;
  if (narrow.resources.negated) return wide.resources.items.some(isStar);
  const { items } = wide.resources;
  return narrow.resources.items.every((item) => meets(items, item, matchesArn));
}

const matchesAction = (pattern: Pattern, text: string): boolean => matchAction(pattern, text.toLowerCase());
const matchesArn = (pattern: Pattern, text: string): boolean => matchArn(pattern, text, new Map());

/** Whether some pattern matches a text; of one with wildcards, whether another has wildcards too, or is the same. */
function meets(
  patterns: readonly Pattern[],
  item: Pattern,
  matches: (pattern: Pattern, text: string) => boolean,
): boolean {
  if (patterns.some(isStar)) return true;
  if (isStar(item)) return false;
  if (hasVariable(item) || hasWildcard(item))
    return patterns.some((pattern) => pattern.text === item.text || hasWildcard(pattern));
  return patterns.some((pattern) => hasVariable(pattern) || matches(pattern, item.text));
}
