import type { FormCheck } from '../check.ts';

export const g05Effect: FormCheck = {
  id: 'G05',
  severity: 'error',
  title: 'an effect other than Allow or Deny',
  why: 'AWS takes Allow and Deny, with this case, and refuses all else.',
  remedy: 'Write Allow or Deny.',
  takes: ({ code, path }) =>
    code === 'unknown-effect' || (code === 'missing-element' && path.endsWith('.Effect')),
  tell: ({ code, path }) =>
    code === 'missing-element' ? `${path} is missing.` : `${path} is neither Allow nor Deny.`,
};
