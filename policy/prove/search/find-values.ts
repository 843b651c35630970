import { findAddress } from '../rules/address-ranges.ts';
import { findNumber } from '../rules/number-ranges.ts';
import type { Test } from '../rules/rule.ts';
import type { Budget } from '../words/budget.ts';
import { findWord } from '../words/find-word.ts';
import { literalGlob } from '../words/glob.ts';
import type { Letter } from '../words/letters.ts';
import type { KeyKinds } from './key-kinds.ts';

/** The values that a request has for a key; none where it has no such key. */
export type FoundValues = {
  readonly values: readonly (readonly Letter[])[];
  /** Whether they are sure to meet the tests; else some test is not modelled, and they may. */
  readonly isSure: boolean;
};

export type ValueFinder = {
  /** Values that meet all tests of a key; undefined where no values do. Throws OutOfSteps. */
  readonly find: (key: string, tests: readonly Test[]) => FoundValues | undefined;
  /** Whether a policy variable's value could have met tests that a letter of its own did not. */
  readonly isDoubtful: () => boolean;
};

const TRUE_OR_FALSE = ['true', 'false'].map(literalGlob);

export function makeValueFinder(kinds: KeyKinds, budget: Budget): ValueFinder {
  let doubtful = false;

  /** Whether there is no saying what a test does with values as its key has them. */
  const isUnclear = (test: Test): boolean =>
    test.among.kind === 'opaque' || (test.isPlain && kinds.isOfSeveral(test.key));

  function find(key: string, tests: readonly Test[]): FoundValues | undefined {
    budget.spend(1);
    const clear = tests.filter((test) => !isUnclear(test));
    // The same condition cannot hold and fail, whatever it means.
    const isTorn = tests.some(
      (test) => test.isToHold && tests.some((other) => !other.isToHold && other.condition === test.condition),
    );
    if (isTorn) return undefined;
    const some = clear.filter(({ quantifier }) => quantifier === 'some');
    const every = clear.filter(({ quantifier }) => quantifier === 'every');
    const isSure = clear.length === tests.length;
    if (some.length === 0 && !kinds.isAlwaysThere(key)) return { values: [], isSure };
    const wanted = kinds.isOfSeveral(key) && some.length > 0 ? some.map((test) => [test, ...every]) : [clear];
    const found = wanted.map((together) => findValue(key, together));
    const values = found.flatMap((value) => value?.values ?? []);
    if (found.some((value) => value === undefined)) return undefined;
    return { values, isSure: isSure && found.every((value) => value?.isSure) };
  }

  /** One value that meets all of these. Texts, numbers and addresses of one key are not compared with each other. */
  function findValue(key: string, tests: readonly Test[]): FoundValues | undefined {
    if (tests.some(({ among, negated }) => among.kind === 'any' && negated)) return undefined;
    const ways = [textOf(key, tests), numberOf(tests), addressOf(tests)].filter((way) => way !== 'not asked');
    if (ways.some((way) => way === undefined)) return undefined;
    const [first = ['x']] = ways as (readonly Letter[])[];
    return { values: [first], isSure: ways.length <= 1 && !isNoValue(first) };
  }

  function textOf(key: string, tests: readonly Test[]): readonly Letter[] | undefined | 'not asked' {
    const demands = tests.flatMap(({ among, negated }) =>
      among.kind === 'text' ? [{ globs: among.globs, negated }] : [],
    );
    if (demands.length === 0 && !kinds.isTruthValue(key)) return 'not asked';
    const groups = demands.filter(({ negated }) => !negated).map(({ globs }) => globs);
    const excluded = demands.filter(({ negated }) => negated).flatMap(({ globs }) => globs);
    const bound = kinds.isTruthValue(key) ? [...groups, TRUE_OR_FALSE] : groups;
    const word = findWord({ groups: bound, excluded }, budget);
    doubtful ||= word === undefined && bound.length > 1 && bound.flat().some((glob) => glob.hasVariable);
    return word;
  }

  function numberOf(tests: readonly Test[]): readonly Letter[] | undefined | 'not asked' {
    const demands = tests.flatMap(({ among, negated }) =>
      among.kind === 'number' ? [{ ranges: among.ranges, negated, isDate: among.isDate }] : [],
    );
    if (demands.length === 0) return 'not asked';
    const number = findNumber(demands);
    if (number === undefined) return noValueUnder(demands);
    return (demands.some(({ isDate }) => isDate) ? dateText(number) : String(number)).split('');
  }

  function addressOf(tests: readonly Test[]): readonly Letter[] | undefined | 'not asked' {
    const demands = tests.flatMap(({ among, negated }) =>
      among.kind === 'address' ? [{ ranges: among.ranges, negated }] : [],
    );
    if (demands.length === 0) return 'not asked';
    return findAddress(demands)?.split('') ?? noValueUnder(demands);
  }

  return { find, isDoubtful: () => doubtful };
}

/** A text that is no number, or no address: it is in no range. Nobody says that a request cannot have one. */
const NO_VALUE: readonly Letter[] = [];
const isNoValue = (word: readonly Letter[]): boolean => word === NO_VALUE;
const noValueUnder = (demands: readonly { readonly negated: boolean }[]): readonly Letter[] | undefined =>
  demands.every(({ negated }) => negated) ? NO_VALUE : undefined;

const dateText = (milliseconds: number): string => {
  const date = new Date(Math.round(milliseconds));
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
};
