import type { Surroundings } from '../../../policy/check/check.ts';
import { type CheckReport, checkInputs, limitedBy, principalOf, reportOf } from '../check-inputs.ts';
import type { Inputs } from '../inputs/read-inputs.ts';
import { checkOnThreads, type Threads, threadsFor } from './check-on-threads.ts';

/** Characters of a policy from which it is checked on a thread of its own: that one can be ended, this one could not. */
const LONG = 50_000;

const isLong = ({ text = '' }: Inputs['found'][number]): boolean => text.length >= LONG;

/** Checks all that was read, on as many threads as that is worth; the report is that of `checkInputs`. */
export async function checkMany(
  inputs: Inputs,
  around: Surroundings,
  together: boolean,
  { count = threadsFor(inputs.found.length), ...threads }: Partial<Threads>,
): Promise<CheckReport> {
  if (count < 2 && !inputs.found.some(isLong)) return checkInputs(inputs, around, together);
  const limited = limitedBy(inputs.found, around);
  const isOfSeveral = (given: (typeof inputs.found)[number]) => principalOf(given, together) !== undefined;
  const checked = await checkOnThreads(limited.others, limited.around, isOfSeveral, {
    ...threads,
    count: Math.max(count, 1),
  });
  return reportOf(limited, checked, inputs.unread, together);
}
