import type { FormCheck } from '../check.ts';

export const g08EmptyList: FormCheck = {
  id: 'G08',
  severity: 'error',
  title: 'an empty list',
  why: 'Under a negation an empty list means everything; elsewhere AWS refuses it, or the statement never applies.',
  remedy: 'Name what is meant, or remove the statement.',
  takes: ({ code }) => code === 'empty-list',
  tell: ({ path }) => `${path} is an empty list.`,
};
