import { oncePerObject } from '../parse/once-per-object.ts';
import type { OperatorName, Pattern } from '../parse/policy-model.ts';
import { readDate } from '../parse/read-date.ts';
import { readIpRange } from '../parse/read-ip-range.ts';
import { readNumber } from '../parse/read-number.ts';
import { fillPattern, textOfParts } from './fill-pattern.ts';
import { matchArn } from './match-arn.ts';
import { matchWildcards } from './match-wildcards.ts';
import type { RequestContext } from './request-context.ts';

/** Whether a value of the request is what one value of the policy asks for. */
export type Compare = (wanted: Pattern, given: string, context: RequestContext) => boolean;

const equalText: Compare = (wanted, given, context) => {
  const filled = fillPattern(wanted.parts, context);
  return filled !== undefined && textOfParts(filled) === given;
};

const equalTextWithoutCase: Compare = (wanted, given, context) => {
  const filled = fillPattern(wanted.parts, context);
  return filled !== undefined && textOfParts(filled).toLowerCase() === given.toLowerCase();
};

const likeText: Compare = (wanted, given, context) => {
  const filled = fillPattern(wanted.parts, context);
  return filled !== undefined && matchWildcards(filled, given);
};

/** Compares what both texts read as. What the request holds and cannot be read is equal to nothing, nor less. */
function ordered(
  read: (text: string) => number | undefined,
  holds: (given: number, wanted: number) => boolean,
): Compare {
  const readWanted = oncePerObject(({ text }: Pattern) => read(text));
  return (wanted, given) => {
    const left = read(given);
    const right = readWanted(wanted);
    return left !== undefined && right !== undefined && holds(left, right);
  };
}

const equalTruth: Compare = (wanted, given) => wanted.text.toLowerCase() === given.toLowerCase();

/** The request's value is Base64 too. */
const equalBytes: Compare = (wanted, given) => wanted.text === given;

const rangeWanted = oncePerObject(({ text }: Pattern) => readIpRange(text));

const withinRange: Compare = (wanted, given) => {
  const range = rangeWanted(wanted);
  const address = readIpRange(given);
  if (range === undefined || address === undefined || range.family !== address.family) return false;
  return range.first <= address.first && address.last <= range.last;
};

const isEqual = (given: number, wanted: number): boolean => given === wanted;
const isLess = (given: number, wanted: number): boolean => given < wanted;
const isAtMost = (given: number, wanted: number): boolean => given <= wanted;
const isGreater = (given: number, wanted: number): boolean => given > wanted;
const isAtLeast = (given: number, wanted: number): boolean => given >= wanted;

/** A negated operator holds where its opposite holds of none of the policy's values. */
type Comparison = { readonly compare: Compare; readonly negated: boolean };

const yes = (compare: Compare): Comparison => ({ compare, negated: false });
const not = (compare: Compare): Comparison => ({ compare, negated: true });

/**
 * What each operator compares. ArnEquals is ArnLike: both know wildcards.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const COMPARISONS: Readonly<Record<Exclude<OperatorName, 'Null'>, Comparison>> = {
  StringEquals: yes(equalText),
  StringNotEquals: not(equalText),
  StringEqualsIgnoreCase: yes(equalTextWithoutCase),
  StringNotEqualsIgnoreCase: not(equalTextWithoutCase),
  StringLike: yes(likeText),
  StringNotLike: not(likeText),
  NumericEquals: yes(ordered(readNumber, isEqual)),
  NumericNotEquals: not(ordered(readNumber, isEqual)),
  NumericLessThan: yes(ordered(readNumber, isLess)),
  NumericLessThanEquals: yes(ordered(readNumber, isAtMost)),
  NumericGreaterThan: yes(ordered(readNumber, isGreater)),
  NumericGreaterThanEquals: yes(ordered(readNumber, isAtLeast)),
  DateEquals: yes(ordered(readDate, isEqual)),
  DateNotEquals: not(ordered(readDate, isEqual)),
  DateLessThan: yes(ordered(readDate, isLess)),
  DateLessThanEquals: yes(ordered(readDate, isAtMost)),
  DateGreaterThan: yes(ordered(readDate, isGreater)),
  DateGreaterThanEquals: yes(ordered(readDate, isAtLeast)),
  Bool: yes(equalTruth),
  BinaryEquals: yes(equalBytes),
  IpAddress: yes(withinRange),
  NotIpAddress: not(withinRange),
  ArnEquals: yes(matchArn),
  ArnLike: yes(matchArn),
  ArnNotEquals: not(matchArn),
  ArnNotLike: not(matchArn),
};
