import type { FormCheck } from '../check.ts';

export const n13VariableForm: FormCheck = {
  id: 'N13',
  severity: 'medium',
  title: 'a policy variable that is none, or in a policy of 2008',
  why: 'A variable that does not resolve makes the statement match nothing; in a policy of 2008 it is plain text.',
  remedy: 'Name a key that the request carries, as in ${aws:username}, under Version 2012-10-17.',
  takes: ({ code }) => code === 'bad-variable',
  tell: ({ path }) => `${path} holds \${ and no variable.`,
};
