import * as z from 'zod';
import { assertionSchema } from '../shared/domain/approvals/assertion.ts';
import { principalIdSchema } from '../shared/domain/principal.ts';
import { narrowingSchema, voteSchema } from '../shared/domain/vote.ts';
import type { OperationSpec } from '../shared/http/operation.ts';
import {
  approvalListSchema,
  approvalViewSchema,
  challengeViewSchema,
  passkeyListSchema,
  recordedVoteSchema,
} from './vote-views.ts';

const noQuery = z.strictObject({});
const proposal = {
  proposalDigest: voteSchema.shape.proposalDigest.max(100).describe('That of what was shown.'),
};
const said = {
  ...proposal,
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
    .optional()
    .describe(
      'Of the voter’s authenticator. This or an assertion: who holds a shell holds a token, and neither.',
    ),
  assertion: assertionSchema.optional().describe('A passkey’s answer to the challenge of this very vote.'),
};
const windowSeconds = narrowingSchema.shape.windowSeconds.describe(
  'Seconds for which an approval also counts for the very same request with the same reason.',
);
const narrowing = narrowingSchema
  .omit({ windowSeconds: true })
  .refine((less) => Object.keys(less).length > 0, 'names nothing that would be less')
  .meta({ minProperties: 1 })
  .describe('What is left: fewer of the grants, or a shorter session.');

const hasOneFactor = ({ code, assertion }: { code?: unknown; assertion?: unknown }) =>
  (code === undefined) !== (assertion === undefined);
const ONE_FACTOR = { error: 'takes a code or a passkey’s assertion, one of them', path: ['code'] };

export const newVoteSchema = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('approve'), ...said, windowSeconds }).refine(hasOneFactor, ONE_FACTOR),
  z
    .strictObject({ decision: z.literal('approve_less'), ...said, windowSeconds, narrowing })
    .refine(hasOneFactor, ONE_FACTOR),
  z.strictObject({ decision: z.literal('deny'), ...said }).refine(hasOneFactor, ONE_FACTOR),
]);
export type NewVote = z.output<typeof newVoteSchema>;

/** A vote that is about to be pressed: all that it decides. */
export const newChallengeSchema = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('approve'), ...proposal, windowSeconds }),
  z.strictObject({ decision: z.literal('approve_less'), ...proposal, windowSeconds, narrowing }),
  z.strictObject({ decision: z.literal('deny'), ...proposal }),
]);
export type NewChallenge = z.output<typeof newChallengeSchema>;

/** What a vote decides, and in whose words why; what proves it is beside it. */
export type NewBallot = (NewVote | NewChallenge) & { readonly reason?: string | undefined };

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
    'The same rules as a press in Slack: one vote a person and proposal, and never of who asks. Always with a code or a passkey.',
  signed: true,
  query: noQuery,
  body: newVoteSchema,
  answers: { 200: { description: 'The vote, recorded.', schema: recordedVoteSchema } },
  problems: [
    'request_not_found',
    'vote_refused',
    'vote_too_late',
    'already_voted',
    'code_refused',
    'passkey_refused',
  ],
} as const satisfies OperationSpec;

export const challengeVoteSpec = {
  id: 'challengeVote',
  method: 'POST',
  path: '/requests/{id}/votes/challenge',
  summary: 'What a passkey is to sign for one vote.',
  description:
    'A challenge over all that the vote decides. It votes nothing; the answer to it goes with the vote.',
  signed: true,
  query: noQuery,
  body: newChallengeSchema,
  answers: { 200: { description: 'The challenge, for this vote alone.', schema: challengeViewSchema } },
  problems: ['request_not_found', 'vote_refused', 'vote_too_late', 'already_voted', 'no_passkey'],
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

export const listPasskeysSpec = {
  id: 'listPasskeys',
  method: 'GET',
  path: '/passkeys',
  summary: 'The passkeys that prove somebody’s votes.',
  description: 'One’s own, or, for auditors, another’s.',
  signed: true,
  onlyAsks: true,
  query: z.strictObject({
    principal: principalIdSchema.optional().describe("Auditors only: another principal's passkeys."),
  }),
  body: z.undefined(),
  answers: { 200: { description: 'Their passkeys.', schema: passkeyListSchema } },
  problems: ['auditor_required'],
} as const satisfies OperationSpec;

export const VOTE_SPECS = [
  getVotesSpec,
  castVoteSpec,
  challengeVoteSpec,
  listApprovalsSpec,
  listPasskeysSpec,
] as const;
