import { parsePolicy } from '../parse/parse-policy.ts';
import type { PolicyType } from '../parse/policy-model.ts';
import { makeReference, type ProofAnswer, type ProofOptions, prove, type Reference } from './prove.ts';
import type { PolicyLayers } from './rules/compile-policies.ts';

/** A policy as JSON text, by what it is attached as. */
export type PolicyText = { readonly type: PolicyType; readonly text: string };

/** A policy that cannot be read as one. Its message names codes and places, never the policy's own text. */
export class NotAPolicy extends Error {
  override name = 'NotAPolicy';
}

/** Reads policies that combine: those of one layer add up, and each layer limits the others. Throws NotAPolicy. */
export const readLayers = (layers: readonly (readonly PolicyText[])[]): PolicyLayers =>
  layers.map((texts) =>
    texts.map(({ type, text }) => {
      const result = parsePolicy(text, type);
      if (result.ok) return result.policy;
      throw new NotAPolicy(result.refusals.map(({ code, path }) => `${code} at ${path}`).join('; '));
    }),
  );

/**
 * Makes a reference ready, once for all the sessions that are proved by it: a brokered role (its policies one layer,
 * its boundary another), or what the guardrails allow. Throws NotAPolicy.
 */
export const readReference = (layers: readonly (readonly PolicyText[])[]): Reference =>
  makeReference(readLayers(layers));

/**
 * Whether a session policy, as it is handed to STS, opens nothing that the reference does not. It is what rule 10 of
 * the design asks of every session: *wider* is a denial, *unknown* a malfunction; neither gives credentials. A text
 * that is no session policy is *unknown*.
 */
export function proveSession(
  sessionPolicy: string,
  reference: Reference,
  options?: ProofOptions,
): ProofAnswer {
  const result = parsePolicy(sessionPolicy, 'session');
  if (!result.ok) return { verdict: 'unknown', why: 'not-a-policy' };
  return prove([[result.policy]], reference, options);
}
