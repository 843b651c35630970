import type { FormCheck } from '../check.ts';

export const c09ValueOfAnotherType: FormCheck = {
  id: 'C09',
  severity: 'error',
  title: 'a value that its operator cannot compare',
  why: 'What is no number, date, address range or truth value under such an operator is refused, or never matches.',
  remedy: 'Write a number, an ISO date, a CIDR range, or true or false.',
  takes: ({ code }) => code === 'bad-condition-value',
  tell: ({ path }) => `${path} is of another type than its operator compares.`,
};
