import type { FormCheck } from '../check.ts';

export const g07ResourceOnce: FormCheck = {
  id: 'G07',
  severity: 'error',
  title: 'Resource and NotResource together, or neither',
  why: 'A statement of this type is about resources in one of the two forms.',
  remedy: 'Keep one of the two.',
  takes: ({ code, path }) =>
    /\.(?:Not)?Resource$/.test(path) && (code === 'element-and-its-negation' || code === 'missing-element'),
  tell: ({ code }) =>
    code === 'missing-element'
      ? 'The statement has neither Resource nor NotResource.'
      : 'The statement has both Resource and NotResource.',
};
