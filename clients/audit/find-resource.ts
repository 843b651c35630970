import type { CatalogFile } from '../../lambdas/shared/domain/catalog.ts';
import type { FindResource } from './compare-usage.ts';

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** An ARN of the catalog as a pattern: placeholders and `*` stand for anything, and a table for its indexes too. */
function patternOf(arn: string): RegExp {
  const parts = arn.split(/\$\{[^}]+\}|\*/).map(escaped);
  return new RegExp(`^${parts.join('.*')}(/index/.*)?$`);
}

/** Finds the catalog's resource of an ARN. */
export function makeFindResource({ resources }: CatalogFile): FindResource {
  const patterns = resources.flatMap(({ key, arns }) => arns.map((arn) => [patternOf(arn), key] as const));
  return (arn) => patterns.find(([pattern]) => pattern.test(arn))?.[1];
}
