import { parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../../../policy/parse/policy-model.ts';
import type { PolicyLayers } from '../../../../policy/prove/rules/compile-policies.ts';

/** A policy as JSON has it. */
export type Document = { readonly Version: string; readonly Statement: readonly StatementDocument[] };
export type StatementDocument = Readonly<Record<string, unknown>>;

/** Policies as plain data, by what they are attached as: a case that fails is kept as JSON. */
export type PolicySet = {
  readonly identity: readonly Document[];
  readonly boundary?: Document;
  readonly session?: Document;
  readonly scp?: readonly Document[];
};

const known = new WeakMap<object, Map<PolicyType, Policy>>();

/** Parsed once: a document is asked about hundreds of times. */
export function parsed(document: object, type: PolicyType): Policy {
  const byType = known.get(document) ?? new Map<PolicyType, Policy>();
  known.set(document, byType);
  const policy = byType.get(type) ?? parse(document, type);
  byType.set(type, policy);
  return policy;
}

function parse(document: object, type: PolicyType): Policy {
  const result = parsePolicyValue(document, type);
  if (!result.ok) throw new Error(`${JSON.stringify(result.refusals)}: ${JSON.stringify(document)}`);
  return result.policy;
}

/** The set's layers; each service control policy is a level of its own. */
export const layersOf = ({ identity, boundary, session, scp = [] }: PolicySet): PolicyLayers => [
  identity.map((document) => parsed(document, 'identity')),
  ...(boundary ? [[parsed(boundary, 'boundary')]] : []),
  ...(session ? [[parsed(session, 'session')]] : []),
  ...scp.map((document) => [parsed(document, 'scp')]),
];
