import type { Pattern } from '../../parse/policy-model.ts';
import type { Glob } from '../words/glob.ts';
import { EVERYTHING, type Shape } from '../words/shape.ts';

/** What a statement says, as sets of actions, resources and principals, and choices among conditions. */
export type Rule = {
  readonly allows: boolean;
  readonly actions: Choice;
  readonly resources: Choice;
  readonly principals: Choice;
  readonly clauses: readonly Clause[];
  /** Whether it means just what the statement means; else it means more or less, to the safe side. */
  readonly isExact: boolean;
};

/** All that some of these shapes match; or, where it is negated, all that none of them does. */
export type Choice = {
  readonly shapes: readonly Shape[];
  readonly negated: boolean;
  /** The ids of all shapes, and of those that match one thing alone: lists of hundreds of actions are common. */
  readonly ids: ReadonlySet<string>;
  readonly literals: ReadonlySet<string>;
  /** The other shapes. */
  readonly patterns: readonly Shape[];
};

export const makeChoice = (shapes: readonly Shape[], negated: boolean): Choice => ({
  shapes,
  negated,
  ids: new Set(shapes.map(({ id }) => id)),
  literals: new Set(shapes.filter(({ only }) => only).map(({ id }) => id)),
  patterns: shapes.filter(({ only }) => !only),
});

export const ALL: Choice = makeChoice([EVERYTHING], false);

/**
 * One condition of a statement: the ways for it to hold, and the ways for it to fail, each of which is a list of
 * tests that are met together.
 */
export type Clause = { readonly holds: readonly Test[][]; readonly fails: readonly Test[][] };

/**
 * A test of a key's values. `some`: there is a value that is among these; `every`: each value is, and so also where
 * there is none. Negation, `…IfExists`, `Null` and the set operators all come down to these.
 */
export type Test = {
  readonly key: string;
  readonly quantifier: 'some' | 'every';
  /** It is about the values that are *not* among these. */
  readonly negated: boolean;
  readonly among: ValueSet;
  /** The condition as it is written, and whether it is to hold. */
  readonly condition: string;
  readonly isToHold: boolean;
  /** Whether the operator is for keys of one value: there is no saying what it does with several. */
  readonly isPlain: boolean;
};

/** A set of values of a key. */
export type ValueSet =
  | { readonly kind: 'any' }
  | { readonly kind: 'text'; readonly globs: readonly Glob[] }
  | { readonly kind: 'number'; readonly ranges: readonly NumberRange[]; readonly isDate: boolean }
  | { readonly kind: 'address'; readonly ranges: readonly AddressRange[] }
  /** A condition that is not modelled: it may hold or not, but not both at once. */
  | { readonly kind: 'opaque' };

/** Real numbers from one to another; each end counts or does not. Dates are milliseconds since 1970. */
export type NumberRange = {
  readonly from: number;
  readonly to: number;
  readonly hasFrom: boolean;
  readonly hasTo: boolean;
};

/** Addresses from one to another, both included; those of IPv6 lie after those of IPv4, see `address-ranges.ts`. */
export type AddressRange = { readonly from: bigint; readonly to: bigint };

/** The text of a pattern with wildcards told from characters, so that equal texts mean the same. */
export const writtenAs = ({ parts }: Pick<Pattern, 'parts'>): string => JSON.stringify(parts);
