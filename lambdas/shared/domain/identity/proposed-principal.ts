import type { Change } from '../access-request.ts';
import { type Principal, principalSchema } from '../principal.ts';

/** The principal that a proposal would write, or undefined where its text is none. */
export function proposedPrincipal(change: Change): Principal | undefined {
  if (change.kind !== 'principal') return undefined;
  try {
    return principalSchema.safeParse(JSON.parse(change.proposal)).data;
  } catch {
    return undefined;
  }
}
