import {
  type CatalogFile,
  type CatalogResource,
  grantableActions,
} from '../../lambdas/shared/domain/catalog/catalog.ts';
import { resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { widestStatementsOf } from '../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import type { FindResources } from './compare-usage.ts';

/** A catalog is of no account and region before it is deployed. */
const ANYWHERE = { partition: '*', region: '*', accountId: '*' };

/** An ARN of a policy as a pattern: `*` stands for anything, `?` for one character. */
function patternOf(arn: string): RegExp {
  const escaped = arn.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

/** What CloudTrail may name when a resource is used: whatever a session's policy opens of it. */
function arnsOf(resource: CatalogResource): string[] {
  const opened = widestStatementsOf(resource, grantableActions(resource)).flatMap((it) => it.resources);
  // Of a query on an index, CloudTrail names the table alone.
  return [...opened, ...opened.map((arn) => arn.replace(/\/index\/[^/]+$/, ''))];
}

/** Finds the catalog's resources of an ARN: prefixes of one bucket share the bucket's. */
export function makeFindResources({ resources }: CatalogFile): FindResources {
  const known = resources.map((resource) => ({
    key: resource.key,
    patterns: arnsOf(resolveArns(resource, ANYWHERE)).map(patternOf),
  }));
  return (arn) => known.filter(({ patterns }) => patterns.some((it) => it.test(arn))).map(({ key }) => key);
}
