import * as z from 'zod';
import type { Change, ChangePart } from '../access-request.ts';
import { nameOfPart, readParts } from '../bundle/bundle.ts';

/** What makes a principal more, or less, than it was: read first, wherever a reader stops. */
const WEIGHTIEST = ['id', 'type', 'status', 'groups', 'persons'];

const rankOf = (field: string): number => {
  const rank = WEIGHTIEST.indexOf(field);
  return rank === -1 ? WEIGHTIEST.length : rank;
};

/**
 * A principal's JSON as people read it, one field a line. Its fields come in one order, whichever the proposal
 * has, and what decides comes first: nothing is pushed out of sight by what stands before it.
 */
export function principalText(principal: object): string {
  const fields = Object.entries(principal).sort(
    ([left], [right]) => rankOf(left) - rankOf(right) || left.localeCompare(right),
  );
  return `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`;
}

const templateSchema = z.looseObject({ policy: z.string() });

/**
 * A template's JSON as people read it, with the lines of its policy after it. Each begins with a mark, so that none can
 * be taken for a field.
 */
export function templateText(template: object): string {
  const { policy, ...fields } = templateSchema.parse(template);
  const lines = policy.split('\n').map((line) => `  | ${line}`);
  return [`${principalText(fields)}policy:`, ...lines, ''].join('\n');
}

/** A proposal as people are shown it. Digests and records are over the text as it was sent. */
export function readableProposal({ kind, proposal }: Pick<Change, 'kind' | 'proposal'>): string {
  if (kind === 'policy') return proposal;
  if (kind === 'bundle') return (readParts(proposal) ?? []).map(readablePart).join('\n');
  return TEXTS[kind](JSON.parse(proposal));
}

const TEXTS = { principal: principalText, template: templateText } as const;

/** Each line begins with a mark, so that none can be taken for the heading of another part. */
const readablePart = (part: ChangePart): string =>
  [
    `== ${nameOfPart(part)}`,
    ...readableProposal(part)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
  ].join('\n');
