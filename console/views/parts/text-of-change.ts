import type { Change } from '../../../lambdas/shared/domain/access-request.ts';
import { readableProposal } from '../../../lambdas/shared/domain/text/readable-proposal.ts';

/** What a change proposes: to the letter, and of a bundle each part under its name. */
export const textOfChange = (change: Pick<Change, 'kind' | 'proposal'>): string =>
  change.kind === 'bundle' ? readableProposal(change) : change.proposal;
