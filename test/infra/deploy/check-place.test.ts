import { expect, test } from 'vitest';
import { problemOfConcurrency } from '../../../infra/deploy/check-place.ts';

test.each([
  [50, { unreserved: 150, reservedByFrontDoor: 0 }, true],
  [50, { unreserved: 149, reservedByFrontDoor: 0 }, false],
  // An update: the reservation that stands is given up for the new one.
  [60, { unreserved: 110, reservedByFrontDoor: 50 }, true],
  [61, { unreserved: 110, reservedByFrontDoor: 50 }, false],
  ['unreserved' as const, { unreserved: 0, reservedByFrontDoor: 0 }, true],
])('a reservation of %s with %j: %s', (wanted, concurrency, isPossible) => {
  expect(problemOfConcurrency(wanted, concurrency) === undefined).toBe(isPossible);
});
