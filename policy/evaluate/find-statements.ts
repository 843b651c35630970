import type { Policy, Statement } from '../parse/policy-model.ts';
import type { AccessRequest } from './access-request.ts';
import { conditionHolds } from './condition-holds.ts';
import type { DecidingStatement, Layer } from './decision.ts';
import { matchAction } from './match-action.ts';
import { matchResource } from './match-arn.ts';
import { matchPrincipals, type PrincipalMatch } from './match-principal.ts';
import type { RequestContext } from './request-context.ts';

/** A request whose keys can be looked up, and whose action is in lower case. */
export type PreparedRequest = Pick<AccessRequest, 'principal' | 'action' | 'resource'> & {
  readonly context: RequestContext;
  readonly hasBoundary: boolean;
};

/** A statement that applies, and how it means the principal. */
export type Applying = DecidingStatement & { readonly match: PrincipalMatch };

/** The statements of a layer's policies that apply to the request, by what they say. */
export type Found = { readonly allows: readonly Applying[]; readonly denies: readonly Applying[] };

/** Finds every statement that applies to the request. */
export function findStatements(
  layer: Layer,
  policies: readonly Policy[],
  request: PreparedRequest,
  firstIndex = 0,
): Found {
  const allows: Applying[] = [];
  const denies: Applying[] = [];
  policies.forEach((policy, index) => {
    for (const statement of policy.statements) {
      const match = matchStatement(statement, request);
      if (match === undefined) continue;
      const found = { layer, policyIndex: firstIndex + index, statement, match };
      (statement.effect === 'Allow' ? allows : denies).push(found);
    }
  });
  return { allows, denies };
}

/** How a statement means the principal, if it applies: its action, resource and all of its conditions match. */
function matchStatement(statement: Statement, request: PreparedRequest): PrincipalMatch | undefined {
  const { actions, resources, conditions } = statement;
  const { action, resource, context } = request;
  if (actions.negated === actions.items.some((item) => matchAction(item, action))) return undefined;
  if (
    resources !== undefined &&
    resources.negated === resources.items.some((item) => matchResource(item, resource, context))
  ) {
    return undefined;
  }
  const match = matchNamed(statement, request);
  return match && conditions.every((condition) => conditionHolds(condition, context)) ? match : undefined;
}

/** A policy that names no principal is about the one that it is attached to. */
const matchNamed = (
  { principals }: Statement,
  { principal, hasBoundary }: PreparedRequest,
): PrincipalMatch | undefined =>
  principals === undefined ? 'itself' : matchPrincipals(principals, principal, hasBoundary);
