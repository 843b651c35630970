import { parsePolicy } from '../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../policy/parse/policy-model.ts';
import { makeReference, type ProofAnswer, prove } from '../../policy/prove/prove.ts';
import type { PolicyLayers } from '../../policy/prove/rules/compile-policies.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { readKnownActions } from './read-iam-data.ts';

/** What a policy may be attached as, to be combined with others. Service control policies are a level each. */
export const PROVABLE_TYPES = ['identity', 'boundary', 'session', 'scp', 'resource', 'trust'] as const;
export type ProvableType = (typeof PROVABLE_TYPES)[number];

/** A policy's text, what it is attached as, and what to call it where it is refused. */
export type NamedPolicy = { readonly name: string; readonly type: ProvableType; readonly text: string };

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

function parse({ name, type, text }: NamedPolicy): Policy {
  const result = parsePolicy(text, type);
  if (result.ok) return result.policy;
  const places = result.refusals.map(({ code, path, position }) => {
    const where = [position && `line ${position.line}, column ${position.column}`, path].filter(Boolean);
    return where.length > 0 ? `${code} (${where.join(', ')})` : code;
  });
  throw refused(`${name} is no ${type} policy: ${places.join('; ')}`);
}

/** Policies of these types are read as one; of the others each is a layer of its own. */
const READ_AS_ONE: readonly PolicyType[] = ['identity', 'session', 'resource', 'trust'];

/**
 * The layers that policies make. A resource's own policy, or a role's trust, is asked about by itself: how it
 * combines with an identity's depends on who asks.
 */
export function layersOf(policies: readonly NamedPolicy[]): PolicyLayers {
  const types = new Set(policies.map(({ type }) => type));
  if (types.size > 1 && (types.has('resource') || types.has('trust')))
    throw refused('A resource policy or a trust policy is compared with its own kind alone.');
  const combined = READ_AS_ONE.filter((type) => types.has(type as ProvableType));
  const together = combined.map((type) => policies.filter((policy) => policy.type === type).map(parse));
  const apart = policies.filter(({ type }) => !READ_AS_ONE.includes(type)).map((policy) => [parse(policy)]);
  return [...together, ...apart];
}

let known: ReturnType<typeof readKnownActions> | undefined;

/** Whether the candidate is within the reference, with a call that AWS has where it is not. Throws `invalid_policy`. */
export function provePolicies(
  candidate: readonly NamedPolicy[],
  reference: readonly NamedPolicy[],
): ProofAnswer {
  known ??= readKnownActions();
  return prove(layersOf(candidate), makeReference(layersOf(reference)), { known });
}
