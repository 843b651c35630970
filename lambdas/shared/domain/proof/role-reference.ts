import type { Reference } from '../../../../policy/prove/prove.ts';
import { readReference } from '../../../../policy/prove/prove-session.ts';
import { boundaryOf, permissionsOf } from '../brokered/role-policies.ts';
import { roleStatements } from '../brokered/role-statements.ts';
import type { CatalogResource } from '../catalog/catalog.ts';
import { policyText } from './policy-text.ts';

/** What a brokered role that reaches these resources may do: its policies, held by its boundary. */
export function roleReference(resources: readonly CatalogResource[]): Reference {
  const statements = roleStatements(resources);
  return readReference([
    [{ type: 'identity', text: policyText(permissionsOf(statements)) }],
    [{ type: 'boundary', text: policyText(boundaryOf(statements)) }],
  ]);
}
