import type { Statement } from '../../../../policy/allow-statement.ts';
import { type CatalogResource, grantableActions } from '../catalog/catalog.ts';
import { widestStatementsOf } from '../session-policy/build-session-policy.ts';

/** What a brokered role may do. `refusals` name, for some resources, all that may be done to them. */
export type RoleStatements = {
  readonly allowed: readonly Statement[];
  readonly refusals: readonly { readonly otherThan: string[]; readonly on: string[] }[];
  readonly actions: string[];
  readonly resources: string[];
};

const unique = (values: readonly string[]) => [...new Set(values)].sort();
const stem = (pattern: string) => pattern.replace(/[*?].*$/, '');

/** Whether two ARN patterns may mean one resource. Their wildcards stand at their ends. */
const overlap = (left: string, right: string): boolean =>
  left === right ||
  (/[*?]/.test(left) && stem(right).startsWith(stem(left))) ||
  (/[*?]/.test(right) && stem(left).startsWith(stem(right)));

/**
 * The catalog's actions on the catalog's resources, and a refusal of every other action on each of them: a
 * resource's own policy can allow a session what its session policy does not.
 */
export function roleStatements(catalog: readonly CatalogResource[]): RoleStatements {
  const allowed = catalog.flatMap((resource) => widestStatementsOf(resource, grantableActions(resource)));
  const resources = unique(allowed.flatMap((statement) => statement.resources));
  const actionsOn = (arn: string) =>
    unique(
      allowed
        .filter((statement) => statement.resources.some((other) => overlap(other, arn)))
        .flatMap(({ actions }) => actions),
    );
  const byActions = Map.groupBy(resources, (arn) => actionsOn(arn).join(' '));
  return {
    allowed,
    refusals: [...byActions].map(([actions, on]) => ({ otherThan: actions.split(' '), on })),
    actions: unique(allowed.flatMap(({ actions }) => actions)),
    resources,
  };
}
