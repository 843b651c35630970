import { remember } from '../../lambdas/shared/domain/remember.ts';
import type { AppliedPolicies } from '../../policy/evaluate/access-request.ts';
import { parsePolicyValue } from '../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../policy/parse/policy-model.ts';
import type { AwsCaller, PolicyDocument } from './types.ts';

/** A policy that applies and cannot be read: then nothing is allowed. */
export class UnreadablePolicy extends Error {
  override name = 'UnreadablePolicy';
}

type Stored = { readonly type: PolicyType; readonly text: string };

/** A document is changed in place by whoever owns it, so what it says is known by its text. */
const readOnce = remember(
  2_000,
  ({ type, text }: Stored) => `${type}:${text}`,
  ({ type, text }: Stored) => parsePolicyValue(JSON.parse(text), type),
);

function read(document: PolicyDocument, type: PolicyType): Policy {
  const result = readOnce({ type, text: JSON.stringify(document) });
  if (result.ok) return result.policy;
  const [{ code, path }] = result.refusals;
  throw new UnreadablePolicy(`${code} at ${path}`);
}

type OfResource = { readonly document: PolicyDocument; readonly type: 'resource' | 'trust' } | undefined;

/** All policies that apply to a call. The sandbox has no organisation. Throws UnreadablePolicy. */
export function readAppliedPolicies(caller: AwsCaller, resource: OfResource): AppliedPolicies {
  return {
    identity: caller.identityPolicies.map((document) => read(document, 'identity')),
    ...(caller.boundary && { boundary: read(caller.boundary, 'boundary') }),
    ...(caller.sessionPolicy && { session: [read(caller.sessionPolicy, 'session')] }),
    ...(resource && { resource: read(resource.document, resource.type) }),
  };
}
