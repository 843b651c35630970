import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { digestOfPlannedRoles } from '../../lambdas/shared/domain/brokered/planned-roles.ts';
import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { appendAudit } from '../grants/audit-log.ts';
import { items, tableKey } from '../grants/on-tables.ts';
import { place } from '../grants/place.ts';
import { verifySeal } from '../grants/seal.ts';
import { mintSessions } from '../grants/sessions.ts';

/** Mints the session: the only function that may assume a brokered role. */
export const assumeRole: FunctionSpec = {
  entry: 'lambdas/assume-role/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 25,
  invokedBy: 'state',
  // What it proves sessions against is what the template plans, or it proves nothing.
  variables: (on) => ({
    ...place(on),
    GATEWAYS: on.settings.gateways ? JSON.stringify(on.settings.gateways) : '',
    BROKERED_ROLES_DIGEST: digestOfPlannedRoles(readConfigFiles().catalog.resources),
  }),
  grants: (on) => [
    items(on, 'requests', 'GetItem', 'UpdateItem'),
    items(on, 'principals', 'GetItem'),
    items(on, 'policies', 'GetItem'),
    appendAudit(on),
    tableKey(on),
    verifySeal(on),
    mintSessions(on),
  ],
};
