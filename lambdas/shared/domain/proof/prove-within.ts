import type { Reference } from '../../../../policy/prove/prove.ts';
import { proveSession } from '../../../../policy/prove/prove-session.ts';
import { SessionNotProved } from '../errors.ts';
import type { Proof } from './proof.ts';

const shortened = (text: string, most: number): string => text.slice(0, most);

/**
 * Proves that a session policy opens nothing that the reference does not. Throws SessionNotProved where that is not
 * known within the prover's steps: the answer is the same on every machine, so trying again does not help.
 */
export function proveWithin(
  sessionPolicy: string,
  reference: Reference,
  { referenceDigest, now }: { readonly referenceDigest: string; readonly now: () => number },
): Proof {
  const begun = now();
  const answer = proveSession(sessionPolicy, reference);
  const milliseconds = Math.round((now() - begun) * 1000) / 1000;
  if (answer.verdict === 'unknown') throw new SessionNotProved(`the proof ended with ${answer.why}`);
  const common = { verdict: answer.verdict, referenceDigest, milliseconds };
  if (answer.verdict === 'within') return common;
  const { action, resource, context } = answer.request;
  return {
    ...common,
    counterexample: {
      action: shortened(action, 200),
      resource: shortened(resource, 600),
      context: Object.fromEntries(
        Object.entries(context).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
      ),
    },
  };
}
