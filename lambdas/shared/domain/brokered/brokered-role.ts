import { partsOfArn } from '../../../../policy/arn/parts-of-arn.ts';
import { type CatalogResource, type Sensitivity, sensitivitySchema } from '../catalog/catalog.ts';

/** Which brokered role a session is of: there is one per account and sensitivity. */
export type BrokeredRoleSpec = { readonly account: string; readonly sensitivity: Sensitivity };

export const brokeredRoleName = (sensitivity: Sensitivity): string => `postern-brokered-${sensitivity}`;

/** How much higher a sensitivity is than the lowest. */
export const rankOf = (sensitivity: Sensitivity): number => sensitivitySchema.options.indexOf(sensitivity);

/** The accounts that resources are in. An ARN that names none, as a bucket's, is taken to be in `home`. */
export function accountsOf(resources: readonly CatalogResource[], home: string): string[] {
  return [...new Set(resources.flatMap(({ arns }) => arns.map((arn) => partsOfArn(arn).account || home)))];
}

/** The highest sensitivity among resources. Throws for none. */
export function highestSensitivity(resources: readonly CatalogResource[]): Sensitivity {
  const [first, ...others] = resources.map(({ sensitivity }) => sensitivity);
  if (!first) throw new Error('nothing has no sensitivity');
  return others.reduce((highest, role) => (rankOf(role) > rankOf(highest) ? role : highest), first);
}

/**
 * The role that a session on these resources is of: that of their account, and of the highest sensitivity among
 * them. `home` is where the broker runs. Throws where they are in several accounts: no session reaches two.
 */
export function brokeredRoleArn(
  resources: readonly CatalogResource[],
  home: { readonly partition: string; readonly accountId: string },
): string {
  const [account, another] = accountsOf(resources, home.accountId);
  if (!account || another) throw new Error('a session is of one account');
  return `arn:${home.partition}:iam::${account}:role/${brokeredRoleName(highestSensitivity(resources))}`;
}
