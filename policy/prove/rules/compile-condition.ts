import type { Condition, OperatorName, Pattern } from '../../parse/policy-model.ts';
import { readDate } from '../../parse/read-date.ts';
import { readIpRange } from '../../parse/read-ip-range.ts';
import { readNumber } from '../../parse/read-number.ts';
import { type Glob, type Meaning, makeGlob } from '../words/glob.ts';
import { piecesOf } from '../words/letters.ts';
import { addressRangeOf } from './address-ranges.ts';
import { type Comparison, rangeOf } from './number-ranges.ts';
import { type Clause, type Test, type ValueSet, writtenAs } from './rule.ts';

const OPAQUE: ValueSet = { kind: 'opaque' };
const ANY: ValueSet = { kind: 'any' };

/** The values that the operator finds equal. Negated operators are as the others: `StringNotLike` as `StringLike`. */
function valuesOf(name: OperatorName, patterns: readonly Pattern[]): ValueSet {
  const plain = name.replace('Not', '');
  switch (plain) {
    case 'StringEquals':
      return texts(patterns, false);
    // Two texts may stand for the same bytes.
    case 'BinaryEquals':
      return OPAQUE;
    case 'StringEqualsIgnoreCase':
      return texts(patterns, false, { ignoresCase: true });
    case 'StringLike':
      return texts(patterns, true);
    case 'Bool':
      return texts(patterns, false, { ignoresCase: true });
    case 'ArnEquals':
    case 'ArnLike':
      return arns(patterns);
    case 'IpAddress':
      return addresses(patterns);
    default:
      return numbers(plain, patterns);
  }
}

function texts(patterns: readonly Pattern[], hasWildcards: boolean, meaning: Meaning = {}): ValueSet {
  // Which other letters are equal without case, nobody says.
  if (meaning.ignoresCase && patterns.some(({ text }) => /[^\x20-\x7e]/.test(text))) return OPAQUE;
  return {
    kind: 'text',
    globs: patterns.map((pattern) => makeGlob(piecesOf(pattern, hasWildcards), meaning)),
  };
}

/**
 * An ARN's five colons part it, and no wildcard reaches over them. What has fewer is no ARN, and there is no saying
 * what it would match.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
function arns(patterns: readonly Pattern[]): ValueSet {
  const pieces = patterns.map((pattern) => piecesOf(pattern, true));
  if (pieces.some((all) => all.filter((piece) => piece === ':').length < 5)) return OPAQUE;
  return { kind: 'text', globs: pieces.map((all): Glob => makeGlob(all, { colonsThatPart: 5 })) };
}

function addresses(patterns: readonly Pattern[]): ValueSet {
  const ranges = patterns.map(({ text }) => readIpRange(text));
  return ranges.every((range) => range !== undefined)
    ? { kind: 'address', ranges: ranges.map(addressRangeOf) }
    : OPAQUE;
}

function numbers(name: string, patterns: readonly Pattern[]): ValueSet {
  const isDate = name.startsWith('Date');
  const comparison = name.replace(/^(?:Numeric|Date)/, '') as Comparison;
  const values = patterns.map(({ text }) => (isDate ? readDate(text) : exactNumber(text)));
  return values.every((value) => value !== undefined)
    ? { kind: 'number', isDate, ranges: values.map((value) => rangeOf(comparison, value)) }
    : OPAQUE;
}

/** Numbers that a float would round are none that can be reasoned about. */
function exactNumber(text: string): number | undefined {
  return /e/i.test(text) || text.replace(/\D/g, '').length > 15 ? undefined : readNumber(text);
}

/** How a condition is told from others: two that are written alike hold and fail together. */
const textOf = ({ operator, key, values }: Condition): string =>
  [
    operator.quantifier ?? '',
    operator.name,
    operator.ifExists ? 'IfExists' : '',
    key,
    ...values.map(writtenAs).sort(),
  ].join('\n');

/** The tests that a condition comes down to. */
export function compileCondition(condition: Condition): Clause {
  const { operator, key } = condition;
  const about = { key, condition: textOf(condition), isPlain: operator.quantifier === undefined };
  if (operator.name === 'Null') return nullClause(condition, { ...about, isPlain: false });
  const among = valuesOf(operator.name, condition.values);
  const opaque: Omit<Test, 'isToHold'> = { ...about, quantifier: 'every', negated: false, among: OPAQUE };
  const mayHold = { ...opaque, isToHold: true };
  const mayFail = { ...opaque, isToHold: false };
  if (among.kind === 'opaque') return { holds: [[mayHold]], fails: [[mayFail]] };
  const negated = operator.name.includes('Not');
  const holds = { ...about, isToHold: true, negated, among };
  const fails = { ...about, isToHold: false, negated: !negated, among };
  if (operator.quantifier === 'ForAnyValue' && operator.ifExists) {
    // Without the key, AWS's own words can be read either way.
    const isThere = { ...about, quantifier: 'some', negated: false, among: ANY } as const;
    const isAbsent = { ...about, quantifier: 'every', negated: true, among: ANY } as const;
    return {
      holds: [[{ ...holds, quantifier: 'some' }], [{ ...isAbsent, isToHold: true }, mayHold]],
      fails: [
        [
          { ...isThere, isToHold: false },
          { ...fails, quantifier: 'every' },
        ],
        [{ ...isAbsent, isToHold: false }, mayFail],
      ],
    };
  }
  const holdsWithout = holdsWithoutKey(condition);
  return {
    holds: [[{ ...holds, quantifier: holdsWithout ? 'every' : 'some' }]],
    fails: [[{ ...fails, quantifier: holdsWithout ? 'some' : 'every' }]],
  };
}

/**
 * Whether the condition holds of a request that has no such key.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const holdsWithoutKey = ({ operator: { quantifier, name, ifExists } }: Condition): boolean =>
  quantifier === 'ForAllValues' || (quantifier === undefined && (ifExists || name.includes('Not')));

/** Several values of `Null` are alternatives, as all values are: `["true", "false"]` always holds. */
function nullClause({ values }: Condition, about: Pick<Test, 'key' | 'condition' | 'isPlain'>): Clause {
  const wanted = new Set(values.map(({ text }) => text.toLowerCase()));
  const test = (isThere: boolean, isToHold: boolean): Test => ({
    ...about,
    isToHold,
    quantifier: isThere ? 'some' : 'every',
    negated: !isThere,
    among: ANY,
  });
  const holds = [...wanted].map((isAbsent) => [test(isAbsent !== 'true', true)]);
  const fails = wanted.size === 1 ? [[test(wanted.has('true'), false)]] : [];
  return { holds, fails };
}
