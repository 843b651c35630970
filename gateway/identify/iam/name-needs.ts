import type { NamedCall, Need } from '../named-call.ts';
import type { Place } from './arn-template.ts';
import { ACTIONS, CALLED_AS_OPERATIONS, PREFIXES } from './exceptions.ts';
import { resourcesOf } from './name-resources.ts';
import { needsOfDynamodb } from './needs-of-dynamodb.ts';
import { needsOfS3 } from './needs-of-s3.ts';
import type { IamData, IamService } from './open-iam-data.ts';

/** What a call needs of IAM; undefined where no action of IAM's is known to be its. */
export type Needs = readonly Need[] | undefined;

/** Versions that operations have in their names and actions have not: `V2`, `20200531`, `2015_03_31`. */
const OF_VERSION = /(?:V\d|_?\d{4}_?\d\d_?\d\d)$/;

function actionNames(service: IamService, operation: string): readonly string[] | undefined {
  const known = ACTIONS[service.prefix]?.[operation];
  if (known) return known;
  const action = service.action(operation) ?? service.action(operation.replace(OF_VERSION, ''));
  // An operation that is newer than what is known of IAM has its action all the same; on what, nobody knows.
  if (!action)
    return CALLED_AS_OPERATIONS.has(service.prefix) ? [`${service.prefix}:${operation}`] : undefined;
  return [`${service.prefix}:${action.name}`];
}

/**
 * The IAM actions that a call needs, each with the resource that it is on. A call of many parts has a need for each of
 * them, so that nothing passes inside a batch.
 */
export function nameNeeds(call: NamedCall, place: Place, data: IamData): Needs {
  const { service, operation } = call;
  const iam = data.service(PREFIXES[service.signing] ?? service.signing);
  if (!iam) return undefined;
  if (iam.prefix === 'dynamodb') {
    const needs = needsOfDynamodb(call, place);
    if (needs) return needs;
  }
  const actions = actionNames(iam, operation.name);
  if (!actions) return undefined;
  if (iam.prefix === 's3') return needsOfS3(call, actions, place, iam);
  return actions.flatMap((action) =>
    resourcesOf(iam, action, call, place).map((resource): Need => ({ action, resource })),
  );
}
