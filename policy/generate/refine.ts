import { parsePolicyValue } from '../parse/parse-policy.ts';
import type { Policy, PolicyType } from '../parse/policy-model.ts';
import type { KnownActions } from '../prove/known-actions.ts';
import { makeReference, type ProofAnswer, prove } from '../prove/prove.ts';
import { isWithin, ownPolicy } from '../questions/satisfiable.ts';
import type { Generated } from './generate.ts';

/** How a policy stands to the one that it refines. */
export type Refined = {
  readonly proof: ProofAnswer;
  /** Where it is not proved to be within the last: the statements that are not, and why they are there. */
  readonly widerBy: readonly { readonly sid: string; readonly because: readonly string[] }[];
};

/** A policy that was generated before, as it is now; undefined where it is none any more. */
export function readBefore(document: unknown, type: PolicyType): Policy | undefined {
  const read = parsePolicyValue(document, type);
  return read.ok ? read.policy : undefined;
}

/** Whether what was generated allows nothing that the last policy did not; where it does, by which of its statements. */
export function refinedFrom(before: Policy, { statements }: Generated, known: KnownActions): Refined {
  const documents = statements.map(({ statement }) => statement);
  const proof = prove([[ownPolicy(documents)]], makeReference([[before]]), { known });
  if (proof.verdict === 'within') return { proof, widerBy: [] };
  const widerBy = statements
    .filter(({ statement }) => !isWithin([[ownPolicy([statement])]], [[before]]))
    .map(({ statement, because }) => ({ sid: statement.Sid, because }));
  return { proof, widerBy };
}

/** The same of who may assume the role. */
export function trustRefinedFrom(before: Policy, { trust }: Generated, known: KnownActions): ProofAnswer {
  const read = trust && readBefore(trust.document, 'trust');
  // Nobody assumes a role that there is not.
  if (!read) return { verdict: 'within' };
  return prove([[read]], makeReference([[before]]), { known });
}
