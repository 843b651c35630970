import type { Change } from '../access-request.ts';

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

/** A proposal as people are shown it. Digests and records are over the text as it was sent. */
export const readableProposal = ({ kind, proposal }: Pick<Change, 'kind' | 'proposal'>): string =>
  kind === 'principal' ? principalText(JSON.parse(proposal)) : proposal;
