import { matches } from './automaton.ts';
import { areApart, covers } from './compare-globs.ts';
import { ANYTHING, type Glob, isAnything, literalGlob } from './glob.ts';
import type { Letter } from './letters.ts';

/**
 * A pattern of things that have parts: an action has two (service and name), an ARN six, a principal one. Each part
 * is matched by itself, so that no wildcard reaches over a colon.
 */
export type Shape = {
  readonly id: string;
  /** Absent: it matches everything, also what has no parts, such as the resource `*` of a call about nothing. */
  readonly parts?: readonly Glob[];
  /** The one thing that it matches, where it is but one. */
  readonly only?: Point;
  readonly hasVariable: boolean;
};

/** A thing by its parts. One part alone, `*`, is the resource of a call that is about no resource. */
export type Point = readonly (readonly Letter[])[];

export const EVERYTHING: Shape = { id: '*', hasVariable: false };
export const isEverything = ({ parts }: Shape): boolean => parts === undefined;

/** Whether it matches everything that has parts at all. */
export const isAnyShape = ({ parts }: Shape): boolean => parts?.every(isAnything) ?? true;

export function makeShape(parts: readonly Glob[]): Shape {
  const hasVariable = parts.some((part) => part.hasVariable);
  const words = parts.map(({ literal }) => literal);
  return {
    id: parts.map(({ id }) => id).join('\n'),
    parts,
    hasVariable,
    ...(!hasVariable && words.every((word) => word !== undefined) && { only: words }),
  };
}

export const anyOfSize = (size: number): Shape => makeShape(Array(size).fill(ANYTHING));

/** A shape that matches this and nothing else. */
export const literalShape = (parts: readonly string[]): Shape => makeShape(parts.map(literalGlob));

export function shapeMatches({ parts }: Shape, point: Point): boolean {
  if (parts === undefined) return true;
  return (
    parts.length === point.length &&
    parts.every((glob, index) => isAnything(glob) || matches(glob, point[index] as readonly Letter[]))
  );
}

/** Whether two shapes surely share nothing; false says nothing. */
export function shapesAreApart(left: Shape, right: Shape): boolean {
  const { parts } = left;
  if (parts === undefined || right.parts === undefined) return false;
  if (left.only && right.only) return left.id !== right.id;
  if (parts.length !== right.parts.length) return true;
  // The last parts differ most.
  for (let index = parts.length - 1; index >= 0; index -= 1)
    if (areApart(parts[index] as Glob, right.parts[index] as Glob)) return true;
  return false;
}

/** Whether one shape surely matches all that the other does; false says nothing. */
export function shapeCovers(wide: Shape, narrow: Shape): boolean {
  if (wide.parts === undefined || wide.id === narrow.id) return true;
  if (wide.only) return false;
  if (narrow.parts === undefined || wide.parts.length !== narrow.parts.length) return false;
  return wide.parts.every((glob, index) => covers(glob, narrow.parts?.[index] as Glob));
}
