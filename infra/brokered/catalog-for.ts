import { Fn } from 'aws-cdk-lib';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { divideCatalog } from '../../lambdas/shared/domain/brokered/catalog-parts.ts';
import type { CatalogParts, CatalogResource } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { TEMPLATES_PARTITION } from '../../lambdas/shared/domain/partition-hosts.ts';

/** Stand for what CloudFormation fills in. They hold no colon, so an ARN with them has the parts of any other. */
export const IN_TEMPLATE: Placeholders = {
  partition: TEMPLATES_PARTITION,
  region: '${AWS.Region}',
  accountId: '${AWS.AccountId}',
};

/** The catalog as a template holds it, wherever that is deployed. */
export const catalogForTemplate = (): CatalogResource[] =>
  readConfigFiles().catalog.resources.map((resource) => resolveArns(resource, IN_TEMPLATE));

/** How the catalog is divided among the brokered roles, wherever it is deployed. */
export const catalogParts = (): CatalogParts => divideCatalog(readConfigFiles().catalog.resources);

/** Where a template finds the broker's account and region: its own, or parameters by these names. */
export type BrokerNames = { readonly AccountId: string; readonly Region: string };

/**
 * A text of the catalog as CloudFormation fills it in. One substitution is a third shorter than the parts of a join, and
 * a template holds a megabyte.
 */
export function filledIn(text: string, broker?: BrokerNames): string {
  if (!text.includes('${AWS.')) return text;
  const names: Readonly<Record<string, string>> = broker ?? {};
  return Fn.sub(
    text.replace(/\$\{AWS\.(\w+)\}/g, (_, name: string) => `\${${names[name] ?? `AWS::${name}`}}`),
  );
}

/** The same of every text in a value. */
export function allFilledIn<Value>(value: Value, broker?: BrokerNames): Value {
  if (typeof value === 'string') return filledIn(value, broker) as Value;
  if (Array.isArray(value)) return value.map((item) => allFilledIn(item, broker)) as Value;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, allFilledIn(inner, broker)]),
  ) as Value;
}
