import type { FormCheck } from '../check.ts';

export const g01NotJson: FormCheck = {
  id: 'G01',
  severity: 'error',
  title: 'not the JSON of a policy',
  why: 'AWS takes only a JSON object with Version and Statement.',
  remedy: 'Mend the JSON at this place.',
  takes: ({ code, path }) =>
    code === 'not-json' ||
    code === 'nested-too-deep' ||
    code === 'wrong-type' ||
    (code === 'missing-element' && path === 'Statement'),
  tell: ({ code, path }) => {
    if (code === 'wrong-type') return `${path || 'The document'} is of another type than a policy has there.`;
    if (code === 'missing-element') return 'The document has no Statement.';
    return code === 'nested-too-deep'
      ? 'It is nested beyond what any policy is.'
      : 'It stops being JSON here.';
  },
};
