import { type Principal, principalSchema } from '../principal.ts';
import type { Taken } from './access-review.ts';

/**
 * The principal as it would be without what is taken away: suspended, where nothing is named. Or why there is no such.
 */
export function removalOf(
  principal: Principal,
  taken: Taken | undefined,
): { readonly proposal: Principal } | { readonly problem: string } {
  const version = principal.version + 1;
  if (!taken) return { proposal: { ...principal, status: 'suspended', version } };
  if (principal.directory)
    return {
      problem: 'the directory says its groups and jobs: remove all of its access, or change them there',
    };
  const { groups = [], jobs = [] } = taken;
  const { jobs: fixed = {}, ...rest } = principal;
  const absent = [
    ...groups.filter((group) => !principal.groups.includes(group)),
    ...jobs.filter((job) => !Object.hasOwn(fixed, job)),
  ];
  if (absent.length > 0) return { problem: 'it names groups or jobs that the principal does not have' };
  const left = Object.fromEntries(Object.entries(fixed).filter(([job]) => !jobs.includes(job)));
  return {
    proposal: principalSchema.parse({
      ...rest,
      version,
      groups: principal.groups.filter((group) => !groups.includes(group)),
      ...(Object.keys(left).length > 0 && { jobs: left }),
    }),
  };
}
