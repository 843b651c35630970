import type { AccessRequest, AppliedPolicies } from '../../../policy/evaluate/access-request.ts';
import { parsePolicyValue } from '../../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../../policy/parse/policy-model.ts';

export type Document = { readonly Version?: string; readonly Statement: unknown };

/** A request and all policies that apply to it, as JSON would hold them. */
export type Situation = {
  readonly request: AccessRequest;
  readonly policies: {
    readonly identity: readonly Document[];
    readonly boundary?: Document;
    readonly session?: readonly Document[];
    readonly serviceControl?: readonly (readonly Document[])[];
    readonly resource?: Document;
    readonly resourceControl?: readonly Document[];
  };
};

/** The policy; throws with what is wrong with it. */
export function readPolicy(document: unknown, type: PolicyType): Policy {
  const result = parsePolicyValue(document, type);
  if (!result.ok) throw new Error(`not a ${type} policy: ${JSON.stringify(result.refusals)}`);
  return result.policy;
}

/** The situation's policies, read for the evaluator. A role's own policy is its trust policy. */
export function applied({ request, policies }: Situation): AppliedPolicies {
  const ofRole = /^arn:[^:]*:iam::\d{12}:role\//.test(request.resource);
  return {
    identity: policies.identity.map((document) => readPolicy(document, 'identity')),
    ...(policies.boundary && { boundary: readPolicy(policies.boundary, 'boundary') }),
    ...(policies.session && {
      session: policies.session.map((document) => readPolicy(document, 'session')),
    }),
    ...(policies.serviceControl && {
      serviceControl: policies.serviceControl.map((level) =>
        level.map((document) => readPolicy(document, 'scp')),
      ),
    }),
    ...(policies.resource && { resource: readPolicy(policies.resource, ofRole ? 'trust' : 'resource') }),
    ...(policies.resourceControl && {
      resourceControl: policies.resourceControl.map((document) => readPolicy(document, 'rcp')),
    }),
  };
}
