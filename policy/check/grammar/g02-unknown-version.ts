import type { FormCheck } from '../check.ts';
import { g02NoVersion } from './g02-no-version.ts';

const { id, severity, title, why, remedy } = g02NoVersion;

/** A version that there is not is none. */
export const g02UnknownVersion: FormCheck = {
  ...{ id, severity, title, why, remedy },
  takes: ({ code }) => code === 'unknown-version',
  tell: () => 'The policy names a Version that AWS does not have.',
};
