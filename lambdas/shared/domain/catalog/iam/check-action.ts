import { accessLevelOf, type CatalogResource } from '../catalog.ts';
import { actionRow, type IamData, isReading } from './iam-data.ts';
import { formOf } from './kind-forms.ts';
import { didYouMean } from './near-name.ts';

/** What is wrong with an action by itself: that it does not exist, is of another kind's service, or is no reading. */
export function problemOfAction(resource: CatalogResource, action: string, iam: IamData): string | undefined {
  const [prefix = '', name = ''] = action.split(':');
  const service = iam.serviceOf(prefix);
  if (!service) return `"${prefix}" of ${action} is no service of AWS${didYouMean(prefix, iam.services)}`;
  const row = actionRow(iam, action);
  if (!row)
    return `${action} is no action of AWS${didYouMean(name, Object.keys(service.actions), `${prefix}:`)}`;
  const form = formOf(resource.kind);
  if (form && form.service !== prefix) return `${action} is not an action of a ${resource.kind}`;
  if (accessLevelOf(resource, action) === 'read' && !isReading(row))
    return `${action} is no reading: IAM counts it as ${LEVELS[row[0]]}; list it under "write" or "admin"`;
  return undefined;
}

const LEVELS = { L: 'List', R: 'Read', W: 'Write', T: 'Tagging', P: 'Permissions management' } as const;
