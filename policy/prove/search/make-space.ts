import type { Budget } from '../words/budget.ts';
import { makePointFinder } from '../words/find-point.ts';
import { makeValueFinder } from './find-values.ts';
import type { KeyKinds } from './key-kinds.ts';
import type { Space } from './search-leaves.ts';

const SOMEBODY = 'AWS:arn:aws:iam::210987654321:role/somebody';

/** The space of all requests, for one proof: it remembers what it found. */
export const makeSpace = (kinds: KeyKinds, budget: Budget): Space => ({
  actions: makePointFinder({ size: 2, likely: ['x', 'x'], hasNone: false }, budget),
  resources: makePointFinder(
    { size: 6, likely: ['arn', 'aws', 'x', 'us-east-1', '123456789012', 'x'], hasNone: true },
    budget,
  ),
  principals: makePointFinder({ size: 1, likely: [SOMEBODY], hasNone: false }, budget),
  values: makeValueFinder(kinds, budget),
  budget,
});
