import { partsOfArn } from '../../../../policy/arn/parts-of-arn.ts';
import { groupBy } from '../../../../policy/group-by.ts';
import {
  type CatalogParts,
  type CatalogResource,
  type Sensitivity,
  sensitivitySchema,
} from '../catalog/catalog.ts';
import { partOf } from './catalog-parts.ts';

/** Which brokered role a session is of: there is one per account, part of the catalog and sensitivity. */
export type BrokeredRoleSpec = {
  readonly account: string;
  readonly sensitivity: Sensitivity;
  /** From 1. */
  readonly part: number;
  /** It reaches everything with actions that take nothing else, and no resource by name. */
  readonly isServiceWide: boolean;
};

/** What every brokered role's name begins with. */
export const BROKERED_ROLE_PREFIX = 'postern-brokered-';

/** The name that a role has in its account: `postern-brokered-internal`, `postern-brokered-wide-internal-part2`. */
export const brokeredRoleName = ({
  sensitivity,
  part,
  isServiceWide,
}: Omit<BrokeredRoleSpec, 'account'>): string =>
  `${BROKERED_ROLE_PREFIX}${isServiceWide ? 'wide-' : ''}${sensitivity}${part > 1 ? `-part${part}` : ''}`;

/** How much higher a sensitivity is than the lowest. */
export const rankOf = (sensitivity: Sensitivity): number => sensitivitySchema.options.indexOf(sensitivity);

/** The accounts that resources are in. An ARN that names none, as a bucket's, is in its entry's, which is `home` where none is said. */
export function accountsOf(resources: readonly CatalogResource[], home: string): string[] {
  return [
    ...new Set(
      resources.flatMap(({ kind, arns, accountId, account }) =>
        kind === 'service-wide'
          ? [accountId ?? home]
          : arns.map((arn) => partsOfArn(arn).account || (account?.id ?? home)),
      ),
    ),
  ];
}

/** The highest sensitivity among resources. Throws for none. */
export function highestSensitivity(resources: readonly CatalogResource[]): Sensitivity {
  const [first, ...others] = resources.map(({ sensitivity }) => sensitivity);
  if (!first) throw new Error('nothing has no sensitivity');
  return others.reduce((highest, role) => (rankOf(role) > rankOf(highest) ? role : highest), first);
}

/** Resources of one account, by what roles reach together: those of a part, and apart from them what is service-wide. */
export function reachedTogether(
  resources: readonly CatalogResource[],
  parts: CatalogParts | undefined,
): CatalogResource[][] {
  const groups = groupBy(
    resources,
    (resource) => `${resource.kind === 'service-wide'} ${partOf(resource, parts)}`,
  );
  return [...groups.values()];
}

type Home = { readonly partition: string; readonly accountId: string };

/**
 * The role that a session on these resources is of: that of their account and part, and of the highest sensitivity
 * among them. `home` is where the broker runs. Throws where no role reaches them all.
 */
export function brokeredRoleArn(
  resources: readonly CatalogResource[],
  home: Home,
  parts: CatalogParts | undefined,
): string {
  const [account, another] = accountsOf(resources, home.accountId);
  if (!account || another) throw new Error('a session is of one account');
  const [first, ...others] = reachedTogether(resources, parts).flat();
  if (!first || reachedTogether([first, ...others], parts).length > 1)
    throw new Error('a session is of one role');
  const name = brokeredRoleName({
    sensitivity: highestSensitivity(resources),
    part: partOf(first, parts),
    isServiceWide: first.kind === 'service-wide',
  });
  return `arn:${home.partition}:iam::${account}:role/${name}`;
}
