import type { Principal } from '../shared/domain/principal.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { type ServerPorts, serveOperations } from '../shared/http/serve-operations.ts';
import { getAccessMatrix, type MatrixPorts } from './get-access-matrix.ts';
import { type DirectoryPorts, getDirectory } from './get-directory.ts';
import { getPolicy, listPolicyVersions, type PolicyPorts } from './get-policy.ts';
import { type CatalogView, listCatalogSpec } from './list-catalog-spec.ts';
import { listPrincipals, type PeoplePorts } from './list-principals.ts';

type ListingPorts = { readonly catalogFor: (principal: Principal) => CatalogView };

const listCatalog: Operation<ListingPorts> = operation({
  ...listCatalogSpec,
  run: async (call, { catalogFor }: ListingPorts) => ({ status: 200, body: catalogFor(call.caller) }),
});

/**
 * What a caller could ever be granted, and policies, principals and the directory for whom the guardrails let change them. A function of its own:
 * the guardrail engine weighs 4 MB.
 */
export const makeListCatalog = (
  ports: ServerPorts & ListingPorts & PolicyPorts & PeoplePorts & MatrixPorts & DirectoryPorts,
) =>
  serveOperations(
    [listCatalog, getPolicy, listPolicyVersions, listPrincipals, getAccessMatrix, getDirectory],
    ports,
  );
