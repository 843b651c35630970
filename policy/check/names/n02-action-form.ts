import type { FormCheck } from '../check.ts';
import { n02UnknownAction } from './n02-unknown-action.ts';

const { id, severity, title, why, remedy } = n02UnknownAction;

/** What is no service and name is no action. */
export const n02ActionForm: FormCheck = {
  ...{ id, severity, title, why, remedy },
  takes: ({ code }) => code === 'bad-action',
  tell: ({ path }) => `${path} is not written as service:Action.`,
};
