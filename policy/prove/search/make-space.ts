import type { Budget } from '../words/budget.ts';
import { makePointFinder } from '../words/find-point.ts';
import { ANYTHING, literalGlob } from '../words/glob.ts';
import { anyOfSize, makeShape } from '../words/shape.ts';
import { makeValueFinder } from './find-values.ts';
import type { KeyKinds } from './key-kinds.ts';
import type { Space } from './search-leaves.ts';

const SOMEBODY = 'AWS:arn:aws:iam::210987654321:role/somebody';

/** The space of all requests, for one proof: it remembers what it found. */
export const makeSpace = (kinds: KeyKinds, budget: Budget): Space => ({
  actions: makePointFinder({ whole: anyOfSize(2), likely: [], hasNone: false }, budget),
  resources: makePointFinder(
    {
      whole: makeShape([literalGlob('arn'), ...Array(5).fill(ANYTHING)]),
      likely: [[], ['aws'], [], ['us-east-1', 'eu-west-1'], ['123456789012', '210987654321']],
      hasNone: true,
    },
    budget,
  ),
  principals: makePointFinder({ whole: anyOfSize(1), likely: [[SOMEBODY]], hasNone: false }, budget),
  values: makeValueFinder(kinds, budget),
  budget,
});
