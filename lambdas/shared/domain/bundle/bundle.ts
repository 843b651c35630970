import * as z from 'zod';
import { type Change, type ChangePart, changePartSchema } from '../access-request.ts';
import { canonicalJson } from '../digest.ts';

/** What a bundle has for a target: it is about each of its parts. */
export const BUNDLE_TARGET = 'bundle';

/**
 * Parts that one change may have: they are written in one transaction.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const MOST_PARTS = 100;

const bundleSchema = z.strictObject({ parts: z.array(changePartSchema).min(1).max(MOST_PARTS) });

const ORDER: readonly ChangePart['kind'][] = ['principal', 'policy', 'template'];

const inOrder = (left: ChangePart, right: ChangePart): number =>
  left.target.localeCompare(right.target) || ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind);

/** The text of a bundle: the same parts, in whichever order, are the same text. */
export const textOfBundle = (parts: readonly ChangePart[]): string =>
  canonicalJson({ parts: parts.toSorted(inOrder) });

/** The parts of a bundle's text; undefined where it is none. */
export function readParts(proposal: string): readonly ChangePart[] | undefined {
  try {
    return bundleSchema.safeParse(JSON.parse(proposal)).data?.parts;
  } catch {
    return undefined;
  }
}

/** All that a change would write; undefined where it is a bundle that cannot be read. */
export function partsOf(change: Change): readonly ChangePart[] | undefined {
  const { kind, target, proposal, baseVersion } = change;
  return kind === 'bundle' ? readParts(proposal) : [{ kind, target, proposal, baseVersion }];
}

type Named = Pick<ChangePart, 'kind' | 'target'>;

/** `principal analyst1`. */
export const nameOfPart = ({ kind, target }: Named): string => `${kind} ${target}`;

const PLURAL = { policy: 'policies', principal: 'principals', template: 'templates' } as const;

/** `the policy of analyst1`, or of a bundle `1 policy and 3 principals as one`. Nobody's words are in it. */
export function nameOfChange({
  kind,
  target,
  proposal,
}: Pick<Change, 'kind' | 'target' | 'proposal'>): string {
  if (kind !== 'bundle') return `the ${kind} of ${target}`;
  const parts = readParts(proposal) ?? [];
  const counts = changePartSchema.shape.kind.options.flatMap((each) => {
    const count = parts.filter((part) => part.kind === each).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? each : PLURAL[each]}`];
  });
  return counts.length === 0 ? 'nothing' : `${new Intl.ListFormat('en-GB').format(counts)} as one`;
}
