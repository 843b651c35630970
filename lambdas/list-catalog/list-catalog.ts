import type { Principal } from '../shared/domain/principal.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { type ServerPorts, serveOperations } from '../shared/http/serve-operations.ts';
import { type CatalogView, listCatalogSpec } from './list-catalog-spec.ts';

type Ports = ServerPorts & { readonly catalogFor: (principal: Principal) => CatalogView };

const listCatalog: Operation<Ports> = operation({
  ...listCatalogSpec,
  run: async (call, { catalogFor }: Ports) => ({ status: 200, body: catalogFor(call.caller) }),
});

/** The catalog as one principal could ever be granted it. Its own function: the guardrail engine weighs 4 MB. */
export const makeListCatalog = (ports: Ports) => serveOperations([listCatalog], ports);
