import type { FormCheck } from '../check.ts';

export const n07MalformedArn: FormCheck = {
  id: 'N07',
  severity: 'error',
  title: 'a malformed ARN or principal',
  why: 'AWS takes `*`, ARNs of six parts, and for principals accounts, users, roles, sessions and services by their full names.',
  remedy: 'Write arn:partition:service:region:account:resource.',
  takes: ({ code, path }) =>
    code === 'bad-resource' || (code === 'bad-principal' && !/\.AWS(?:\[\d+\])?$/.test(path)),
  tell: ({ path }) => `${path} is none that AWS takes.`,
};
