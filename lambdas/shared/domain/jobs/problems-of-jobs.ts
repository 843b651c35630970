import { accessLevelOf, type Catalog } from '../catalog/catalog.ts';
import type { Principal } from '../principal.ts';
import type { Job } from './job.ts';

/** Why a job is not one for emergencies, where it says so: they are people's own, and nobody does them for a customer. */
export function problemsOfBreakGlass({
  type,
  delivery,
  jobs,
}: Pick<Principal, 'type' | 'delivery' | 'jobs'>): string[] {
  return Object.entries(jobs ?? {}).flatMap(([name, { breakGlass, onBehalfOf }]) => {
    if (!breakGlass) return [];
    if (type !== 'human') return [`jobs.${name}.breakGlass is for people: name them, and not an agent`];
    if (delivery !== undefined)
      return [`jobs.${name}.breakGlass is for people who claim by themselves, not by a gateway`];
    return onBehalfOf === 'nobody' ? [] : [`jobs.${name}.breakGlass is on behalf of nobody`];
  });
}

/** What of a principal's jobs the catalog does not have: by field, in words for whoever proposes them. */
export function problemsOfJobs(
  jobs: Readonly<Record<string, Job>> | undefined,
  { resources }: Pick<Catalog, 'resources'>,
): string[] {
  return Object.entries(jobs ?? {}).flatMap(([name, { grants }]) =>
    grants.flatMap(({ resource, actions }, position) => {
      const field = `jobs.${name}.grants[${position}]`;
      const entry = resources.get(resource);
      if (!entry) return [`${field}.resource is "${resource}", which the catalog does not have`];
      return actions
        .filter((action) => accessLevelOf(entry, action) === undefined)
        .map((action) => `${field}.actions has "${action}", which the catalog does not offer on ${resource}`);
    }),
  );
}
