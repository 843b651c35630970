import { matchAction } from '../../evaluate/match-action.ts';
import { matchArn } from '../../evaluate/match-arn.ts';
import type { Pattern, Statement } from '../../parse/policy-model.ts';
import type { Check } from '../check.ts';
import { removeItem } from '../edit-document.ts';
import { hasVariable, hasWildcard, isStar } from '../matched-actions.ts';
import { atElement } from '../places.ts';

type Kind = 'actions' | 'resources';

/** Whether one pattern surely matches all that the other does. */
function covers(kind: Kind, wide: Pattern, other: Pattern): boolean {
  if (isStar(wide)) return true;
  if (hasVariable(wide) || hasVariable(other) || hasWildcard(other)) {
    const same = (text: string) => (kind === 'actions' ? text.toLowerCase() : text);
    return same(wide.text) === same(other.text);
  }
  return kind === 'actions'
    ? matchAction(wide, other.text.toLowerCase())
    : matchArn(wide, other.text, new Map());
}

/** Items of a list that an item before, or a wider one anywhere, says already. */
function* repeatedIn(kind: Kind, items: readonly Pattern[]): Generator<[nth: number, cover: Pattern]> {
  const wild = items.filter(hasWildcard);
  const seen = new Set<string>();
  for (const [nth, item] of items.entries()) {
    const key = kind === 'actions' ? item.text.toLowerCase() : item.text;
    const cover = seen.has(key)
      ? item
      : wild.find((other) => other !== item && other.text !== item.text && covers(kind, other, item));
    seen.add(key);
    if (cover) yield [nth, cover];
  }
}

function* hitsOf(statement: Statement, kind: Kind) {
  const element = statement[kind];
  if (!element) return;
  for (const [nth, cover] of repeatedIn(kind, element.items)) {
    const name = `${element.negated ? 'Not' : ''}${kind === 'actions' ? 'Action' : 'Resource'}`;
    const text = element.items[nth]?.text;
    yield {
      ...atElement(statement, kind, nth),
      detail: cover.text === text ? `${text} stands there already.` : `${text} is covered by ${cover.text}.`,
      fix: (document: Parameters<typeof removeItem>[0]) => removeItem(document, statement.index, name, nth),
    };
  }
}

export const n14Repeated: Check = {
  id: 'N14',
  severity: 'low',
  title: 'the same action or resource again',
  why: 'It makes the policy longer and changes nothing, and who removes one of the two removes nothing.',
  remedy: 'Remove it.',
  *run({ policy }) {
    for (const statement of policy.statements) {
      yield* hitsOf(statement, 'actions');
      yield* hitsOf(statement, 'resources');
    }
  },
};
