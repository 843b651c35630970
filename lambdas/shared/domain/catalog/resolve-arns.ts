import type { CatalogResource } from './catalog.ts';

/** Where a catalog is resolved for. */
export type Placeholders = { partition: string; region: string; accountId: string };

/** Fills in `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}`. */
export function resolveArns(resource: CatalogResource, placeholders: Placeholders): CatalogResource {
  const fill = (text: string) =>
    text
      .replaceAll('${AWS::Partition}', placeholders.partition)
      .replaceAll('${AWS::Region}', placeholders.region)
      .replaceAll('${AWS::AccountId}', placeholders.accountId);
  return {
    ...resource,
    arns: resource.arns.map(fill),
    ...(resource.kmsKeyArn && { kmsKeyArn: fill(resource.kmsKeyArn) }),
  };
}

/** Whether an ARN is in an entry, whose own are filled in: its indexes are a table's, and everything under a prefix. */
export const holdsArn = ({ kind, arns }: Pick<CatalogResource, 'kind' | 'arns'>, arn: string): boolean =>
  arns.some((each) =>
    kind === 's3-prefix' ? arn.startsWith(each) : arn === each || arn.startsWith(`${each}/index/`),
  );
