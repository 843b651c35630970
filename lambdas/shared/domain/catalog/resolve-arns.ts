import type { CatalogResource } from './catalog.ts';

/** Where a catalog is resolved for. */
export type Placeholders = { partition: string; region: string; accountId: string };

/** Fills in `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}`. */
export function resolveArns(resource: CatalogResource, at: Placeholders): CatalogResource {
  const fill = (text: string) =>
    text
      .replaceAll('${AWS::Partition}', at.partition)
      .replaceAll('${AWS::Region}', at.region)
      .replaceAll('${AWS::AccountId}', at.accountId);
  return {
    ...resource,
    arns: resource.arns.map(fill),
    ...(resource.kmsKeyArn && { kmsKeyArn: fill(resource.kmsKeyArn) }),
  };
}
