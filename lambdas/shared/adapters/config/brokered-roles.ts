import { brokeredRoleArn } from '../../domain/brokered/brokered-role.ts';
import { divideCatalog } from '../../domain/brokered/catalog-parts.ts';
import { digestOfPlannedRoles, plannedReferences } from '../../domain/brokered/planned-roles.ts';
import { resolveArns } from '../../domain/catalog/resolve-arns.ts';
import { digestOf } from '../../domain/digest.ts';
import { SessionNotProved } from '../../domain/errors.ts';
import { requiredEnv } from '../runtime/environment.ts';
import { readConfigFiles } from './read-config.ts';

/** Where this function runs. */
const home = () => ({
  partition: process.env.POSTERN_PARTITION ?? 'aws',
  region: requiredEnv('AWS_REGION'),
  accountId: requiredEnv('POSTERN_ACCOUNT_ID'),
});

/**
 * The brokered roles as they were planned when this function was deployed, from the catalog that ships with it. The
 * digest that the template wrote into the environment must be theirs: else this function would prove sessions against
 * roles that nobody deployed. Throws SessionNotProved where it is not.
 */
export function loadBrokeredRoles() {
  const { resources } = readConfigFiles().catalog;
  const digest = digestOfPlannedRoles(resources);
  if (digest !== requiredEnv('BROKERED_ROLES_DIGEST'))
    throw new SessionNotProved('the brokered roles are not those that were deployed with this function');
  return { digest, referenceOf: plannedReferences(resources, home()) };
}

/** The catalog's entries as they are deployed now, by key. */
const entriesOf = (keys: readonly string[]) =>
  readConfigFiles()
    .catalog.resources.filter(({ key }) => keys.includes(key))
    .map((resource) => resolveArns(resource, home()));

/** Digests of entries as they are now, by key; none for a key that is gone. */
export const digestsOfEntries = (keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(entriesOf(keys).map((resource) => [resource.key, digestOf(resource)]));

/** The role that reaches these resources now; undefined where none does, or one of them is gone. */
export function roleOfEntries(keys: readonly string[]): string | undefined {
  const entries = entriesOf(keys);
  if (entries.length < keys.length) return undefined;
  try {
    return brokeredRoleArn(entries, home(), divideCatalog(readConfigFiles().catalog.resources));
  } catch {
    return undefined;
  }
}
