import type { CatalogResource } from '../lambdas/shared/domain/catalog/catalog.ts';
import type { EntryProblem } from '../lambdas/shared/domain/catalog/check-catalog.ts';
import { somewhere } from '../lambdas/shared/domain/catalog/iam/check-arn.ts';
import { partsOfArn } from '../policy/arn/parts-of-arn.ts';
import { TABLE_NAMES } from './names.ts';

/** A part of the broker: its service, and the last part of its ARN. */
export type OwnPart = {
  readonly service: string;
  readonly resource: string;
  /** Only its beginning is known: CloudFormation makes up the rest. */
  readonly isBeginning: boolean;
};

/** Keys of the stack, whose ids are known once it is deployed. */
export const ownKeys = (ids: readonly string[]): OwnPart[] =>
  ids.map((id) => ({ service: 'kms', resource: `key/${id}`, isBeginning: false }));

/**
 * Requests for a change are guarded by the entries of these two, so a catalog lists them, and may let them be read with
 * a reason (see docs/adr/0004).
 */
const GUARDS_CHANGES: ReadonlySet<string> = new Set([
  `table/${TABLE_NAMES.policies}`,
  `table/${TABLE_NAMES.principals}`,
]);

/** Whether an ARN names a part: it itself, or what is below it. */
function isPart(arn: string, { service, resource, isBeginning }: OwnPart): boolean {
  const named = partsOfArn(arn).resource;
  if (arn.split(':')[2] !== service || !named.startsWith(resource)) return false;
  const rest = named.slice(resource.length);
  return (
    rest === '' || isBeginning || /^[/:]/.test(rest) || (service === 'secretsmanager' && rest.startsWith('-'))
  );
}

/** Entries of a catalog that name a part of the broker, whichever account they say. */
export function problemsOfOwnParts(
  catalog: readonly CatalogResource[],
  parts: readonly OwnPart[],
): EntryProblem[] {
  return catalog.flatMap(({ key, arns }) => {
    const own = arns.find((arn) => {
      const filled = somewhere(arn);
      if (GUARDS_CHANGES.has(partsOfArn(filled).resource)) return false;
      return parts.some((part) => isPart(filled, part));
    });
    return own
      ? [{ key, problem: `${own} is a part of the broker, which is never brokered; take it out` }]
      : [];
  });
}
