import type { NumberRange } from './rule.ts';

const EVERYWHERE = { from: -Infinity, to: Infinity, hasFrom: false, hasTo: false };

export type Comparison = 'Equals' | 'LessThan' | 'LessThanEquals' | 'GreaterThan' | 'GreaterThanEquals';

/** The numbers that compare so with this one. */
export function rangeOf(comparison: Comparison, value: number): NumberRange {
  switch (comparison) {
    case 'Equals':
      return { from: value, to: value, hasFrom: true, hasTo: true };
    case 'LessThan':
      return { ...EVERYWHERE, to: value };
    case 'LessThanEquals':
      return { ...EVERYWHERE, to: value, hasTo: true };
    case 'GreaterThan':
      return { ...EVERYWHERE, from: value };
    case 'GreaterThanEquals':
      return { ...EVERYWHERE, from: value, hasFrom: true };
  }
}

export const isInRange = ({ from, to, hasFrom, hasTo }: NumberRange, value: number): boolean =>
  (hasFrom ? value >= from : value > from) && (hasTo ? value <= to : value < to);

/** Ranges that a number must be in, some of them; or, where it is negated, in none of them. */
export type NumberDemand = { readonly ranges: readonly NumberRange[]; readonly negated: boolean };

/** Whether a number meets all demands. */
export const meetsAll = (demands: readonly NumberDemand[], value: number): boolean =>
  demands.every(({ ranges, negated }) => negated !== ranges.some((range) => isInRange(range, value)));

/**
 * A number that meets all demands; undefined where there is none. Between two neighbouring ends all numbers are
 * alike, so the ends and one number of each gap are all that need be tried.
 */
export function findNumber(demands: readonly NumberDemand[]): number | undefined {
  const ends = demands
    .flatMap(({ ranges }) => ranges.flatMap(({ from, to }) => [from, to]))
    .filter(Number.isFinite);
  const sorted = [...new Set(ends)].sort((a, b) => a - b);
  const [lowest = 0, highest = 0] = [sorted[0], sorted.at(-1)];
  const gaps = sorted.flatMap((end, index) => {
    const next = sorted[index + 1];
    return next === undefined ? [] : [between(end, next)];
  });
  // Whole numbers first: most keys have no others.
  const wholes = sorted.flatMap((end) => [Math.floor(end) + 1, Math.ceil(end) - 1]);
  return [...sorted, ...wholes, lowest - 1, highest + 1, ...gaps].find((value) => meetsAll(demands, value));
}

/** A whole number where there is one. */
function between(low: number, high: number): number {
  const whole = Math.floor(low) + 1;
  return whole < high ? whole : low + (high - low) / 2;
}
