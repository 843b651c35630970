import type { FormCheck } from '../check.ts';

export const g10SidCharacters: FormCheck = {
  id: 'G10',
  severity: 'error',
  title: 'a Sid with characters that IAM does not take',
  why: 'IAM takes letters and digits in a Sid.',
  remedy: 'Write the Sid with letters and digits.',
  takes: ({ code }) => code === 'bad-sid',
  tell: ({ path }) => `${path} holds other characters than letters and digits.`,
};
