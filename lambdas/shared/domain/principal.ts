import * as z from 'zod';
import { MOST_PASSKEYS, passkeySchema } from './approvals/passkey.ts';
import { signInEntrySchema } from './identity/sign-in/sign-in-entry.ts';
import { jobsSchema } from './jobs/job.ts';

/**
 * A principal's id. It begins every request id and is the STS `SourceIdentity` and a session tag, so it keeps
 * to their common alphabet. 2-50 characters.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const principalIdSchema = z.string().regex(/^[a-z][a-z0-9_]{1,49}$/, 'a principal id: a-z, 0-9 and _');

/** An OIDC issuer whose subject tokens a principal may present, and the audiences they must carry. */
export const subjectIssuerSchema = z.strictObject({
  issuer: z.url(),
  audiences: z.array(z.string().min(1)).min(1),
  /**
   * App clients whose access tokens are taken too, by `client_id`: for issuers such as Cognito, whose access tokens
   * have no `aud`.
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
   */
  clients: z.array(z.string().min(1)).min(1).optional(),
});

/** Why somebody from the directory is no principal now: they left, or the directory is not clear about them. */
export const outReasonSchema = z.enum([
  'left',
  'email_shared',
  'email_missing',
  'email_unusable',
  'two_templates',
  'sign_in_missing',
  'registered_elsewhere',
  'template_unusable',
]);
export type OutReason = z.infer<typeof outReasonSchema>;

const directorySchema = z.strictObject({
  template: principalIdSchema,
  /** The user's id in the directory. */
  user: z.uuid(),
  /** The digest of the template's policy text, which is theirs. */
  policyDigest: z.string(),
  /** Absent while they are in. */
  out: outReasonSchema.optional(),
  /** Suspended by a change when they left: then only a change makes them active again. */
  stopped: z.literal(true).optional(),
  /** What they held is being taken back. */
  ending: z.literal(true).optional(),
});

export const principalSchema = z.strictObject({
  id: principalIdSchema,
  type: z.enum(['human', 'agent']),
  status: z.enum(['active', 'suspended']),
  groups: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/)).max(50),
  /** ARNs this principal calls with: IAM users and roles; an assumed-role ARN only for IAM Identity Center. */
  awsPrincipals: z.array(z.string().startsWith('arn:')).max(20),
  /** How it signs in with tokens instead. Absent where it does not, so that those who never did are what they were. */
  signIn: z.array(signInEntrySchema).max(20).optional(),
  /** The natural persons behind it: a human is one person, an agent has its owners. Nobody approves their own. */
  persons: z.array(z.string().min(1).max(64)).min(1).max(10),
  /** What it proves its votes with, outside Slack. Absent where it has none. */
  passkeys: z
    .array(passkeySchema)
    .min(1)
    .max(MOST_PASSKEYS)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'names one passkey twice')
    .optional(),
  slackUserId: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,}$/)
    .optional(),
  subjectIssuers: z.array(subjectIssuerSchema).max(10).default([]),
  /** Set where an agent may only ask on behalf of a signed-in subject. */
  subjectRequired: z.boolean().default(false),
  /** The job it was made for: the reason of a gateway's session that is opened without one. */
  purpose: z.string().trim().min(10).max(1500).optional(),
  /** `gateway`: its sessions are sealed to registered gateways, and to nobody else, itself included. */
  delivery: z.literal('gateway').optional(),
  /** Set by the directory's reader alone, in principals that a template makes of people in a group. */
  directory: directorySchema.optional(),
  /** Grants that are fixed by name, for what must not wait for a model. Absent where there are none. */
  jobs: jobsSchema.optional(),
  version: z.number().int().min(1).default(1),
});

/** A human or an agent that may ask. One that is not `active` gets nothing. */
export type Principal = z.infer<typeof principalSchema>;

/** Business rules in free text, at most 16 kB; a larger one is refused at load. */
export const policySchema = z.strictObject({
  principalId: principalIdSchema,
  text: z.string().min(1).max(16_384),
  version: z.number().int().min(1),
});
export type Policy = z.infer<typeof policySchema>;
