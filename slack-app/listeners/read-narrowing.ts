import type { AskedOfPeople } from '../../lambdas/shared/domain/request-row.ts';
import type { Grant } from '../../lambdas/shared/domain/review.ts';
import { type Narrowing, narrowingSchema } from '../../lambdas/shared/domain/vote.ts';
import { ALL_ACTIONS, grantBlockId } from '../views/approval-modals.ts';
import type { ModalValues } from './read-press.ts';

type ReadNarrowing =
  /** `narrowing` is undefined where the whole was left as it was asked for. */
  | { readonly kind: 'narrowing'; readonly narrowing: Narrowing | undefined }
  /** `blockId`: the boxes at which that is said. */
  | { readonly kind: 'nothing'; readonly blockId: string }
  /** A time that no session or window can have, which this modal never offered. */
  | { readonly kind: 'malformed' };

/** What of a grant is left ticked. A grant that the modal had no room for stays whole. */
function leftOf(grant: Grant, values: ModalValues): string[] {
  const field = values[grantBlockId(grant.resource)]?.value;
  if (!field) return [...grant.actions];
  const ticked = new Set((field.selected_options ?? []).map(({ value }) => value));
  return ticked.has(ALL_ACTIONS) ? [...grant.actions] : grant.actions.filter((action) => ticked.has(action));
}

const sizeOf = (grants: readonly Grant[]): number =>
  grants.reduce((sum, { actions }) => sum + actions.length, 0);

/**
 * What an approver left of the terms, read from the modal. It can only be less: what was not asked for is not read.
 * INVARIANT: it is parsed by the schema that reads the stored vote, so that no vote is stored that cannot be counted.
 */
export function readNarrowing(
  values: ModalValues,
  { grants, durationSeconds = 0 }: Pick<AskedOfPeople, 'grants' | 'durationSeconds'>,
): ReadNarrowing {
  const left = grants
    .map((grant) => ({ ...grant, actions: leftOf(grant, values) }))
    .filter(({ actions }) => actions.length > 0);
  if (left.length === 0) return { kind: 'nothing', blockId: grantBlockId(grants[0]?.resource ?? '') };
  const chosen = (blockId: string, otherwise: number) =>
    Number(values[blockId]?.value.selected_option?.value ?? otherwise);
  const chosenSeconds = chosen('duration', durationSeconds);
  const windowSeconds = chosen('window', 0);
  const narrowing = narrowingSchema.safeParse({
    ...(sizeOf(left) < sizeOf(grants) && { grants: left }),
    // Written so that what is no number is not less than the whole, and is refused.
    ...(!(chosenSeconds >= durationSeconds) && { durationSeconds: chosenSeconds }),
    ...(windowSeconds !== 0 && { windowSeconds }),
  });
  if (!narrowing.success) return { kind: 'malformed' };
  const isLess = Object.keys(narrowing.data).length > 0;
  return { kind: 'narrowing', narrowing: isLess ? narrowing.data : undefined };
}
