import { expect, test } from 'vitest';
import { makeChoice } from '../../../../policy/prove/rules/rule.ts';
import { partsInside, partsOutside, relate } from '../../../../policy/prove/search/relate.ts';
import { makeBudget } from '../../../../policy/prove/words/budget.ts';
import { makePointFinder, type Region } from '../../../../policy/prove/words/find-point.ts';
import { makeGlob } from '../../../../policy/prove/words/glob.ts';
import { MANY, type Piece } from '../../../../policy/prove/words/letters.ts';
import {
  anyOfSize,
  EVERYTHING,
  makeShape,
  type Point,
  type Shape,
  shapeMatches,
} from '../../../../policy/prove/words/shape.ts';

/** `s:*a`: two parts, `*` any number of letters, `$` a policy variable. */
const shapeFrom = (text: string): Shape =>
  text === '*'
    ? EVERYTHING
    : makeShape(
        text
          .split(':')
          .map((part) =>
            makeGlob(
              part
                .split('')
                .map(
                  (letter): Piece => (letter === '*' ? MANY : letter === '$' ? '${aws:username}' : letter),
                ),
            ),
          ),
      );

const SHAPES = ['*', 's:*', 's:a', 's:ab', 's:a*', 's:*b', '*:b', 't:*', 's:$', 's:a$*', '*:*'];
const POINTS: readonly Point[] = [
  's:a',
  's:ab',
  's:b',
  's:x',
  's:ax',
  's:xb',
  't:a',
  't:b',
  't:x',
  'x:b',
  'x:x',
].map((text) => text.split(':').map((part) => part.split('')));

const WITHIN = ['', 's:*', 's:a', 's:a*', 's:a*+s:*b', '*:b', 't:*', 's:$', 's:a$*'];
const WITHOUT = ['', 's:ab', 's:a*', '*:b'];
const CHOICES = [...SHAPES, 's:a+s:ab', 's:a*+t:*', 's:$+s:a', 's:a*+s:*b', 's:ab+*'];

const shapesFrom = (text: string): Shape[] => text.split('+').filter(Boolean).map(shapeFrom);
const isIn = ({ within, without }: Region, point: Point): boolean =>
  within.every((shape) => shapeMatches(shape, point)) && !without.some((shape) => shapeMatches(shape, point));
const sayRegion = ({ within, without }: Region): string => `+${within.length} -${without.length}`;

test('how each region lies to each choice, what of it is in there and what is not, and the steps that it takes', async () => {
  const lines: string[] = [];
  for (const inner of WITHIN)
    for (const outer of WITHOUT) {
      const region = { within: shapesFrom(inner), without: shapesFrom(outer) };
      for (const chosen of CHOICES)
        for (const negated of [false, true]) {
          const budget = makeBudget(1_000);
          const finder = makePointFinder({ whole: anyOfSize(2), likely: [], hasNone: false }, budget);
          if (!finder.find(region)) continue;
          const choice = makeChoice(shapesFrom(chosen), negated);
          const relation = relate(region, choice, finder);
          const [inside, outside] = [
            partsInside(region, choice, finder),
            partsOutside(region, choice, finder),
          ];
          const name = `${inner || 'all'} - ${outer || 'nothing'}, ${negated ? 'not ' : ''}${chosen}`;
          const isChosen = (point: Point) =>
            negated !== choice.shapes.some((shape) => shapeMatches(shape, point));
          for (const point of POINTS.filter((each) => isIn(region, each))) {
            // Of a variable it is not known what it matches.
            if ([...region.within, ...choice.shapes].some(({ hasVariable }) => hasVariable)) continue;
            if (relation === 'apart') expect(isChosen(point), `${name}: ${point}`).toBe(false);
            if (relation === 'inside') expect(isChosen(point), `${name}: ${point}`).toBe(true);
            expect(
              inside.some((part) => isIn(part, point)),
              `${name}: ${point}`,
            ).toBe(isChosen(point));
            expect(
              outside.some((part) => isIn(part, point)),
              `${name}: ${point}`,
            ).toBe(!isChosen(point));
          }
          const parts = `in ${inside.map(sayRegion).join(', ') || 'none'}; out ${outside.map(sayRegion).join(', ') || 'none'}`;
          lines.push(
            `${name}: ${relation}; ${parts}; ${budget.spent()} steps${finder.isDoubtful() ? ', doubtful' : ''}`,
          );
        }
    }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../../cases/related-regions.txt');
});
