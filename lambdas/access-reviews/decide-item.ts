import type { AccessReviewsTable } from '../shared/adapters/tables/access-reviews-table.ts';
import {
  type AccessReview,
  isUndecided,
  type ReviewItem,
  type Taken,
} from '../shared/domain/access-reviews/access-review.ts';
import {
  type AccessRules,
  accessOf,
  describedBy,
  madeFromOf,
} from '../shared/domain/access-reviews/describe-access.ts';
import { deciderRefusal } from '../shared/domain/access-reviews/may-decide.ts';
import { removalOf } from '../shared/domain/access-reviews/removal-of.ts';
import { canonicalJson, digestOf } from '../shared/domain/digest.ts';
import { mayPropose } from '../shared/domain/guardrails/may-propose.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import { type Answer, type Operation, operation } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { type OpeningPorts, openRequest } from '../shared/requests/open-request.ts';
import { decideItemSpec, reviewItemDetailSchema } from './access-review-specs.ts';
import {
  findItem,
  findReview,
  REFUSALS,
  type ReadingPorts,
  viewOfItem,
  viewOfReview,
} from './review-views.ts';

export type DecidingPorts = ReadingPorts &
  OpeningPorts & {
    readonly reviews: Pick<AccessReviewsTable, 'writeItem' | 'writeAccess'>;
    readonly entries: { get(id: string): Promise<Principal | undefined> };
    readonly policies: { get(principalId: string): Promise<Policy | undefined> };
    readonly rules: () => AccessRules;
  };

type Body = {
  readonly decision: 'keep' | 'remove';
  readonly rationale: string;
  readonly digest: string;
  readonly taken?: Taken | undefined;
  readonly references?: readonly string[] | undefined;
};
type Found = Awaited<ReturnType<typeof findItem>>;

const changed = () =>
  new Problem('item_changed', 'What is shown of it has changed: look at it again, then decide on that.');
const decided = ({ decision, state }: ReviewItem) =>
  new Problem(
    'item_decided',
    state === 'removing'
      ? `${decision?.decidedBy} decided to take it away; it is open again if the change is not applied.`
      : `${decision?.decidedBy} decided on it at ${decision?.decidedAt}.`,
  );

/** Writes the item anew where the principal, its policy or the configuration has changed since it was made; throws then. */
async function mustBeCurrent(found: Found, principal: Principal, ports: DecidingPorts): Promise<void> {
  const { item, used } = found;
  const policy = await ports.policies.get(item.principalId);
  const rules = ports.rules();
  const madeFrom = madeFromOf(principal, policy, rules);
  if (madeFrom === item.madeFrom) return;
  const access = accessOf(principal, policy, rules);
  await ports.reviews.writeAccess(item.reviewId, access, used);
  const anew = { ...item, ...describedBy(access, used, madeFrom), version: item.version + 1 };
  await ports.reviews.writeItem(anew, item.version);
  throw changed();
}

const sameDecision = ({ decision }: ReviewItem, caller: Principal, body: Body): boolean =>
  decision?.decidedBy === caller.id &&
  decision.decision === body.decision &&
  decision.digest === body.digest &&
  decision.rationale === body.rationale;

/** The change that takes it away, of which the principal is the same again that was looked at. */
function changeOf(principal: Principal, { taken }: Body, caller: Principal, rules: AccessRules) {
  if (!mayPropose(caller, 'principal', rules))
    throw new Problem(
      'removal_refused',
      'The guardrails let you propose no change of a principal: a reviewer decides whom they let.',
    );
  const removal = removalOf(principal, taken);
  if ('problem' in removal) throw new Problem('removal_refused', `Nothing is proposed: ${removal.problem}.`);
  const proposal = canonicalJson(removal.proposal);
  const proposalDigest = digestOf(proposal);
  return {
    kind: 'principal' as const,
    target: principal.id,
    proposal,
    proposalDigest,
    baseVersion: principal.version,
  };
}

const answerOf = (
  item: ReviewItem,
  { access, used }: Pick<Found, 'access' | 'used'>,
  review: AccessReview,
  caller: Principal,
  now: Date,
): Answer => ({
  status: 200,
  body: reviewItemDetailSchema.parse({
    review: viewOfReview(review, caller),
    item: viewOfItem(item, review, caller, now),
    access,
    used,
  }),
});

/**
 * Decides an item, over the version that was read: of two reviewers one does. What is taken away is first said on the item,
 * then proposed; the same call again goes on where the first broke off.
 */
export const decideItem: Operation<DecidingPorts> = operation({
  ...decideItemSpec,
  async run({ caller, id, item: principalId = '', body }, ports: DecidingPorts) {
    const { reviews, clock } = ports;
    const review = await findReview(id, caller, ports);
    const found = await findItem(id, principalId, ports);
    const { item } = found;
    const refusal = deciderRefusal(caller, item, review);
    if (refusal) throw new Problem('access_review_refused', REFUSALS[refusal]);
    const isRepeat = sameDecision(item, caller, body) && item.refused === undefined;
    if (!isUndecided(item) && !isRepeat) throw decided(item);
    if (!isUndecided(item) && (body.decision === 'keep' || item.requestId !== undefined))
      return answerOf(item, found, review, caller, clock());
    if (body.digest !== item.digest) throw changed();
    const principal = await ports.entries.get(principalId);
    if (principal?.status !== 'active')
      throw new Problem(
        'item_changed',
        'The principal is suspended, or there is no more: nothing is left to decide.',
      );
    // By their entry as it is now: who it is, or who owns it, may have changed since the item was made.
    const stillOwn = deciderRefusal(caller, { principalId, persons: principal.persons }, review);
    if (stillOwn) throw new Problem('access_review_refused', REFUSALS[stillOwn]);
    await mustBeCurrent(found, principal, ports);
    const change = body.decision === 'remove' ? changeOf(principal, body, caller, ports.rules()) : undefined;

    let written = item;
    if (isUndecided(item)) {
      const now = clock().toISOString();
      const taken = body.decision === 'remove' ? body.taken : undefined;
      const { refused: _, requestId: __, ...rest } = item;
      written = {
        ...rest,
        state: change ? 'removing' : 'kept',
        decision: {
          decision: body.decision,
          decidedBy: caller.id,
          decidedAt: now,
          rationale: body.rationale,
          digest: body.digest,
          ...(taken && { taken }),
          ...(now >= review.closesAt && { late: true as const }),
        },
        decisions: item.decisions + 1,
        version: item.version + 1,
      };
      if (!(await reviews.writeItem(written, item.version)))
        throw decided((await reviews.item(id, principalId)) ?? written);
    }
    if (!change) return answerOf(written, found, review, caller, clock());

    const reason = `Access review ${id}: ${body.rationale}`;
    const idempotencyKey = `${id}/${principalId}/${written.decisions}`;
    const row = await openRequest(
      { reason, references: body.decision === 'remove' ? body.references : undefined, dryRun: false, change },
      { caller, idempotencyKey },
      ports,
    );
    const proposed = { ...written, requestId: row.requestId, version: written.version + 1 };
    // Where somebody else wrote meanwhile, it was the same call, or the schedule's function, which finds it again.
    await reviews.writeItem(proposed, written.version);
    return answerOf(proposed, found, review, caller, clock());
  },
});
