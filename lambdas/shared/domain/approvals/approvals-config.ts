import * as z from 'zod';
import { accessReviewsSchema } from '../access-reviews/review-terms.ts';
import { referenceSchema } from '../outside/references.ts';

export const tierSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  /** Slack channel, with its `#`, or a channel id. */
  channel: z.string().min(2).max(80),
  /** The group of principals whose members may vote here; may be absent where a rota says who does. */
  approverGroup: z.string().min(1).optional(),
  /** A rota: whoever a fact from outside says is on call for it votes here, in place of the group. See docs/facts.md. */
  onCall: referenceSchema.optional(),
  /** A Slack user group whose members may vote too; each still has to map to an active principal. */
  slackUserGroup: z.string().optional(),
  timeoutSeconds: z.number().int().min(1).max(604_800),
  /** Seconds after asking at which the tier is reminded; before the timeout. */
  reminderSeconds: z.number().int().min(1).optional(),
  /** An SNS topic told as well, for when Slack is what is down. */
  notifyTopicArn: z.string().startsWith('arn:').optional(),
});
export type Tier = z.infer<typeof tierSchema>;

export const approvalsConfigSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    /**
     * What requesters are told to type to claim a session; the request's id is put behind it. Never a name that a
     * public registry would look up.
     */
    claimCommand: z
      .string()
      .regex(/^[\x20-\x7e]{1,200}$/, 'must be one line of visible ASCII')
      .optional(),
    /** Tried in order. A tier with `ownersOnly` is entered only through a resource's `ownerTier`. */
    tiers: z.array(tierSchema.extend({ ownersOnly: z.boolean().default(false) })).min(1),
    /** Who looks at everybody's access, and how often. */
    accessReviews: accessReviewsSchema.optional(),
  })
  .refine((config) => new Set(config.tiers.map((tier) => tier.name)).size === config.tiers.length, {
    message: 'tier names must be unique',
    path: ['tiers'],
  })
  .superRefine(({ tiers }, context) => {
    for (const [index, { approverGroup, onCall }] of tiers.entries())
      if (approverGroup === undefined && onCall === undefined)
        context.addIssue({
          code: 'custom',
          message: 'nobody may vote in the tier; name an approverGroup, or a rota as onCall',
          path: ['tiers', index, 'approverGroup'],
        });
    for (const [index, { reminderSeconds = 0, timeoutSeconds }] of tiers.entries())
      if (reminderSeconds >= timeoutSeconds)
        context.addIssue({
          code: 'custom',
          message: `the tier ends after ${timeoutSeconds} seconds, so it could not be reminded after ${reminderSeconds}; write fewer, or leave it out`,
          path: ['tiers', index, 'reminderSeconds'],
        });
  });
/** The groups whose members approve in some tier. */
export const approverGroupsOf = (tiers: readonly Pick<Tier, 'approverGroup'>[]): string[] =>
  tiers.flatMap(({ approverGroup }) => approverGroup ?? []);

/** Of the installed command line: where it is not installed, this runs nothing. */
export const DEFAULT_CLAIM_COMMAND = 'postern claim';

/** `config/approvals.json`: who is asked, in which order, for how long. */
export type ApprovalsConfig = z.infer<typeof approvalsConfigSchema>;
