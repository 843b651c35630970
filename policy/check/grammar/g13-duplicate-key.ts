import type { FormCheck } from '../check.ts';

export const g13DuplicateKey: FormCheck = {
  id: 'G13',
  severity: 'error',
  title: 'a key that stands there twice',
  why: 'Readers of JSON differ in which of the two they take: a reviewer may see another policy than AWS.',
  remedy: 'Merge the two into one.',
  takes: ({ code }) => code === 'duplicate-key' || code === 'duplicate-condition-key',
  tell: ({ path }) => `${path} stands there twice.`,
};
