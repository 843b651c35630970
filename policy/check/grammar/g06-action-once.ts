import type { FormCheck } from '../check.ts';

export const g06ActionOnce: FormCheck = {
  id: 'G06',
  severity: 'error',
  title: 'Action and NotAction together, or neither',
  why: 'A statement is about actions in one of the two forms.',
  remedy: 'Keep one of the two.',
  takes: ({ code, path }) =>
    /\.(?:Not)?Action$/.test(path) && (code === 'element-and-its-negation' || code === 'missing-element'),
  tell: ({ code }) =>
    code === 'missing-element'
      ? 'The statement has neither Action nor NotAction.'
      : 'The statement has both Action and NotAction.',
};
