import { ACCOUNT_ID, REGION } from '../../../demo/place.ts';
import type { CatalogResource } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import type { StateMachineSpec } from '../../states/asl-types.ts';
import { resourcesOfCatalog } from './resources-of-catalog.ts';

/** The state machines that a catalog names. Their definitions are not here: each ends with the input that it began with. */
export const brokeredMachines = (catalog: readonly CatalogResource[]): StateMachineSpec[] =>
  resourcesOfCatalog(catalog, { region: REGION, accountId: ACCOUNT_ID }).stateMachineArns.map((arn) => ({
    name: arn.slice(arn.lastIndexOf(':') + 1),
    arn,
    roleArn: `arn:aws:iam::${ACCOUNT_ID}:role/of-somebody-else`,
    definition: { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } },
  }));
