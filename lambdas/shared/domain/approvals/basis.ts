import { digestOf } from '../digest.ts';
import type { Loaded } from '../workflow-state.ts';

/**
 * One digest of everything a request is decided by: its principal and policy text, the catalog, the guardrails
 * and the tiers. An approval for a window holds for another request only under the same basis.
 */
export const basisOf = ({ policy, digests }: Pick<Loaded, 'policy' | 'digests'>): string =>
  digestOf({ policy: policy.digest, ...digests });
