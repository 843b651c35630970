import type { FormCheck } from '../check.ts';

export const g09DuplicateSid: FormCheck = {
  id: 'G09',
  severity: 'error',
  title: 'a Sid that stands there twice',
  why: 'IAM wants the Sids of a policy to be unique.',
  remedy: 'Rename one of the two.',
  takes: ({ code }) => code === 'duplicate-sid',
  tell: ({ path }) => `${path} is the Sid of an earlier statement.`,
};
