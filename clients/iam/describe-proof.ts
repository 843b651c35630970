import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { ProofAnswer, UnknownCode } from '../../policy/prove/prove.ts';

const WHY: Record<UnknownCode, string> = {
  'out-of-steps': 'the policies are too large to be decided within the steps that a proof may take',
  'not-a-policy': 'what is to be proved cannot be read as a policy',
  'policy-variable':
    'it depends on the value of a policy variable, which meets another pattern or is taken away from one',
  'not-modelled':
    'it rests on a condition whose meaning is not modelled, such as StringEquals on a key of several values',
};

/** A proof in a few lines. What comes from the policies is shown, and does nothing to a terminal. */
export function describeProof(answer: ProofAnswer): string {
  if (answer.verdict === 'within') return 'within: the candidate allows nothing that the reference does not';
  if (answer.verdict === 'unknown') return `unknown: ${WHY[answer.why]}`;
  const { action, resource, principal, context } = answer.request;
  const rows: [string, string][] = [
    ['action', action],
    ['resource', resource],
    ...(principal === undefined ? [] : [['principal', principal] satisfies [string, string]]),
    ...Object.entries(context).map(([key, value]): [string, string] => [key, [value].flat().join(', ')]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    'wider: the candidate allows this, and the reference does not',
    ...rows.map(([name, value]) => `  ${visibleText(name).padEnd(width)}  ${visibleText(value)}`),
    ...(answer.isKnown ? [] : ['  (no call that AWS has today is known to show it)']),
  ].join('\n');
}
