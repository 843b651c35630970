import { nameNeeds } from '../../gateway/identify/iam/name-needs.ts';
import { openIamData } from '../../gateway/identify/iam/open-iam-data.ts';
import type { Models } from '../../gateway/identify/read-models.ts';
import { AwsError } from '../../gateway/wire/aws-error.ts';
import type { NameOthers } from './operation.ts';

/** Where the sandbox takes itself to be. */
export type Place = { readonly partition: string; readonly region: string; readonly account: string };

/** Names what a call needs as the gateway does, from the services' models and IAM's reference. */
export function makeNameOthers(models: Models, place: Place): NameOthers {
  const iam = openIamData();
  return ({ service: name, operation, input }) => {
    for (const service of models.of(name)) {
      const found = service.operations.get(operation);
      const needs =
        found && nameNeeds({ service, operation: found, protocol: 'json', parameters: input }, place, iam);
      if (needs)
        return needs.map(({ action, resource }) => ({
          action,
          // What could not be told must be allowed on everything.
          resource: resource.kind === 'known' ? resource.arn : '*',
        }));
    }
    throw new AwsError('UnknownOperationException', `${name} has no operation ${operation}.`, 400);
  };
}
