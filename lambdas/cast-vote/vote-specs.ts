import * as z from 'zod';
import { narrowingSchema, voteSchema } from '../shared/domain/vote.ts';
import type { OperationSpec } from '../shared/http/operation.ts';
import { approvalListSchema, approvalViewSchema, recordedVoteSchema } from './vote-views.ts';

const noQuery = z.strictObject({});
const said = {
  proposalDigest: voteSchema.shape.proposalDigest.max(100).describe('That of what was shown.'),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(600)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .optional(),
  code: z
    .string()
    .regex(/^[0-9]{6}$/, 'six digits')
    .describe('Of the voter’s authenticator. Always: who holds a shell holds a token, and not this.'),
};
const windowSeconds = narrowingSchema.shape.windowSeconds.describe(
  'Seconds for which an approval also counts for the very same request with the same reason.',
);

export const newVoteSchema = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('approve'), ...said, windowSeconds }),
  z.strictObject({
    decision: z.literal('approve_less'),
    ...said,
    windowSeconds,
    narrowing: narrowingSchema
      .omit({ windowSeconds: true })
      .refine((narrowing) => Object.keys(narrowing).length > 0, 'names nothing that would be less')
      .meta({ minProperties: 1 })
      .describe('What is left: fewer of the grants, or a shorter session.'),
  }),
  z.strictObject({ decision: z.literal('deny'), ...said }),
]);
export type NewVote = z.output<typeof newVoteSchema>;

/** What the API's document says of an approver's calls; their `run` is beside them. */
export const getVotesSpec = {
  id: 'getVotes',
  method: 'GET',
  path: '/requests/{id}/votes',
  summary: 'What an approver is asked, and who answered.',
  description: 'For those who may answer it; for anybody else it does not exist.',
  signed: true,
  onlyAsks: true,
  query: noQuery,
  body: z.undefined(),
  answers: { 200: { description: 'What is asked.', schema: approvalViewSchema } },
  problems: ['request_not_found'],
} as const satisfies OperationSpec;

export const castVoteSpec = {
  id: 'castVote',
  method: 'POST',
  path: '/requests/{id}/votes',
  summary: 'Approve, approve less, or deny.',
  description:
    'The same rules as a press in Slack: one vote a person and proposal, and never of who asks. Always with a code.',
  signed: true,
  query: noQuery,
  body: newVoteSchema,
  answers: { 200: { description: 'The vote, recorded.', schema: recordedVoteSchema } },
  problems: ['request_not_found', 'vote_refused', 'vote_too_late', 'already_voted', 'code_refused'],
} as const satisfies OperationSpec;

export const listApprovalsSpec = {
  id: 'listApprovals',
  method: 'GET',
  path: '/approvals',
  summary: 'What waits for this approver.',
  signed: true,
  onlyAsks: true,
  query: noQuery,
  body: z.undefined(),
  answers: { 200: { description: 'What waits, the oldest first, at most 50.', schema: approvalListSchema } },
  problems: [],
} as const satisfies OperationSpec;

export const VOTE_SPECS = [getVotesSpec, castVoteSpec, listApprovalsSpec] as const;
