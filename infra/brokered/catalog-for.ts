import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import type { CatalogResource } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';

/** The catalog as it is where the broker is deployed; by default, where the stack is. */
export function catalogFor(scope: Construct, broker: Partial<Placeholders> = {}): CatalogResource[] {
  const { partition, region, account } = Stack.of(scope);
  return readConfigFiles().catalog.resources.map((resource) =>
    resolveArns(resource, { partition, region, accountId: account, ...broker }),
  );
}
