import type { Choice } from '../rules/rule.ts';
import type { PointFinder, Region } from '../words/find-point.ts';
import { isEverything, type Shape, shapeCovers, shapeMatches, shapesAreApart } from '../words/shape.ts';

/** How a region lies to a choice: none of it in there, all of it, or a part. */
export type Relation = 'apart' | 'inside' | 'partly';

const firstOf = ({ within }: Region): Shape | undefined => (within.length === 1 ? within[0] : undefined);

/** How a region that is not empty lies to a choice. Throws OutOfSteps. */
export function relate(region: Region, choice: Choice, finder: PointFinder): Relation {
  const quick = relateQuickly(region, choice);
  if (quick) return choice.negated ? opposite(quick) : quick;
  const outside = finder.find({ within: region.within, without: [...region.without, ...choice.shapes] });
  const meets = choice.shapes.some((shape) => meetsShape(region, shape, finder.peek));
  const relation = meets ? (outside ? 'partly' : 'inside') : 'apart';
  return choice.negated ? opposite(relation) : relation;
}

const opposite = (relation: Relation): Relation => {
  if (relation === 'partly') return relation;
  return relation === 'apart' ? 'inside' : 'apart';
};

/** Without a search, where that is enough. */
function relateQuickly(region: Region, { shapes, ids, patterns }: Choice): Relation | undefined {
  if (patterns.some(isEverything)) return 'inside';
  const only = firstOf(region);
  if (only && ids.has(only.id)) return 'inside';
  const thing = only?.only;
  if (only && thing) {
    if (patterns.some((shape) => shapeMatches(shape, thing))) return 'inside';
    // What a variable's pattern matches depends on its value.
    return patterns.some((shape) => shape.hasVariable) ? undefined : 'apart';
  }
  if (only && shapes.some((shape) => shapeCovers(shape, only))) return 'inside';
  return undefined;
}

function meetsShape(region: Region, shape: Shape, find: PointFinder['find']): boolean {
  if (region.within.some((inner) => areSurelyApart(inner, shape))) return false;
  return find({ within: [...region.within, shape], without: region.without }) !== undefined;
}

/** Whatever values policy variables have. */
export const areSurelyApart = (left: Shape, right: Shape): boolean =>
  !left.hasVariable && !right.hasVariable && shapesAreApart(left, right);

/** The parts of a region that are in a choice, each by one shape; and those that are not. None of them is empty. */
export function partsInside(region: Region, choice: Choice, finder: PointFinder): Region[] {
  return choice.negated ? without(region, choice, finder) : within(region, choice, finder);
}
export function partsOutside(region: Region, choice: Choice, finder: PointFinder): Region[] {
  return choice.negated ? within(region, choice, finder) : without(region, choice, finder);
}

function within(region: Region, { shapes }: Choice, finder: PointFinder): Region[] {
  return shapes.flatMap((shape) => {
    if (isEverything(shape)) return [region];
    if (!meetsShape(region, shape, finder.find)) return [];
    return [{ within: [...region.within, shape], without: region.without }];
  });
}

function without(region: Region, choice: Choice, finder: PointFinder): Region[] {
  const { shapes } = choice;
  const quick = relateQuickly(region, choice);
  if (quick) return quick === 'inside' ? [] : [region];
  const left = { within: region.within, without: [...region.without, ...shapes] };
  return finder.find(left) ? [left] : [];
}
