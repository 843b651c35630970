import type { RuleSet } from '../rules/compile-policies.ts';
import type { Rule } from '../rules/rule.ts';
import { areSurelyApart } from './relate.ts';
import type { Question } from './search-leaves.ts';

/**
 * The questions that "does the candidate allow what the reference does not?" comes down to: for each way in which
 * the candidate's layers allow a request, that a layer of the reference allows none of it, or that the reference
 * denies it. Each is about the rules that may meet.
 */
export function* questionsOf(candidate: RuleSet, reference: RuleSet): Generator<Question> {
  for (const hold of waysToAllow(candidate.allows)) {
    const denies = candidate.denies.filter((rule) => mayMeet(hold, rule));
    for (const layer of reference.allows)
      yield { hold, avoid: [...layer.filter((rule) => mayMeet(hold, rule)), ...denies] };
    for (const deny of reference.denies)
      if (mayMeet(hold, deny)) yield { hold: [...hold, deny], avoid: denies };
  }
}

/** One Allow rule of each layer, where they may meet. */
function* waysToAllow([layer, ...others]: readonly (readonly Rule[])[]): Generator<Rule[]> {
  if (!layer) {
    yield [];
    return;
  }
  for (const hold of waysToAllow(others))
    for (const rule of layer) if (mayMeet(hold, rule)) yield [rule, ...hold];
}

const mayMeet = (hold: readonly Rule[], rule: Rule): boolean =>
  hold.every((other) => !areApart(other, rule, 'resources') && !areApart(other, rule, 'actions'));

/** Quick, and never wrong where true, whatever values policy variables have. */
function areApart(left: Rule, right: Rule, element: 'actions' | 'resources'): boolean {
  const [some, others] = [left[element], right[element]];
  if (some.negated || others.negated) return false;
  if (shareOne(some.literals, others.literals)) return false;
  return (
    some.patterns.every((shape) => others.shapes.every((another) => areSurelyApart(shape, another))) &&
    others.patterns.every((shape) => some.shapes.every((another) => areSurelyApart(shape, another)))
  );
}

function shareOne(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const [smaller, larger] = some.size < others.size ? [some, others] : [others, some];
  for (const item of smaller) if (larger.has(item)) return true;
  return false;
}
