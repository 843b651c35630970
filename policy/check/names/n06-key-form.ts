import type { FormCheck } from '../check.ts';
import { n06KeyNotCarried } from './n06-key-not-carried.ts';

const { id, title, why, remedy } = n06KeyNotCarried;

/** A key of no service is in no request. */
export const n06KeyForm: FormCheck = {
  ...{ id, title, why, remedy },
  severity: 'error',
  takes: ({ code }) => code === 'bad-condition-key',
  tell: ({ path }) => `${path} is a key of no service.`,
};
