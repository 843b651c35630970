import { WIDENING_ACTIONS, WIDENING_SERVICES } from '../../../../../policy/data/widening-actions.ts';
import { type CatalogResource, grantableActions } from '../catalog.ts';
import { actionRow, type IamData, isReading } from './iam-data.ts';

/** Whether an action can give whoever does it more than it (privilege escalation), by IAM's own count and known paths. */
export function isWidening(action: string, iam: IamData): boolean {
  const row = actionRow(iam, action);
  const [service = '', name = ''] = action.split(':');
  if (row?.[0] === 'P' || WIDENING_ACTIONS.has(action) || name.endsWith('PassRole')) return true;
  return WIDENING_SERVICES.has(service) && row !== undefined && !isReading(row);
}

/** An action that widens access is brokered only with the reason beside it. */
export function problemOfWidening(resource: CatalogResource, iam: IamData): string | undefined {
  if (resource.acknowledgeEscalation) return undefined;
  const widening = grantableActions(resource).find((action) => isWidening(action, iam));
  return (
    widening &&
    `${widening} can widen access; take it out, or say why it is brokered in "acknowledgeEscalation"`
  );
}
