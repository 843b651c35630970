import { parsePolicyValue } from '../../policy/parse/parse-policy.ts';
import type { Policy } from '../../policy/parse/policy-model.ts';
import { makeReference, type ProofAnswer, prove } from '../../policy/prove/prove.ts';
import type { ManagedPolicy } from './managed-policies.ts';

/** One proof about a managed policy, and the milliseconds it took with making its reference. */
export type ManagedProof = {
  readonly question: 'itself' | 'with one more Deny' | 'new in old' | 'old in new';
  readonly arn: string;
  readonly answer: ProofAnswer;
  readonly milliseconds: number;
};

/** Denies the first action that the policy allows on everything; undefined where it only allows all but some. */
function withOneMoreDeny(policy: Policy): Policy | undefined {
  const first = policy.statements.find(({ effect, actions }) => effect === 'Allow' && !actions.negated);
  const action = first?.actions.items[0]?.text;
  if (action === undefined) return undefined;
  const denies = parsePolicyValue(
    { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: action, Resource: '*' } },
    'identity',
  );
  if (!denies.ok) throw new Error(`no Deny of ${action}`);
  return { ...policy, statements: [...policy.statements, ...denies.policy.statements] };
}

function timed(
  question: ManagedProof['question'],
  arn: string,
  candidate: Policy,
  reference: Policy,
): ManagedProof {
  const startedAt = performance.now();
  const answer = prove([[candidate]], makeReference([[reference]]));
  return { question, arn, answer, milliseconds: performance.now() - startedAt };
}

/** Proves each policy within itself, not within itself with one more Deny, and each version against the next. */
export function* proveManaged(policies: readonly ManagedPolicy[]): Generator<ManagedProof> {
  for (const { arn, versions } of policies) {
    const newest = versions.at(-1);
    if (!newest) continue;
    yield timed('itself', arn, newest, newest);
    const denied = withOneMoreDeny(newest);
    if (denied) yield timed('with one more Deny', arn, newest, denied);
    for (const [index, old] of versions.slice(0, -1).entries()) {
      const next = versions[index + 1] as Policy;
      yield timed('new in old', arn, next, old);
      yield timed('old in new', arn, old, next);
    }
  }
}
