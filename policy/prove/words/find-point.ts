import type { Budget } from './budget.ts';
import { areApart, covers } from './compare-globs.ts';
import { findWord } from './find-word.ts';
import { ANYTHING, type Glob } from './glob.ts';
import type { Letter } from './letters.ts';
import { isEverything, type Point, type Shape, shapeCovers, shapeMatches, shapesAreApart } from './shape.ts';

/** All that every shape of `within` matches, and none of `without`. */
export type Region = { readonly within: readonly Shape[]; readonly without: readonly Shape[] };

/** What things of one sort look like, and what to put in their parts where anything will do. */
export type Sort = {
  /** All of them that have parts. */
  readonly whole: Shape;
  readonly likely: readonly (readonly string[])[];
  /** Whether there are things without parts, such as the resource `*`. */
  readonly hasNone: boolean;
};

/** Finds things in regions. It remembers what it was asked, so that one proof asks nothing twice. */
export type PointFinder = {
  /** One thing of the region; undefined where it is empty. Throws OutOfSteps. */
  readonly find: (region: Region) => Point | undefined;
  /** The same for where it does no harm to find a region empty that is not. */
  readonly peek: (region: Region) => Point | undefined;
  /**
   * Whether `find` found a region empty that a policy variable's value could have filled: several patterns meet
   * there, and a variable was taken for a letter of its own. Where one pattern stands alone, what it matches with a
   * value in place of a variable it also matches with the letter, and what excludes the letter excludes the value.
   */
  readonly isDoubtful: () => boolean;
};

/** What a call about no resource has for one. */
export const NO_RESOURCE: Point = [['*']];

/** For each part, the globs that it must match and those that it must not. */
type Parts = readonly { readonly inside: readonly Glob[]; readonly outside: readonly Glob[] }[];

export function makePointFinder(sort: Sort, budget: Budget): PointFinder {
  const points = new Map<string, Point | undefined>();
  const words = new Map<string, readonly Letter[] | undefined>();
  let doubtful = false;

  function find(region: Region): Point | undefined {
    const found = peek(region);
    if (found === undefined && !doubtful) {
      const bound = boundIn(region);
      doubtful = bound.length > 1 && bound.some((shape) => shape.hasVariable);
    }
    return found;
  }

  function peek(region: Region): Point | undefined {
    const { within, without } = region;
    const only = within.find((shape) => shape.only)?.only;
    if (only) {
      budget.spend(1);
      const isIn = within.every((shape) => shapeMatches(shape, only));
      return isIn && !without.some((shape) => shapeMatches(shape, only)) ? only : undefined;
    }
    const key = `${within.map(({ id }) => id).join('\0')}\0\0${without.map(({ id }) => id).join('\0')}`;
    if (!points.has(key)) points.set(key, look(region));
    return points.get(key);
  }

  function look(region: Region): Point | undefined {
    budget.spend(1);
    const { without } = region;
    const bound = boundIn(region);
    if (without.some(isEverything)) return undefined;
    if (without.some((shape) => bound.some((inner) => shapeCovers(shape, inner)))) return undefined;
    if (bound.some((left, index) => bound.slice(0, index).some((right) => shapesAreApart(left, right))))
      return undefined;
    const [first, ...others] = bound.length > 0 ? bound : [sort.whole];
    const parts: Parts = (first?.parts ?? []).map((glob, index) => ({
      inside: [glob, ...others.map((shape) => shape.parts?.[index] ?? ANYTHING)],
      outside: [],
    }));
    const near = without.filter((shape) => !bound.some((known) => shapesAreApart(shape, known)));
    return miss(parts, near) ?? (sort.hasNone && bound.length === 0 ? NO_RESOURCE : undefined);
  }

  /** Misses each shape in one of its parts. */
  function miss(parts: Parts, [shape, ...others]: readonly Shape[]): Point | undefined {
    if (!shape) return pointIn(parts);
    const theirs = shape.parts ?? [];
    if (isMissed(parts, theirs)) return miss(parts, others);
    for (let index = theirs.length - 1; index >= 0; index -= 1) {
      const glob = theirs[index] as Glob;
      const part = parts[index] as Parts[number];
      if (part.inside.some((inner) => covers(glob, inner))) continue;
      const narrowed = { inside: part.inside, outside: [...part.outside, glob] };
      if (!wordOf(narrowed, index)) continue;
      const found = miss(parts.with(index, narrowed), others);
      if (found) return found;
    }
    return undefined;
  }

  /** Whether one part has no word left that the shape's matches. */
  const isMissed = (parts: Parts, theirs: readonly Glob[]): boolean =>
    theirs.some((glob, index) => {
      const { inside, outside } = parts[index] as Parts[number];
      if (inside.some((inner) => areApart(inner, glob))) return true;
      return outside.length > 0 && !wordOf({ inside: [...inside, glob], outside }, index);
    });

  function pointIn(parts: Parts): Point | undefined {
    const found = parts.map((part, index) => wordOf(part, index));
    return found.every((word) => word !== undefined) ? found : undefined;
  }

  function wordOf({ inside, outside }: Parts[number], index: number): readonly Letter[] | undefined {
    const key = `${index}\n${inside.map(({ id }) => id).join('\n')}\n\n${outside.map(({ id }) => id).join('\n')}`;
    if (!words.has(key)) {
      const groups = inside.map((glob) => [glob]);
      words.set(key, findWord({ groups, excluded: outside, likely: sort.likely[index] ?? [] }, budget));
    }
    return words.get(key);
  }

  return { find, peek, isDoubtful: () => doubtful };
}

/** The shapes that a region is bound by, each once. */
const boundIn = ({ within }: Region): Shape[] =>
  [...new Map(within.map((shape) => [shape.id, shape])).values()].filter((shape) => !isEverything(shape));
