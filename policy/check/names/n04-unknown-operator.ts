import type { FormCheck } from '../check.ts';

export const n04UnknownOperator: FormCheck = {
  id: 'N04',
  severity: 'error',
  title: 'a condition operator that AWS does not have',
  why: 'AWS refuses the policy. NullIfExists is none either: Null itself asks whether a key is there.',
  remedy: 'Take the operator from the list in the IAM User Guide.',
  takes: ({ code }) => code === 'unknown-operator',
  tell: ({ path }) => `${path.split('.').at(-1)} is no condition operator.`,
};
