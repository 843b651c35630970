import type { FormCheck } from '../check.ts';

export const g11ElementOfAnotherType: FormCheck = {
  id: 'G11',
  severity: 'error',
  title: 'an element that this type of policy does not have',
  why: 'An identity policy is about whom it is attached to and names no principal; a trust policy is about its role and names no resource; a resource policy has to name a principal.',
  remedy: 'Remove the element, or attach the policy as what it is.',
  takes: ({ code, path }, type) =>
    type !== 'scp' &&
    type !== 'rcp' &&
    type !== 'session' &&
    type !== 'boundary' &&
    (code === 'element-not-of-this-type' ||
      code === 'effect-not-of-this-type' ||
      (/Principal$/.test(path) && (code === 'missing-element' || code === 'element-and-its-negation')) ||
      (type === 'trust' && code === 'bad-action')),
  tell: ({ code, path }) =>
    code === 'missing-element'
      ? `${path} is missing.`
      : `${path} does not belong into a policy of this type.`,
};
