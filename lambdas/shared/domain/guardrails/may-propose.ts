import type { ChangePart } from '../access-request.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Principal } from '../principal.ts';
import { couldBeAllowed } from './at-best.ts';
import { MOST_FAVOURABLE } from './grantable-for.ts';
import { APPLY_CHANGE, type Guardrails } from './guardrails.ts';

/** The catalog entry that guards each kind of change. */
export const GUARDED_BY = {
  policy: 'policy_table',
  principal: 'users_table',
  // Who says whom a group makes a principal says who is one.
  template: 'users_table',
} as const satisfies Record<ChangePart['kind'], string>;

/** Whether the guardrails could ever let this principal make such a change, however many people approve. */
export function mayPropose(
  principal: Principal,
  kind: ChangePart['kind'],
  { catalog, guardrails }: { catalog: Catalog; guardrails: Guardrails },
): boolean {
  const resource = catalog.resources.get(GUARDED_BY[kind]);
  if (!resource) return false;
  const context = { ...MOST_FAVOURABLE, onBehalfOf: false };
  return couldBeAllowed(guardrails, { principal, action: APPLY_CHANGE, resource, context });
}
