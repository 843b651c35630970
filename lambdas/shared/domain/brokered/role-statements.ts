import type { Statement } from '../../../../policy/allow-statement.ts';
import { groupBy } from '../../../../policy/group-by.ts';
import { type CatalogResource, grantableActions } from '../catalog/catalog.ts';
import { canonicalJson } from '../digest.ts';
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

/** Statements that allow the same under the same condition are one: a policy holds few characters. */
function together(statements: readonly Statement[]): Statement[] {
  const groups = groupBy(statements, ({ actions, condition }) =>
    canonicalJson([unique(actions), condition ?? null]),
  );
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, resources: unique([first, ...others].flatMap(({ resources }) => resources)) }] : [],
  );
}

/**
 * The catalog's actions on the catalog's resources, and a refusal of every other action on each of them: a
 * resource's own policy can allow a session what its session policy does not. Of actions on everything, `*` is what
 * every other action is refused on.
 */
export function roleStatements(catalog: readonly CatalogResource[]): RoleStatements {
  const allowed = catalog.flatMap((resource) => widestStatementsOf(resource, grantableActions(resource)));
  const resources = unique(allowed.flatMap((statement) => statement.resources));
  const named = allowed.flatMap(({ actions, resources: on }) => on.map((arn) => ({ actions, arn })));
  const byArn = groupBy(named, ({ arn }) => arn);
  const open = [...byArn.keys()].filter((arn) => /[*?]/.test(arn));
  const actionsOn = (arn: string) => {
    const others = /[*?]/.test(arn) ? [...byArn.keys()] : [arn, ...open];
    return unique(
      others
        .filter((other) => overlap(other, arn))
        .flatMap((other) => byArn.get(other) ?? [])
        .flatMap(({ actions }) => actions),
    );
  };
  const byActions = groupBy(resources, (arn) => actionsOn(arn).join(' '));
  return {
    allowed: together(allowed),
    refusals: [...byActions].map(([actions, on]) => ({ otherThan: actions.split(' '), on })),
    actions: unique(allowed.flatMap(({ actions }) => actions)),
    resources,
  };
}
