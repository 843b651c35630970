import type { PolicyType } from '../../parse/policy-model.ts';
import type { Check, Holder } from '../check.ts';
import { jsonValueOf } from '../json-members.ts';

/**
 * Characters, white space outside of quotes not counted.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_OF_IDENTITY: Record<Holder, number> = { managed: 6_144, user: 2_048, group: 5_120, role: 10_240 };
const MOST: Readonly<Partial<Record<PolicyType, number>>> = {
  boundary: 6_144,
  session: 2_048,
  scp: 5_120,
  rcp: 5_120,
  // The quota that can be asked for; 2,048 is where an account begins.
  trust: 4_096,
};

export const g12Size: Check = {
  id: 'G12',
  severity: 'error',
  title: 'longer than AWS takes',
  why: 'AWS refuses a policy beyond its quota. White space is not counted; the inline policies of one role count together.',
  remedy:
    'Split it, or say it with fewer words: wildcards of actions that belong together, one statement for like conditions.',
  *run({ root, policy: { type }, holder }) {
    const most = type === 'identity' ? MOST_OF_IDENTITY[holder] : MOST[type];
    const length = JSON.stringify(jsonValueOf(root)).length;
    if (most === undefined || length <= most) return;
    const packed =
      type === 'session' ? ' STS also has a packed limit of its own, which no length foretells.' : '';
    yield { path: '', detail: `It has ${length} characters, and AWS takes ${most}.${packed}` };
  },
};
