import type { AskedOfPeople } from '../../lambdas/shared/domain/request-row.ts';
import type { Grant } from '../../lambdas/shared/domain/review.ts';
import type { Narrowing } from '../../lambdas/shared/domain/vote.ts';
import { ALL_ACTIONS, grantBlockId } from '../views/approval-modals.ts';
import type { ModalValues } from './read-press.ts';

type ReadNarrowing =
  /** `narrowing` is undefined where the whole was left as it was asked for. */
  | { readonly kind: 'narrowing'; readonly narrowing: Narrowing | undefined }
  /** `blockId`: the boxes at which that is said. */
  | { readonly kind: 'nothing'; readonly blockId: string };

/** What of a grant is left ticked. A grant that the modal had no room for stays whole. */
function leftOf(grant: Grant, values: ModalValues): string[] {
  const field = values[grantBlockId(grant.resource)]?.value;
  if (!field) return [...grant.actions];
  const ticked = new Set((field.selected_options ?? []).map(({ value }) => value));
  return ticked.has(ALL_ACTIONS) ? [...grant.actions] : grant.actions.filter((action) => ticked.has(action));
}

const sizeOf = (grants: readonly Grant[]): number =>
  grants.reduce((sum, { actions }) => sum + actions.length, 0);

/** What an approver left of the terms, read from the modal. It can only be less: what was not asked for is not read. */
export function readNarrowing(
  values: ModalValues,
  { grants, durationSeconds = 0 }: Pick<AskedOfPeople, 'grants' | 'durationSeconds'>,
): ReadNarrowing {
  const left = grants
    .map((grant) => ({ ...grant, actions: leftOf(grant, values) }))
    .filter(({ actions }) => actions.length > 0);
  if (left.length === 0) return { kind: 'nothing', blockId: grantBlockId(grants[0]?.resource ?? '') };
  const chosen = (blockId: string) => Number(values[blockId]?.value.selected_option?.value ?? 0);
  const shorter = chosen('duration');
  const windowSeconds = chosen('window');
  const narrowing: Narrowing = {
    ...(sizeOf(left) < sizeOf(grants) && { grants: left }),
    ...(shorter >= 900 && shorter < durationSeconds && { durationSeconds: shorter }),
    ...(windowSeconds > 0 && { windowSeconds }),
  };
  return { kind: 'narrowing', narrowing: Object.keys(narrowing).length > 0 ? narrowing : undefined };
}
