import type { FormCheck } from '../check.ts';

export const o01NotOfThisType: FormCheck = {
  id: 'O01',
  severity: 'error',
  title: 'what this type of policy does not take',
  why: 'Service control and resource control policies, boundaries and session policies each have a grammar of their own, and AWS refuses what is not in it.',
  remedy: 'Say it with the elements that the type has.',
  takes: ({ code, path }, type) =>
    (type === 'scp' || type === 'rcp' || type === 'session' || type === 'boundary') &&
    (code === 'element-not-of-this-type' ||
      code === 'effect-not-of-this-type' ||
      (type === 'rcp' && code === 'bad-action') ||
      (/Principal$/.test(path) && (code === 'missing-element' || code === 'element-and-its-negation'))),
  tell: ({ code, path }) =>
    code === 'missing-element'
      ? `${path} is missing.`
      : `${path} does not belong into a policy of this type.`,
};
