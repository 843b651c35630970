import type { Principal } from '../shared/domain/principal.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { type ServerPorts, serveOperations } from '../shared/http/serve-operations.ts';
import { getPolicy, type PolicyPorts } from './get-policy.ts';
import { type CatalogView, listCatalogSpec } from './list-catalog-spec.ts';

type ListingPorts = { readonly catalogFor: (principal: Principal) => CatalogView };

const listCatalog: Operation<ListingPorts> = operation({
  ...listCatalogSpec,
  run: async (call, { catalogFor }: ListingPorts) => ({ status: 200, body: catalogFor(call.caller) }),
});

/**
 * What a caller could ever be granted, and policies for whom the guardrails let change them. A function of its own:
 * the guardrail engine weighs 4 MB.
 */
export const makeListCatalog = (ports: ServerPorts & ListingPorts & PolicyPorts) =>
  serveOperations([listCatalog, getPolicy], ports);
