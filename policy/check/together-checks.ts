import type { Check } from './check.ts';
import { s01Covered } from './together/s01-covered.ts';
import { s02DeniesNothing } from './together/s02-denies-nothing.ts';
import { s03WhollyDenied } from './together/s03-wholly-denied.ts';
import { s04CouldMerge } from './together/s04-could-merge.ts';
import { s05LikeAManagedPolicy } from './together/s05-like-a-managed-policy.ts';

export const togetherChecks: readonly Check[] = [
  s01Covered,
  s02DeniesNothing,
  s03WhollyDenied,
  s04CouldMerge,
  s05LikeAManagedPolicy,
];
