import { digestOfPlannedRoles, plannedReferences } from '../../domain/brokered/planned-roles.ts';
import { SessionNotProved } from '../../domain/errors.ts';
import { requiredEnv } from '../runtime/environment.ts';
import { readConfigFiles } from './read-config.ts';

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
  const references = plannedReferences(resources, {
    partition: process.env.POSTERN_PARTITION ?? 'aws',
    region: requiredEnv('AWS_REGION'),
    accountId: requiredEnv('POSTERN_ACCOUNT_ID'),
  });
  return { digest, referenceOf: (roleArn: string) => references.get(roleArn) };
}
