import * as z from 'zod';
import { type ReviewerRefusal, reviewerRefusalOf } from '../../shared/domain/break-glass/may-review.ts';
import type { RequestRow } from '../../shared/domain/request-row.ts';
import type { RowTransition } from '../../shared/domain/row-transition.ts';
import type { Vote } from '../../shared/domain/vote.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { whySchema } from '../../shared/requests/new-request.ts';
import { findRequest } from '../find-request.ts';
import { noQuerySchema } from '../request-bodies.ts';

const unreviewedSchema = z
  .object({
    requestId: z.string(),
    principalId: z.string(),
    job: z.string(),
    reason: z.string().describe('Untrusted text of whoever asked.'),
    issuedAt: z.iso.datetime(),
    level: z.number().int().describe('How often its review was called for: it grows by the day.'),
    reviewed: z
      .object({ by: z.string(), reviewedAt: z.iso.datetime(), remarks: z.string() })
      .optional()
      .describe('Who reviewed it; recorded within minutes, after which it is no longer listed.'),
  })
  .meta({ id: 'BreakGlassSession' });
export type BreakGlassSession = z.infer<typeof unreviewedSchema>;
export const breakGlassListSchema = z
  .object({ sessions: z.array(unreviewedSchema) })
  .meta({ id: 'BreakGlassList' });

export type BreakGlassPorts = {
  readonly requests: {
    get(requestId: string): Promise<RequestRow | undefined>;
    transition(requestId: string, transition: RowTransition): Promise<boolean>;
    listUnreviewed(): Promise<RequestRow[]>;
  };
  readonly votes: { listVotes(requestId: string, proposalDigest: string): Promise<Vote[]> };
  /** The groups of all tiers. */
  readonly approverGroups: () => readonly string[];
  readonly clock: () => Date;
};

const viewOf = ({
  requestId,
  principalId,
  job = '',
  reason,
  issuing,
  createdAt,
  reviewLevel,
  postReview,
}: RequestRow) =>
  unreviewedSchema.parse({
    requestId,
    principalId,
    job,
    reason,
    issuedAt: issuing?.at ?? createdAt,
    level: reviewLevel ?? 0,
    ...(postReview && { reviewed: postReview }),
  });

const REFUSALS: Record<ReviewerRefusal, string> = {
  not_active: 'Who is suspended reviews nothing.',
  not_human: 'An agent reviews no emergency.',
  not_a_reviewer: 'An emergency is reviewed by an approver or an auditor.',
  asked_for_it: 'Who asked for it does not review it.',
  approved_it: 'Who approved it does not review it.',
};

/** Refusals of those to whom another's request does not exist. */
const HIDDEN: ReadonlySet<ReviewerRefusal> = new Set(['not_active', 'not_human', 'not_a_reviewer']);

const approversOf = async (
  { requestId, asked: shown }: RequestRow,
  { votes }: Pick<BreakGlassPorts, 'votes'>,
) => {
  const cast = shown ? await votes.listVotes(requestId, shown.proposalDigest) : [];
  return cast.filter(({ decision }) => decision !== 'deny');
};

export const listBreakGlass = operation({
  id: 'listBreakGlass',
  onlyAsks: true,
  method: 'GET',
  path: '/break-glass',
  summary: 'Sessions of emergencies that nobody has reviewed.',
  description: 'Those that the caller may review, oldest first: see docs/break-glass.md.',
  query: noQuerySchema,
  body: z.undefined(),
  answers: { 200: { description: 'The sessions.', schema: breakGlassListSchema } },
  problems: [],
  async run({ caller }, ports: BreakGlassPorts): Promise<Answer> {
    const rows = await ports.requests.listUnreviewed();
    const groups = ports.approverGroups();
    const mine = await Promise.all(
      rows.map(async (row) => {
        const refusal = reviewerRefusalOf(caller, row, await approversOf(row, ports), groups);
        return refusal === undefined ? [viewOf(row)] : [];
      }),
    );
    return { status: 200, body: { sessions: mine.flat() } };
  },
});

export const reviewSession = operation({
  id: 'reviewSession',
  method: 'POST',
  path: '/requests/{id}/review',
  summary: 'Review the session of an emergency, afterwards.',
  description:
    'By an approver or an auditor who neither asked for it nor approved it. Until then its review is called for, louder each day.',
  query: noQuerySchema,
  body: z.strictObject({ remarks: whySchema(10, 2000).describe('What was looked at, and what was found.') }),
  answers: { 200: { description: 'The session, reviewed.', schema: unreviewedSchema } },
  problems: ['request_not_found', 'review_refused', 'nothing_to_review'],
  async run({ caller, id, body }, ports: BreakGlassPorts): Promise<Answer> {
    const row = await findRequest(id, ports.requests);
    const refusal = reviewerRefusalOf(caller, row, await approversOf(row, ports), ports.approverGroups());
    // To whoever reviews nothing no request of others exists.
    if (refusal !== undefined && HIDDEN.has(refusal) && row.principalId !== caller.id)
      throw new Problem('request_not_found', 'Check the id.');
    if (refusal) throw new Problem('review_refused', REFUSALS[refusal]);
    const reviewed = await ports.requests.transition(row.requestId, {
      from: ['ISSUED'],
      onlyIf: { absent: ['postReview'], equals: { open: 'review' } },
      set: {
        postReview: { by: caller.id, reviewedAt: ports.clock().toISOString(), remarks: body.remarks },
      },
    });
    if (!reviewed)
      throw new Problem('nothing_to_review', 'It is no session of an emergency, or was reviewed before.');
    return { status: 200, body: viewOf((await ports.requests.get(row.requestId)) ?? row) };
  },
});
