import { parsePolicy } from '../../policy/parse/parse-policy.ts';
import type { PolicyType } from '../../policy/parse/policy-model.ts';

/** Whether AWS would take the text as a policy of this type: its grammar, not what it allows. */
export const isWellFormed = (text: string, type: PolicyType): boolean => parsePolicy(text, type).ok;
