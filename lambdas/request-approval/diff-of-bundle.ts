import type { ChangePart } from '../shared/domain/access-request.ts';
import { nameOfPart } from '../shared/domain/bundle/bundle.ts';
import { proposedPrincipal } from '../shared/domain/identity/proposed-principal.ts';
import { readableProposal } from '../shared/domain/text/readable-proposal.ts';
import { wholeDiffOf } from './what-is-asked.ts';

/** A part, and the text that is in force of what it is about; empty where there is none yet. */
export type Compared = { readonly part: ChangePart; readonly current: string };

/** Characters of a bundle's diff that a row has room for. */
const MOST_DIFF = 60_000;

function effectOf({ part, current }: Compared): string {
  if (current === '') return 'new';
  return proposedPrincipal(part)?.status === 'suspended' ? 'changed, suspended' : 'changed';
}

/** Its lines begin with one of `@`, `+`, `-`, `\` or a blank: none can be taken for the heading of another part. */
function hunksOf({ part, current }: Compared): string {
  const diff = wholeDiffOf(current, readableProposal(part));
  const start = diff.indexOf('\n@@');
  return start === -1 ? ' nothing changes\n' : diff.slice(start + 1);
}

/** One diff of all parts. What each comes to is said first, so that nothing is out of sight wherever a reader stops. */
export function wholeDiffOfBundle(compared: readonly Compared[]): string {
  const summary = compared.map((each) => `  ${nameOfPart(each.part)}: ${effectOf(each)}`);
  const sections = compared.map((each) => `== ${nameOfPart(each.part)}\n${hunksOf(each)}`);
  return [`${compared.length} in all, applied together or not at all:`, ...summary, '', ...sections].join(
    '\n',
  );
}

/** The same, cut to what a row has room for. */
export function diffOfBundle(compared: readonly Compared[]): string {
  const diff = wholeDiffOfBundle(compared);
  return diff.length <= MOST_DIFF
    ? diff
    : `${diff.slice(0, MOST_DIFF)}\n… cut here; the proposal is shown whole`;
}
