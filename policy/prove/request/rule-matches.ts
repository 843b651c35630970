import { readDate } from '../../parse/read-date.ts';
import { readIpRange } from '../../parse/read-ip-range.ts';
import { readNumber } from '../../parse/read-number.ts';
import { addressRangeOf, isInAddressRange } from '../rules/address-ranges.ts';
import type { RuleSet } from '../rules/compile-policies.ts';
import { isInRange } from '../rules/number-ranges.ts';
import type { Choice, Clause, Rule, Test } from '../rules/rule.ts';
import { matches } from '../words/automaton.ts';
import { type Glob, withValues } from '../words/glob.ts';
import { partsOfVariable } from '../words/letters.ts';
import { makeShape, shapeMatches } from '../words/shape.ts';
import type { ConcreteRequest } from './concrete-request.ts';

/** Whether something is so; undefined where there is no saying. */
type Answer = boolean | undefined;

const all = (answers: readonly Answer[]): Answer => {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
};
const not = (answer: Answer): Answer => (answer === undefined ? undefined : !answer);
const some = (answers: readonly Answer[]): Answer => not(all(answers.map(not)));

/** The glob with the request's values in it; undefined where it has none for a variable. */
function withValuesOf({ context }: ConcreteRequest, glob: Glob): Glob | undefined {
  let isMissing = false;
  const filled = withValues(glob, (letter) => {
    const { key, fallback } = partsOfVariable(letter);
    const values = context.get(key);
    const value = values === undefined ? fallback : values.length === 1 ? values[0] : undefined;
    isMissing ||= value === undefined;
    return value ?? '';
  });
  return isMissing ? undefined : filled;
}

/**
 * What a variable without a value matches: nothing. What is then not among it, there is no saying.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
const withoutValue = (negated: boolean): Answer => (negated ? undefined : false);

function isAmong(choice: Choice, text: string, request: ConcreteRequest, size: number): Answer {
  const words = text.split(':').map((part) => part.split(''));
  const point =
    words.length < size
      ? words
      : [
          ...words.slice(0, size - 1),
          text
            .split(':')
            .slice(size - 1)
            .join(':')
            .split(''),
        ];
  const found = some(
    choice.shapes.map((shape) => {
      const parts = shape.parts?.map((glob) => withValuesOf(request, glob));
      if (parts?.includes(undefined)) return withoutValue(choice.negated);
      return shapeMatches(parts ? makeShape(parts as Glob[]) : shape, point);
    }),
  );
  return choice.negated ? not(found) : found;
}

function isValueAmong({ among, negated }: Test, value: string, request: ConcreteRequest): Answer {
  switch (among.kind) {
    case 'any':
      return true;
    case 'opaque':
      return undefined;
    case 'text':
      return some(
        among.globs.map((glob) => {
          const filled = withValuesOf(request, glob);
          return filled ? matches(filled, value.split('')) : withoutValue(negated);
        }),
      );
    case 'number': {
      const number = among.isDate ? readDate(value) : readNumber(value);
      return number === undefined ? undefined : among.ranges.some((range) => isInRange(range, number));
    }
    case 'address': {
      const address = readIpRange(value);
      if (address === undefined) return undefined;
      const { from } = addressRangeOf(address);
      return among.ranges.some((range) => isInAddressRange(range, from));
    }
  }
}

function testHolds(test: Test, request: ConcreteRequest): Answer {
  if (test.among.kind === 'opaque') return undefined;
  const values = request.context.get(test.key) ?? [];
  // There is no saying what an operator for one value does with several.
  if (test.isPlain && values.length > 1) return undefined;
  const answers = values.map((value) => {
    const answer = isValueAmong(test, value, request);
    return test.negated ? not(answer) : answer;
  });
  return test.quantifier === 'some' ? some(answers) : all(answers);
}

const clauseHolds = ({ holds }: Clause, request: ConcreteRequest): Answer =>
  some(holds.map((tests) => all(tests.map((test) => testHolds(test, request)))));

function ruleMatches(rule: Rule, request: ConcreteRequest): Answer {
  const answer = all([
    isAmong(rule.actions, request.action.toLowerCase(), request, 2),
    isAmong(rule.resources, request.resource, request, 6),
    isAmong(rule.principals, request.principal ?? '', request, 1),
    ...rule.clauses.map((clause) => clauseHolds(clause, request)),
  ]);
  return rule.isExact || answer === false ? answer : undefined;
}

/** Whether policies, as they combine, allow a request; undefined where there is no saying. */
export function rulesAllow({ allows, denies }: RuleSet, request: ConcreteRequest): boolean | undefined {
  return all([
    ...allows.map((layer) => some(layer.map((rule) => ruleMatches(rule, request)))),
    not(some(denies.map((rule) => ruleMatches(rule, request)))),
  ]);
}
