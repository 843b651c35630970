import { accessLevelOf, type Catalog } from '../catalog/catalog.ts';
import type { Job } from './job.ts';

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
