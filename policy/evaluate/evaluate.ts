import type { AccessRequest, AppliedPolicies } from './access-request.ts';
import { answerOf, type Findings } from './combine-layers.ts';
import type { Decision } from './decision.ts';
import { type Found, findStatements, type PreparedRequest } from './find-statements.ts';
import { requestContext } from './request-context.ts';

/**
 * Whether AWS would allow a request under the policies that apply to it, and by which statements.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(request: AccessRequest, policies: AppliedPolicies): Decision {
  const { principal, resource } = request;
  const prepared = {
    principal,
    action: request.action.toLowerCase(),
    resource,
    context: requestContext(request.context),
    hasBoundary: policies.boundary !== undefined,
  };
  const findings = findAll(prepared, policies);
  const denies = [
    findings.serviceControl?.flatMap((level) => level.denies) ?? [],
    findings.resourceControl.denies,
    findings.resource.denies,
    findings.boundary?.denies ?? [],
    findings.session?.denies ?? [],
    findings.identity.denies,
  ].flat();
  if (denies.length > 0) return { outcome: 'explicitly-denied', statements: denies };
  return answerOf(request, findings);
}

function findAll(request: PreparedRequest, policies: AppliedPolicies): Findings {
  const { identity, boundary, session, serviceControl, resource, resourceControl } = policies;
  return {
    identity: findStatements('identity', identity, request),
    ...(boundary && { boundary: findStatements('boundary', [boundary], request) }),
    ...(session && { session: findStatements('session', session, request) }),
    ...(serviceControl && { serviceControl: findInLevels(serviceControl, request) }),
    resource: findStatements('resource', resource ? [resource] : [], request),
    resourceControl: findStatements('resourceControl', resourceControl ?? [], request),
  };
}

function findInLevels(
  levels: NonNullable<AppliedPolicies['serviceControl']>,
  request: PreparedRequest,
): readonly Found[] {
  let firstIndex = 0;
  return levels.map((level) => {
    const found = findStatements('serviceControl', level, request, firstIndex);
    firstIndex += level.length;
    return found;
  });
}
