import type { FormCheck } from '../check.ts';

export const g04UnknownElement: FormCheck = {
  id: 'G04',
  severity: 'error',
  title: 'an element that no policy has',
  why: 'AWS refuses a policy with an element that it does not know; a misspelt Condition would be no condition.',
  remedy: 'Correct its spelling, or remove it.',
  takes: ({ code }) => code === 'unknown-element',
  tell: ({ path }) => `${path} is no element of a policy.`,
};
