import { z } from 'zod';

export const tierSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  /** Slack channel, with its `#`, or a channel id. */
  channel: z.string().min(2).max(80),
  /** The group of principals whose members may vote here. */
  approverGroup: z.string().min(1),
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
    /** Tried in order. A tier with `ownersOnly` is entered only through a resource's `ownerTier`. */
    tiers: z.array(tierSchema.extend({ ownersOnly: z.boolean().default(false) })).min(1),
  })
  .refine((config) => new Set(config.tiers.map((tier) => tier.name)).size === config.tiers.length, {
    message: 'tier names must be unique',
    path: ['tiers'],
  });
/** `config/approvals.json`: who is asked, in which order, for how long. */
export type ApprovalsConfig = z.infer<typeof approvalsConfigSchema>;
