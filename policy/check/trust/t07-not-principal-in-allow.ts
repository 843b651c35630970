import type { FormCheck } from '../check.ts';

export const t07NotPrincipalInAllow: FormCheck = {
  id: 'T07',
  severity: 'high',
  title: 'NotPrincipal in an Allow',
  why: 'It allows everybody but those it names, also who is not signed in. AWS no longer supports it.',
  remedy: 'Name who is allowed in Principal.',
  takes: ({ code }) => code === 'not-principal-with-allow',
  tell: () => 'It allows everybody but those it names.',
};
