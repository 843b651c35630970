import * as z from 'zod';
import { changeSchema, requestIdSchema } from '../access-request.ts';
import { principalIdSchema } from '../principal.ts';

/** What is told: people are asked, the next tier is asked instead, or it is decided. */
export const EVENT_KINDS = ['asked', 'escalated', 'decided'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Most characters of the requester's words; the rest is cut off. */
export const MOST_REASON = 600;

const common = {
  requestId: requestIdSchema,
  principalId: principalIdSchema,
  about: z.enum(['access', 'call', ...changeSchema.shape.kind.options]),
  summary: z
    .string()
    .max(200)
    .describe('Who wants what, for how long: made of the grants, and of nothing that anybody wrote.'),
  reason: z
    .string()
    .max(MOST_REASON)
    .describe("The requester's words, cut, with what hides or reorders text written out. Untrusted text."),
  onBehalf: z.boolean().describe('An agent asks for a signed-in user, who is not named here.'),
  links: z
    .object({
      slack: z.url().optional().describe('The channel in which the tier is asked.'),
      console: z.url().optional().describe('Where the request is shown, to whoever may see it.'),
      command: z.string().describe('What an approver types: it asks for a code, and follows no link.'),
    })
    .describe('Where people act. Following one decides nothing.'),
};

const askingATier = {
  tier: z.string(),
  deadline: z.iso.datetime().describe('Until when this tier is waited for.'),
  approvals: z.int().describe('How many must approve.'),
  approvalsWithCode: z.int().describe('How many of them with a code or a passkey.'),
};

/**
 * What pagers, chats and others are told of a request that people decide: the body of a webhook, and the message of
 * the topic. INVARIANT: nothing in it decides, claims or signs in.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const eventMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('request.asked'),
    timestamp: z.iso.datetime(),
    data: z.object({ ...common, ...askingATier }),
  }),
  z.object({
    type: z.literal('request.escalated'),
    timestamp: z.iso.datetime(),
    data: z.object({
      ...common,
      ...askingATier,
      because: z
        .enum(['timed_out', 'unreachable', 'nobody_on_call'])
        .describe('Why the tier before did not decide.'),
    }),
  }),
  z.object({
    type: z.literal('request.decided'),
    timestamp: z.iso.datetime(),
    data: z.object({
      ...common,
      outcome: z.enum(['approved', 'denied', 'cancelled', 'failed']),
      reasons: z.array(z.string()).describe('Codes, as the API has them.'),
    }),
  }),
]);
export type EventMessage = z.infer<typeof eventMessageSchema>;

/** What kind an event is of, as webhooks list them. */
export const kindOf = ({ type }: Pick<EventMessage, 'type'>): EventKind =>
  type.slice('request.'.length) as EventKind;
