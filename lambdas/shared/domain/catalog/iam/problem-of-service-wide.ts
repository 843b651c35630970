import {
  ANSWER_OF_ALL,
  NAMES_A_SECRET,
  NAMES_ONLY,
  NEVER_ON_EVERYTHING,
} from '../../../../../policy/data/service-wide-actions.ts';
import { type CatalogResource, grantableActions } from '../catalog.ts';
import { actionRow, type IamData, isReading, typesOfAction } from './iam-data.ts';
import { exampleOf } from './types-of-arn.ts';

/** What is answered by an action that no session on everything may do; undefined where it may. */
function secretAnswerOf(action: string): string | undefined {
  const known = NEVER_ON_EVERYTHING.get(action);
  if (known) return known;
  const [, name = ''] = action.split(':');
  return NAMES_A_SECRET.test(name) && !NAMES_ONLY.has(action) ? 'secrets, by its name' : undefined;
}

function problemOf(action: string, iam: IamData): string | undefined {
  const [prefix = '', name = ''] = action.split(':');
  const row = actionRow(iam, action);
  const service = iam.serviceOf(prefix);
  if (!row || !service) return undefined;
  if (!isReading(row)) return `${action} does more than read; a service-wide entry reads and lists alone`;
  const answer = secretAnswerOf(action);
  if (answer) return `${action} answers ${answer}; it is never brokered on everything: take it out`;
  const [type] = typesOfAction(row);
  if (type === undefined) return undefined;
  const isOptional = (row[1] ?? []).every(([, isRequired]) => !isRequired);
  if (isOptional && ANSWER_OF_ALL[prefix]?.test(name)) return undefined;
  return `${action} can be held to a ${type}; list it in an entry of its own, on ${exampleOf(type, service)}`;
}

/** Actions that IAM takes on `*` alone: named one by one, reading, and none that could be held to a resource. */
export function problemOfServiceWide(resource: CatalogResource, iam: IamData): string | undefined {
  if (resource.kind !== 'service-wide') return undefined;
  for (const action of grantableActions(resource)) {
    const problem = problemOf(action, iam);
    if (problem) return problem;
  }
  return undefined;
}
