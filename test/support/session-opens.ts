import { evaluate } from '../../policy/evaluate/evaluate.ts';
import type { Probe } from './judge.ts';
import { readPolicy } from './policy/situation.ts';

/** Whether a session policy allows a call, by our own evaluation: iam-simulate knows no `${$}`, and no `*` in an ARN. */
export const sessionOpens = (policy: string, { action, resource, context = {} }: Probe): boolean =>
  evaluate(
    {
      principal: { kind: 'aws', arn: 'arn:aws:iam::123456789012:user/ann' },
      action,
      resource,
      resourceAccountId: '123456789012',
      context: { 'aws:username': 'ann', ...context },
    },
    { identity: [readPolicy(JSON.parse(policy), 'identity')] },
  ).outcome === 'allowed';
