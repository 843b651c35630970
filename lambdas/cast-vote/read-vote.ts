import type { Grant } from '../shared/domain/review.ts';
import type { Narrowing } from '../shared/domain/vote.ts';
import { Problem } from '../shared/http/problems.ts';
import type { AskedRow } from '../shared/messages/message-content.ts';
import type { Ballot } from '../shared/votes/store-vote.ts';
import type { NewBallot } from './vote-specs.ts';

const refused = (field: string, message: string) =>
  new Problem('invalid_request', `${field}: ${message}`, { errors: [{ field, message }] });

/** Whether grants are part of what was asked for: each of its resources, and only actions that it names there. */
const isPartOf = (grants: readonly Grant[], whole: readonly Grant[]): boolean =>
  grants.every(({ resource, actions }) => {
    const granted = whole.find((grant) => grant.resource === resource);
    return granted !== undefined && actions.every((action) => granted.actions.includes(action));
  });

/**
 * The ballot that a vote is, once it is held to be no more than what was asked. What is less is said again by the
 * validator, which intersects. Throws the problem `invalid_request`.
 */
export function ballotOf(
  vote: NewBallot,
  { asked: terms, call }: Pick<AskedRow, 'asked' | 'call'>,
): Omit<Ballot, 'stepUp' | 'assertion'> {
  const reason = vote.reason === undefined ? {} : { reason: vote.reason };
  if (vote.decision === 'deny') return { decision: 'deny', ...reason };
  const { windowSeconds } = vote;
  // One call, once: nothing of it can be less, and none like it is let through.
  if (call && (vote.decision !== 'approve' || windowSeconds))
    throw refused('decision', 'a call is approved as it is, once, or denied');
  const less: Narrowing = vote.decision === 'approve_less' ? vote.narrowing : {};
  const { grants, durationSeconds } = less;
  if (grants && !isPartOf(grants, terms.grants))
    throw refused('narrowing.grants', 'is more than was asked for');
  if (durationSeconds !== undefined && durationSeconds >= (terms.durationSeconds ?? 0))
    throw refused('narrowing.durationSeconds', 'is not shorter than was asked for');
  const narrowing = { ...less, ...(windowSeconds !== undefined && windowSeconds > 0 && { windowSeconds }) };
  return { decision: 'approve', ...reason, ...(Object.keys(narrowing).length > 0 && { narrowing }) };
}
