import * as z from 'zod';

const limitsSchema = z.strictObject({
  /** Requests made in an hour, changes and dry runs among them. */
  requestsPerHour: z.number().int().min(1).max(10_000),
  /** Requests that are not decided, or not claimed, yet. */
  openRequests: z.number().int().min(1).max(2000),
  /** Sessions that have not ended, and those that open requests may become. */
  liveSessions: z.number().int().min(1).max(2000),
});
/** What one principal may have and do at once. */
export type Limits = z.infer<typeof limitsSchema>;

const suspensionSchema = z.strictObject({
  /** This many denials … */
  denials: z.number().int().min(2).max(20),
  /** … within so many seconds … */
  withinSeconds: z.number().int().min(60).max(3600),
  /** … close the door to new requests for so many seconds. */
  forSeconds: z.number().int().min(60).max(86_400),
});
export type SuspensionTerms = z.infer<typeof suspensionSchema>;

const rememberedReviewsSchema = z.strictObject({
  /** Seconds after a review in which it serves the same request again. */
  seconds: z.number().int().min(60).max(86_400),
  /** Also where people were asked. They are asked each time; what they are shown is then not reviewed anew. */
  wherePeopleAreAsked: z.boolean().default(false),
});
export type RememberedReviews = z.infer<typeof rememberedReviewsSchema>;

export const limitsConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  /** By the principal's type: an agent that serves many customers asks more often than a person. */
  human: limitsSchema,
  agent: limitsSchema,
  suspension: suspensionSchema,
  /** Reviews that serve the very same request again; none, unless given. */
  rememberedReviews: rememberedReviewsSchema.optional(),
});
/** `config/limits.json`: how much a principal may ask for, and when it is not listened to for a while. */
export type LimitsConfig = z.infer<typeof limitsConfigSchema>;
